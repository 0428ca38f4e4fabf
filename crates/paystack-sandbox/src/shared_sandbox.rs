//! A sandbox behind a lock, with the clock that supplies its time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use paystack_transport::testing::VirtualClock;
use time::OffsetDateTime;

use crate::sandbox::Sandbox;
#[cfg(feature = "server")]
use crate::saved_state::{InvalidState, State};

/// A sandbox that several callers share. Its time is that of a base clock plus that of a virtual one.
pub(crate) struct SharedSandbox {
    base_clock: fn() -> OffsetDateTime,
    clock: VirtualClock,
    state: Mutex<Shared>,
}

struct Shared {
    sandbox: Sandbox,
    /// The virtual time of the last reset, from which it counts.
    origin: Duration,
}

impl SharedSandbox {
    pub(crate) fn new(sandbox: Sandbox, base_clock: fn() -> OffsetDateTime) -> Self {
        let origin = Duration::ZERO;
        Self {
            base_clock,
            clock: VirtualClock::new(),
            state: Mutex::new(Shared { sandbox, origin }),
        }
    }

    /// Calls a function with the sandbox and the current time.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let mut state = self.lock();
        let advanced = self.clock.now().saturating_sub(state.origin);
        let advanced = time::Duration::try_from(advanced).unwrap_or(time::Duration::MAX);
        let now = (self.base_clock)().saturating_add(advanced);
        act(&mut state.sandbox, now)
    }

    /// Advances the clock.
    pub(crate) fn advance(&self, duration: Duration) {
        self.clock.advance(duration);
    }

    /// Returns the sandbox to its starting state, and its clock to the base clock.
    #[cfg(feature = "server")]
    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        state.sandbox.reset();
        state.origin = self.clock.now();
    }

    /// Loads a state, and returns the clock to the base clock.
    #[cfg(feature = "server")]
    pub(crate) fn load(&self, saved: State) -> Result<(), InvalidState> {
        let mut state = self.lock();
        state.sandbox.load(saved, (self.base_clock)())?;
        state.origin = self.clock.now();
        Ok(())
    }

    /// The clock beside the base clock.
    pub(crate) fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
