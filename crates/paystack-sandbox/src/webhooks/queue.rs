//! The queue that delivers webhooks, and redelivers them on Paystack's schedule.

use std::fmt;

use bytes::Bytes;
use http::Uri;
use paystack_transport::Mode;
use time::{Duration, OffsetDateTime};

use super::webhook::Webhook;

/// How long the sandbox waits for the response of a receiver.
pub(crate) const RESPONSE_TIMEOUT: Duration = Duration::seconds(30);

/// An attempt to deliver a webhook, to be sent now.
#[non_exhaustive]
pub struct Delivery {
    /// The id under which to report the result.
    pub id: DeliveryId,
    /// The signed request.
    pub request: http::Request<Bytes>,
}

/// Hides the request, which contains personal data.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("body_bytes", &self.request.body().len())
            .finish_non_exhaustive()
    }
}

/// The id of a delivery attempt. Each attempt has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryId(u64);

/// The undelivered webhooks, and the last webhook that was sent.
#[derive(Debug, Default)]
pub(crate) struct DeliveryQueue {
    pending: Vec<PendingWebhook>,
    /// The number of attempts of all webhooks.
    attempts: u64,
    last: Option<Webhook>,
}

#[derive(Debug)]
struct PendingWebhook {
    webhook: Webhook,
    attempts: u32,
    first_attempt: Option<OffsetDateTime>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The next attempt is due at this time.
    Due(OffsetDateTime),
    /// An attempt started at this time and has no result yet.
    InFlight(DeliveryId, OffsetDateTime),
}

impl DeliveryQueue {
    /// Queues a webhook for its first delivery.
    pub(crate) fn push(&mut self, webhook: Webhook) {
        self.pending.push(PendingWebhook {
            state: State::Due(webhook.due),
            attempts: 0,
            first_attempt: None,
            webhook,
        });
    }

    /// Returns the deliveries to send now. An attempt without a result in time counts as failed.
    pub(crate) fn due(&mut self, now: OffsetDateTime, url: &Uri) -> Vec<Delivery> {
        let is_timed_out =
            |started: OffsetDateTime| started.saturating_add(RESPONSE_TIMEOUT) <= now;
        self.pending.retain_mut(|pending| match pending.state {
            State::InFlight(_, started) if is_timed_out(started) => pending.retry(started),
            _ => true,
        });
        // The caller may have advanced the clock past all remaining attempts.
        self.pending.retain(|pending| !pending.is_expired(now));
        let mut due = Vec::new();
        for pending in &mut self.pending {
            if !matches!(pending.state, State::Due(at) if at <= now) {
                continue;
            }
            self.attempts = self.attempts.saturating_add(1);
            let id = DeliveryId(self.attempts);
            pending.attempts = pending.attempts.saturating_add(1);
            pending.first_attempt.get_or_insert(now);
            pending.state = State::InFlight(id, now);
            self.last = Some(pending.webhook.clone());
            let request = pending.webhook.request(url);
            due.push(Delivery { id, request });
        }
        due
    }

    /// Removes a webhook after a successful attempt.
    pub(crate) fn succeed(&mut self, id: DeliveryId) {
        self.pending
            .retain(|pending| !matches!(pending.state, State::InFlight(other, _) if other == id));
    }

    /// Schedules a retry after a failed attempt, or removes the webhook after its last attempt.
    pub(crate) fn fail(&mut self, id: DeliveryId) {
        self.pending.retain_mut(|pending| match pending.state {
            State::InFlight(other, started) if other == id => pending.retry(started),
            _ => true,
        });
    }

    /// Queues the last webhook that was sent once more. Returns false if none was sent.
    pub(crate) fn resend_last(&mut self, now: OffsetDateTime) -> bool {
        let Some(mut webhook) = self.last.clone() else {
            return false;
        };
        webhook.due = now;
        self.push(webhook);
        true
    }

    /// Returns when the next delivery is due or the next attempt times out.
    pub(crate) fn next_time(&self) -> Option<OffsetDateTime> {
        let times = self.pending.iter().map(|pending| match pending.state {
            State::Due(at) => at,
            State::InFlight(_, started) => started.saturating_add(RESPONSE_TIMEOUT),
        });
        times.min()
    }
}

impl PendingWebhook {
    /// Schedules the next attempt after one that failed. Returns false if that was the last attempt.
    fn retry(&mut self, started: OffsetDateTime) -> bool {
        let Some(delay) = retry_delay(&self.webhook.mode, self.attempts) else {
            return false;
        };
        self.state = State::Due(started.saturating_add(delay));
        true
    }

    /// Returns whether the last attempt is overdue.
    ///
    /// Each attempt starts a little late, and the delays add up, so this allows 30 minutes of slack.
    fn is_expired(&self, now: OffsetDateTime) -> bool {
        let schedule = match self.webhook.mode {
            Mode::Live => Duration::minutes(12).saturating_add(Duration::hours(72)),
            _ => Duration::hours(10),
        };
        let lifetime = schedule.saturating_add(Duration::minutes(30));
        let expiry = self
            .first_attempt
            .map(|first| first.saturating_add(lifetime));
        matches!(self.state, State::Due(_)) && expiry.is_some_and(|expiry| expiry < now)
    }
}

