//! The retry rule, and the only list of statuses that may succeed later.

use http::Method;

use super::{Error, ErrorKind, Outcome, Sent, TransportErrorKind};

/// The rule by which a client repeats an attempt that failed and may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryRule {
    /// Repeat it. Processing it twice has the same effect as processing it once.
    Idempotent,
    /// Repeat it only if Paystack did not process it. Processing it twice would write twice.
    IfNotProcessed,
    /// Never repeat it.
    Never,
}

impl RetryRule {
    /// The rule that is safe for any operation with this method: [`Idempotent`](Self::Idempotent) for `GET` and
    /// `HEAD`, and [`IfNotProcessed`](Self::IfNotProcessed) for all others.
    ///
    /// ```
    /// use paystack_core::{RetryRule, http::Method};
    ///
    /// assert_eq!(RetryRule::of(Method::GET), RetryRule::Idempotent);
    /// assert_eq!(RetryRule::of(Method::PUT), RetryRule::IfNotProcessed);
    /// ```
    pub const fn of(method: Method) -> Self {
        let rule = match method {
            Method::GET | Method::HEAD => Self::Idempotent,
            _ => Self::IfNotProcessed,
        };
        // A constant function cannot drop it. Only a non-standard method owns memory.
        std::mem::forget(method);
        rule
    }

    /// Whether an attempt with this error may be followed by another.
    pub(crate) fn allows(self, error: &Error) -> bool {
        error.is_retryable()
            && match self {
                Self::Idempotent => true,
                Self::IfNotProcessed => error.outcome() == Outcome::NotProcessed,
                Self::Never => false,
            }
    }
}

/// Whether the same request may succeed later.
pub(super) fn is_retryable(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Transport(lost) => match lost.kind() {
            kind if kind.is_permanent() => false,
            // A service that was not ready has not seen the request.
            TransportErrorKind::Other => lost.sent() == Sent::No,
            _ => true,
        },
        ErrorKind::Api(refused) => {
            error.is_rate_limited() || is_retryable_status(refused.status().as_u16())
        }
        ErrorKind::Deadline => true,
        _ => false,
    }
}

/// Time-outs, limits and server errors, Cloudflare's (520 to 530) included. A server that does not implement
/// a request (501, 505) will not do so later.
fn is_retryable_status(status: u16) -> bool {
    match status {
        501 | 505 => false,
        408 | 425 | 429 | 500.. => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::tests::read;

    #[test]
    fn statuses_that_may_succeed_later_are_retryable() {
        for status in 300..600 {
            let is_retryable = match status {
                408 | 425 | 429 => true,
                501 | 505 => false,
                _ => status >= 500,
            };
            for body in ["{}", "<html>", r#"{"status":false,"message":"No"}"#] {
                let error = read(status, body).unwrap_err();
                assert_eq!(error.is_retryable(), is_retryable, "{status} {body}");
            }
        }
    }

    #[test]
    fn only_get_and_head_are_idempotent_by_default() {
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(RetryRule::of(method), RetryRule::Idempotent);
        }
        let extension = Method::from_bytes(b"RENEW").unwrap();
        for method in [Method::POST, Method::PUT, Method::DELETE, extension] {
            assert_eq!(RetryRule::of(method), RetryRule::IfNotProcessed);
        }
    }

    #[test]
    fn a_write_is_repeated_only_if_it_was_not_processed() {
        use RetryRule::{Idempotent, IfNotProcessed, Never};
        const OWN: &str = r#"{"status":false,"message":"No"}"#;
        for (status, body, read_again, write_again) in [
            (429, OWN, true, true),
            (425, OWN, true, true),
            (429, "<html>", true, false),
            (408, OWN, true, false),
            (503, OWN, true, false),
            (400, OWN, false, false),
            (501, OWN, false, false),
        ] {
            let error = read(status, body).unwrap_err();
            let allowed = [Idempotent, IfNotProcessed, Never].map(|rule| rule.allows(&error));
            assert_eq!(allowed, [read_again, write_again, false], "{status} {body}");
        }
    }
}
