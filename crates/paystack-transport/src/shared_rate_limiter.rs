//! The rate limiter that the calls of a client share.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use paystack_core::{Mode, RateLimitGroup, RateLimitStatus, RateLimiter, Step};

use crate::state_machine::StateMachine;

/// A [`RateLimiter`] that several clients of one key share, with the clock that their calls use.
///
/// A [`RateLimiter`] converts into it; the clock is then that of the client's transport. For clients of different
/// transports, use [`new`](Self::new) with one clock:
///
/// ```
/// use std::time::Instant;
/// use paystack_transport::{Api, Client, Mode, RateLimiter, SharedRateLimiter, Transport};
///
/// fn two<T: Transport + Clone>(api: Api, transport: T, seed: u64) -> (Client<T>, Client<T>) {
///     let started = Instant::now();
///     let limiter = RateLimiter::new(Mode::Live, seed);
///     let shared = SharedRateLimiter::new(limiter, move || started.elapsed());
///     let one = Client::new(api.clone(), transport.clone()).with_rate_limiter(shared.clone());
///     (one, Client::new(api, transport).with_rate_limiter(shared))
/// }
/// ```
#[derive(Clone)]
pub struct SharedRateLimiter(Arc<Shared>);

struct Shared {
    limiter: Mutex<RateLimiter>,
    /// `None` for the clock of the client's transport.
    clock: Option<Box<dyn Fn() -> Duration + Send + Sync>>,
}

impl SharedRateLimiter {
    /// Shares a rate limiter. The clock returns the time since any fixed point and never goes back. It
    /// replaces the clocks of the transports, which start at different points.
    pub fn new(limiter: RateLimiter, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared {
            limiter: Mutex::new(limiter),
            clock: Some(Box::new(clock)),
        }))
    }

    /// The limit of a group as far as it is known, for a gauge: [`RateLimiter::status`]. `now` is the time of the
    /// clock that the calls use.
    pub fn status(&self, group: RateLimitGroup, now: Duration) -> RateLimitStatus {
        self.lock().status(group, now)
    }

    /// The number of a group's calls that wait for the rate limit, for a gauge.
    pub fn queue_length(&self, group: RateLimitGroup) -> usize {
        self.lock().queue_length(group)
    }

    /// Steps a call or a wait. It holds the lock for the step only: held in a match on the step, it would make the
    /// client's future `!Send`. The clock is read under the lock, so that the limiter sees times in order.
    pub(crate) fn step<M: StateMachine>(
        &self,
        machine: &mut M,
        transports_now: impl Fn() -> Duration,
    ) -> Step<M::Output> {
        machine.prepare(); // code of the caller's, so not under the lock
        let mut limiter = self.lock();
        let now = match &self.0.clock {
            Some(clock) => clock(),
            None => transports_now(),
        };
        machine.step(&mut limiter, now)
    }

    fn lock(&self) -> MutexGuard<'_, RateLimiter> {
        let locked = self.0.limiter.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<RateLimiter> for SharedRateLimiter {
    fn from(limiter: RateLimiter) -> Self {
        Self(Arc::new(Shared {
            limiter: Mutex::new(limiter),
            clock: None,
        }))
    }
}

/// Paystack's limit for this mode, with a seed from the operating system. `wasm32-unknown-unknown` has none; its
/// seed is the same every time.
pub(crate) fn seeded(mode: Mode) -> RateLimiter {
    RateLimiter::new(mode, RandomState::new().hash_one(0_u8))
}

impl fmt::Debug for SharedRateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedRateLimiter")
    }
}
