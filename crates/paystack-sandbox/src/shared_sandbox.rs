//! A sandbox behind a lock, with the clock that supplies its time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use paystack_transport::testing::VirtualClock;
use time::OffsetDateTime;

use crate::sandbox::Sandbox;

/// A sandbox that several callers share. Its time is that of a base clock plus that of a virtual one.
pub(crate) struct SharedSandbox {
    base_clock: fn() -> OffsetDateTime,
    clock: VirtualClock,
    sandbox: Mutex<Sandbox>,
}

impl SharedSandbox {
    pub(crate) fn new(sandbox: Sandbox, base_clock: fn() -> OffsetDateTime) -> Self {
        Self {
            base_clock,
            clock: VirtualClock::new(),
            sandbox: Mutex::new(sandbox),
        }
    }

    /// Calls a function with the sandbox and the current time.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let mut sandbox = self.sandbox.lock().unwrap_or_else(PoisonError::into_inner);
        let advanced = time::Duration::try_from(self.clock.now()).unwrap_or(time::Duration::MAX);
        let now = (self.base_clock)().saturating_add(advanced);
        act(&mut sandbox, now)
    }

    /// Advances the clock.
    pub(crate) fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    /// The clock beside the base clock.
    pub(crate) fn clock(&self) -> &VirtualClock {
        &self.clock
    }
}
