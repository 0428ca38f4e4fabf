//! The rate limit of one group: evenly spaced requests, and the queue for them.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::admission::Place;
use super::{Admission, Ticket, WINDOW, random};
use crate::call::SHORTEST_WAIT;
use crate::response::RateLimitStatus;

const SECOND: Duration = Duration::from_secs(1);

/// A response with more requests left belongs to a new window if its window ends later by more than this. A reset
/// counts from the arrival of its response: if that is ten seconds late, so is the end.
const HALF_WINDOW: Duration = Duration::from_secs(30);

/// After the first response, and after idle time in a known window, this much of the spacing may be caught up at once.
const IDLE_CREDIT: Duration = Duration::from_secs(6);

/// The same while other calls wait. More would favour the first of several processes.
const QUEUE_CREDIT: Duration = Duration::from_secs(2);

/// The pause after a 429 that asks for no wait.
const PAUSE: Duration = Duration::from_secs(6);

/// A waiting call asks again after this long to twice as long: queues shrink when calls are dropped.
const POLL_INTERVAL: Duration = Duration::from_millis(1_450);

/// Until a window is known, the first calls in the queue ask again after this long to twice as long: the first
/// response may allow more.
const FIRST_POLL: Duration = Duration::from_millis(100);

/// The rate limit of one group.
///
/// Requests are evenly spaced: one for each gap, wherever Paystack's window begins. Inside a window that Paystack
/// stated, the gap may be longer, so that the remaining requests last until its end.
#[derive(Debug, Default)]
pub(super) struct GroupLimiter {
    /// The limit while no response states one. Without one, everything is admitted, but not after a refusal.
    assumed: Option<u64>,
    /// The last window that a response stated.
    window: Option<Window>,
    /// The time of the last request in an even spacing.
    last: Duration,
    queue: VecDeque<Waiting>,
    /// Each [`Place`] has a clone.
    calls: Arc<()>,
    /// The number of places that are known. Fewer clones mean that calls were dropped.
    places: usize,
    /// When dropped and late calls last left the queue.
    purged: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    limit: u64,
    left: u64,
    ends: Duration,
    /// Whether a response had fewer requests left than this limiter expected: other processes use the quota, or
    /// requests were under way when the window began.
    is_shared: bool,
}

/// A call in the queue.
#[derive(Debug)]
struct Waiting {
    ticket: u64,
    /// When it asks again.
    expected: Duration,
    call: Weak<Place>,
}

impl GroupLimiter {
    pub(super) fn new(assumed: u64) -> Self {
        Self {
            assumed: Some(assumed),
            ..Self::default()
        }
    }

    pub(super) fn try_acquire(
        &mut self,
        ticket: &mut Ticket,
        own_limit: Option<u64>,
        now: Duration,
        random_state: &mut u64,
    ) -> Admission {
        self.forget_old_window(now);
        let limits = [self.stated_or_assumed(), own_limit];
        let Some(limit) = limits.into_iter().flatten().min() else {
            // Only a refusal stops a group without a limit. Its calls do not queue, so jitter spreads them.
            let turn = self.last.saturating_sub(now);
            if turn.is_zero() {
                return Admission::Granted;
            }
            let wait = turn.saturating_add(SECOND.mul_f64(random(random_state)));
            return Admission::Wait { wait, turn };
        };
        let places = Arc::strong_count(&self.calls).saturating_sub(1);
        let is_dropped = ticket.place.is_none() && places < self.places;
        let is_due = self.purged.saturating_add(SECOND) <= now;
        if is_dropped || is_due || self.queue.front().is_some_and(|front| front.is_gone(now)) {
            self.queue.retain(|waiting| !waiting.is_gone(now));
            self.purged = now;
            self.places = places;
        }
        let place = self
            .queue
            .partition_point(|waiting| waiting.ticket < ticket.number);
        let rank = u64::try_from(place).unwrap_or(u64::MAX);
        let slow = part(WINDOW.saturating_add(SECOND), limit);
        let (slot, turn) = self.turn(rank, slow, own_limit.is_some(), now);
        if place == 0 && turn <= now {
            self.admit(ticket, slot, now);
            return Admission::Granted;
        }
        let turn = turn.saturating_sub(now);
        let may_catch_up = self.window.is_none() && own_limit.is_none() && self.last <= now;
        let poll_after = match may_catch_up && times(slow, rank) < IDLE_CREDIT {
            true => FIRST_POLL,
            false => POLL_INTERVAL,
        };
        let poll_after = poll_after.mul_f64(1.0 + random(random_state));
        // Those in front ask first.
        let shortest = times(SHORTEST_WAIT, rank.saturating_add(1));
        let wait = turn.max(shortest).min(poll_after);
        self.wait(ticket, place, now.saturating_add(wait));
        Admission::Wait { wait, turn }
    }

