//! The error of a request or a response that was lost.

use std::error::Error as StdError;
use std::fmt;

/// The error of a request or a response that was lost.
///
/// A transport makes it from its own error. Its source must contain neither the URL, which holds e-mail
/// addresses, nor the key.
///
/// ```
/// use paystack_core::{Sent, TransportError, TransportErrorKind};
///
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// let error = TransportError::new(TransportErrorKind::ConnectionRefused, Sent::No).with_source(refused);
/// assert_eq!(error.to_string(), "connection refused");
/// assert_eq!(error.sent(), Sent::No);
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    sent: Sent,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind.
    pub fn new(kind: TransportErrorKind, sent: Sent) -> Self {
        Self {
            kind,
            sent,
            source: None,
        }
    }

    /// Keeps the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The cause.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server may have received the request.
    pub fn sent(&self) -> Sent {
        self.sent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::NameLookup => "name look-up failed",
            TransportErrorKind::ConnectionRefused => "connection refused",
            TransportErrorKind::UntrustedCertificate => "untrusted certificate",
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Timeout => "timed out",
            TransportErrorKind::Io => "connection lost",
            TransportErrorKind::TooLarge => {
                "the response is larger than the limit: request fewer rows, or raise the limit"
            }
            TransportErrorKind::Other => "the transport failed",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}

/// The cause of a [`TransportError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The look-up of the host name failed.
    NameLookup,
    /// The server refused the connection.
    ConnectionRefused,
    /// The server's certificate is not trusted. A retry does not help.
    UntrustedCertificate,
    /// Connecting failed for another reason, or the transport does not know the reason.
    Connect,
    /// The request timed out.
    Timeout,
    /// The connection was lost, or the server does not speak HTTP.
    Io,
    /// The response is larger than the transport's limit. A retry does not help.
    TooLarge,
    /// Any other cause. It is retried only if the request was not sent.
    Other,
}

impl TransportErrorKind {
    /// Whether the same request would fail again.
    pub(crate) fn is_permanent(self) -> bool {
        matches!(self, Self::UntrustedCertificate | Self::TooLarge)
    }
}

/// Whether the server may have received a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sent {
    /// Certainly not: no connection existed, or the request was returned unwritten. A wrong `No` writes
    /// twice.
    No,
    /// It may have.
    Maybe,
}
