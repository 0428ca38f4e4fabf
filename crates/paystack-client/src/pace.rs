//! The pace that the calls of a client share.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use paystack_core::{Call, Domain, Operation, Pace, Step};

/// A [`Pace`] that calls share, of one client or of several clients with the same key.
#[derive(Clone)]
pub struct SharedPace(Arc<Mutex<Pace>>);

impl SharedPace {
    /// Shares a pace.
    pub fn new(pace: Pace) -> Self {
        Self(Arc::new(Mutex::new(pace)))
    }

    /// Paystack's limit for this mode, with a seed from the operating system.
    pub(crate) fn for_domain(domain: Domain) -> Self {
        let seed = RandomState::new().hash_one(0_u8);
        Self::new(Pace::new(domain, seed))
    }

    /// Steps a call at this pace, and has it give back what it holds when it is dropped.
    pub(crate) fn guard<O: Operation>(&self, call: Call<O>) -> Guarded<'_, O> {
        Guarded { call, pace: self }
    }

    fn lock(&self) -> MutexGuard<'_, Pace> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SharedPace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedPace")
    }
}

/// A call that gives back what it holds when it is dropped.
pub(crate) struct Guarded<'a, O: Operation> {
    call: Call<O>,
    pace: &'a SharedPace,
}

impl<O: Operation> Guarded<'_, O> {
    /// The lock is held for the step alone: held in a match on the step, it would make the future
    /// of a call unfit for other threads.
    pub(crate) fn step(&mut self, now: Duration) -> Step<O::Output> {
        self.call.step(&mut self.pace.lock(), now)
    }
}

impl<O: Operation> Deref for Guarded<'_, O> {
    type Target = Call<O>;

    fn deref(&self) -> &Call<O> {
        &self.call
    }
}

impl<O: Operation> DerefMut for Guarded<'_, O> {
    fn deref_mut(&mut self) -> &mut Call<O> {
        &mut self.call
    }
}

impl<O: Operation> Drop for Guarded<'_, O> {
    fn drop(&mut self) {
        self.call.give_back(&mut self.pace.lock());
    }
}
