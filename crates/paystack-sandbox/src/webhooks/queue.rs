//! The queue that delivers webhooks, and redelivers them on Paystack's schedule.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use bytes::Bytes;
use http::{StatusCode, Uri};
use time::{Duration, OffsetDateTime};

use super::queued::{DeliveryState, QueuedWebhook};
use super::webhook::Webhook;
use crate::faults::{FaultKind, InjectedFaults};

/// The delay of a held webhook after the next one.
const HELD_FOR: Duration = Duration::SECOND;

/// The number of webhooks that are kept, delivered or not.
const CAPACITY: usize = 50_000;

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
pub struct DeliveryId {
    /// The number of resets before it, after which the numbers of webhooks begin again.
    resets: u64,
    webhook: u64,
    attempt: usize,
}

/// The newest webhooks, delivered or not.
#[derive(Debug, Default)]
pub(crate) struct DeliveryQueue {
    /// By number, oldest first.
    webhooks: BTreeMap<u64, QueuedWebhook>,
    /// When the next attempt or the time-out of each unfinished webhook is due.
    schedule: BTreeSet<(OffsetDateTime, u64)>,
    /// The webhook to deliver after the next one.
    held: Option<u64>,
    last_number: u64,
    last_sent: Option<u64>,
    /// How often a webhook changed.
    changes: u64,
    resets: u64,
}

impl DeliveryQueue {
    /// Creates a queue after this number of resets.
    pub(crate) fn after_resets(resets: u64) -> Self {
        Self {
            resets,
            ..Self::default()
        }
    }

    pub(crate) fn webhooks(&self) -> impl DoubleEndedIterator<Item = &QueuedWebhook> {
        self.webhooks.values()
    }

    #[cfg(feature = "server")]
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// Queues a webhook for its first delivery, unless a fault affects it.
    pub(crate) fn push(&mut self, webhook: Webhook, faults: &mut InjectedFaults) {
        let due = webhook.due;
        let held = self.held.take();
        match faults.for_webhook(webhook.event).map(|fault| fault.kind) {
            Some(FaultKind::WebhookHeld {}) => {
                self.held = Some(self.insert(webhook, DeliveryState::Held));
            }
            Some(FaultKind::WebhookDropped {}) => {
                self.insert(webhook, DeliveryState::Dropped);
            }
            Some(FaultKind::WebhookDuplicated {}) => {
                self.insert(webhook.clone(), DeliveryState::Due(due));
                self.insert(webhook, DeliveryState::Due(due));
            }
            _ => {
                self.insert(webhook, DeliveryState::Due(due));
            }
        }
        if let Some(number) = held {
            self.set_state(number, DeliveryState::Due(due.saturating_add(HELD_FOR)));
        }
    }

