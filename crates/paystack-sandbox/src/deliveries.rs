//! Webhooks on their way: what is to be sent now, and what became of it.

use std::fmt;

use bytes::Bytes;
use http::Uri;
use paystack_client::Domain;
use time::{Duration, OffsetDateTime};

use crate::webhook::Webhook;

/// How long a receiver has to answer.
pub(crate) const ANSWER_WITHIN: Duration = Duration::seconds(30);

/// A webhook to be sent now.
#[non_exhaustive]
pub struct Delivery {
    /// What to tell its fate by.
    pub id: DeliveryId,
    /// The request, signed.
    pub request: http::Request<Bytes>,
}

/// Without the request, which tells of people.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("body_bytes", &self.request.body().len())
            .finish_non_exhaustive()
    }
}

/// One attempt to deliver a webhook; the next attempt has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryId(u64);

/// The webhooks that are not delivered yet, and the last one that was sent.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    waiting: Vec<Waiting>,
    attempts: u64,
    last: Option<Webhook>,
}

#[derive(Debug)]
struct Waiting {
    webhook: Webhook,
    /// How often it was sent, and when for the first time.
    sent: u32,
    first: Option<OffsetDateTime>,
    state: State,
}

#[derive(Debug)]
enum State {
    Due(OffsetDateTime),
    Out(DeliveryId, OffsetDateTime),
}

impl Deliveries {
    pub(crate) fn add(&mut self, webhook: Webhook) {
        self.waiting.push(Waiting {
            state: State::Due(webhook.due),
            sent: 0,
            first: None,
            webhook,
        });
    }

    /// What is to be sent now. What was out for too long has failed.
    pub(crate) fn due(&mut self, now: OffsetDateTime, url: &Uri) -> Vec<Delivery> {
        let is_late = |since: OffsetDateTime| since.saturating_add(ANSWER_WITHIN) <= now;
        self.waiting.retain_mut(|waiting| match waiting.state {
            State::Out(_, since) if is_late(since) => waiting.plan_again(since),
            _ => true,
        });
        // A clock that was put forward has passed the times in between.
        self.waiting.retain(|waiting| !waiting.is_given_up(now));
        let mut due = Vec::new();
        for waiting in &mut self.waiting {
            if !matches!(waiting.state, State::Due(at) if at <= now) {
                continue;
            }
            self.attempts = self.attempts.saturating_add(1);
            let id = DeliveryId(self.attempts);
            waiting.sent = waiting.sent.saturating_add(1);
            waiting.first.get_or_insert(now);
            waiting.state = State::Out(id, now);
            self.last = Some(waiting.webhook.clone());
            let request = waiting.webhook.request(url);
            due.push(Delivery { id, request });
        }
        due
    }

    pub(crate) fn delivered(&mut self, id: DeliveryId) {
        self.waiting
            .retain(|waiting| !matches!(waiting.state, State::Out(out, _) if out == id));
    }

    pub(crate) fn failed(&mut self, id: DeliveryId) {
        self.waiting.retain_mut(|waiting| match waiting.state {
            State::Out(out, since) if out == id => waiting.plan_again(since),
            _ => true,
        });
    }

    /// Sends the last webhook that was sent once more; false if there was none.
    pub(crate) fn resend_last(&mut self, now: OffsetDateTime) -> bool {
        let Some(mut webhook) = self.last.clone() else {
            return false;
        };
        webhook.due = now;
        self.add(webhook);
        true
    }

    /// When something is due, or has been out for too long.
    pub(crate) fn next(&self) -> Option<OffsetDateTime> {
        let times = self.waiting.iter().map(|waiting| match waiting.state {
            State::Due(at) => at,
            State::Out(_, since) => since.saturating_add(ANSWER_WITHIN),
        });
        times.min()
    }
}

impl Waiting {
    /// Plans the next attempt after one that failed; false if that was the last one.
    fn plan_again(&mut self, since: OffsetDateTime) -> bool {
        let Some(wait) = wait_after(&self.webhook.domain, self.sent) else {
            return false;
        };
        self.state = State::Due(since.saturating_add(wait));
        true
    }

    /// Whether it is too late to send it once more. Each attempt is a little late, and so all the more
    /// the last.
    fn is_given_up(&self, now: OffsetDateTime) -> bool {
        let for_so_long = match self.webhook.domain {
            Domain::Live => Duration::minutes(12).saturating_add(Duration::hours(72)),
            _ => Duration::hours(10),
        };
        let late = for_so_long.saturating_add(Duration::minutes(30));
        let last = self.first.map(|first| first.saturating_add(late));
        matches!(self.state, State::Due(_)) && last.is_some_and(|last| last < now)
    }
}

