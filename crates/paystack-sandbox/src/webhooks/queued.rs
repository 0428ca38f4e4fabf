//! A webhook in the queue, and the schedule of its deliveries.

use http::StatusCode;
use paystack_transport::Mode;
use time::{Duration, OffsetDateTime};

use super::webhook::Webhook;

/// How long the sandbox waits for the response of a receiver.
pub(crate) const RESPONSE_TIMEOUT: Duration = Duration::seconds(30);

/// A webhook, and the deliveries that the sandbox attempted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueuedWebhook {
    /// The number of the webhook, from 1. A copy by [`Sandbox::resend_webhook`](crate::Sandbox::resend_webhook) has
    /// another number.
    pub number: u64,
    /// The webhook.
    pub webhook: Webhook,
    /// The attempts to deliver it, oldest first. Paystack's schedule has at most 77.
    pub deliveries: Vec<DeliveryAttempt>,
    pub(super) state: DeliveryState,
    /// The number of its last change among those of all webhooks.
    pub(crate) change: u64,
}

/// An attempt to deliver a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryAttempt {
    /// When the attempt started.
    pub time: OffsetDateTime,
    /// The status of the response. `None` without a response, or while the attempt is in flight.
    pub status: Option<StatusCode>,
}

/// The progress of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryState {
    /// The next attempt is due at this time.
    Due(OffsetDateTime),
    /// An attempt started at this time and has no result yet.
    InFlight(OffsetDateTime),
    /// A fault holds it until after the next webhook.
    Held,
    Delivered,
    /// The last attempt failed.
    Failed,
    Dropped,
}

impl QueuedWebhook {
    pub(super) fn new(number: u64, webhook: Webhook) -> Self {
        Self {
            number,
            deliveries: Vec::new(),
            state: DeliveryState::Due(webhook.due),
            change: 0,
            webhook,
        }
    }

    /// Returns the number of attempts to deliver it.
    pub fn attempts(&self) -> usize {
        self.deliveries.len()
    }

    /// Returns the status of the response to the last attempt. `None` without a response, or while the attempt is in
    /// flight.
    pub fn last_status(&self) -> Option<StatusCode> {
        self.deliveries.last()?.status
    }

    /// Returns `pending`, `delivered`, `failed` after the last attempt, or `dropped`.
    pub fn state_name(&self) -> &'static str {
        match self.state {
            DeliveryState::Due(_) | DeliveryState::InFlight(_) | DeliveryState::Held => "pending",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failed => "failed",
            DeliveryState::Dropped => "dropped",
        }
    }

    /// Returns when the next attempt is due, if one is scheduled.
    pub fn next_attempt(&self) -> Option<OffsetDateTime> {
        match self.state {
            DeliveryState::Due(at) => Some(at),
            _ => None,
        }
    }

    pub(super) fn is_unfinished(&self) -> bool {
        self.state_name() == "pending"
    }

    /// Returns when the next attempt or the time-out of this one is due.
    pub(super) fn next_time(&self) -> Option<OffsetDateTime> {
        match self.state {
            DeliveryState::Due(at) => Some(at),
            DeliveryState::InFlight(started) => Some(started.saturating_add(RESPONSE_TIMEOUT)),
            _ => None,
        }
    }

    /// Adds an attempt, and returns its number.
    pub(super) fn begin_attempt(&mut self, now: OffsetDateTime) -> usize {
        self.deliveries.push(DeliveryAttempt {
            time: now,
            status: None,
        });
        self.attempts()
    }

    /// Records the status of the response to the last attempt.
    pub(super) fn record_status(&mut self, status: Option<StatusCode>) {
        if let Some(attempt) = self.deliveries.last_mut() {
            attempt.status = status;
        }
    }

    /// Returns the state after an attempt that failed.
    pub(super) fn after_failure(&self, started: OffsetDateTime) -> DeliveryState {
        match retry_delay(&self.webhook.mode, self.attempts()) {
            Some(delay) => DeliveryState::Due(started.saturating_add(delay)),
            None => DeliveryState::Failed,
        }
    }

    /// Returns whether the schedule of retries has ended.
    ///
    /// Each attempt starts a little late, and the delays add up, so this allows 30 minutes of slack.
    pub(super) fn is_expired(&self, now: OffsetDateTime) -> bool {
        let schedule = match self.webhook.mode {
            Mode::Live => Duration::minutes(12).saturating_add(Duration::hours(72)),
            _ => Duration::hours(10),
        };
        let lifetime = schedule.saturating_add(Duration::minutes(30));
        let first = self.deliveries.first();
        first.is_some_and(|first| first.time.saturating_add(lifetime) < now)
    }
}

/// Returns the delay before the next attempt, given the number of failed ones.
fn retry_delay(mode: &Mode, failed: usize) -> Option<Duration> {
    match (mode, failed) {
        (Mode::Live, 1..=4) => Some(Duration::minutes(3)),
        (Mode::Live, 5..=76) | (Mode::Test, 1..=10) => Some(Duration::HOUR),
        _ => None,
    }
}
