//! Whether Paystack processed a request.

use std::fmt;

use super::{ErrorKind, Sent};

/// Whether Paystack processed a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Paystack did not process it: the request was not sent, or Paystack itself refused it.
    NotProcessed,
    /// Paystack may have processed it. Find out before you write again.
    ///
    /// `verify_with` returns the read that shows the write, such as
    /// [`CreateCustomer::verify_with`](crate::customers::CreateCustomer::verify_with). An update has none: send it
    /// again. The guide has a tested program for each write: `docs/after-an-unknown-outcome.md`.
    Unknown,
    /// Paystack processed it; only its reply is not available.
    Processed,
}

impl Outcome {
    pub(super) fn of(kind: &ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidInput(_) | ErrorKind::Finished => Self::NotProcessed,
            ErrorKind::Deadline => Self::Unknown,
            ErrorKind::Transport(error) => match error.sent() {
                Sent::No => Self::NotProcessed,
                Sent::Maybe => Self::Unknown,
            },
            // Only Paystack's own refusal proves that nothing happened. A server error does not, nor does a
            // server's time-out: the work may have been done before.
            ErrorKind::Api(error) => match error.status().as_u16() {
                408 | 500.. => Self::Unknown,
                _ if error.is_paystacks_own() => Self::NotProcessed,
                _ => Self::Unknown,
            },
            ErrorKind::Decode(error) if error.is_confirmed() => Self::Processed,
            ErrorKind::Decode(_) => Self::Unknown,
            ErrorKind::OddRow(_) | ErrorKind::Paging(_) => Self::Processed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotProcessed => "the request was not processed",
            Self::Unknown => "the request may have been processed",
            Self::Processed => "the request was processed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{TransportError, TransportErrorKind};
    use crate::{Error, api::tests::read};

    #[test]
    fn a_lost_request_is_unknown_unless_it_was_not_sent() {
        for (sent, outcome) in [
            (Sent::No, Outcome::NotProcessed),
            (Sent::Maybe, Outcome::Unknown),
        ] {
            let lost = TransportError::new(TransportErrorKind::Io, sent);
            let error = Error::new("test", ErrorKind::Transport(lost));
            assert_eq!(error.outcome(), outcome);
        }
    }

    #[test]
    fn a_success_that_does_not_decode_was_processed_if_it_says_so() {
        for (body, outcome) in [
            (
                r#"{"status":true,"message":"Done","data":"x"}"#,
                Outcome::Processed,
            ),
            (r#"{"status":"true","message":"Done"}"#, Outcome::Processed),
            ("<html><title>Welcome</title></html>", Outcome::Unknown),
            ("", Outcome::Unknown),
            ("{}", Outcome::Unknown),
            ("[]", Outcome::Unknown),
            (r#"{"data":{"id":1}}"#, Outcome::Unknown),
            (r#"{"status":7,"data":"x"}"#, Outcome::Unknown),
            (
                r#"{"status":true,"status":false,"data":"x"}"#,
                Outcome::Unknown,
            ),
            (
                r#"{"status":true,"message":"Done","data":"#,
                Outcome::Unknown,
            ),
        ] {
            let error = read(200, body).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{body}");
            assert_eq!(error.outcome(), outcome, "{body}");
        }
    }

    #[test]
    fn json_that_is_decoded_later_leaves_the_outcome_unknown() {
        let error: Error = crate::read_json::<u8>(b"[]").unwrap_err().into();
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}
