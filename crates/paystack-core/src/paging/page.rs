//! A page of a walk, and what can keep it from coming.

use std::fmt;

use super::{PagingError, ResumePoint};
use crate::answer::Answer;
use crate::error::Error;
use crate::meta::Meta;
use crate::personal::Scrubbed;

/// A page of a list that is walked.
#[non_exhaustive]
pub struct Page<T> {
    /// What the operation answers with: the rows.
    pub data: T,
    /// What Paystack says about it.
    pub message: String,
    /// What Paystack says about the page.
    pub meta: Option<Meta>,
    /// Signs that the list has changed since the page before; `None` where there are none.
    pub shift: Option<Shift>,
    pub(super) resume: Option<ResumePoint>,
    pub(super) answer: Answer,
}

impl<T> Page<T> {
    /// Where to go on after this page, in this process or in another; `None` after the last one.
    pub fn resume(&self) -> Option<&ResumePoint> {
        self.resume.as_ref()
    }

    /// The answer as it came.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("data", &self.data)
            .field("message", &format_args!("{}", Scrubbed(&self.message)))
            .field("meta", &self.meta)
            .field("shift", &self.shift)
            .field("resume", &self.resume)
            .field("answer", &self.answer)
            .finish()
    }
}

/// Signs that a list has changed while it was walked: rows may have come twice, or never.
///
/// They are signs, no proof: pages by number move under the walk, and what leaves as many rows as it
/// brings is not seen. Where each row has to come exactly once, walk by cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shift {
    /// The total that the page before told, if this page, by its number, tells another.
    pub total_before: Option<u64>,
    /// The ids of rows that are on the page before as well, or twice on this one.
    pub repeated: Vec<u64>,
}

/// Why a page did not come. The walk has not moved: to ask once more asks for the same page.
#[derive(Debug)]
#[non_exhaustive]
pub enum PagesError {
    /// The call failed.
    Call(Error),
    /// The answer came, but does not lead on.
    Paging(PagingError),
}

impl PagesError {
    /// Whether the page may well come later; see [`Error::is_retryable`].
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::Paging(_) => false,
        }
    }
}

impl From<Error> for PagesError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<PagingError> for PagesError {
    fn from(error: PagingError) -> Self {
        Self::Paging(error)
    }
}

impl fmt::Display for PagesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Paging(error) => write!(f, "the list cannot be walked on: {error}"),
        }
    }
}

impl std::error::Error for PagesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its own words are in this error's line already.
        match self {
            Self::Call(error) => std::error::Error::source(error),
            Self::Paging(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::ListCustomers;
    use crate::{ErrorKind, Operation, Sent, TransportError, TransportErrorKind, Walk, reply};
    use bytes::Bytes;
    use std::error::Error as _;

    fn page() -> Page<Vec<serde_json::Value>> {
        let body = r#"{"status":true,"message":"To ada@example.com","data":[{"id":7}],
            "meta":{"next":"canary"}}"#;
        let mut response = http::Response::new(Bytes::from(body));
        let id = http::HeaderValue::from_static("req_1");
        response.headers_mut().insert("x-request-id", id);
        let reply = reply::read("test", response).unwrap();
        let list = ListCustomers::new().answering::<Vec<serde_json::Value>>();
        Walk::new(list).take(reply).unwrap().unwrap()
    }

    #[test]
    fn a_page_has_its_answer_and_where_to_go_on() {
        let page = page();
        assert_eq!(page.answer().request_id(), Some("req_1"));
        assert!(page.resume().unwrap().to_string().ends_with(":canary"));
        assert_eq!(page.message, "To ada@example.com");
    }

    #[test]
    fn debug_shows_the_page_without_its_cursors_and_without_whom_its_message_names() {
        let shown = format!("{:?}", page());
        for part in [
            "Page {",
            "\"id\": Number(7)",
            "To [redacted]",
            "Cursor(6 bytes)",
            "req_1",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        for part in ["canary", "ada"] {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }

    #[test]
    fn a_page_may_come_later_if_its_call_may_succeed_later() {
        let lost = |kind| {
            let lost = TransportError::new(kind, Sent::No).with_source("refused");
            PagesError::from(Error::new("customers.list", ErrorKind::Transport(lost)))
        };
        assert!(lost(TransportErrorKind::Connect).is_retryable());
        assert!(!lost(TransportErrorKind::TooLarge).is_retryable());
        assert!(!PagesError::from(PagingError::NoList).is_retryable());
    }

    #[test]
    fn what_keeps_a_page_from_coming_is_told_in_one_line_with_its_cause_behind_it() {
        let lost =
            TransportError::new(TransportErrorKind::Connect, Sent::No).with_source("refused");
        let call = PagesError::from(Error::new("customers.list", ErrorKind::Transport(lost)));
        assert_eq!(
            call.to_string(),
            "customers.list: no connection could be made (nothing was sent)"
        );
        assert_eq!(call.source().unwrap().to_string(), "refused");
        let paging = PagesError::from(PagingError::RepeatedCursor);
        assert_eq!(
            paging.to_string(),
            "the list cannot be walked on: the cursor leads back to a page that came already"
        );
        assert!(paging.source().is_none());
    }
}
