//! The error of a failed verification.

use std::fmt;

use paystack_core::http::StatusCode;

/// The largest body that a verifier accepts, in bytes.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;

/// The reason why a request fails verification. It contains no data of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request has no `x-paystack-signature` header, or an empty one.
    SignatureMissing,
    /// The request has more than one `x-paystack-signature` header.
    SignatureRepeated,
    /// The signature is shorter than 128 hex digits.
    SignatureTooShort,
    /// The signature is longer than 128 hex digits.
    SignatureTooLong,
    /// The signature contains a character that is not a lower-case hex digit.
    SignatureNotHex,
    /// The signature matches the body with none of the verifier's keys.
    ///
    /// The body changed in transit, another key signed it, or Paystack did not send it.
    SignatureWrong,
    /// The body is larger than [`Verifier::BODY_LIMIT`](crate::Verifier::BODY_LIMIT). The verifier did not
    /// check the signature.
    BodyTooLarge,
}

impl VerifyError {
    /// Returns the HTTP status for the response.
    ///
    /// A missing or wrong signature gives 401, a malformed or repeated one 400, and a body that is too large 413.
    pub fn status(self) -> StatusCode {
        match self {
            Self::SignatureMissing | Self::SignatureWrong => StatusCode::UNAUTHORIZED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SignatureRepeated
            | Self::SignatureTooShort
            | Self::SignatureTooLong
            | Self::SignatureNotHex => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SignatureMissing => "missing or empty header `x-paystack-signature`",
            Self::SignatureRepeated => {
                "repeated header `x-paystack-signature`: expected exactly one"
            }
            Self::SignatureTooShort => "signature too short: expected 128 hex digits",
            Self::SignatureTooLong => "signature too long: expected 128 hex digits",
            Self::SignatureNotHex => {
                "invalid character in signature: expected lower-case hex digits"
            }
            Self::SignatureWrong => {
                "signature does not match the body: check the secret key and pass the raw bytes of the body"
            }
            Self::BodyTooLarge => {
                return write!(f, "body too large: expected at most {} KiB", BODY_LIMIT / 1024);
            }
        })
    }
}

impl std::error::Error for VerifyError {}