    /// Learns the window from the headers of a response. A response without them, or with a limit of 0, says
    /// nothing.
    pub(super) fn observe(
        &mut self,
        status: RateLimitStatus,
        own_limit: Option<u64>,
        now: Duration,
    ) {
        if status == RateLimitStatus::default() || status.limit == Some(0) {
            return;
        }
        self.forget_old_window(now);
        let Some(limit) = status.limit.or(self.stated_or_assumed()) else {
            return;
        };
        let old = self.open_window(now);
        let left = status.remaining.or(old.map(|old| old.left));
        // A reset may be rounded down.
        let rest = status.reset.map(|reset| reset.saturating_add(SECOND));
        let stated = Window {
            limit,
            left: left.unwrap_or(limit).min(limit),
            ends: now.saturating_add(rest.unwrap_or(WINDOW).min(WINDOW)),
            is_shared: false,
        };
        if self.window.is_none() && own_limit.is_none() && self.last <= now {
            self.last = self
                .last
                .saturating_sub(times(part(IDLE_CREDIT, limit), stated.left));
        }
        // Responses overtake each other: a late one has more left, but a similar end. A reset that is absent, or always
        // a minute, shows no end, so the count decides. With more left, a raised limit also means a new window.
        let is_new = |old: &Window| {
            let has_more_left = stated.left > old.left.saturating_add(limit.div_euclid(10));
            let ends_later = stated.ends > old.ends.saturating_add(HALF_WINDOW);
            let has_no_end = rest.is_none_or(|rest| rest > WINDOW);
            has_more_left && (ends_later || has_no_end || limit > old.limit)
        };
        self.window = Some(match old.filter(|old| !is_new(old)) {
            Some(old) => Window {
                limit,
                left: stated.left.min(old.left),
                ends: stated.ends.min(old.ends),
                is_shared: old.is_shared || stated.left < old.left,
            },
            None => stated,
        });
    }

    /// Stops all requests for as long as a refusal asks, at most a window.
    pub(super) fn refuse(&mut self, retry_after: Option<Duration>, now: Duration) {
        let asked = retry_after.map(|asked| asked.saturating_add(SECOND).min(WINDOW));
        let until = now.saturating_add(asked.unwrap_or(PAUSE));
        self.last = self.last.max(until);
    }

    /// Moves all times back with the clock.
    pub(super) fn move_back(&mut self, by: Duration) {
        self.last = self.last.saturating_sub(by);
        self.purged = self.purged.saturating_sub(by);
        if let Some(window) = &mut self.window {
            window.ends = window.ends.saturating_sub(by);
        }
        for waiting in &mut self.queue {
            waiting.expected = waiting.expected.saturating_sub(by);
        }
    }

    pub(super) fn status(&self, own_limit: Option<u64>, now: Duration) -> RateLimitStatus {
        let window = self.open_window(now);
        RateLimitStatus {
            limit: [self.limit(now), own_limit].into_iter().flatten().min(),
            remaining: window.map(|window| window.left),
            reset: window.map(|window| window.ends.saturating_sub(now)),
        }
    }

    pub(super) fn queue_length(&self) -> usize {
        let alive = |waiting: &&Waiting| waiting.call.strong_count() > 0;
        self.queue.iter().filter(alive).count()
    }

