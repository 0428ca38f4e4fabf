//! A sandbox and the clock that it goes by.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;

use crate::sandbox::Sandbox;

/// A sandbox that many share, and the clock that it goes by: some other clock, and what was put
/// forward by hand.
pub(crate) struct Clocked {
    clock: fn() -> OffsetDateTime,
    state: Mutex<State>,
}

struct State {
    sandbox: Sandbox,
    ahead: Duration,
}

impl Clocked {
    pub(crate) fn new(sandbox: Sandbox, clock: fn() -> OffsetDateTime) -> Self {
        let ahead = Duration::ZERO;
        Self {
            clock,
            state: Mutex::new(State { sandbox, ahead }),
        }
    }

    /// Does something with the sandbox, which is told the time.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = time::Duration::try_from(state.ahead).unwrap_or(time::Duration::MAX);
        let now = (self.clock)().saturating_add(ahead);
        act(&mut state.sandbox, now)
    }

    /// Puts the clock forward.
    pub(crate) fn advance(&self, duration: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ahead = state.ahead.saturating_add(duration);
    }

    /// How far the clock was put forward.
    pub(crate) fn ahead(&self) -> Duration {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ahead
    }
}
