//! When a request may be made: the client's side of the rate limit, and the retry budget.

mod allowance;
mod budget;
mod queue;

use std::cmp::Reverse;
use std::time::Duration;

use self::allowance::Allowance;
use self::budget::Budget;
pub(crate) use self::budget::Retry;
use self::queue::Queue;
pub(crate) use self::queue::Ticket;
use crate::domain::Domain;
use crate::random::Random;
use crate::rate_limit::RateLimit;

/// How long Paystack counts requests before it begins anew.
const WINDOW: Duration = Duration::from_secs(60);

/// How long nobody goes after a refusal that does not say how long.
const CLOSED: Duration = Duration::from_secs(6);

/// Who waits looks again after this long, and up to as long again: queues shrink when calls are
/// dropped.
const LOOK_AGAIN: Duration = Duration::from_millis(2_500);

/// Who shares a quota with others begins a window this much later: clocks and counts differ.
const SHARED_LATER: Duration = Duration::from_secs(1);

/// What a told end may lack, where seconds are rounded down.
const ROUNDED_OFF: Duration = Duration::from_secs(1);

/// So much may the clocks of threads differ; what is later still is left from before a clock went back.
const CLOCKS_DIFFER: Duration = Duration::from_secs(1);

/// Nobody is told to ask again at once.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// When requests may be made, for all calls that share one key: the client's side of Paystack's rate
/// limit (600 requests a minute in live mode, 100 in test mode), and a budget for retries.
///
/// Calls draw tickets and are let through in their order, spread over what is left of the window, so
/// that the limit is used up and never run into. What the server says in its answers corrects the
/// limit and the count, so that processes that know nothing of each other share a quota as well.
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
#[derive(Debug)]
pub struct Pace {
    /// What a window allows; `None` lets everything through.
    limit: Option<u64>,
    /// What the caller allows beside it.
    allowance: Option<Allowance>,
    /// What is left of the window, as far as is known.
    left: u64,
    /// When the window ends; `None` before the first request.
    ends: Option<Duration>,
    /// Whether the end was told, not just reckoned.
    end_is_told: bool,
    /// Whether the server rounds its seconds down.
    rounds_down: bool,
    /// When the next request would be due if all were spread evenly.
    next: Duration,
    /// Nobody goes before then, after a refusal.
    closed_until: Duration,
    /// Whether an answer has shown that the window is the server's as well.
    confirmed: bool,
    /// Whether others use the same quota, as this window or the last has shown.
    shared: bool,
    /// Whether this one has.
    others_seen: bool,
    /// Requests let through, in all and before this window.
    granted: u64,
    granted_before: u64,
    /// Requests of this window of which nothing more will come.
    settled: u64,
    /// Requests of the window before that were under way when this one began.
    carried: u64,
    queue: Queue,
    budget: Budget,
    random: Random,
}

/// The number of a request that was let through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant(u64);

/// Whether a request may be made now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Admission {
    Granted(Grant),
    /// Ask again after `wait`. Whatever happens, it is not let through before `earliest`.
    Wait {
        wait: Duration,
        earliest: Duration,
    },
}

impl Pace {
    /// Paystack's limit for this mode, until an answer tells another. The seed decides on the jitter.
    pub fn new(domain: Domain, seed: u64) -> Self {
        let limit = match domain {
            Domain::Live => 600,
            _ => 100,
        };
        Self {
            limit: Some(limit),
            allowance: None,
            left: limit,
            ends: None,
            end_is_told: false,
            rounds_down: false,
            next: Duration::ZERO,
            closed_until: Duration::ZERO,
            confirmed: false,
            shared: false,
            others_seen: false,
            granted: 0,
            granted_before: 0,
            settled: 0,
            carried: 0,
            queue: Queue::default(),
            budget: Budget::full(),
            random: Random::new(seed),
        }
    }

