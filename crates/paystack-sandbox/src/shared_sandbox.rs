//! A sandbox behind a lock, with the clock that supplies its time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

use crate::sandbox::Sandbox;
#[cfg(feature = "server")]
use crate::saved_state::{InvalidState, State};

/// A sandbox that several callers share. Its time is that of a base clock plus the time it was advanced by.
pub(crate) struct SharedSandbox {
    base_clock: fn() -> OffsetDateTime,
    state: Mutex<Shared>,
}

struct Shared {
    sandbox: Sandbox,
    advanced: Duration,
}

impl SharedSandbox {
    pub(crate) fn new(sandbox: Sandbox, base_clock: fn() -> OffsetDateTime) -> Self {
        let advanced = Duration::ZERO;
        Self {
            base_clock,
            state: Mutex::new(Shared { sandbox, advanced }),
        }
    }

    /// Calls a function with the sandbox and the current time.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let advanced = time::Duration::try_from(state.advanced).unwrap_or(time::Duration::MAX);
        let now = (self.base_clock)().saturating_add(advanced);
        act(&mut state.sandbox, now)
    }

    /// Advances the clock.
    pub(crate) fn advance(&self, duration: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.advanced = state.advanced.saturating_add(duration);
    }

    /// Returns the sandbox to its starting state, and its clock to the base clock.
    #[cfg(feature = "server")]
    pub(crate) fn reset(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.sandbox.reset();
        state.advanced = Duration::ZERO;
    }

    /// Loads a state, and returns the clock to the base clock.
    #[cfg(feature = "server")]
    pub(crate) fn load(&self, saved: State) -> Result<(), InvalidState> {
        let now = (self.base_clock)();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.sandbox.load(saved, now)?;
        state.advanced = Duration::ZERO;
        Ok(())
    }

    /// Returns the total by which the clock was advanced.
    pub(crate) fn advanced(&self) -> Duration {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.advanced
    }
}
