//! Expectations of the checks, and the error of a check whose expectation fails.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::io;

use paystack_transport::bytes::Bytes;
use paystack_transport::{Sent, TransportError, http};

use crate::transport_under_test::SendResult;

/// The reason why a check did not pass.
pub(crate) enum CheckError {
    /// The transport breaks the clause.
    Failed(String),
    /// The check cannot run on this machine.
    Unchecked(String),
}

pub(crate) type CheckResult = Result<(), CheckError>;

impl CheckError {
    /// Prefixes the fault of a failed check with its context.
    pub(crate) fn with_context(self, context: &str) -> Self {
        match self {
            Self::Failed(fault) => Self::Failed(format!("{context}: {fault}")),
            Self::Unchecked(_) => self,
        }
    }
}

impl From<String> for CheckError {
    fn from(fault: String) -> Self {
        Self::Failed(fault)
    }
}

impl From<io::Error> for CheckError {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("cannot start a server on loopback: {error}"))
    }
}

/// Returns the response of a request that must succeed.
pub(crate) fn expect_response(result: SendResult) -> Result<http::Response<Bytes>, String> {
    match result {
        Some(Ok(response)) => Ok(response),
        Some(Err(error)) => Err(format!("expected a response, got {}", describe(&error))),
        None => Err("expected a response, got none in time".into()),
    }
}

/// Returns the error of a request that must fail.
pub(crate) fn expect_error(result: SendResult) -> Result<TransportError, String> {
    match result {
        Some(Err(error)) => Ok(error),
        Some(Ok(response)) => Err(format!(
            "expected an error, got a response with status {} and {} bytes",
            response.status().as_u16(),
            response.body().len()
        )),
        None => Err("expected an error, got neither an error nor a response in time".into()),
    }
}

/// Checks that an actual value equals the expected one.
pub(crate) fn expect_eq<T: PartialEq + Debug>(
    context: &str,
    actual: &T,
    expected: &T,
) -> Result<(), String> {
    if actual == expected {
        return Ok(());
    }
    Err(format!("{context}: expected {expected:?}, got {actual:?}"))
}

/// Checks that an error reports `Sent::Maybe`.
pub(crate) fn expect_maybe(context: &str, error: &TransportError) -> Result<(), String> {
    if error.sent() == Sent::Maybe {
        return Ok(());
    }
    let actual = describe(error);
    Err(format!("{context}: expected `Maybe`, got {actual}"))
}

/// Describes a value of `Accept-Encoding` whose responses the suite cannot write.
pub(crate) fn unknown_encoding(value: &str) -> String {
    format!("requests the encoding {value}; the suite can check only gzip")
}

/// Describes an error and its sources in one line.
pub(crate) fn describe(error: &TransportError) -> String {
    let mut text = format!("{:?} and {:?}: {error}", error.kind(), error.sent());
    let mut source = error.source();
    while let Some(error) = source {
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn server_that_does_not_start_fails_the_check() {
        let error = CheckError::from(io::Error::other("too many open files"));
        assert!(
            matches!(error, CheckError::Failed(fault) if fault.contains("too many open files"))
        );
    }
}