/// Returns the delay before the next attempt, given the number of failed ones.
fn retry_delay(mode: &Mode, failed: u32) -> Option<Duration> {
    match (mode, failed) {
        (Mode::Live, 1..=4) => Some(Duration::minutes(3)),
        (Mode::Live, 5..=76) | (Mode::Test, 1..=10) => Some(Duration::HOUR),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn webhook(mode: Mode) -> Webhook {
        Webhook {
            mode,
            event: "customeridentification.success",
            body: Bytes::from_static(b"{}"),
            signature: HeaderValue::from_static("00"),
            due: NOW,
        }
    }

    fn queue_with_one(mode: Mode) -> DeliveryQueue {
        let mut queue = DeliveryQueue::default();
        queue.push(webhook(mode));
        queue
    }

    fn due(queue: &mut DeliveryQueue, now: OffsetDateTime) -> Vec<DeliveryId> {
        let due = queue.due(now, &Uri::default());
        due.into_iter().map(|delivery| delivery.id).collect()
    }

    /// Returns the minute of each attempt if all attempts start late and fail.
    fn attempts(mode: Mode, late: Duration) -> Vec<i64> {
        let mut queue = queue_with_one(mode);
        let mut minutes = Vec::new();
        while let Some(at) = queue.next_time() {
            let ids = due(&mut queue, at + late);
            assert_eq!(ids.len(), 1);
            minutes.push((at - NOW).whole_minutes());
            queue.fail(ids[0]);
        }
        minutes
    }

    #[test]
    fn live_webhook_is_retried_4_times_then_hourly_for_72_hours() {
        let mut expected = vec![0, 3, 6, 9, 12];
        expected.extend((1..=72).map(|hour| 12 + 60 * hour));
        for late in [Duration::ZERO, Duration::milliseconds(10)] {
            assert_eq!(attempts(Mode::Live, late), expected);
        }
    }

    #[test]
    fn clock_advanced_past_the_last_attempt_causes_no_delivery() {
        for (mode, hours) in [(Mode::Test, 11), (Mode::Live, 73)] {
            let mut queue = queue_with_one(mode);
            let ids = due(&mut queue, NOW);
            queue.fail(ids[0]);
            assert!(queue.next_time().is_some());
            assert_eq!(due(&mut queue, NOW + Duration::hours(hours)), []);
            assert_eq!(queue.next_time(), None);
        }
        // A webhook that was never sent is sent, however late.
        let mut queue = queue_with_one(Mode::Test);
        assert_eq!(due(&mut queue, NOW + Duration::days(30)).len(), 1);
    }

    #[test]
    fn test_webhook_is_retried_hourly_for_10_hours() {
        let expected: Vec<i64> = (0..=10).map(|hour| 60 * hour).collect();
        for late in [Duration::ZERO, Duration::seconds(5)] {
            assert_eq!(attempts(Mode::Test, late), expected);
        }
    }

    #[test]
    fn delivered_webhook_is_not_sent_again() {
        let mut queue = queue_with_one(Mode::Live);
        let ids = due(&mut queue, NOW);
        queue.succeed(ids[0]);
        assert_eq!(queue.next_time(), None);
        assert_eq!(due(&mut queue, NOW + Duration::hours(1)), []);
    }

    #[test]
    fn webhook_in_flight_is_not_sent_again() {
        let mut queue = queue_with_one(Mode::Live);
        assert_eq!(due(&mut queue, NOW).len(), 1);
        assert_eq!(due(&mut queue, NOW + Duration::seconds(29)), []);
    }

    #[test]
    fn attempt_times_out_after_30_s_and_ignores_late_results() {
        let mut queue = queue_with_one(Mode::Live);
        let first = due(&mut queue, NOW);
        assert_eq!(queue.next_time(), Some(NOW + Duration::seconds(30)));
        assert_eq!(due(&mut queue, NOW + Duration::seconds(30)), []);
        assert_eq!(queue.next_time(), Some(NOW + Duration::minutes(3)));
        let second = due(&mut queue, NOW + Duration::minutes(3));
        queue.succeed(first[0]);
        assert!(
            queue.next_time().is_some(),
            "the second attempt is still in flight"
        );
        queue.succeed(second[0]);
        assert_eq!(queue.next_time(), None);
    }

    #[test]
    fn last_webhook_is_resent_on_demand() {
        let mut queue = DeliveryQueue::default();
        assert!(!queue.resend_last(NOW));
        queue.push(webhook(Mode::Test));
        let ids = due(&mut queue, NOW);
        queue.succeed(ids[0]);
        let later = NOW + Duration::hours(5);
        assert!(queue.resend_last(later));
        assert_eq!(due(&mut queue, later).len(), 1);
    }
}
