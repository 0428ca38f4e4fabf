//! Error responses, with the messages, types and codes that Paystack sends.

use std::borrow::Cow;

use http::StatusCode;
use serde::Serialize;

use super::Response;

/// The rejection of a request. Serializes as the body of the response.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refusal {
    #[serde(skip)]
    http_status: StatusCode,
    /// The methods of the path, for the `Allow` header.
    #[serde(skip)]
    allow: Option<Box<str>>,
    /// Always false.
    status: bool,
    message: Cow<'static, str>,
    /// An empty list beside some errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<[(); 0]>,
    // Paystack's older errors have none of the following fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<NextStep>,
    /// Contains the next step instead of `meta` in some errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<NextStep>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    error_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct NextStep {
    #[serde(rename = "nextStep")]
    next_step: &'static str,
}

impl Refusal {
    /// Rejects a request with a status and a message, like Paystack's older errors.
    pub(crate) fn plain(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            http_status: status,
            allow: None,
            status: false,
            message: message.into(),
            data: None,
            meta: None,
            metadata: None,
            error_type: None,
            code: None,
        }
    }

    /// Rejects a request without a required parameter.
    pub(crate) fn missing(message: impl Into<Cow<'static, str>>) -> Self {
        let next_step = "Provide all required params\u{a0}";
        Self::plain(StatusCode::BAD_REQUEST, message)
            .with_code("validation_error", "missing_params")
            .with_next_step(next_step)
    }

    /// Rejects a request with an invalid parameter.
    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        let next_step = "Ensure that the value(s) you're passing are valid.";
        Self::plain(StatusCode::BAD_REQUEST, message)
            .with_code("validation_error", "invalid_params")
            .with_next_step(next_step)
    }

    /// Rejects a request whose parameter has another type or value than `expected`.
    pub(crate) fn wrong_type(name: &str, expected: &str) -> Self {
        Self::invalid(format!("\"{name}\" must be {expected}"))
    }

    /// Rejects a validation without a field, or with an invalid one.
    pub(crate) fn invalid_credential(name: &str) -> Self {
        Self::missing(format!("Please enter a valid `{name}`"))
    }

    /// Rejects an e-mail address that is malformed or reserved.
    pub(crate) fn invalid_email() -> Self {
        let next_step = "Ensure that the email address is valid.";
        Self::plain(StatusCode::BAD_REQUEST, "Invalid Email Address Passed")
            .with_code("validation_error", "invalid_email_address")
            .with_next_step(next_step)
    }

    /// Rejects a key that is not a secret key.
    pub(crate) fn invalid_key() -> Self {
        let next_step = "Ensure that you provide the correct authorization key for the request";
        Self::plain(StatusCode::UNAUTHORIZED, "Invalid key")
            .with_code("validation_error", "invalid_Key")
            .with_next_step(next_step)
    }

    /// Rejects a page of mandates after a cursor that does not exist.
    pub(crate) fn unknown_cursor() -> Self {
        let message = "An error occurred";
        Self {
            data: Some([]),
            ..Self::plain(StatusCode::INTERNAL_SERVER_ERROR, message)
        }
    }

    /// Rejects a request for an unknown customer.
    pub(crate) fn customer_not_found() -> Self {
        let next_step = "Ensure that the customer code or email belongs to this integration.";
        Self::plain(StatusCode::NOT_FOUND, "Customer not found")
            .with_code("api_error", "customer_not_found")
            .with_next_step(next_step)
    }

    /// Rejects a request for an authorization that does not exist, or does not exist yet.
    pub(crate) fn authorization_not_found() -> Self {
        let message = "Authorization does not exist or does not belong to integration";
        let next_step = "Try again later";
        Self {
            metadata: Some(NextStep { next_step }),
            ..Self::plain(StatusCode::NOT_FOUND, message).with_code("api_error", "unknown")
        }
    }

    /// Rejects a live key, which no program should send to an imitation.
    pub(crate) fn live_key() -> Self {
        let message =
            "This sandbox refuses live keys. Use a test key, or start it with --allow-live-keys.";
        Self::plain(StatusCode::UNAUTHORIZED, message)
    }

    /// Rejects a request that exceeds the rate limit.
    pub(crate) fn rate_limited() -> Self {
        let next_step = "Try again once the window has ended.";
        Self::plain(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded!")
            .with_code("api_error", "rate_limited")
            .with_next_step(next_step)
    }

    /// Reports a fault of Paystack, with a 5xx status.
    pub(crate) fn server_error(status: StatusCode) -> Self {
        let next_step = "Try again later";
        Self::plain(status, "Internal server error")
            .with_code("api_error", "unknown")
            .with_next_step(next_step)
    }

    /// Rejects a request for an unknown route.
    pub(crate) fn route_not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "No such route")
    }

    /// Rejects a method that the path does not have.
    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        Self {
            allow: Some(allow.into()),
            ..Self::plain(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        }
    }

    fn with_code(mut self, error_type: &'static str, code: &'static str) -> Self {
        self.error_type = Some(error_type);
        self.code = Some(code);
        self
    }

    fn with_next_step(mut self, next_step: &'static str) -> Self {
        self.meta = Some(NextStep { next_step });
        self
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        Self {
            allow: refusal.allow.clone(),
            ..Self::json(refusal.http_status, &refusal)
        }
    }
}
