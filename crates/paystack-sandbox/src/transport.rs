//! The sandbox as a transport, without a socket and in virtual time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use paystack_client::{Timer, Transport, TransportError, async_trait};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::clock::Clocked;
use crate::sandbox::Sandbox;

/// A sandbox as a transport: in process, without a socket, in virtual time.
///
/// Time begins with the year 2026 and passes only when something sleeps, which takes no time at
/// all, or when [`SandboxTransport::advance`] says so. Clones share one sandbox.
#[derive(Clone)]
pub struct SandboxTransport(Arc<Clocked>);

impl SandboxTransport {
    /// A transport to this sandbox.
    pub fn new(sandbox: Sandbox) -> Self {
        Self(Arc::new(Clocked::new(
            sandbox,
            || datetime!(2026-01-01 0:00 UTC),
        )))
    }

    /// Does something with the sandbox, which is told the time: seed it, take its webhooks.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.0.with(act)
    }

    /// Lets time pass without waiting.
    pub fn advance(&self, duration: Duration) {
        self.0.advance(duration);
    }

    /// Hands each webhook that is due to a handler, signed, and takes its status for the answer: what
    /// is not answered with 200 comes again later. How many there were.
    ///
    /// Handlers that are async loop over [`Sandbox::webhook_deliveries`] themselves.
    pub fn deliver_webhooks(
        &self,
        mut handler: impl FnMut(http::Request<Bytes>) -> http::StatusCode,
    ) -> usize {
        let deliveries = self.with(|sandbox, now| sandbox.webhook_deliveries(now));
        let count = deliveries.len();
        for delivery in deliveries {
            let status = handler(delivery.request);
            self.with(|sandbox, _| sandbox.webhook_answered(delivery.id, status));
        }
        count
    }
}

#[async_trait]
impl Timer for SandboxTransport {
    async fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }

    fn now(&self) -> Duration {
        self.0.ahead()
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
