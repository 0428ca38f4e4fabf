//! A request or an answer that was lost on the way.

use std::error::Error as StdError;
use std::fmt;

use super::Sent;

/// A request or an answer that was lost on the way.
///
/// A transport makes it from its own error. It says [`Sent::No`] only for what it can prove: a
/// wrong `No` may write twice. Its source must name neither the URL, which holds e-mail addresses,
/// nor the key.
///
/// ```
/// use paystack_core::{Sent, TransportError, TransportErrorKind};
///
/// let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// let error = TransportError::new(TransportErrorKind::Connect, Sent::No).with_source(refused);
/// assert_eq!(error.to_string(), "no connection could be made");
/// assert_eq!(error.sent(), Sent::No);
/// ```
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    sent: Sent,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind, and whether the request may have reached the server.
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

    /// What happened.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request may have reached the server.
    pub fn sent(&self) -> Sent {
        self.sent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connect => "no connection could be made",
            TransportErrorKind::Timeout => "no answer came in time",
            TransportErrorKind::Io => "the connection broke",
            TransportErrorKind::TooLarge => "the answer is larger than the limit",
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

/// What happened to a request or an answer on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection could be made: name look-up, TCP or TLS.
    Connect,
    /// No answer came in time.
    Timeout,
    /// The connection broke, or what came on it is not HTTP.
    Io,
    /// The answer is larger than the limit.
    TooLarge,
    /// Anything else.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_in_its_own_words() {
        for (kind, words) in [
            (TransportErrorKind::Connect, "no connection could be made"),
            (TransportErrorKind::Timeout, "no answer came in time"),
            (TransportErrorKind::Io, "the connection broke"),
            (
                TransportErrorKind::TooLarge,
                "the answer is larger than the limit",
            ),
            (TransportErrorKind::Other, "the transport failed"),
        ] {
            let error = TransportError::new(kind, Sent::Maybe);
            assert_eq!((error.kind(), error.sent()), (kind, Sent::Maybe));
            assert_eq!(error.to_string(), words);
        }
    }

    #[test]
    fn the_cause_is_kept_behind_the_words_where_there_is_one() {
        let error = TransportError::new(TransportErrorKind::Io, Sent::Maybe);
        assert!(error.source().is_none());
        let error = error.with_source("connection reset");
        assert_eq!(error.source().unwrap().to_string(), "connection reset");
        assert_eq!(error.to_string(), "the connection broke");
    }
}
