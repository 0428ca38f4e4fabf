//! A response as received.

use std::fmt;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

use super::RateLimitStatus;
use super::rate_limit_status::retry_after;
use crate::json::{JsonError, repair, without_byte_order_mark};
use crate::types::REDACTED;

/// The headers that may contain a request id, the most specific first.
const REQUEST_ID: [HeaderName; 2] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("cf-ray"),
];

/// A response as received: status, headers and body.
///
/// `Debug` shows the status, the request id and the size of the body.
#[derive(Clone)]
pub struct RawResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The repaired body, if serde rejects the received one.
    repaired: Option<Box<str>>,
}

impl RawResponse {
    pub(crate) fn new(response: http::Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Self {
            status: head.status,
            headers: head.headers,
            body,
            repaired: None,
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

    /// The body, byte for byte. The response of an error keeps [`RawResponse::EXCERPT`] bytes of it: the
    /// first ones of a refusal, and those around the problem of a body that does not decode.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The id of the request in Paystack's logs, to quote to their support: `x-request-id`, or `cf-ray` of
    /// the proxy in front.
    pub fn request_id(&self) -> Option<&str> {
        REQUEST_ID.iter().find_map(|name| {
            let id = self.headers.get(name)?.to_str().ok()?;
            (!id.is_empty()).then_some(id)
        })
    }

    /// The rate limit by the headers.
    pub fn rate_limit(&self) -> RateLimitStatus {
        RateLimitStatus::from_headers(&self.headers)
    }

    /// The time to wait before the next request, if the server asks for it.
    pub fn retry_after(&self) -> Option<std::time::Duration> {
        retry_after(self.status, &self.headers)
    }

    /// The most bytes of a body that an error keeps.
    pub const EXCERPT: usize = 16 * 1024;

    /// Drops all of a large body but the bytes around this offset, so that an error does not keep megabytes
    /// alive.
    pub(crate) fn into_excerpt(mut self, around: usize) -> Self {
        self.repaired = None;
        let last = self.body.len().saturating_sub(Self::EXCERPT);
        let begin = around.saturating_sub(Self::EXCERPT / 2).min(last);
        if last > 0 {
            let end = begin.saturating_add(Self::EXCERPT);
            let excerpt = self.body.get(begin..end).unwrap_or_default();
            self.body = Bytes::copy_from_slice(excerpt);
        }
        self
    }

    /// The body as text to decode.
    pub(crate) fn json(&self) -> Result<&str, JsonError> {
        match &self.repaired {
            Some(json) => Ok(json),
            None => text(&self.body),
        }
    }

    /// Repairs a body that serde rejects. Returns false if there is nothing to repair.
    pub(super) fn repair(&mut self) -> bool {
        let json = text(&self.body).unwrap_or_default();
        self.repaired = repair(json).map(String::into_boxed_str);
        self.repaired.is_some()
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("request_id", &self.request_id().map(shown))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A body as text, without a byte order mark.
fn text(body: &[u8]) -> Result<&str, JsonError> {
    let text = std::str::from_utf8(body).map_err(|error| JsonError::not_utf8(body, error))?;
    Ok(without_byte_order_mark(text))
}

/// A request id if it looks like one: a header may contain anything.
fn shown(id: &str) -> &str {
    let letters = id.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if letters && id.len() <= 64 && id.bytes().all(is_id) {
        id
    } else {
        REDACTED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(headers: &[(&'static str, &'static str)]) -> RawResponse {
        let mut response = http::Response::new(Bytes::new());
        for (name, value) in headers {
            let value = http::HeaderValue::from_static(value);
            response.headers_mut().insert(*name, value);
        }
        RawResponse::new(response)
    }

    #[test]
    fn the_first_request_id_that_is_not_empty_counts() {
        let ids = [("x-request-id", "req_1"), ("cf-ray", "8a1-LOS")];
        assert_eq!(response(&ids).request_id(), Some("req_1"));
        assert_eq!(response(&ids[1..]).request_id(), Some("8a1-LOS"));
        let empty = [("x-request-id", ""), ("cf-ray", "8a1-LOS")];
        assert_eq!(response(&empty).request_id(), Some("8a1-LOS"));
        assert_eq!(response(&[]).request_id(), None);
    }

    #[test]
    fn debug_shows_nothing_but_a_request_id() {
        let shown = |id| format!("{:?}", response(&[("x-request-id", id)]));
        assert!(shown("req_0123456789abcdef").contains("req_0123456789abcdef"));
        for canary in ["ada@example.com", "+2348123456789", "08123456789", "req 1"] {
            assert!(!shown(canary).contains(canary), "{canary}");
        }
    }

    #[test]
    fn headers_are_kept() {
        let response = response(&[("x-request-id", "req_1"), ("retry-after", "7")]);
        assert_eq!(response.headers().len(), 2);
        assert_eq!(response.headers()["retry-after"], "7");
        assert_eq!(
            response.retry_after(),
            Some(std::time::Duration::from_secs(7))
        );
    }

    #[test]
    fn debug_shows_request_ids_of_usual_form_only() {
        let shown = |id: &str| super::shown(id).to_owned();
        for id in ["a1", "8a1-LOS", "req_0", &"a".repeat(64)] {
            assert_eq!(shown(id), id);
        }
        for id in ["", "123", "12-3", "a.b", &"a".repeat(65)] {
            assert_eq!(shown(id), REDACTED, "{id}");
        }
    }
}