/// How long it is to the next attempt after so many that failed.
fn wait_after(domain: &Domain, failed: u32) -> Option<Duration> {
    match (domain, failed) {
        (Domain::Live, 1..=4) => Some(Duration::minutes(3)),
        (Domain::Live, 5..=76) | (Domain::Test, 1..=10) => Some(Duration::HOUR),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn webhook(domain: Domain) -> Webhook {
        Webhook {
            domain,
            event: "customeridentification.success",
            body: Bytes::from_static(b"{}"),
            signature: HeaderValue::from_static("00"),
            due: NOW,
        }
    }

    fn with(domain: Domain) -> Deliveries {
        let mut deliveries = Deliveries::default();
        deliveries.add(webhook(domain));
        deliveries
    }

    fn due(deliveries: &mut Deliveries, now: OffsetDateTime) -> Vec<DeliveryId> {
        let due = deliveries.due(now, &Uri::default());
        due.into_iter().map(|delivery| delivery.id).collect()
    }

    /// When each attempt is made if all of them fail and each is so late, as minutes after the first.
    fn attempts(domain: Domain, late: Duration) -> Vec<i64> {
        let mut deliveries = with(domain);
        let mut minutes = Vec::new();
        while let Some(at) = deliveries.next() {
            let ids = due(&mut deliveries, at + late);
            assert_eq!(ids.len(), 1);
            minutes.push((at - NOW).whole_minutes());
            deliveries.failed(ids[0]);
        }
        minutes
    }

    #[test]
    fn live_webhooks_come_again_after_3_minutes_four_times_and_then_hourly_for_72_hours() {
        let mut expected = vec![0, 3, 6, 9, 12];
        expected.extend((1..=72).map(|hour| 12 + 60 * hour));
        for late in [Duration::ZERO, Duration::milliseconds(10)] {
            assert_eq!(attempts(Domain::Live, late), expected);
        }
    }

    #[test]
    fn a_clock_that_is_put_forward_past_the_last_attempt_makes_none() {
        for (domain, hours) in [(Domain::Test, 11), (Domain::Live, 73)] {
            let mut deliveries = with(domain);
            let ids = due(&mut deliveries, NOW);
            deliveries.failed(ids[0]);
            assert!(deliveries.next().is_some());
            assert_eq!(due(&mut deliveries, NOW + Duration::hours(hours)), []);
            assert_eq!(deliveries.next(), None);
        }
        // One that was never sent is sent, however late.
        let mut deliveries = with(Domain::Test);
        assert_eq!(due(&mut deliveries, NOW + Duration::days(30)).len(), 1);
    }

    #[test]
    fn test_webhooks_come_again_hourly_for_10_hours() {
        let expected: Vec<i64> = (0..=10).map(|hour| 60 * hour).collect();
        for late in [Duration::ZERO, Duration::seconds(5)] {
            assert_eq!(attempts(Domain::Test, late), expected);
        }
    }

    #[test]
    fn what_is_delivered_does_not_come_again() {
        let mut deliveries = with(Domain::Live);
        let ids = due(&mut deliveries, NOW);
        deliveries.delivered(ids[0]);
        assert_eq!(deliveries.next(), None);
        assert_eq!(due(&mut deliveries, NOW + Duration::hours(1)), []);
    }

    #[test]
    fn nothing_is_sent_twice_at_once() {
        let mut deliveries = with(Domain::Live);
        assert_eq!(due(&mut deliveries, NOW).len(), 1);
        assert_eq!(due(&mut deliveries, NOW + Duration::seconds(29)), []);
    }

    #[test]
    fn what_is_not_answered_within_30_seconds_has_failed_and_a_late_answer_counts_for_nothing() {
        let mut deliveries = with(Domain::Live);
        let first = due(&mut deliveries, NOW);
        assert_eq!(deliveries.next(), Some(NOW + Duration::seconds(30)));
        assert_eq!(due(&mut deliveries, NOW + Duration::seconds(30)), []);
        assert_eq!(deliveries.next(), Some(NOW + Duration::minutes(3)));
        let second = due(&mut deliveries, NOW + Duration::minutes(3));
        deliveries.delivered(first[0]);
        assert!(deliveries.next().is_some(), "the second is still out");
        deliveries.delivered(second[0]);
        assert_eq!(deliveries.next(), None);
    }

    #[test]
    fn the_last_one_comes_again_on_demand() {
        let mut deliveries = Deliveries::default();
        assert!(!deliveries.resend_last(NOW));
        deliveries.add(webhook(Domain::Test));
        let ids = due(&mut deliveries, NOW);
        deliveries.delivered(ids[0]);
        let later = NOW + Duration::hours(5);
        assert!(deliveries.resend_last(later));
        assert_eq!(due(&mut deliveries, later).len(), 1);
    }
}