    fn open_window(&self, now: Duration) -> Option<Window> {
        self.window.filter(|window| now < window.ends)
    }

    /// The limit that was stated last. A minute after the end of its window, the assumed limit replaces it, if there is
    /// one.
    fn limit(&self, now: Duration) -> Option<u64> {
        match self.is_window_old(now) {
            true => self.assumed.or(self.stated_or_assumed()),
            false => self.stated_or_assumed(),
        }
    }

    /// The limit, once an old window is [forgotten](Self::forget_old_window).
    fn stated_or_assumed(&self) -> Option<u64> {
        self.window.map(|window| window.limit).or(self.assumed)
    }

    fn is_window_old(&self, now: Duration) -> bool {
        let end = self.window.map(|window| window.ends.saturating_add(WINDOW));
        end.is_some_and(|end| end <= now)
    }

    fn forget_old_window(&mut self, now: Duration) {
        if self.is_window_old(now) {
            self.assumed = self.limit(now);
            self.window = None;
        }
    }

    /// The next slot of the even spacing, which may have passed, and the expected turn of the call with this rank in
    /// the queue.
    fn turn(
        &self,
        rank: u64,
        slow: Duration,
        has_own_limit: bool,
        now: Duration,
    ) -> (Duration, Duration) {
        let window = self.open_window(now);
        let credit = match window {
            Some(_) if has_own_limit => SECOND,
            Some(_) if self.queue.len() > 1 => QUEUE_CREDIT,
            Some(_) => IDLE_CREDIT,
            None => SECOND,
        };
        let earliest = now.saturating_sub(credit);
        let next = |gap| self.last.saturating_add(gap).max(earliest);
        let Some(window) = window else {
            let slot = next(slow);
            return (slot, slot.saturating_add(times(slow, rank)));
        };
        // One in a hundred is left to the requests that other processes have under way.
        let reserve = match window.is_shared {
            true => window.limit.div_euclid(100),
            false => 0,
        };
        let left = window.left.saturating_sub(reserve);
        let gap = |from, gaps| slow.max(part(window.ends.saturating_sub(from), gaps));
        match rank.checked_sub(left) {
            None => {
                // `left` slots are between the last one and the end, so there is one more gap.
                let slot = next(gap(self.last, left.saturating_add(1)));
                (slot, slot.saturating_add(times(gap(slot, left), rank)))
            }
            Some(later) => {
                let slot = next(slow);
                let in_next_window = window.ends.saturating_add(times(slow, later));
                let turn = slot.saturating_add(times(slow, rank));
                (slot, turn.max(in_next_window))
            }
        }
    }

    fn admit(&mut self, ticket: &mut Ticket, slot: Duration, now: Duration) {
        if self
            .queue
            .front()
            .is_some_and(|front| front.ticket == ticket.number)
        {
            self.queue.pop_front();
        }
        if ticket.place.take().is_some() {
            self.places = self.places.saturating_sub(1);
        }
        if let Some(window) = self.window.as_mut().filter(|window| now < window.ends) {
            window.left = window.left.saturating_sub(1);
        }
        self.last = slot;
    }

    fn wait(&mut self, ticket: &mut Ticket, place: usize, expected: Duration) {
        let call = ticket.place.get_or_insert_with(|| {
            self.places = self.places.saturating_add(1);
            Arc::new(Place {
                _calls: self.calls.clone(),
            })
        });
        match self.queue.get_mut(place) {
            Some(waiting) if waiting.ticket == ticket.number => waiting.expected = expected,
            _ => self.queue.insert(
                place,
                Waiting {
                    ticket: ticket.number,
                    expected,
                    call: Arc::downgrade(call),
                },
            ),
        }
    }
}

impl Waiting {
    /// Whether the call was dropped, or is late: it does not hold up the others.
    fn is_gone(&self, now: Duration) -> bool {
        self.call.strong_count() == 0 || self.expected.saturating_add(SECOND) < now
    }
}

/// Rounded up, because a limit must hold to the nanosecond.
fn part(span: Duration, of: u64) -> Duration {
    let nanoseconds = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(nanoseconds.div_ceil(of.max(1)))
}

