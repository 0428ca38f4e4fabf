//! Paystack's vocabulary for errors: the type and the code.

use crate::types::open_enum;

open_enum! {
    /// The type of an error.
    ///
    /// See <https://paystack.com/docs/api/errors/>.
    pub enum ErrorType {
        /// Paystack cannot process the request.
        ApiError = "api_error",
        /// A parameter is missing or wrong.
        ValidationError = "validation_error",
        /// A bank or card network behind Paystack refused.
        ProcessorError = "processor_error",
    }
}

open_enum! {
    /// The code of an error.
    ///
    /// See <https://paystack.com/docs/api/errors/>.
    pub enum ErrorCode {
        /// A required parameter is missing.
        MissingParams = "missing_params",
        /// A parameter is wrong.
        InvalidParams = "invalid_params",
        /// The e-mail address is invalid, or belongs to a domain that Paystack does not accept.
        InvalidEmailAddress = "invalid_email_address",
        /// The customer does not exist.
        CustomerNotFound = "customer_not_found",
        /// The rate limit is used up.
        RateLimited = "rate_limited",
        /// Paystack's own value `unknown`.
        Unknown = "unknown",
    }
}
