//! Why a request is not taken for a webhook of Paystack's.

use std::fmt;

use paystack_core::http::StatusCode;

use crate::Verifier;

/// Why a request is not taken for a webhook of Paystack's. It holds nothing of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no `x-paystack-signature`.
    SignatureMissing,
    /// There is more than one, and nobody knows which one counts.
    SignatureRepeated,
    /// It is shorter than 128 hex digits.
    SignatureTooShort,
    /// It is longer than 128 hex digits.
    SignatureTooLong,
    /// It holds something else than lower-case hex digits.
    SignatureNotHex,
    /// It is not that of this body with any of the keys: the body was changed on its way, it was
    /// signed with another key, or it is not Paystack's.
    SignatureWrong,
    /// The body is larger than [`Verifier::BODY_LIMIT`]; its signature was not looked at.
    BodyTooLarge,
}

impl VerifyError {
    /// The status to answer with: 401 for a signature that is missing or wrong, 413 for a body that
    /// is too large, 400 for the rest.
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
        match self {
            Self::SignatureMissing => f.write_str("there is no x-paystack-signature"),
            Self::SignatureRepeated => f.write_str("there is more than one x-paystack-signature"),
            Self::SignatureTooShort => f.write_str("the signature is shorter than 128 hex digits"),
            Self::SignatureTooLong => f.write_str("the signature is longer than 128 hex digits"),
            Self::SignatureNotHex => {
                f.write_str("the signature holds something else than lower-case hex digits")
            }
            Self::SignatureWrong => {
                f.write_str("the signature is not that of this body with this key")
            }
            Self::BodyTooLarge => {
                write!(f, "the body is larger than {} bytes", Verifier::BODY_LIMIT)
            }
        }
    }
}

impl std::error::Error for VerifyError {}