    /// At most so many requests a minute, whatever the server allows: a part of the quota, where
    /// several services share it. It holds for each window of the server's, and for each minute from the
    /// first request that is made in it.
    #[must_use]
    pub fn with_limit(mut self, requests: u64) -> Self {
        let requests = requests.max(1);
        self.limit = Some(requests);
        self.allowance = Some(Allowance::new(requests));
        self.left = requests;
        self
    }

    /// No limit. The retry budget stays.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.limit = None;
        self.allowance = None;
        self
    }

    /// A place at the end of the queue.
    pub(crate) fn draw(&mut self) -> Ticket {
        self.queue.draw()
    }

    /// Lets a request through, or says how long to wait before asking again.
    pub(crate) fn admit(&mut self, ticket: Ticket, now: Duration) -> Admission {
        let Some(limit) = self.limit else {
            return Admission::Granted(self.grant());
        };
        let ends = self.roll(limit, now);
        self.queue.sweep(now);
        // Later than that it is left from before a clock went back.
        self.closed_until = self.closed_until.min(now.saturating_add(WINDOW));
        let closed_until = self.closed_until;
        let rank = u64::try_from(self.queue.place(ticket)).unwrap_or(u64::MAX);
        let (spare, ends) = self.room(limit, now, ends);
        let rest = ends.saturating_sub(now);

        let (due, earliest) = if rank < spare {
            let step = part(rest, 1, spare);
            let evenly = self.next.max(now).saturating_add(part(rest, rank, spare));
            let ahead = part(rest, self.burst(limit, spare), spare);
            let due = evenly.saturating_sub(ahead).max(closed_until);
            if due <= now && self.queue.overtake(ticket) {
                self.queue.leave(ticket);
                if self.granted == self.granted_before && !self.end_is_told {
                    // The server's window begins with the first request that it sees.
                    self.ends = Some(now.saturating_add(WINDOW));
                }
                self.left = self.left.saturating_sub(1);
                if let Some(own) = &mut self.allowance {
                    own.take();
                }
                self.next = self.next.max(now).saturating_add(step);
                return Admission::Granted(self.grant());
            }
            // Those before it come in their turn.
            (due.max(now.saturating_add(step)), closed_until)
        } else {
            let later = part(WINDOW, rank.saturating_sub(spare), limit);
            let due = ends.saturating_add(later);
            // Places become free when calls are dropped, but a window that is used up stays so.
            let earliest = if spare == 0 { ends } else { closed_until };
            (due.max(closed_until), earliest.max(closed_until))
        };
        let look_again = LOOK_AGAIN.saturating_add(self.random.up_to(LOOK_AGAIN));
        let wait = due.saturating_sub(now).min(look_again).max(SHORTEST_WAIT);
        self.queue.wait(ticket, now.saturating_add(wait));
        Admission::Wait { wait, earliest }
    }

    /// Takes a place out of the queue.
    pub(crate) fn give_back(&mut self, ticket: Ticket) {
        self.queue.leave(ticket);
    }

    /// Learns from what the answer to a request says about the limit.
    pub(crate) fn observe(&mut self, grant: Grant, told: RateLimit, now: Duration) {
        if !self.settle(grant) {
            return;
        }
        self.confirmed = true;
        let Some(limit) = self.limit else { return };
        let whole = told.limit.unwrap_or(limit);
        self.limit = Some(whole.max(1));
        if let Some(remaining) = told.remaining {
            self.count(whole, remaining);
        }
        // Told ends are rounded up and come late: the earliest is the nearest to the truth.
        if let Some(end) = self.told_end(told, now) {
            let before = self.ends.filter(|_| self.end_is_told);
            self.ends = Some(before.map_or(end, |before| before.min(end)));
            self.end_is_told = true;
        }
    }

    /// Learns from an answer that refuses a request for the limit, and may say how long to wait.
    pub(crate) fn refuse(
        &mut self,
        grant: Grant,
        told: RateLimit,
        retry_after: Option<Duration>,
        now: Duration,
    ) {
        // Of the window before it says nothing about this one, but how long to wait.
        if self.settle(grant) {
            if let (Some(limit), Some(whole)) = (&mut self.limit, told.limit) {
                *limit = whole.max(1);
            }
            if let Some(end) = self.told_end(told, now) {
                self.left = 0;
                self.ends = Some(end);
                self.end_is_told = true;
            }
        }
        // "At once" is rounded down, or a date that has passed.
        let wait = retry_after.unwrap_or(CLOSED);
        let wait = wait.clamp(ROUNDED_OFF, WINDOW);
        self.closed_until = self.closed_until.max(now.saturating_add(wait));
    }

    /// Notes that no answer to a request will come. Whether the request was counted, nobody knows.
    pub(crate) fn lose(&mut self, grant: Grant) {
        self.settle(grant);
    }

    /// A random part of the longest wait between two attempts.
    pub(crate) fn jitter(&mut self, longest: Duration) -> Duration {
        self.random.up_to(longest)
    }

    /// Takes what a retry costs out of the budget; false if it is not there.
    pub(crate) fn charge(&mut self, retry: Retry) -> bool {
        self.budget.charge(retry)
    }

    /// Puts back what a retry took that was not made, or that succeeded.
    pub(crate) fn refund(&mut self, retry: Retry) {
        self.budget.refund(retry);
    }

    /// Adds what a success without a retry earns.
    pub(crate) fn earn(&mut self) {
        self.budget.earn();
    }

    /// Begins a new window where the last has ended; tells when this one ends.
    fn roll(&mut self, limit: u64, now: Duration) -> Duration {
        match self.ends {
            Some(ends) if is_to_come(ends, now) => ends,
            last => {
                self.shared = self.others_seen;
                self.others_seen = false;
                let later = now.saturating_add(SHARED_LATER);
                self.next = match last {
                    Some(last) if self.shared => {
                        last.saturating_add(SHARED_LATER).clamp(now, later)
                    }
                    _ => now,
                };
                let ends = now.saturating_add(WINDOW);
                self.ends = Some(ends);
                self.end_is_told = false;
                // Those who share the quota count on it that no more of it is used.
                let most = self.allowance.as_ref().map_or(u64::MAX, |own| own.most);
                self.left = limit.min(most);
                self.confirmed = false;
                let granted = self.granted.saturating_sub(self.granted_before);
                self.carried = granted.saturating_sub(self.settled);
                self.granted_before = self.granted;
                self.settled = 0;
                ends
            }
        }
    }

    /// Corrects what is left by what the server has counted.
    fn count(&mut self, limit: u64, remaining: u64) {
        let used = limit.saturating_sub(remaining);
        let ours = self.granted.saturating_sub(self.granted_before);
        // It cannot have counted more of ours than were let through, in this window or still under
        // way when it began: the rest are others'.
        if used > ours.saturating_add(self.carried) {
            self.shared = true;
            self.others_seen = true;
        }
        // If it has counted more than this window's, those under way may still come on top.
        let uncounted = if used > ours {
            ours.saturating_sub(self.settled)
        } else {
            0
        };
        self.left = self.left.min(remaining.saturating_sub(uncounted));
    }

    /// When the window ends, by what an answer says. No window ends later than a window from now,
    /// whatever it says.
    fn told_end(&mut self, told: RateLimit, now: Duration) -> Option<Duration> {
        let reset = told.reset?;
        if reset.is_zero() && !self.rounds_down {
            // Rounded up it would be a second, to the very end.
            self.rounds_down = true;
            let latest = now.saturating_add(WINDOW);
            let later = |ends: Duration| ends.saturating_add(ROUNDED_OFF).min(latest);
            self.ends = self.ends.map(later);
        }
        let rounded_off = if self.rounds_down {
            ROUNDED_OFF
        } else {
            Duration::ZERO
        };
        let rest = reset.saturating_add(rounded_off).min(WINDOW);
        Some(now.saturating_add(rest))
    }

    /// Notes that nothing more will come of a request; whether it was one of this window, of which
    /// alone its answer tells.
    fn settle(&mut self, grant: Grant) -> bool {
        let of_this_window = grant.0 > self.granted_before;
        if of_this_window {
            self.settled = self.settled.saturating_add(1);
        }
        of_this_window
    }

    fn grant(&mut self) -> Grant {
        self.granted = self.granted.saturating_add(1);
        Grant(self.granted)
    }

    /// How many may go until when: of the server's window and the caller's own, the one with less left.
    fn room(&mut self, limit: u64, now: Duration, ends: Duration) -> (u64, Duration) {
        let spare = self.left.saturating_sub(self.reserve(limit));
        let Some(own) = &mut self.allowance else {
            return (spare, ends);
        };
        let (left, own_ends) = own.left(now);
        // With as little in both, the later end counts.
        let (room, Reverse(ends)) = (spare, Reverse(ends)).min((left, Reverse(own_ends)));
        (room, ends)
    }

    /// How many may go ahead of an even spread: next to none until an answer has shown that the
    /// window has really begun, and whether others are at it.
    fn burst(&self, limit: u64, spare: u64) -> u64 {
        let tenth = spare.div_euclid(10);
        if self.confirmed {
            tenth
        } else {
            tenth.min(limit.div_euclid(100))
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

/// Whether a window that ends then is still on.
fn is_to_come(ends: Duration, now: Duration) -> bool {
    let rest = ends.saturating_sub(now);
    !rest.is_zero() && rest <= WINDOW.saturating_add(CLOCKS_DIFFER)
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
    fn admitted(pace: &mut Pace, asking: u64, now: Duration) -> usize {
        (0..asking)
            .filter(|_| {
                let ticket = pace.draw();
                let granted = matches!(pace.admit(ticket, now), Admission::Granted(_));
                pace.give_back(ticket);
                granted
            })
            .count()
    }

    fn granted(pace: &mut Pace, now: Duration) -> Grant {
        let ticket = pace.draw();
        match pace.admit(ticket, now) {
            Admission::Granted(grant) => grant,
            Admission::Wait { wait, .. } => panic!("has to wait for {wait:?}"),
        }
    }

    /// Lets so many through, one a second from a time on.
    fn grants(pace: &mut Pace, count: u32, from: Duration) -> Vec<Grant> {
        (0..count)
            .map(|second| granted(pace, from + second * SECOND))
            .collect()
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
        pace.observe(first, told(600, 599, 60), SECOND);
        let burst = admitted(&mut pace, 200, SECOND);
        assert!((55..=65).contains(&burst), "{burst}");
    }

    #[test]
    fn every_window_begins_slowly_until_an_answer_shows_that_it_has_begun() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 599, 60), SECOND);
        assert_eq!(admitted(&mut pace, 50, 61 * SECOND), 7);
    }

    #[test]
    fn a_refusal_empties_the_window_until_it_ends() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.refuse(first, told(600, 0, 20), Some(20 * SECOND), SECOND);
        assert_eq!(admitted(&mut pace, 10, 20 * SECOND), 0);
        assert!(admitted(&mut pace, 10, 21 * SECOND) > 0);
    }

    #[test]
    fn a_refusal_tells_the_limit_as_well() {
        for (limit, ahead) in [(600, 6), (300, 3)] {
            let mut pace = Pace::new(Domain::Live, 1);
            let first = granted(&mut pace, SECOND);
            pace.refuse(first, told(limit, 0, 20), Some(20 * SECOND), SECOND);
            assert_eq!(admitted(&mut pace, 50, 21 * SECOND), 1 + ahead, "{limit}");
        }
    }

    #[test]
    fn a_refusal_without_a_word_on_the_window_closes_it_for_a_while() {
        for (asked, closed) in [
            (None, CLOSED),
            (Some(30 * SECOND), 30 * SECOND),
            (Some(Duration::ZERO), SECOND),
        ] {
            let mut pace = Pace::new(Domain::Live, 1);
            let first = granted(&mut pace, SECOND);
            pace.refuse(first, RateLimit::default(), asked, SECOND);
            let opens = SECOND + closed;
            let moment = Duration::from_millis(1);
            assert_eq!(admitted(&mut pace, 10, opens - moment), 0, "{asked:?}");
            assert!(admitted(&mut pace, 10, opens) > 0, "{asked:?}");
        }
    }

    #[test]
    fn no_refusal_closes_longer_than_a_window_whatever_it_says() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        let years = Some(999_999_999 * SECOND);
        pace.refuse(first, told(600, 0, 999_999_999), years, SECOND);
        assert!(admitted(&mut pace, 1, 61 * SECOND) > 0);
    }

    #[test]
    fn a_count_that_our_own_requests_explain_shows_nobody_else() {
        let mut pace = Pace::new(Domain::Live, 1);
        let ours = grants(&mut pace, 5, SECOND);
        // The first was overtaken on its way by the four after it, which were counted before it.
        pace.observe(ours[0], told(600, 595, 57), 6 * SECOND);
        assert_eq!((pace.shared, pace.left), (false, 595));
        pace.observe(ours[4], told(600, 596, 57), 6 * SECOND);
        assert_eq!(
            (pace.shared, pace.left),
            (false, 595),
            "no more than we know"
        );
    }

    #[test]
    fn a_lower_count_shows_others_and_leaves_out_what_is_still_under_way() {
        let mut pace = Pace::new(Domain::Live, 1);
        let ours = grants(&mut pace, 5, SECOND);
        pace.observe(ours[0], told(600, 594, 57), 6 * SECOND);
        assert!(pace.shared);
        assert_eq!(pace.left, 590, "four may not be counted yet");
        pace.lose(ours[1]);
        pace.observe(ours[2], told(600, 300, 57), 6 * SECOND);
        assert_eq!(pace.left, 298, "and one is lost");
    }

    #[test]
    fn others_are_forgotten_when_a_window_has_shown_none() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 300, 60), SECOND);
        // The next window begins late and holds a reserve, and shows nobody.
        assert_eq!(admitted(&mut pace, 1, 61 * SECOND), 0);
        let next = granted(&mut pace, 62 * SECOND);
        assert_eq!((pace.shared, pace.reserve(600)), (true, 6));
        assert_eq!(pace.ends, Some(122 * SECOND), "a minute from its first");
        pace.observe(next, told(600, 599, 60), 62 * SECOND);
        granted(&mut pace, 122 * SECOND);
        assert_eq!((pace.shared, pace.reserve(600)), (false, 0));
    }

    #[test]
    fn who_was_idle_for_a_while_does_not_wait_for_others() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(600, 300, 60), SECOND);
        granted(&mut pace, 63 * SECOND);
    }

    #[test]
    fn a_refusal_of_the_window_before_does_not_empty_this_one() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        granted(&mut pace, 62 * SECOND);
        pace.refuse(first, told(600, 0, 1), Some(SECOND), 62 * SECOND);
        assert_eq!((pace.left, pace.ends), (599, Some(122 * SECOND)));
        assert_eq!(
            admitted(&mut pace, 1, 62 * SECOND + SECOND / 2),
            0,
            "but it waits"
        );
        assert!(admitted(&mut pace, 1, 63 * SECOND) > 0);
    }

    #[test]
    fn a_limit_that_is_told_is_the_limit_from_the_next_window_on() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(1_200, 1_199, 60), SECOND);
        granted(&mut pace, 61 * SECOND);
        assert_eq!((pace.left, pace.shared), (1_199, false));
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(0, 0, 60), SECOND);
        assert_eq!(pace.limit, Some(1), "never none at all");
    }

    /// How many requests go in each of so many minutes, where the server grants 600 and its windows begin
    /// anew every so many seconds.
    fn minutes(pace: &mut Pace, minutes: usize, window: u64) -> Vec<usize> {
        let mut counts = vec![0; minutes];
        let (mut now, mut counted) = (Duration::ZERO, (0, 0));
        while let Some(count) = counts.get_mut(usize::try_from(now.as_secs() / 60).unwrap()) {
            let ticket = pace.draw();
            if let Admission::Granted(grant) = pace.admit(ticket, now) {
                *count += 1;
                let begun = now.as_secs() / window;
                counted = (begun, if begun == counted.0 { counted.1 + 1 } else { 1 });
                let reset = window - now.as_secs() % window;
                pace.observe(grant, told(600, 600 - counted.1, reset), now);
            }
            pace.give_back(ticket);
            now += Duration::from_millis(100);
        }
        counts
    }

    #[test]
    fn the_callers_own_limit_holds_for_each_minute_however_short_the_servers_windows_are() {
        for (window, limit) in [(60, 60), (20, 60), (7, 30), (1, 1), (60, 599)] {
            let mut pace = Pace::new(Domain::Live, 1).with_limit(limit);
            let limit = usize::try_from(limit).unwrap();
            for count in minutes(&mut pace, 5, window) {
                assert!(count <= limit, "{count} of {limit}, windows of {window} s");
                let least = limit * 95 / 100;
                assert!(count >= least, "{count} of {limit}, windows of {window} s");
            }
        }
    }

    #[test]
    fn the_callers_own_limit_holds_for_each_of_the_servers_windows_wherever_they_begin() {
        for begins in [1, 30, 58] {
            let mut pace = Pace::new(Domain::Live, 1).with_limit(60);
            let first = granted(&mut pace, SECOND);
            pace.observe(first, told(600, 599, begins), SECOND);
            // Nothing for a while, and then all that may go.
            let from = Duration::from_secs(1 + begins);
            let moments = (0..1_200).map(|twentieth| from + twentieth * SECOND / 20);
            let count: usize = moments.map(|now| admitted(&mut pace, 1, now)).sum();
            assert!((54..=60).contains(&count), "{count} from {begins} s on");
        }
    }

    #[test]
    fn a_clock_that_is_a_little_behind_begins_no_window() {
        let mut pace = Pace::new(Domain::Live, 1).with_limit(1);
        let little = Duration::from_nanos(100);
        granted(&mut pace, SECOND + little);
        assert_eq!(admitted(&mut pace, 1, SECOND), 0);
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND + little);
        pace.observe(first, told(600, 300, 60), SECOND + little);
        granted(&mut pace, SECOND);
        assert!(pace.shared && pace.left < 300);
    }

    #[test]
    fn the_servers_limit_holds_where_the_callers_own_is_higher() {
        let mut pace = Pace::new(Domain::Live, 1).with_limit(900);
        for count in minutes(&mut pace, 3, 60) {
            assert!((570..=600).contains(&count), "{count}");
        }
    }

    #[test]
    fn the_answer_to_a_request_of_the_window_before_changes_nothing() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, SECOND);
        granted(&mut pace, 62 * SECOND);
        pace.observe(first, told(600, 1, 1), 62 * SECOND);
        assert_eq!((pace.left, pace.confirmed), (599, false));
        assert_eq!(pace.ends, Some(122 * SECOND));
    }

    #[test]
    fn a_window_lasts_a_minute_from_its_first_request_and_no_other() {
        let mut pace = Pace::new(Domain::Live, 1);
        grants(&mut pace, 3, SECOND);
        assert_eq!(pace.ends, Some(61 * SECOND));
    }

    #[test]
    fn the_earliest_end_that_is_told_counts() {
        let mut pace = Pace::new(Domain::Live, 1);
        let ours = grants(&mut pace, 3, SECOND);
        pace.observe(ours[0], told(600, 599, 30), 3 * SECOND);
        assert_eq!(pace.ends, Some(33 * SECOND), "told, not reckoned");
        pace.observe(ours[1], told(600, 598, 31), 3 * SECOND);
        assert_eq!(pace.ends, Some(33 * SECOND));
        pace.observe(ours[2], told(600, 597, 29), 3 * SECOND);
        assert_eq!(pace.ends, Some(32 * SECOND));
    }

    #[test]
    fn seconds_that_are_rounded_down_do_not_begin_a_window_before_the_servers() {
        let mut pace = Pace::new(Domain::Live, 1);
        let ours = grants(&mut pace, 3, SECOND);
        pace.observe(ours[0], told(600, 599, 40), 3 * SECOND);
        // The last second of a window: rounded up it would be one, not none.
        pace.observe(ours[1], told(600, 598, 0), 43 * SECOND);
        assert_eq!(pace.ends, Some(44 * SECOND));
        pace.observe(ours[2], told(600, 597, 0), 43 * SECOND + SECOND / 2);
        assert_eq!(pace.ends, Some(44 * SECOND));
        granted(&mut pace, 43 * SECOND + SECOND / 2);
        assert_eq!(pace.left, 596, "and no window begins with each answer");
        let next = granted(&mut pace, 44 * SECOND);
        pace.observe(next, told(600, 599, 59), 44 * SECOND);
        assert_eq!(
            pace.ends,
            Some(104 * SECOND),
            "a second is added from now on"
        );
    }

    #[test]
    fn who_cannot_go_before_the_window_ends_is_told_so() {
        let mut pace = Pace::new(Domain::Live, 1).with_limit(1);
        granted(&mut pace, SECOND);
        let ticket = pace.draw();
        let Admission::Wait { wait, earliest } = pace.admit(ticket, 10 * SECOND) else {
            panic!()
        };
        assert_eq!(earliest, 61 * SECOND);
        assert!((LOOK_AGAIN..2 * LOOK_AGAIN).contains(&wait), "{wait:?}");
    }

    #[test]
    fn who_does_not_come_back_is_forgotten() {
        let mut pace = Pace::new(Domain::Live, 1).with_limit(1);
        granted(&mut pace, SECOND);
        for _ in 0..100 {
            let lost = pace.draw();
            assert!(matches!(pace.admit(lost, SECOND), Admission::Wait { .. }));
        }
        let ticket = pace.draw();
        assert_eq!(pace.queue.place(ticket), 100);
        let waits = pace.admit(ticket, 10 * SECOND);
        assert!(matches!(waits, Admission::Wait { .. }));
        assert_eq!(pace.queue.place(ticket), 0);
    }

    #[test]
    fn without_a_limit_everything_goes_and_the_budget_stays() {
        let mut pace = Pace::new(Domain::Test, 1).without_limit();
        assert_eq!(admitted(&mut pace, 10_000, SECOND), 10_000);
        let first = granted(&mut pace, SECOND);
        pace.observe(first, told(100, 0, 60), SECOND);
        assert_eq!(admitted(&mut pace, 10_000, SECOND), 10_000);
        let paid = (0..1_000).filter(|_| pace.charge(Retry::Other)).count();
        assert_eq!(paid, 100);
        pace.refund(Retry::Timeout);
        assert!(pace.charge(Retry::Timeout));
        (0..5).for_each(|_| pace.earn());
        assert!(pace.charge(Retry::Other));
    }

    #[test]
    fn jitter_is_a_part_of_the_longest_wait_and_differs_by_seed() {
        let parts: Vec<_> = (0..100)
            .map(|seed| Pace::new(Domain::Live, seed).jitter(SECOND))
            .collect();
        assert!(parts.iter().all(|part| *part < SECOND));
        let different: std::collections::BTreeSet<_> = parts.iter().collect();
        assert_eq!(different.len(), 100);
    }

    #[test]
    fn a_clock_that_goes_back_stops_nothing() {
        let mut pace = Pace::new(Domain::Live, 1);
        let first = granted(&mut pace, 1_000 * SECOND);
        pace.refuse(first, told(600, 0, 60), Some(60 * SECOND), 1_000 * SECOND);
        assert_eq!(admitted(&mut pace, 10, 500 * SECOND), 0);
        assert!(admitted(&mut pace, 10, 560 * SECOND) > 0);
    }
}
