//! The stream of server-sent events that keeps the page up to date.

use std::fmt::Write;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response};
use http_body_util::channel::Sender;
use serde::Serialize;
use time::OffsetDateTime;
use tokio::time::timeout;

use super::ServedSandbox;
use super::response_body::{self, ResponseBody};
use super::rows::{RequestRow, WebhookRow};
use super::webhook_sender::duration_until;
use crate::sandbox::Sandbox;

/// The pause between two writes, which collects the events of a busy sandbox.
const PAUSE: Duration = Duration::from_millis(50);

/// How often an idle stream sends a comment, so that a lost connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The most requests and the most webhooks in one write. A reader that is further behind misses the oldest.
const MOST: usize = 500;

/// Responds with the stream. It begins with the next event.
pub(super) fn respond(served: &Arc<ServedSandbox>) -> Response<ResponseBody> {
    let (sender, body) = response_body::channel();
    tokio::spawn(send(sender, Arc::clone(served)));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let event_stream = HeaderValue::from_static("text/event-stream");
    headers.insert(CONTENT_TYPE, event_stream);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Sends events until the reader leaves.
async fn send(mut sender: Sender<Bytes, io::Error>, served: Arc<ServedSandbox>) {
    let mut changed = served.changed.subscribe();
    let mut position = served.sandbox.with(|sandbox, _| Position::of(sandbox));
    loop {
        let next = served
            .sandbox
            .with(|sandbox, now| duration_until(sandbox.next_event(), now));
        // A change, or an event that the sandbox runs by itself.
        let woken = timeout(next.min(KEEP_ALIVE), changed.changed()).await;
        if matches!(woken, Ok(Err(_))) {
            return;
        }
        let mut text = served
            .sandbox
            .with(|sandbox, now| position.advance(sandbox, now));
        if text.is_empty() {
            // A comment, which also shows whether the reader is still there.
            text.push_str(":\n\n");
        }
        if sender.send_data(text.into()).await.is_err() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a reader has seen.
struct Position {
    resets: u64,
    changes: u64,
    request: u64,
    webhook_change: u64,
}

impl Position {
    fn of(sandbox: &Sandbox) -> Self {
        Self {
            resets: sandbox.resets(),
            changes: sandbox.changes(),
            request: last_request(sandbox),
            webhook_change: sandbox.webhook_changes(),
        }
    }

    /// Returns the events since the last call, and moves to the present.
    fn advance(&mut self, sandbox: &mut Sandbox, now: OffsetDateTime) -> String {
        sandbox.run_due_events(now);
        let mut text = String::new();
        if self.resets < sandbox.resets() {
            push(&mut text, "reset", &Empty {});
            (self.request, self.webhook_change) = (0, 0);
        }
        let newest = usize::try_from(last_request(sandbox).saturating_sub(self.request));
        let newest = newest.unwrap_or(usize::MAX);
        push_dropped(&mut text, newest);
        let mut entries: Vec<_> = sandbox.requests().rev().take(newest.min(MOST)).collect();
        entries.reverse();
        for entry in entries {
            push(&mut text, "request", &RequestRow::summary(entry));
        }
        if self.webhook_change < sandbox.webhook_changes() {
            let seen = self.webhook_change;
            let webhooks = sandbox.webhooks(now);
            let changed: Vec<_> = webhooks.filter(|webhook| webhook.change > seen).collect();
            push_dropped(&mut text, changed.len());
            for webhook in changed.iter().skip(changed.len().saturating_sub(MOST)) {
                push(&mut text, "webhook", &WebhookRow::summary(webhook));
            }
        }
        if self.changes < sandbox.changes() {
            push(&mut text, "state", &Empty {});
        }
        *self = Self::of(sandbox);
        text
    }
}

fn last_request(sandbox: &Sandbox) -> u64 {
    let last = sandbox.requests().next_back();
    last.map_or(0, |entry| entry.number)
}

#[derive(Serialize)]
struct Empty {}

/// Reports how many of the new rows exceed a write.
fn push_dropped(text: &mut String, rows: usize) {
    #[derive(Serialize)]
    struct Dropped {
        count: usize,
    }

    if rows > MOST {
        let count = rows.saturating_sub(MOST);
        push(text, "dropped", &Dropped { count });
    }
}

fn push(text: &mut String, event: &str, data: &impl Serialize) {
    if let Ok(json) = serde_json::to_string(data) {
        // Writing to a string never fails.
        let _ = write!(text, "event: {event}\ndata: {json}\n\n");
    }
}