fn times(gap: Duration, count: u64) -> Duration {
    gap.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(120);

    fn ask(limiter: &mut GroupLimiter, number: u64, now: Duration) -> Ticket {
        let mut ticket = Ticket {
            number,
            place: None,
        };
        limiter.try_acquire(&mut ticket, None, now, &mut 7);
        ticket
    }

    #[test]
    fn first_calls_in_the_queue_ask_again_soon() {
        // One request a second. The first two are sent.
        let mut limiter = GroupLimiter::new(61);
        let mut waiting: Vec<_> = (0..2)
            .map(|number| ask(&mut limiter, number, START))
            .collect();
        let mut random_state = 7;
        for rank in 0..40 {
            let mut ticket = Ticket {
                number: rank + 2,
                place: None,
            };
            let admission = limiter.try_acquire(&mut ticket, None, START, &mut random_state);
            let Admission::Wait { wait, .. } = admission else {
                panic!("{rank} must wait")
            };
            let shortest = if rank < 6 { FIRST_POLL } else { POLL_INTERVAL };
            let expected = shortest..=2 * shortest;
            assert!(expected.contains(&wait), "{rank}: {wait:?}");
            waiting.push(ticket);
        }
    }

    fn queued(limiter: &GroupLimiter) -> Vec<u64> {
        let tickets = limiter.queue.iter().map(|waiting| waiting.ticket);
        tickets.collect()
    }

    #[test]
    fn call_that_is_more_than_a_second_late_leaves_the_queue() {
        for (late, left) in [(0, vec![10, 11]), (1, vec![])] {
            // One request a second. The first two are sent.
            let mut limiter = GroupLimiter::new(61);
            let asked = [0, 1, 10].map(|number| ask(&mut limiter, number, START));
            let expected = limiter.queue.front().unwrap().expected;
            let now = expected + SECOND + Duration::from_nanos(late);
            let next = ask(&mut limiter, 11, now);
            assert_eq!(queued(&limiter), left, "{late}");
            drop((asked, next));
        }
    }

    #[test]
    fn admitted_call_leaves_the_others_in_the_queue() {
        // One request a second. The first two are sent.
        let mut limiter = GroupLimiter::new(61);
        let asked = [0, 1, 10, 5].map(|number| ask(&mut limiter, number, START));
        assert_eq!(queued(&limiter), [5, 10]);
        ask(&mut limiter, 3, START + SECOND);
        assert_eq!(limiter.last, START + SECOND, "it was sent");
        assert_eq!(queued(&limiter), [5, 10]);
        drop(asked);
    }

    #[test]
    fn new_call_searches_the_queue_only_after_a_drop() {
        let mut limiter = GroupLimiter::new(60);
        let mut tickets = Vec::new();
        for number in 0..100 {
            let now = START.saturating_add(Duration::from_millis(number));
            tickets.push(ask(&mut limiter, number, now));
        }
        assert_eq!(limiter.purged, START);
        let length = limiter.queue.len();

        tickets.truncate(50);
        let now = START.saturating_add(Duration::from_millis(100));
        tickets.push(ask(&mut limiter, 100, now));
        assert_eq!(limiter.purged, now);
        assert_eq!(limiter.queue.len(), length - 50 + 1);
    }

    #[test]
    fn drop_is_noticed_while_late_calls_are_not_in_the_queue() {
        let mut limiter = GroupLimiter::new(60);
        let mut ask_all = |numbers: std::ops::Range<u64>, now| -> Vec<_> {
            numbers
                .map(|number| ask(&mut limiter, number, now))
                .collect()
        };
        let late = ask_all(0..50, START);
        let now = START.saturating_add(Duration::from_secs(10));
        let mut waiting = ask_all(50..100, now);
        // The first of them was admitted, so the second is first in the queue.
        waiting.truncate(2);
        waiting.extend(ask_all(100..101, now));
        assert_eq!(limiter.queue.len(), 2);
        drop(late);
    }
}
