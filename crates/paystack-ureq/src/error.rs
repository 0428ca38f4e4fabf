//! The classification of ureq's errors: the cause, and whether the request was sent.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use paystack_transport::{Sent, TransportError, TransportErrorKind};
use ureq::{Error, Timeout};

/// The proof that nothing was sent: ureq ends a request at the first error before its connection exists.
#[derive(Debug)]
pub(crate) struct NotConnected {
    kind: TransportErrorKind,
    error: Error,
}

impl NotConnected {
    /// Marks an error, unless it is marked: that of connecting to a proxy.
    pub(crate) fn marked(kind: TransportErrorKind, error: Error) -> Error {
        let kind = match &error {
            Error::Other(other) if other.is::<Self>() => return error,
            Error::Timeout(Timeout::Resolve | Timeout::Connect) => kind,
            Error::Timeout(_) => TransportErrorKind::Timeout,
            _ => kind,
        };
        Error::Other(Box::new(Self { kind, error }))
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not connected")
    }
}

impl StdError for NotConnected {}

/// The cause of an error that a connector returned.
pub(crate) fn connect_error_kind(error: &Error) -> TransportErrorKind {
    let Error::Io(error) = error else {
        return TransportErrorKind::Connect;
    };
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref());
    match tls {
        Some(rustls::Error::InvalidCertificate(_)) => TransportErrorKind::UntrustedCertificate,
        _ if error.kind() == io::ErrorKind::ConnectionRefused => {
            TransportErrorKind::ConnectionRefused
        }
        _ => TransportErrorKind::Connect,
    }
}

pub(crate) fn classify(error: Error) -> TransportError {
    let (kind, error) = match error {
        Error::Other(other) => match other.downcast::<NotConnected>() {
            Ok(unsent) => {
                return with_source(TransportError::new(unsent.kind, Sent::No), unsent.error);
            }
            Err(other) => (TransportErrorKind::Other, Error::Other(other)),
        },
        Error::Timeout(_) => (TransportErrorKind::Timeout, error),
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => {
            (TransportErrorKind::TooLarge, error)
        }
        Error::Io(_) | Error::Protocol(_) => (TransportErrorKind::Io, error),
        _ => (TransportErrorKind::Other, error),
    };
    with_source(TransportError::new(kind, Sent::Maybe), error)
}

/// Keeps the error as the source, unless it may quote a URL.
fn with_source(lost: TransportError, error: Error) -> TransportError {
    match error {
        Error::Io(_)
        | Error::Protocol(_)
        | Error::Timeout(_)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::BodyExceedsLimit(_)
        | Error::LargeResponseHeader(..) => lost.with_source(error),
        _ => lost,
    }
}
