//! The pace that the calls of a client share.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use paystack_core::{Call, Domain, Operation, Pace, Step};

/// A [`Pace`] that several clients of one key share, and the clock that all their calls go by: a
/// transport's own clock counts from a point of its own.
#[derive(Clone)]
pub struct SharedPace(Arc<Shared>);

struct Shared {
    pace: Mutex<Pace>,
    /// `None` for that of the one client's transport.
    clock: Option<Box<dyn Fn() -> Duration + Send + Sync>>,
}

impl SharedPace {
    /// Shares a pace. The clock tells the time since any fixed point and never goes back; that of one
    /// of the transports will do.
    ///
    /// ```
    /// use std::time::Instant;
    /// use paystack_client::{Domain, Pace, SharedPace};
    ///
    /// let started = Instant::now();
    /// let pace = SharedPace::new(Pace::new(Domain::Live, 7), move || started.elapsed());
    /// ```
    pub fn new(pace: Pace, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared {
            pace: Mutex::new(pace),
            clock: Some(Box::new(clock)),
        }))
    }

    /// The pace of one client alone, by its transport's clock.
    pub(crate) fn of_one_client(pace: Pace) -> Self {
        Self(Arc::new(Shared {
            pace: Mutex::new(pace),
            clock: None,
        }))
    }

    /// Steps a call at this pace, and has it give back what it holds when it is dropped.
    pub(crate) fn guard<'a, O: Operation>(&'a self, call: &'a mut Call<O>) -> Guarded<'a, O> {
        Guarded { call, pace: self }
    }

    fn lock(&self) -> MutexGuard<'_, Pace> {
        self.0.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Paystack's limit for this mode, with a seed from the operating system. Where there is none, as on
/// `wasm32-unknown-unknown`, the standard library makes do with addresses, which are alike every time.
pub(crate) fn of_domain(domain: Domain) -> Pace {
    Pace::new(domain, RandomState::new().hash_one(0_u8))
}

impl fmt::Debug for SharedPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedPace")
    }
}

/// A call that gives back what it holds when it is dropped.
pub(crate) struct Guarded<'a, O: Operation> {
    call: &'a mut Call<O>,
    pace: &'a SharedPace,
}

impl<O: Operation> Guarded<'_, O> {
    /// The lock is held for the step alone: held in a match on the step, it would make the future
    /// of a call unfit for other threads. The clock is read under it, or a call that waits for it would
    /// bring the pace a time that has passed.
    pub(crate) fn step(&mut self, transports: impl FnOnce() -> Duration) -> Step<O::Output> {
        let mut pace = self.pace.lock();
        let now = match &self.pace.0.clock {
            Some(clock) => clock(),
            None => transports(),
        };
        self.call.step(&mut pace, now)
    }
}

impl<O: Operation> Deref for Guarded<'_, O> {
    type Target = Call<O>;

    fn deref(&self) -> &Call<O> {
        self.call
    }
}

impl<O: Operation> DerefMut for Guarded<'_, O> {
    fn deref_mut(&mut self) -> &mut Call<O> {
        self.call
    }
}

impl<O: Operation> Drop for Guarded<'_, O> {
    fn drop(&mut self) {
        self.call.give_back(&mut self.pace.lock());
    }
}
