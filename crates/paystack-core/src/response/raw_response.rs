//! A response as received.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

use super::RateLimitStatus;
use super::rate_limit_status::retry_after;
use crate::json::{lossy_text, without_byte_order_mark};
use crate::types::{REDACTED, is_sensitive_id};

/// The headers that may contain a request id, the most specific first.
const REQUEST_ID: [HeaderName; 2] = [
    HeaderName::from_static("x-request-id"),
    HeaderName::from_static("cf-ray"),
];

/// A response as received: status, headers and body.
///
/// `Debug` shows the status, the request id and the size of the body. It redacts a request id that may be a
/// key, a code or a number that identifies a person.
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
        request_id(&self.headers)
    }

    /// The rate limit that the headers state.
    pub fn rate_limit(&self) -> RateLimitStatus {
        RateLimitStatus::from_headers(&self.headers)
    }

    /// The time to wait before the next request, if the server asks for it, at most an hour: `Retry-After` in
    /// seconds, as a date or as a time since 1970, or the rest of a window that is used up.
    ///
    /// Dates and times are measured from the `Date` header, and ignored without it.
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

    /// The body as text to decode. Empty if it is not UTF-8 and not repaired yet.
    pub(crate) fn json(&self) -> &str {
        let text = || std::str::from_utf8(&self.body).unwrap_or_default();
        self.repaired
            .as_deref()
            .unwrap_or_else(|| without_byte_order_mark(text()))
    }

    /// Repairs a body that serde rejects. Returns false if there is nothing to repair.
    pub(super) fn repair(&mut self) -> bool {
        if let Cow::Owned(repaired) = lossy_text(&self.body) {
            self.repaired = Some(repaired.into());
        }
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

/// The request id of these headers, if it looks like one, for traces.
#[doc(hidden)]
pub fn traceable_request_id(headers: &HeaderMap) -> Option<&str> {
    request_id(headers).filter(|id| shown(id) == *id)
}

fn request_id(headers: &HeaderMap) -> Option<&str> {
    REQUEST_ID.iter().find_map(|name| {
        let id = headers.get(name)?.to_str().ok()?;
        (!id.is_empty()).then_some(id)
    })
}

/// A request id if it looks like one: a header may contain anything.
fn shown(id: &str) -> &str {
    let letters = id.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_word = letters && id.len() <= 64 && id.bytes().all(is_id);
    if is_word && (is_generated(id) || !is_sensitive_id(id)) {
        id
    } else {
        REDACTED
    }
}

/// Whether an id has one of the forms of generated ids: a UUID, or 16 or 32 hex digits, with or without `req_`
/// before them or a data centre behind them.
///
/// Such ids often have six decimal digits in a row. No phone, account or card number has the form of a UUID.
/// Among hex digits, eleven decimal ones in a row may be a phone number or a BVN.
fn is_generated(id: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups: Vec<_> = id.split('-').collect();
    if groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) {
        return groups.iter().all(|group| is_hex(group));
    }
    let hex = id.strip_prefix("req_").unwrap_or(id);
    let hex = match hex.split_once('-') {
        // `cf-ray`: 8a1b2c3d4e5f6789-LOS
        Some((ray, centre)) if centre.bytes().all(|byte| byte.is_ascii_uppercase()) => ray,
        _ => hex,
    };
    let longest_number = hex.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
    matches!(hex.len(), 16 | 32)
        && is_hex(hex)
        && hex.contains(|c: char| c.is_ascii_alphabetic())
        && longest_number.is_some_and(|digits| digits < 11)
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
    fn traces_contain_only_what_looks_like_a_request_id() {
        let traced = |id| {
            let headers = [(REQUEST_ID[0].clone(), http::HeaderValue::from_static(id))];
            traceable_request_id(&headers.into_iter().collect()).map(str::to_owned)
        };
        assert_eq!(
            traced("req_0123456789abcdef").as_deref(),
            Some("req_0123456789abcdef")
        );
        assert_eq!(traced("08123456789"), None);
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
    fn debug_shows_no_secret_in_place_of_a_request_id() {
        let shown = |id| format!("{:?}", response(&[("x-request-id", id)]));
        for canary in [
            "sk_live_canary",
            "sk_test_canary",
            "pk_live_canary",
            "req_sk_live_canary",
            "SK_LIVE_canary",
            "AUTH_canary",
            "req_AUTH_canary",
            "auth_canary",
            "SIG_canary",
            "canary-08123456789",
            "req_0812-345-6789",
            "abc2348123456789",
            "08123456789abcde-LOS",
            "0123456789abcdef-los",
        ] {
            let shown = shown(canary);
            assert!(
                shown.contains(REDACTED) && !shown.contains(canary),
                "{shown}"
            );
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
        for id in [
            "a1",
            "8a1-LOS",
            "req_0",
            &"a".repeat(64),
            "550e8400-e29b-41d4-a716-446655440000",
            "8a12345678cd9012-LOS",
            "req_8a12345678cd9012",
            "0af7651916cd43dd8448eb211c80319c",
        ] {
            assert_eq!(shown(id), id);
        }
        for id in ["", "123", "12-3", "a.b", &"a".repeat(65)] {
            assert_eq!(shown(id), REDACTED, "{id}");
        }
    }
}
