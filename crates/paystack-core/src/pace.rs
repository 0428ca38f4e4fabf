//! When a request may be made: the client's side of the rate limit, and the retry budget.

use std::time::Duration;

use crate::domain::Domain;
use crate::random::Random;
use crate::rate_limit::RateLimit;

/// How long Paystack counts requests before it begins anew.
const WINDOW: Duration = Duration::from_secs(60);

/// Who waits looks again after this long, and up to as long again: queues shrink when calls are
/// dropped.
const LOOK_AGAIN: Duration = Duration::from_millis(2_500);

/// Who has not come back this long after it was expected is taken for dropped.
const LATENESS: Duration = Duration::from_secs(1);

/// Who shares a quota with others begins a window this much later: clocks and counts differ.
const SHARED_LATER: Duration = Duration::from_secs(1);

/// Nobody is told to ask again at once.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// How many may go before a call whose time has come but who sleeps, so that it does not hold up
/// the next.
const OVERTAKEN: u8 = 4;

/// How far the server's count may be below ours without others being at it: requests overtake
/// each other on the way.
const SLACK: u64 = 4;

/// What the retry budget holds, as in AWS's standard retry mode.
const BUDGET: u32 = 500;

/// When requests may be made, for all calls that share one key: the client's side of Paystack's rate
/// limit (600 requests a minute in live mode, 100 in test mode), and a budget for retries.
///
/// Calls draw tickets and are let through in their order, spread over what is left of the window, so
/// that the limit is used up and never run into. What the server says in its answers corrects the
/// count, so that processes that know nothing of each other share a quota as well.
///
/// Retries draw on a budget of tokens, which successes fill up again: while everything fails,
/// nearly nothing is tried twice.
///
/// ```
/// use paystack_core::{Domain, Pace};
///
/// let live = Pace::new(Domain::Live, 7); // the seed of its jitter
/// let slow = Pace::new(Domain::Live, 7).with_limit(60);
/// let off = Pace::new(Domain::Live, 7).without_limit();
/// ```
///
/// See <https://paystack.com/docs/api/#rate-limiting>.
#[derive(Clone, Debug)]
pub struct Pace {
    /// What a window allows; `None` lets everything through.
    limit: Option<u64>,
    /// What is left of it, as far as is known.
    left: u64,
    /// When the window ends; `None` before the first request.
    ends: Option<Duration>,
    /// Whether the end was told, not just reckoned.
    end_is_told: bool,
    /// When the next request would be due if all were spread evenly.
    next: Duration,
    /// Whether any answer has come yet.
    answered: bool,
    /// Whether others use the same quota.
    shared: bool,
    /// Who waits, in the order of the tickets.
    queue: Vec<Waiting>,
    swept: Duration,
    tickets: u64,
    /// Requests let through, in all and before this window.
    granted: u64,
    granted_before: u64,
    budget: u32,
    random: Random,
}

/// A call that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    ticket: Ticket,
    /// Until when it is expected to look again.
    expected: Duration,
    /// How many later calls went before it.
    overtaken: u8,
}

/// A place in the queue, kept through all attempts of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// The number of a request that was let through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant(u64);

/// Whether a request may be made now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Admission {
    Granted(Grant),
    Wait(Duration),
}

impl Pace {
    /// Paystack's limit for this mode. The seed decides on the jitter.
    pub fn new(domain: Domain, seed: u64) -> Self {
        let limit = match domain {
            Domain::Live => 600,
            _ => 100,
        };
        Self {
            limit: Some(limit),
            left: limit,
            ends: None,
            end_is_told: false,
            next: Duration::ZERO,
            answered: false,
            shared: false,
            queue: Vec::new(),
            swept: Duration::ZERO,
            tickets: 0,
            granted: 0,
            granted_before: 0,
            budget: BUDGET,
            random: Random::new(seed),
        }
    }

