//! An answer as it came, before anything is made of it.

use std::fmt;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

use crate::error::JsonError;
use crate::mended;
use crate::personal::HIDDEN;
use crate::rate_limit::{self, RateLimit};

/// Where a request id may stand, best first.
const REQUEST_ID: [HeaderName; 2] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("cf-ray"),
];

/// An answer as it came: status, headers and body.
///
/// `Debug` shows the status, the request id and the size of the body.
#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The body as it was read, where serde refuses it as it came.
    mended: Option<Box<str>>,
}

impl Answer {
    pub(crate) fn new(response: http::Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Self {
            status: head.status,
            headers: head.headers,
            body,
            mended: None,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, byte for byte; the answer of an error keeps [`Answer::EXCERPT`] bytes of it: the
    /// first of a refusal, and those around the problem of what could not be read.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The name of this answer in Paystack's own logs, to quote to their support: `x-request-id`, or
    /// `cf-ray` of the proxy in front.
    pub fn request_id(&self) -> Option<&str> {
        REQUEST_ID.iter().find_map(|name| {
            let id = self.headers.get(name)?.to_str().ok()?;
            (!id.is_empty()).then_some(id)
        })
    }

    /// What the headers say about the rate limit.
    pub fn rate_limit(&self) -> RateLimit {
        RateLimit::from_headers(&self.headers)
    }

    /// How long the server asks to wait before the next request.
    pub fn retry_after(&self) -> Option<std::time::Duration> {
        rate_limit::retry_after(self.status, &self.headers)
    }

    /// How many bytes of the body an error keeps.
    pub const EXCERPT: usize = 16 * 1024;

    /// Lets go of a large body, so that a kept error does not keep megabytes alive: what stands
    /// around this byte stays.
    pub(crate) fn into_excerpt(mut self, around: usize) -> Self {
        self.mended = None;
        let last = self.body.len().saturating_sub(Self::EXCERPT);
        let begin = around.saturating_sub(Self::EXCERPT / 2).min(last);
        if last > 0 {
            let end = begin.saturating_add(Self::EXCERPT);
            let excerpt = self.body.get(begin..end).unwrap_or_default();
            self.body = Bytes::copy_from_slice(excerpt);
        }
        self
    }

    /// The body as text, to be read.
    pub(crate) fn json(&self) -> Result<&str, JsonError> {
        match &self.mended {
            Some(json) => Ok(json),
            None => text(&self.body),
        }
    }

    /// Makes readable what serde refuses. Answers whether there was anything to mend.
    pub(crate) fn mend(&mut self) -> bool {
        let json = text(&self.body).unwrap_or_default();
        self.mended = mended::mended(json, &mended::EXACT).map(String::into_boxed_str);
        self.mended.is_some()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("request_id", &self.request_id().map(shown))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A body as text, without a mark before it.
fn text(body: &[u8]) -> Result<&str, JsonError> {
    let text = std::str::from_utf8(body).map_err(|error| JsonError::not_utf8(body, error))?;
    Ok(mended::without_mark(text))
}

/// A request id, if it looks like one: a header may hold anything.
fn shown(id: &str) -> &str {
    let letters = id.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if letters && id.len() <= 64 && id.bytes().all(is_id) {
        id
    } else {
        HIDDEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&'static str, &'static str)]) -> Answer {
        let mut response = http::Response::new(Bytes::new());
        for (name, value) in headers {
            let value = http::HeaderValue::from_static(value);
            response.headers_mut().insert(*name, value);
        }
        Answer::new(response)
    }

    #[test]
    fn the_request_id_is_whichever_comes() {
        let ids = [("x-request-id", "req_1"), ("cf-ray", "8a1-LOS")];
        assert_eq!(answer(&ids).request_id(), Some("req_1"));
        assert_eq!(answer(&ids[1..]).request_id(), Some("8a1-LOS"));
        let empty = [("x-request-id", ""), ("cf-ray", "8a1-LOS")];
        assert_eq!(answer(&empty).request_id(), Some("8a1-LOS"));
        assert_eq!(answer(&[]).request_id(), None);
    }

    #[test]
    fn debug_shows_a_request_id_and_nothing_else_in_its_place() {
        let shown = |id| format!("{:?}", answer(&[("x-request-id", id)]));
        assert!(shown("req_0123456789abcdef").contains("req_0123456789abcdef"));
        for canary in ["ada@example.com", "+2348123456789", "08123456789", "req 1"] {
            assert!(!shown(canary).contains(canary), "{canary}");
        }
    }

    #[test]
    fn the_headers_are_those_that_came() {
        let answer = answer(&[("x-request-id", "req_1"), ("retry-after", "7")]);
        assert_eq!(answer.headers().len(), 2);
        assert_eq!(answer.headers()["retry-after"], "7");
        assert_eq!(
            answer.retry_after(),
            Some(std::time::Duration::from_secs(7))
        );
    }

    #[test]
    fn debug_shows_no_request_id_that_is_too_long_or_has_no_letter() {
        let shown = |id: &str| super::shown(id).to_owned();
        for id in ["a1", "8a1-LOS", "req_0", &"a".repeat(64)] {
            assert_eq!(shown(id), id);
        }
        for id in ["", "123", "12-3", "a.b", &"a".repeat(65)] {
            assert_eq!(shown(id), HIDDEN, "{id}");
        }
    }
}
