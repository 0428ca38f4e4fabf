//! When a request may be sent: the client's side of the rate limit, and the retry budget.

mod admission;
mod group_limiter;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::time::Duration;

pub(super) use self::admission::{Admission, Ticket};
use self::group_limiter::GroupLimiter;
use super::retry_budget::RetryBudget;
use crate::response::RateLimitStatus;
use crate::types::{Mode, RateLimitGroup};

/// The length of Paystack's windows.
const WINDOW: Duration = Duration::from_secs(60);

/// Added to the caller's time, which may begin at zero: the last request of an even spacing may lie before it. It
/// is longer than the longest gap.
const BEFORE_START: Duration = Duration::from_secs(120);

/// The clocks of threads may differ by this much. A clock that is further behind went back.
const CLOCK_DIFFERENCE: Duration = Duration::from_secs(1);

/// The client's side of Paystack's rate limit, shared by all calls of one key, and the budget for retries.
///
/// Paystack allows 600 requests a minute in live mode and 100 in test mode.
///
/// Calls wait in a queue. Requests leave it in order, spread over the window, so that the limit is used and
/// not exceeded. The headers of Paystack's responses correct the limit and the count, so that independent
/// processes share a quota. Another [`RateLimitGroup`] has its own queue. It has no limit until a response states
/// one, but it waits after a refusal.
///
/// Retries are charged to a budget of 500 tokens. A retry costs 5, or 10 after a time-out, and nothing after
/// Paystack's own 429. A retry that succeeds returns its tokens, and every other success earns one. Without enough
/// tokens, a call fails instead of retrying, so an outage does not multiply the requests.
///
/// ```
/// use paystack_core::{Mode, RateLimiter};
///
/// let live = RateLimiter::new(Mode::Live, 7); // the seed of its jitter
/// let slow = RateLimiter::new(Mode::Live, 7).with_limit(60);
/// let off = RateLimiter::new(Mode::Live, 7).without_limit();
/// ```
///
/// See <https://paystack.com/docs/api/#rate-limiting>.
#[derive(Debug)]
pub struct RateLimiter {
    is_off: bool,
    /// The caller's own limit for a minute.
    own_limit: Option<u64>,
    groups: Groups,
    tickets: u64,
    /// The latest time so far.
    clock: Duration,
    pub(super) budget: RetryBudget,
    /// The last random number.
    random: u64,
}

impl RateLimiter {
    /// A limiter with Paystack's limit for this mode, until a response states another. The seed determines the
    /// jitter: pass a random one, so that processes do not retry in lockstep.
    pub fn new(mode: Mode, seed: u64) -> Self {
        let limit = match mode {
            Mode::Live => 600,
            _ => 100,
        };
        Self {
            is_off: false,
            own_limit: None,
            groups: Groups::new(limit),
            tickets: 0,
            clock: Duration::ZERO,
            budget: RetryBudget::full(),
            random: seed,
        }
    }

    /// Sets the maximum number of requests in any minute, at least one, for each [`RateLimitGroup`]: a share of the
    /// quota, if several services use it. A lower limit of Paystack still applies.
    #[must_use]
    pub fn with_limit(mut self, requests: u64) -> Self {
        self.own_limit = Some(requests.max(1));
        self.is_off = false;
        self
    }

    /// Admits every request at once. The retry budget stays, and [`status`](Self::status) still reports Paystack's
    /// limit.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.own_limit = None;
        self.is_off = true;
        self
    }

    /// The limit of a group as far as it is known, for a gauge.
    pub fn status(&self, group: RateLimitGroup, now: Duration) -> RateLimitStatus {
        let now = now.saturating_add(BEFORE_START);
        let limiter = self.groups.get(group);
        let status = limiter.map(|limiter| limiter.status(self.own_limit, now));
        status.unwrap_or_default()
    }

    /// The number of calls in the queue, for a gauge. A group without a limit has none.
    pub fn queue_length(&self, group: RateLimitGroup) -> usize {
        let limiter = self.groups.get(group);
        limiter.map_or(0, GroupLimiter::queue_length)
    }

    /// A place behind all earlier ones.
    pub(super) fn enqueue(&mut self) -> Ticket {
        self.tickets = self.tickets.saturating_add(1);
        Ticket {
            number: self.tickets,
            place: None,
        }
    }

    /// Admits a request, or returns when to ask again.
    pub(super) fn try_acquire(
        &mut self,
        ticket: &mut Ticket,
        group: RateLimitGroup,
        now: Duration,
    ) -> Admission {
        if self.is_off {
            return Admission::Granted;
        }
        let now = self.set_clock(now);
        let limiter = self.groups.get_mut(group);
        limiter.try_acquire(ticket, self.own_limit, now, &mut self.random)
    }

    /// Corrects the limit and the count by a response of Paystack itself.
    pub(super) fn observe(
        &mut self,
        group: RateLimitGroup,
        status: RateLimitStatus,
        now: Duration,
    ) {
        let now = self.set_clock(now);
        let limiter = self.groups.get_mut(group);
        limiter.observe(status, self.own_limit, now);
    }

    /// Stops all requests of the group for as long as a refusal asks, at most a minute.
    pub(super) fn refuse(
        &mut self,
        group: RateLimitGroup,
        retry_after: Option<Duration>,
        now: Duration,
    ) {
        let now = self.set_clock(now);
        self.groups.get_mut(group).refuse(retry_after, now);
    }

    /// A random part of a wait.
    pub(crate) fn jitter(&mut self, longest: Duration) -> Duration {
        longest.mul_f64(random(&mut self.random))
    }

    /// The time for the groups. They follow a clock that goes back.
    fn set_clock(&mut self, now: Duration) -> Duration {
        let now = now.saturating_add(BEFORE_START);
        let back = self.clock.saturating_sub(now);
        if back > CLOCK_DIFFERENCE {
            self.groups.move_back(back);
            self.clock = now;
        }
        self.clock = self.clock.max(now);
        now
    }
}

/// The limiters of the groups.
#[derive(Debug)]
struct Groups {
    /// Apart from the others, because nearly all calls use it.
    default: GroupLimiter,
    /// One for each other group that was used.
    others: BTreeMap<RateLimitGroup, GroupLimiter>,
}

impl Groups {
    fn new(default_limit: u64) -> Self {
        Self {
            default: GroupLimiter::new(default_limit),
            others: BTreeMap::new(),
        }
    }

    fn get(&self, group: RateLimitGroup) -> Option<&GroupLimiter> {
        match group {
            RateLimitGroup::DEFAULT => Some(&self.default),
            _ => self.others.get(&group),
        }
    }

    fn get_mut(&mut self, group: RateLimitGroup) -> &mut GroupLimiter {
        match group {
            RateLimitGroup::DEFAULT => &mut self.default,
            _ => self.others.entry(group).or_default(),
        }
    }

    /// Moves all times back with the clock.
    fn move_back(&mut self, by: Duration) {
        self.default.move_back(by);
        for limiter in self.others.values_mut() {
            limiter.move_back(by);
        }
    }
}

/// A random number from 0 to 1: a chain of hashes, since spreading needs no better generator.
fn random(state: &mut u64) -> f64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(*state);
    *state = hasher.finish();
    f64::from(u32::try_from(*state >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests;