    /// Another limit, in requests a minute: a part of the quota, where several services share it.
    #[must_use]
    pub fn with_limit(mut self, requests: u64) -> Self {
        self.limit = Some(requests.max(1));
        self.left = requests.max(1);
        self
    }

    /// No limit. The retry budget stays.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.limit = None;
        self
    }

    /// A place at the end of the queue.
    pub(crate) fn draw(&mut self) -> Ticket {
        self.tickets = self.tickets.saturating_add(1);
        Ticket(self.tickets)
    }

    /// Lets a request through, or says how long to wait before asking again.
    pub(crate) fn admit(&mut self, ticket: Ticket, now: Duration) -> Admission {
        let Some(limit) = self.limit else {
            return Admission::Granted(self.grant());
        };
        let ends = self.roll(limit, now);
        self.sweep(now);
        let place = self.place(ticket);
        let rank = u64::try_from(place).unwrap_or(u64::MAX);
        let spare = self.left.saturating_sub(self.reserve(limit));

        let mut wait = if rank < spare {
            let rest = ends.saturating_sub(now);
            let step = part(rest, 1, spare);
            let evenly = self.next.max(now).saturating_add(part(rest, rank, spare));
            let due = evenly.saturating_sub(part(rest, self.burst(limit), spare));
            if due <= now && self.overtake(place) {
                self.give_back(ticket);
                self.left = self.left.saturating_sub(1);
                self.next = self.next.max(now).saturating_add(step);
                return Admission::Granted(self.grant());
            }
            // Those before it come in their turn.
            due.saturating_sub(now).max(step)
        } else {
            let later = part(WINDOW, rank.saturating_sub(spare), limit);
            ends.saturating_add(later).saturating_sub(now)
        };
        wait = wait
            .min(LOOK_AGAIN.saturating_add(self.random.up_to(LOOK_AGAIN)))
            .max(SHORTEST_WAIT);
        let expected = now.saturating_add(wait).saturating_add(LATENESS);
        match self.queue.get_mut(place) {
            Some(waiting) if waiting.ticket == ticket => waiting.expected = expected,
            _ => {
                let waiting = Waiting {
                    ticket,
                    expected,
                    overtaken: 0,
                };
                self.queue.insert(place, waiting);
            }
        }
        Admission::Wait(wait)
    }

    /// Takes a place out of the queue.
    pub(crate) fn give_back(&mut self, ticket: Ticket) {
        let place = self.place(ticket);
        if self
            .queue
            .get(place)
            .is_some_and(|waiting| waiting.ticket == ticket)
        {
            self.queue.remove(place);
        }
    }

    /// Learns from what an answer says about the limit.
    pub(crate) fn observe(&mut self, grant: Grant, told: RateLimit, refused: bool, now: Duration) {
        self.answered = true;
        let Some(limit) = self.limit else { return };
        // No window ends later than a window from now, whatever a header says.
        let end = told
            .reset
            .map(|reset| now.saturating_add(reset.min(WINDOW)));
        if refused {
            self.left = 0;
            self.ends = end.or(self.ends);
            self.end_is_told |= end.is_some();
            return;
        }
        // An answer to a request of the window before says nothing about this one.
        if grant.0 <= self.granted_before {
            return;
        }
        if let Some(remaining) = told.remaining {
            // Requests that were let through since may not be counted there yet.
            let since = self.granted.saturating_sub(grant.0);
            let theirs = remaining.saturating_sub(since);
            if theirs.saturating_add(SLACK) < self.left && limit >= told.limit.unwrap_or(limit) {
                self.shared = true;
            }
            self.left = self.left.min(theirs);
        }
        // Told ends are rounded up and come late: the earliest is the nearest to the truth.
        let earlier =
            |end: &Duration| !self.end_is_told || self.ends.is_none_or(|ends| *end < ends);
        if let Some(end) = end.filter(earlier) {
            self.ends = Some(end);
            self.end_is_told = true;
        }
    }

    /// A random part of the longest wait between two attempts.
    pub(crate) fn jitter(&mut self, longest: Duration) -> Duration {
        self.random.up_to(longest)
    }

    /// Takes what a retry costs out of the budget; false if it is not there.
    pub(crate) fn charge(&mut self, retry: Retry) -> bool {
        match self.budget.checked_sub(retry.cost()) {
            Some(rest) => {
                self.budget = rest;
                true
            }
            None => false,
        }
    }

    /// Puts back what a retry took that was not made, or that succeeded.
    pub(crate) fn refund(&mut self, retry: Retry) {
        self.budget = self.budget.saturating_add(retry.cost()).min(BUDGET);
    }

    /// Adds what a success without a retry earns.
    pub(crate) fn earn(&mut self) {
        self.budget = self.budget.saturating_add(1).min(BUDGET);
    }

    /// Begins a new window where the last has ended; tells when this one ends.
    fn roll(&mut self, limit: u64, now: Duration) -> Duration {
        match self.ends {
            // One that ends later than a window from now is left from before a clock went back.
            Some(ends) if now < ends && ends.saturating_sub(now) <= WINDOW => ends,
            last => {
                let late = if self.shared && last.is_some() {
                    SHARED_LATER
                } else {
                    Duration::ZERO
                };
                let ends = now.saturating_add(WINDOW);
                self.ends = Some(ends);
                self.end_is_told = false;
                self.left = limit;
                self.next = now.saturating_add(late);
                self.granted_before = self.granted;
                ends
            }
        }
    }

    /// Forgets who has not come back.
    fn sweep(&mut self, now: Duration) {
        if now.saturating_sub(self.swept) >= LATENESS {
            self.swept = now;
            self.queue.retain(|waiting| waiting.expected >= now);
        }
    }

    fn place(&self, ticket: Ticket) -> usize {
        self.queue
            .partition_point(|waiting| waiting.ticket < ticket)
    }

    /// Lets whoever stands at a place go before those at the places before it, unless they are many
    /// or one of them was overtaken too often already.
    fn overtake(&mut self, place: usize) -> bool {
        let Some(before) = self.queue.get_mut(..place) else {
            return false;
        };
        let fair = before.len() < usize::from(OVERTAKEN)
            && before.iter().all(|waiting| waiting.overtaken < OVERTAKEN);
        if fair {
            for waiting in before {
                waiting.overtaken = waiting.overtaken.saturating_add(1);
            }
        }
        fair
    }

    fn grant(&mut self) -> Grant {
        self.granted = self.granted.saturating_add(1);
        Grant(self.granted)
    }

    /// How many may go ahead of an even spread: next to none until an answer has shown whether
    /// others are at it.
    fn burst(&self, limit: u64) -> u64 {
        if self.answered {
            self.left.div_euclid(10)
        } else {
            limit.div_euclid(100)
        }
    }

    /// What is left to others for what is under way.
    fn reserve(&self, limit: u64) -> u64 {
        if self.shared {
            limit.div_euclid(100)
        } else {
            0
        }
    }
}

