//! The journal and the webhooks as JSON: rows of the control responses and of the stream of events.

use std::borrow::Cow;

use http::{HeaderMap, Response};
use paystack_transport::Mode;
use serde::Serialize;
use time::UtcOffset;

use crate::journal::JournalEntry;
use crate::state::Timestamp;
use crate::webhooks::{DeliveryAttempt, QueuedWebhook};

/// A request and its response, as JSON.
#[derive(Serialize)]
pub(super) struct RequestRow<'a> {
    number: u64,
    time: Timestamp,
    mode: Option<&'a Mode>,
    operation: Option<&'a str>,
    method: &'a str,
    target: String,
    status: Option<u16>,
    took_effect: bool,
    fault: Option<&'a str>,
    delay_ms: u128,
    #[serde(flatten)]
    content: Option<Content<'a>>,
}

/// The headers and bodies.
#[derive(Serialize)]
struct Content<'a> {
    request_headers: Vec<(&'a str, Cow<'a, str>)>,
    request_body: Cow<'a, str>,
    response_headers: Vec<(&'a str, Cow<'a, str>)>,
    response_body: Cow<'a, str>,
}

impl<'a> RequestRow<'a> {
    /// Describes a request without headers and bodies.
    pub(super) fn summary(entry: &'a JournalEntry) -> Self {
        Self {
            number: entry.number,
            time: Timestamp(entry.time),
            mode: entry.mode.as_ref(),
            operation: entry.operation,
            method: entry.request.method().as_str(),
            target: entry.request.uri().to_string(),
            status: entry
                .response
                .as_ref()
                .map(|response| response.status().as_u16()),
            took_effect: entry.took_effect,
            fault: entry.fault,
            delay_ms: entry.delay.as_millis(),
            content: None,
        }
    }

    pub(super) fn complete(entry: &'a JournalEntry) -> Self {
        let response = entry.response.as_ref();
        let content = Content {
            request_headers: headers(entry.request.headers()),
            request_body: String::from_utf8_lossy(entry.request.body()),
            response_headers: response
                .map(Response::headers)
                .map_or_else(Vec::new, headers),
            response_body: String::from_utf8_lossy(
                response.map_or(&[], |response| response.body()),
            ),
        };
        Self {
            content: Some(content),
            ..Self::summary(entry)
        }
    }
}

fn headers(headers: &HeaderMap) -> Vec<(&str, Cow<'_, str>)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// A webhook as JSON.
#[derive(Serialize)]
pub(super) struct WebhookRow<'a> {
    number: u64,
    event: &'a str,
    mode: &'a Mode,
    due: Timestamp,
    attempts: usize,
    state: &'a str,
    last_status: Option<u16>,
    deliveries: Vec<Attempt>,
    next_attempt: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
}

/// An attempt to deliver a webhook, as JSON.
#[derive(Serialize)]
struct Attempt {
    time: Timestamp,
    status: Option<u16>,
}

impl Attempt {
    fn of(attempt: &DeliveryAttempt) -> Self {
        Self {
            time: Timestamp(attempt.time.to_offset(UtcOffset::UTC)),
            status: attempt.status.map(|status| status.as_u16()),
        }
    }
}

impl<'a> WebhookRow<'a> {
    /// Describes a webhook without its body.
    pub(super) fn summary(queued: &'a QueuedWebhook) -> Self {
        let next = queued.next_attempt();
        Self {
            number: queued.number,
            event: queued.webhook.event,
            mode: &queued.webhook.mode,
            due: Timestamp(queued.webhook.due.to_offset(UtcOffset::UTC)),
            attempts: queued.attempts(),
            state: queued.state_name(),
            last_status: queued.last_status().map(|status| status.as_u16()),
            deliveries: queued.deliveries.iter().map(Attempt::of).collect(),
            next_attempt: next.map(|next| Timestamp(next.to_offset(UtcOffset::UTC))),
            body: None,
        }
    }

    pub(super) fn complete(queued: &'a QueuedWebhook) -> Self {
        Self {
            body: Some(String::from_utf8_lossy(&queued.webhook.body)),
            ..Self::summary(queued)
        }
    }
}