    /// Inserts a webhook, and returns its number. Removes the oldest one beyond the capacity.
    fn insert(&mut self, webhook: Webhook, state: DeliveryState) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        let number = self.last_number;
        let queued = QueuedWebhook::new(number, webhook);
        self.webhooks.insert(number, queued);
        self.set_state(number, state);
        if self.webhooks.len() > CAPACITY
            && let Some((oldest, webhook)) = self.webhooks.pop_first()
            && let Some(time) = webhook.next_time()
        {
            self.schedule.remove(&(time, oldest));
        }
        number
    }

    fn set_state(&mut self, number: u64, state: DeliveryState) {
        let Some(webhook) = self.webhooks.get_mut(&number) else {
            return;
        };
        if let Some(time) = webhook.next_time() {
            self.schedule.remove(&(time, number));
        }
        self.changes = self.changes.saturating_add(1);
        webhook.change = self.changes;
        webhook.state = state;
        if let Some(time) = webhook.next_time() {
            self.schedule.insert((time, number));
        }
    }

    /// Returns the numbers of the webhooks whose attempt or time-out is due.
    fn numbers_due(&self, now: OffsetDateTime) -> Vec<u64> {
        let due = self.schedule.range(..=(now, u64::MAX));
        due.map(|(_, number)| *number).collect()
    }

    /// Returns the deliveries to send now, at most this many. An attempt without a result in time counts as failed.
    pub(crate) fn due(&mut self, now: OffsetDateTime, url: &Uri, most: usize) -> Vec<Delivery> {
        for number in self.numbers_due(now) {
            if let Some(webhook) = self.webhooks.get(&number) {
                // The caller may have advanced the clock past all remaining attempts.
                let state = match webhook.state {
                    _ if webhook.is_expired(now) => DeliveryState::Failed,
                    DeliveryState::InFlight(started) => webhook.after_failure(started),
                    _ => continue,
                };
                self.set_state(number, state);
            }
        }
        let mut deliveries = Vec::new();
        for number in self.numbers_due(now).into_iter().take(most) {
            self.set_state(number, DeliveryState::InFlight(now));
            if let Some(webhook) = self.webhooks.get_mut(&number) {
                let id = DeliveryId {
                    resets: self.resets,
                    webhook: number,
                    attempt: webhook.begin_attempt(now),
                };
                let request = webhook.webhook.request(url);
                deliveries.push(Delivery { id, request });
                self.last_sent = Some(number);
            }
        }
        deliveries
    }

    /// Removes the first deliveries that are due from the schedule, and returns their webhooks.
    pub(crate) fn take(&mut self, now: OffsetDateTime) -> Vec<Webhook> {
        let mut taken = Vec::new();
        for number in self.numbers_due(now) {
            let webhook = self.webhooks.get(&number);
            if let Some(webhook) = webhook.filter(|webhook| webhook.deliveries.is_empty()) {
                taken.push(webhook.webhook.clone());
                self.last_sent = Some(number);
                self.set_state(number, DeliveryState::Delivered);
            }
        }
        taken
    }

    /// Reports the result of an attempt: the status of the response, or `None` without a response. Ignores results
    /// that are late.
    pub(crate) fn finish(&mut self, id: DeliveryId, status: Option<StatusCode>) {
        if id.resets != self.resets {
            return;
        }
        let Some(webhook) = self.webhooks.get_mut(&id.webhook) else {
            return;
        };
        let DeliveryState::InFlight(started) = webhook.state else {
            return;
        };
        if webhook.attempts() == id.attempt {
            webhook.record_status(status);
            let state = match status {
                Some(StatusCode::OK) => DeliveryState::Delivered,
                _ => webhook.after_failure(started),
            };
            self.set_state(id.webhook, state);
        }
    }

    /// Returns the number of the last webhook that was sent.
    pub(crate) fn last_sent(&self) -> Option<u64> {
        self.last_sent
    }

    /// Queues a webhook once more, as a new one. Returns false if the number is unknown.
    pub(crate) fn resend(&mut self, number: u64, now: OffsetDateTime) -> bool {
        let Some(queued) = self.webhooks.get(&number) else {
            return false;
        };
        let mut webhook = queued.webhook.clone();
        webhook.due = now;
        self.insert(webhook, DeliveryState::Due(now));
        true
    }

    /// Stops the deliveries of a webhook. Returns false if the number is unknown or the webhook is finished.
    pub(crate) fn drop_webhook(&mut self, number: u64) -> bool {
        let webhook = self.webhooks.get(&number);
        let is_unfinished = webhook.is_some_and(QueuedWebhook::is_unfinished);
        if is_unfinished {
            self.held = self.held.filter(|held| *held != number);
            self.set_state(number, DeliveryState::Dropped);
        }
        is_unfinished
    }

    /// Returns when the next delivery is due or the next attempt times out.
    pub(crate) fn next_time(&self) -> Option<OffsetDateTime> {
        self.schedule.first().map(|(time, _)| *time)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use paystack_transport::Mode;
    use time::macros::datetime;

    use super::*;
    use crate::faults::Fault;

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
        queue.push(webhook(mode), &mut InjectedFaults::new(1));
        queue
    }

    fn succeed(queue: &mut DeliveryQueue, id: DeliveryId) {
        queue.finish(id, Some(StatusCode::OK));
    }

    fn due(queue: &mut DeliveryQueue, now: OffsetDateTime) -> Vec<DeliveryId> {
        let due = queue.due(now, &Uri::default(), usize::MAX);
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
            queue.finish(ids[0], None);
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
            for has_result in [true, false] {
                let mut queue = queue_with_one(mode.clone());
                let ids = due(&mut queue, NOW);
                if has_result {
                    queue.finish(ids[0], None);
                }
                assert!(queue.next_time().is_some());
                assert_eq!(due(&mut queue, NOW + Duration::hours(hours)), []);
                assert_eq!(queue.next_time(), None);
            }
        }
        // A webhook that was never sent is sent, however late.
        let mut queue = queue_with_one(Mode::Test);
        assert_eq!(due(&mut queue, NOW + Duration::days(30)).len(), 1);
    }

    #[test]
    fn taken_webhook_is_the_last_sent() {
        let mut queue = queue_with_one(Mode::Test);
        let taken = queue.take(NOW);
        assert_eq!(taken.len(), 1);
        assert!(queue.resend(queue.last_sent().unwrap(), NOW));
        assert_eq!(due(&mut queue, NOW).len(), 1);
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
        succeed(&mut queue, ids[0]);
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
        succeed(&mut queue, first[0]);
        assert!(
            queue.next_time().is_some(),
            "the second attempt is still in flight"
        );
        succeed(&mut queue, second[0]);
        assert_eq!(queue.next_time(), None);
    }

    #[test]
    fn last_status_is_none_after_an_attempt_that_timed_out() {
        let mut queue = queue_with_one(Mode::Test);
        let last = |queue: &DeliveryQueue| {
            let webhook = queue.webhooks().next().unwrap();
            (webhook.attempts(), webhook.last_status())
        };
        let first = due(&mut queue, NOW);
        queue.finish(first[0], Some(StatusCode::BAD_GATEWAY));
        assert_eq!(last(&queue), (1, Some(StatusCode::BAD_GATEWAY)));
        let second = NOW + Duration::HOUR;
        assert_eq!(due(&mut queue, second).len(), 1);
        assert_eq!(due(&mut queue, second + Duration::seconds(30)), []);
        assert_eq!(last(&queue), (2, None));
    }

    #[test]
    fn webhook_beyond_the_most_stays_pending() {
        let mut queue = DeliveryQueue::default();
        for _ in 0..3 {
            queue.push(webhook(Mode::Test), &mut InjectedFaults::new(1));
        }
        let mut numbers = |most| -> Vec<u64> {
            let due = queue.due(NOW, &Uri::default(), most);
            due.iter().map(|delivery| delivery.id.webhook).collect()
        };
        assert_eq!(numbers(2), [1, 2]);
        assert!(numbers(0).is_empty());
        assert_eq!(numbers(2), [3]);
    }

    #[test]
    fn last_webhook_is_resent_on_demand() {
        let mut queue = queue_with_one(Mode::Test);
        assert_eq!(queue.last_sent(), None);
        let ids = due(&mut queue, NOW);
        succeed(&mut queue, ids[0]);
        let later = NOW + Duration::hours(5);
        assert!(queue.resend(queue.last_sent().unwrap(), later));
        assert!(!queue.resend(3, later));
        assert_eq!(due(&mut queue, later).len(), 1);
    }

    #[test]
    fn dropped_webhook_is_not_sent() {
        let mut queue = queue_with_one(Mode::Test);
        assert!(queue.drop_webhook(1));
        assert!(!queue.drop_webhook(1));
        assert_eq!(queue.next_time(), None);
        assert_eq!(due(&mut queue, NOW), []);
    }

    #[test]
    fn faults_drop_duplicate_and_hold_webhooks() {
        let mut faults = InjectedFaults::new(1);
        faults.add(Fault::webhook_held().times(1));
        faults.add(Fault::webhook_dropped().times(1));
        faults.add(Fault::webhook_duplicated().times(1));
        let mut queue = DeliveryQueue::default();
        for _ in 0..3 {
            queue.push(webhook(Mode::Test), &mut faults);
        }
        // The first was held until the second, which was dropped. The third comes twice.
        let numbers = |deliveries: Vec<DeliveryId>| -> Vec<_> {
            deliveries.iter().map(|id| id.webhook).collect()
        };
        assert_eq!(numbers(due(&mut queue, NOW)), [3, 4]);
        assert_eq!(numbers(due(&mut queue, NOW + HELD_FOR)), [1]);
        let states: Vec<_> = queue.webhooks().map(QueuedWebhook::state_name).collect();
        assert_eq!(states, ["pending", "dropped", "pending", "pending"]);
    }

    #[test]
    fn webhooks_that_are_all_held_are_each_sent_after_the_next() {
        let mut faults = InjectedFaults::new(1);
        faults.add(Fault::webhook_held());
        let mut queue = DeliveryQueue::default();
        for _ in 0..3 {
            queue.push(webhook(Mode::Test), &mut faults);
        }
        let sent = due(&mut queue, NOW + HELD_FOR);
        assert_eq!(sent.iter().map(|id| id.webhook).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn result_from_before_a_reset_is_ignored() {
        let mut queue = queue_with_one(Mode::Test);
        let old = due(&mut queue, NOW);
        let mut queue = DeliveryQueue::after_resets(1);
        queue.push(webhook(Mode::Test), &mut InjectedFaults::new(1));
        due(&mut queue, NOW);
        succeed(&mut queue, old[0]);
        assert_eq!(queue.webhooks().next().unwrap().state_name(), "pending");
    }

    #[test]
    fn oldest_webhooks_make_room_for_new_ones() {
        let mut queue = DeliveryQueue::default();
        for _ in 0..CAPACITY + 10 {
            queue.push(webhook(Mode::Test), &mut InjectedFaults::new(1));
        }
        assert_eq!(queue.webhooks().next().unwrap().number, 11);
        assert_eq!(
            (queue.webhooks.len(), queue.schedule.len()),
            (CAPACITY, CAPACITY)
        );
    }
}