/// After what something is tried again, which decides on what that costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// No answer came in time.
    Timeout,
    /// A rate limit, whose window is waited for: it is free.
    RateLimit,
    Other,
}

impl Retry {
    fn cost(self) -> u32 {
        match self {
            Self::Timeout => 10,
            Self::RateLimit => 0,
            Self::Other => 5,
        }
    }
}

/// So many parts of a span that is cut into `of`.
fn part(span: Duration, parts: u64, of: u64) -> Duration {
    let nanos = span.as_nanos().saturating_mul(u128::from(parts));
    let nanos = nanos.checked_div(u128::from(of)).unwrap_or(nanos);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn told(limit: u64, remaining: u64, reset: u64) -> RateLimit {
        RateLimit {
            limit: Some(limit),
            remaining: Some(remaining),
            reset: Some(Duration::from_secs(reset)),
        }
    }

    /// How many of those who ask now are let through.
    fn admitted(pace: &mut Pace, asking: u64, now: Duration) -> u64 {
        (0..asking)
            .filter(|_| {
                let ticket = pace.draw();
                let granted = matches!(pace.admit(ticket, now), Admission::Granted(_));
                pace.give_back(ticket);
                granted
            })
            .map(|_| 1)
            .sum()
    }

    fn granted(pace: &mut Pace, now: Duration) -> Grant {
        let ticket = pace.draw();
        match pace.admit(ticket, now) {
            Admission::Granted(grant) => grant,
            Admission::Wait(wait) => panic!("has to wait for {wait:?}"),
        }
    }

    #[test]
    fn before_the_first_answer_one_in_a_hundred_goes_at_once_and_then_one_in_ten() {
        let mut pace = Pace::new(Domain::Live, 1);
        assert_eq!(
            admitted(&mut pace, 50, SECOND),
            7,
            "the first, and six ahead of their time"
        );
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 599, 60), false, SECOND);
        let burst = admitted(&mut pace, 200, SECOND);
        assert!((55..=65).contains(&burst), "{burst}");
    }

    #[test]
    fn a_refusal_empties_the_window_until_it_ends() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 0, 20), true, SECOND);
        assert_eq!(admitted(&mut pace, 10, 20 * SECOND), 0);
        assert!(admitted(&mut pace, 10, 21 * SECOND) > 0);
    }

    #[test]
    fn a_count_that_is_lower_than_ours_is_believed_and_one_that_is_higher_is_not() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 3, 60), false, SECOND);
        assert!(pace.shared);
        assert_eq!(pace.left, 3);
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 5_000, 60), false, SECOND);
        assert_eq!((pace.shared, pace.left), (false, 599));
    }

    #[test]
    fn the_answer_to_a_request_of_the_window_before_changes_nothing() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        granted(&mut pace, 62 * SECOND);
        pace.observe(first, told(600, 1, 1), false, 62 * SECOND);
        assert_eq!(pace.left, 599);
        assert_eq!(pace.ends, Some(122 * SECOND));
    }

    #[test]
    fn an_end_that_lies_beyond_a_window_is_not_believed() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 0, 999_999_999), true, SECOND);
        assert!(admitted(&mut pace, 1, 61 * SECOND) > 0);
    }

    #[test]
    fn who_does_not_come_back_is_forgotten() {
        let mut pace = Pace::new(Domain::Live, 1).with_limit(1);
        granted(&mut pace, SECOND);
        for _ in 0..100 {
            let lost = pace.draw();
            assert!(matches!(pace.admit(lost, SECOND), Admission::Wait(_)));
        }
        assert_eq!(pace.queue.len(), 100);
        let ticket = pace.draw();
        assert!(matches!(
            pace.admit(ticket, 10 * SECOND),
            Admission::Wait(_)
        ));
        assert_eq!(pace.queue.len(), 1);
    }

    #[test]
    fn without_a_limit_everything_goes_and_the_budget_stays() {
        let mut pace = Pace::new(Domain::Test, 1).without_limit();
        assert_eq!(admitted(&mut pace, 10_000, SECOND), 10_000);
        let paid = (0..1_000).filter(|_| pace.charge(Retry::Other)).count();
        assert_eq!(paid, 100);
        assert!(pace.charge(Retry::RateLimit), "which is free");
        assert!(!pace.charge(Retry::Timeout));
        pace.refund(Retry::Timeout);
        assert!(pace.charge(Retry::Timeout));
        (0..5).for_each(|_| pace.earn());
        assert!(pace.charge(Retry::Other));
    }

    #[test]
    fn a_clock_that_goes_back_stops_nothing() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, 100 * SECOND);
        pace.observe(first, told(600, 599, 60), false, 100 * SECOND);
        granted(&mut pace, 50 * SECOND);
        granted(&mut pace, Duration::ZERO);
    }
}
