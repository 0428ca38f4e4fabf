//! The journal of requests and their responses.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use paystack_transport::Mode;
use time::OffsetDateTime;

/// The most entries that a journal keeps.
const CAPACITY: usize = 10_000;

/// The most bytes of bodies that a journal keeps.
const BODY_CAPACITY: usize = 32 * 1024 * 1024;

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
    /// The mode of its key. `None` if the key was missing or wrong, or if nothing was read.
    pub mode: Option<Mode>,
    /// The operation that it called, such as `customers.create`.
    pub operation: Option<&'static str>,
    /// The request. Its `Authorization` is redacted.
    pub request: Request<Bytes>,
    /// The response. `None` if a fault closed the connection without one.
    pub response: Option<Response<Bytes>>,
    /// Whether the request changed the state of the sandbox.
    pub took_effect: bool,
    /// The kind of the fault that affected the request, such as `answer_lost`.
    pub fault: Option<&'static str>,
    /// How long a fault delayed the response.
    pub delay: Duration,
}

impl JournalEntry {
    fn body_bytes(&self) -> usize {
        let response = self
            .response
            .as_ref()
            .map_or(0, |response| response.body().len());
        self.request.body().len().saturating_add(response)
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
    body_bytes: usize,
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
        self.body_bytes = self.body_bytes.saturating_add(entry.body_bytes());
        self.entries.push_back(entry);
        while self.entries.len() > CAPACITY || self.body_bytes > BODY_CAPACITY {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.body_bytes = self.body_bytes.saturating_sub(oldest.body_bytes());
        }
    }
}

/// Copies a request without its key.
pub(crate) fn redacted(request: &Request<Bytes>) -> Request<Bytes> {
    let mut request = request.clone();
    if let Some(value) = request.headers_mut().get_mut(AUTHORIZATION) {
        *value = HeaderValue::from_static("Bearer [redacted]");
    }
    request
}
