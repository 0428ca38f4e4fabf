//! The words that Paystack has for errors: the sort of it, and which one.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};

/// What sort of error it is. The list is open.
///
/// See <https://paystack.com/docs/api/errors/>.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorType {
    /// Paystack cannot do this.
    ApiError,
    /// Something sent is missing or wrong.
    ValidationError,
    /// A bank or card network behind Paystack refused.
    ProcessorError,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl ErrorType {
    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ApiError => "api_error",
            Self::ValidationError => "validation_error",
            Self::ProcessorError => "processor_error",
            Self::Other(word) => word.as_str(),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_))
    }
}

impl From<&str> for ErrorType {
    fn from(word: &str) -> Self {
        match word {
            "api_error" => Self::ApiError,
            "validation_error" => Self::ValidationError,
            "processor_error" => Self::ProcessorError,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for ErrorType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}

/// Which error it is. The list is open, and longer than what is named here.
///
/// See <https://paystack.com/docs/api/errors/>.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// A required parameter is missing.
    MissingParams,
    /// A parameter is wrong.
    InvalidParams,
    /// There is no such customer.
    CustomerNotFound,
    /// Too many requests in this window.
    RateLimited,
    /// Paystack's own word `unknown`.
    Unknown,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl ErrorCode {
    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::MissingParams => "missing_params",
            Self::InvalidParams => "invalid_params",
            Self::CustomerNotFound => "customer_not_found",
            Self::RateLimited => "rate_limited",
            Self::Unknown => "unknown",
            Self::Other(word) => word.as_str(),
        }
    }
}

impl From<&str> for ErrorCode {
    fn from(word: &str) -> Self {
        match word {
            "missing_params" => Self::MissingParams,
            "invalid_params" => Self::InvalidParams,
            "customer_not_found" => Self::CustomerNotFound,
            "rate_limited" => Self::RateLimited,
            "unknown" => Self::Unknown,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}
