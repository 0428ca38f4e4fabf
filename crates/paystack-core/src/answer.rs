//! An answer as it came, before anything is made of it.

use std::fmt;

use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};

use crate::error::JsonError;
use crate::mended;
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
        REQUEST_ID
            .iter()
            .find_map(|name| self.headers.get(name)?.to_str().ok())
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
            None => std::str::from_utf8(&self.body).map_err(|_| JsonError::not_utf8()),
        }
    }

    /// Makes readable what serde refuses. Answers whether there was anything to mend.
    pub(crate) fn mend(&mut self) -> bool {
        let json = std::str::from_utf8(&self.body).unwrap_or_default();
        self.mended = mended::mended(json, &mended::EXACT).map(String::into_boxed_str);
        self.mended.is_some()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
