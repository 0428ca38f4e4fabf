//! A page of a list.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use super::ResumePoint;
use crate::json::{JsonError, MaybeUndecoded, OddRow};
use crate::response::{Meta, RawResponse, decode_data};
use crate::types::Redacted;

/// A page of a list.
#[non_exhaustive]
pub struct Page<T> {
    /// The rows: the operation's output.
    pub data: T,
    /// Paystack's message.
    pub message: String,
    /// Information about the page.
    pub meta: Option<Meta>,
    pub(super) resume: Option<ResumePoint>,
    pub(super) undecoded: MaybeUndecoded,
    pub(super) attempts: u32,
    pub(super) queued_for: Duration,
    pub(super) response: RawResponse,
}

impl<T> Page<T> {
    /// The last page of a list, for tests: without a message, `meta`, headers or a body.
    ///
    /// ```
    /// use paystack_core::{Page, customers::Customer};
    ///
    /// let page = Page::example(vec![Customer::example()]);
    /// assert!(page.resume().is_none());
    /// ```
    pub fn example(data: T) -> Self {
        Self {
            data,
            message: String::new(),
            meta: None,
            resume: None,
            undecoded: MaybeUndecoded(None),
            attempts: 1,
            queued_for: Duration::ZERO,
            response: RawResponse::new(http::Response::new(Bytes::new())),
        }
    }

    /// The start of the next page, to continue from later, in this process or another. `None` after the last
    /// page.
    pub fn resume(&self) -> Option<&ResumePoint> {
        self.resume.as_ref()
    }

    /// The optional fields of the wrong type; see [`Reply::ignored_fields`](crate::Reply::ignored_fields).
    pub fn ignored_fields(&self) -> &[JsonError] {
        self.undecoded.ignored_fields()
    }

    /// The rows that do not decode, which `data` lacks; see [`Reply::odd_rows`](crate::Reply::odd_rows).
    pub fn odd_rows(&self) -> &[OddRow] {
        self.undecoded.odd_rows()
    }

    /// The number of requests for this page; see [`Reply::attempts`](crate::Reply::attempts).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long these requests waited for the rate limit; see [`Reply::queued_for`](crate::Reply::queued_for).
    pub fn queued_for(&self) -> Duration {
        self.queued_for
    }

    /// The response.
    pub fn response(&self) -> &RawResponse {
        &self.response
    }

    /// Decodes the rows once more as a type of your own; see [`Reply::decode`](crate::Reply::decode).
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn decode<'a, U: Deserialize<'a>>(&'a self) -> Result<U, JsonError> {
        decode_data(&self.response)
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("data", &self.data)
            .field("message", &format_args!("{}", Redacted(&self.message)))
            .field("meta", &self.meta)
            .field("resume", &self.resume)
            .field("ignored_fields", &self.ignored_fields())
            .field("odd_rows", &self.odd_rows())
            .field("attempts", &self.attempts)
            .field("queued_for", &self.queued_for)
            .field("response", &self.response)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_redacts_the_message() {
        let mut page = Page::example(vec![1]);
        page.message = "no customer ada@example.com".into();
        let shown = format!("{page:?}");
        assert!(shown.contains("data: [1]"), "{shown}");
        assert!(!shown.contains("ada@example.com"), "{shown}");
    }

    #[test]
    fn example_is_the_page_of_one_attempt() {
        let page = Page::example(());
        assert_eq!((page.attempts(), page.queued_for()), (1, Duration::ZERO));
        assert!(page.resume().is_none());
        assert!(page.ignored_fields().is_empty() && page.odd_rows().is_empty());
        assert_eq!(page.response().status(), 200);
        assert!(page.decode::<u64>().is_err(), "there is no body");
    }
}
