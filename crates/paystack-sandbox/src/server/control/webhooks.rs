//! The webhooks and their deliveries.

use std::borrow::Cow;

use paystack_transport::Mode;
use serde::Serialize;
use time::UtcOffset;

use super::{ServedSandbox, done, json, not_found, number};
use crate::response::{Refusal, Response};
use crate::state::Timestamp;
use crate::webhooks::{DeliveryAttempt, QueuedWebhook};

/// The number of webhooks that are listed, the newest.
const MOST: usize = 1_000;

/// A webhook as JSON.
#[derive(Serialize)]
pub(in crate::server) struct Entry<'a> {
    number: u64,
    event: &'a str,
    mode: &'a Mode,
    due: Timestamp,
    attempts: u32,
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

impl<'a> Entry<'a> {
    /// Describes a webhook without its body.
    pub(in crate::server) fn summary(queued: &'a QueuedWebhook) -> Self {
        let next = queued.next_attempt();
        Self {
            number: queued.number,
            event: queued.webhook.event,
            mode: &queued.webhook.mode,
            due: Timestamp(queued.webhook.due.to_offset(UtcOffset::UTC)),
            attempts: queued.attempts,
            state: queued.state_name(),
            last_status: queued.last_status.map(|status| status.as_u16()),
            deliveries: queued.deliveries.iter().map(Attempt::of).collect(),
            next_attempt: next.map(|next| Timestamp(next.to_offset(UtcOffset::UTC))),
            body: None,
        }
    }

    fn complete(queued: &'a QueuedWebhook) -> Self {
        Self {
            body: Some(String::from_utf8_lossy(&queued.webhook.body)),
            ..Self::summary(queued)
        }
    }
}

pub(super) fn list(served: &ServedSandbox) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Webhooks<'a> {
        webhooks: Vec<Entry<'a>>,
    }

    Ok(served.sandbox.with(|sandbox, now| {
        let newest = sandbox.webhooks(now).rev().take(MOST);
        let mut webhooks: Vec<_> = newest.map(Entry::complete).collect();
        webhooks.reverse();
        json(&Webhooks { webhooks })
    }))
}

pub(super) fn resend_last(served: &ServedSandbox) -> Result<Response, Refusal> {
    if served.with(|sandbox, now| sandbox.resend_last_webhook(now)) {
        Ok(done("The webhook is sent again"))
    } else {
        Err(not_found("No webhook was sent yet"))
    }
}

pub(super) fn resend(served: &ServedSandbox, segment: &str) -> Result<Response, Refusal> {
    let number = number(segment)?;
    if served.with(|sandbox, now| sandbox.resend_webhook(number, now)) {
        Ok(done("The webhook is sent again"))
    } else {
        Err(not_found("The sandbox does not keep this webhook"))
    }
}

pub(super) fn drop(served: &ServedSandbox, segment: &str) -> Result<Response, Refusal> {
    let number = number(segment)?;
    if served.with(|sandbox, _| sandbox.drop_webhook(number)) {
        Ok(done("The webhook is not sent any more"))
    } else {
        Err(not_found(
            "The sandbox keeps no such webhook, or it was delivered",
        ))
    }
}
