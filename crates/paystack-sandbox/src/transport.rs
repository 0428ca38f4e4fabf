//! The sandbox as a transport, without a socket and in virtual time.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use paystack_client::{Timer, Transport, TransportError, async_trait};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::sandbox::Sandbox;

/// When virtual time begins.
const START: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// A sandbox as a transport: in process, without a socket, in virtual time.
///
/// Time begins with the year 2026 and passes only when something sleeps, which takes no time at
/// all, or when [`SandboxTransport::advance`] says so. Clones share one sandbox.
#[derive(Clone)]
pub struct SandboxTransport(Arc<Mutex<State>>);

struct State {
    sandbox: Sandbox,
    passed: Duration,
}

impl SandboxTransport {
    /// A transport to this sandbox.
    pub fn new(sandbox: Sandbox) -> Self {
        Self(Arc::new(Mutex::new(State {
            sandbox,
            passed: Duration::ZERO,
        })))
    }

    /// Does something with the sandbox, which is told the time: seed it, take its webhooks.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let mut state = self.lock();
        let now = state.now();
        act(&mut state.sandbox, now)
    }

    /// Lets time pass.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.passed = state.passed.saturating_add(duration);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn now(&self) -> OffsetDateTime {
        START.saturating_add(time::Duration::try_from(self.passed).unwrap_or(time::Duration::MAX))
    }
}

#[async_trait]
impl Timer for SandboxTransport {
    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }

    fn now(&self) -> Duration {
        self.lock().passed
    }
}

#[async_trait]
impl Transport for SandboxTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        Ok(self.with(|sandbox, now| sandbox.handle(now, request)))
    }
}

impl fmt::Debug for SandboxTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SandboxTransport")
    }
}
