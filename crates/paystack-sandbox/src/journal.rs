//! The journal of requests and their responses.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, PROXY_AUTHORIZATION};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Request, Response};
use paystack_transport::Mode;
use time::OffsetDateTime;

/// The most entries that a journal keeps.
const CAPACITY: usize = 10_000;

/// The most bytes of requests and responses that a journal keeps.
const BYTE_CAPACITY: usize = 32 * 1024 * 1024;

/// The most bytes of a body that a journal keeps.
const BODY_CAPACITY: usize = 4 * 1024 * 1024;

/// A request, its response, and the fault that affected it.
///
/// `Debug` prints no body, because bodies contain personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct JournalEntry {
    /// The number of the request since the start of the sandbox, from 1.
    pub number: u64,
    /// When the request arrived.
    pub time: OffsetDateTime,
    /// The mode of its key. `None` if the key was missing or refused, or if the request was not processed.
    pub mode: Option<Mode>,
    /// The operation that it called, such as `customers.create`.
    pub operation: Option<&'static str>,
    /// The request. Keys in its headers and its target are redacted. A body over 4 MiB is cut.
    pub request: Request<Bytes>,
    /// The response, whose body is cut likewise. `None` if a fault closed the connection without one.
    pub response: Option<Response<Bytes>>,
    /// Whether the request was a write that succeeded. The creation of an existing customer counts as one.
    pub took_effect: bool,
    /// The kind of the fault that affected the request, such as `answer_lost`.
    pub fault: Option<&'static str>,
    /// How long a fault delayed the response.
    pub delay: Duration,
}

impl JournalEntry {
    /// Returns the size in memory, without that of the entry itself.
    fn bytes(&self) -> usize {
        let headers = |headers: &HeaderMap| {
            let sizes = headers
                .iter()
                .map(|(name, value)| name.as_str().len().saturating_add(value.len()));
            sizes.fold(0, usize::saturating_add)
        };
        let target = self.request.uri().path_and_query();
        let sizes = [
            target.map_or(0, |target| target.as_str().len()),
            headers(self.request.headers()),
            self.request.body().len(),
            self.response.as_ref().map_or(0, |response| {
                headers(response.headers()).saturating_add(response.body().len())
            }),
        ];
        sizes.into_iter().fold(0, usize::saturating_add)
    }
}

impl fmt::Debug for JournalEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.response.as_ref().map(Response::status);
        f.debug_struct("JournalEntry")
            .field("number", &self.number)
            .field("operation", &self.operation)
            .field("status", &status)
            .field("took_effect", &self.took_effect)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// The newest entries, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<JournalEntry>,
    bytes: usize,
    last_number: u64,
}

impl Journal {
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &JournalEntry> {
        self.entries.iter()
    }

    /// Numbers and adds an entry. Removes the oldest entries beyond the capacity.
    pub(crate) fn push(&mut self, mut entry: JournalEntry) {
        self.last_number = self.last_number.saturating_add(1);
        entry.number = self.last_number;
        cut(entry.request.body_mut());
        if let Some(response) = &mut entry.response {
            cut(response.body_mut());
        }
        self.bytes = self.bytes.saturating_add(entry.bytes());
        self.entries.push_back(entry);
        while self.entries.len() > CAPACITY || self.bytes > BYTE_CAPACITY {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
        }
    }
}

/// Cuts a body to the capacity. Copies it, so that the rest is freed.
fn cut(body: &mut Bytes) {
    if let Some(kept) = body
        .get(..BODY_CAPACITY)
        .filter(|kept| kept.len() < body.len())
    {
        *body = Bytes::copy_from_slice(kept);
    }
}

/// Copies a request without its keys.
pub(crate) fn redacted(request: &Request<Bytes>) -> Request<Bytes> {
    let mut request = request.clone();
    // An absolute target may contain a user and a password, which may be a key.
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", PathAndQuery::as_str);
    *request.uri_mut() = without_keys(target).parse().unwrap_or_default();
    for (name, value) in request.headers_mut() {
        let text = String::from_utf8_lossy(value.as_bytes());
        let redacted = match name {
            &AUTHORIZATION | &PROXY_AUTHORIZATION => match text.split_once(' ') {
                Some((scheme, _)) => format!("{} {REDACTED}", without_keys(scheme)),
                None => REDACTED.to_owned(),
            },
            _ => without_keys(&text),
        };
        if redacted != text {
            *value = HeaderValue::try_from(redacted).unwrap_or(HeaderValue::from_static(REDACTED));
        }
    }
    request
}

const REDACTED: &str = "[redacted]";

/// Replaces everything that looks like a key of Paystack.
fn without_keys(text: &str) -> String {
    const PREFIXES: [&str; 4] = ["sk_test_", "sk_live_", "pk_test_", "pk_live_"];
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = text.split_inclusive(|letter| !is_part(letter));
    let words = words.map(|word| {
        // A key may follow an escape: `%20sk_test_`.
        let start = PREFIXES.iter().filter_map(|prefix| word.find(prefix)).min();
        let Some((before, key)) = start.and_then(|start| word.split_at_checked(start)) else {
            return word.to_owned();
        };
        let end = key.trim_start_matches(is_part);
        [before, REDACTED, end].concat()
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_redacted_wherever_they_are() {
        let request = Request::builder()
            .uri("http://sk_live_a@localhost/customer?a=sk_live_b&b=pk_test_c&c=Bearer%20sk_live_d&d=%22sk_live_e")
            .header(AUTHORIZATION, "Bearer sk_test_f")
            .header(AUTHORIZATION, "sk_live_g")
            .header(AUTHORIZATION, "sk_live_h Bearer")
            .header(PROXY_AUTHORIZATION, "Basic c2tfdGVzdA==")
            .header("x-api-key", "sk_live_i")
            .body(Bytes::new())
            .unwrap();
        let redacted = redacted(&request);
        assert_eq!(
            redacted.uri(),
            "/customer?a=[redacted]&b=[redacted]&c=Bearer%20[redacted]&d=%22[redacted]"
        );
        let values: Vec<_> = redacted.headers().values().collect();
        assert_eq!(
            values,
            [
                "Bearer [redacted]",
                "[redacted]",
                "[redacted] [redacted]",
                "Basic [redacted]",
                "[redacted]"
            ]
        );
    }
}
