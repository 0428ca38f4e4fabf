//! The sandbox as an in-process transport with virtual time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use paystack_transport::testing::VirtualClock;
use paystack_transport::{
    BlockingTransport, Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait,
};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::exchange::{Exchange, Lost};
use crate::sandbox::Sandbox;
use crate::shared_sandbox::SharedSandbox;
use crate::webhooks::{Delivery, DeliveryId};

/// A sandbox as an in-process transport with virtual time. It opens no socket.
///
/// It serves all three kinds of clients. Virtual time starts at the beginning of 2026. It advances to the end of the
/// earliest sleep when nothing else makes progress, and when a test calls [`SandboxTransport::advance`]. See
/// [`VirtualClock`]. Clones share one sandbox.
///
/// ```
/// use std::time::Duration;
///
/// use paystack_sandbox::{Sandbox, SandboxTransport};
///
/// let transport = SandboxTransport::new(Sandbox::new(1));
/// let start = transport.with(|_, now| now);
/// transport.advance(Duration::from_secs(3600));
/// assert_eq!(transport.with(|_, now| now - start), Duration::from_secs(3600));
/// ```
#[derive(Clone)]
pub struct SandboxTransport(Arc<SharedSandbox>);

impl SandboxTransport {
    /// Creates a transport to this sandbox.
    pub fn new(sandbox: Sandbox) -> Self {
        Self(Arc::new(SharedSandbox::new(
            sandbox,
            || datetime!(2026-01-01 0:00 UTC),
        )))
    }

    /// Calls a function with the sandbox and the current time, for example to seed customers.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.0.with(act)
    }

    /// Advances the virtual time.
    pub fn advance(&self, duration: Duration) {
        self.0.advance(duration);
    }

    /// The clock, to share it with other test transports.
    pub fn clock(&self) -> &VirtualClock {
        self.0.clock()
    }

    /// Passes each webhook that is due to a handler, and returns the number of deliveries.
    ///
    /// The handler returns the status of its response. Any status but 200 schedules a redelivery. The URI of a request
    /// is the [webhook URL](Sandbox::with_webhook_url), which may be only a path.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use paystack_sandbox::{Sandbox, SandboxTransport};
    /// use paystack_transport::customers::{BankAccount, CreateCustomer, ValidateCustomer};
    /// use paystack_transport::{Api, Client, Email, SecretKey, http::StatusCode};
    /// use paystack_webhook::Verifier;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), paystack_transport::Error> {
    /// let key = SecretKey::new("sk_test_3f2a9c")?;
    /// let verifier = Verifier::new(&key);
    /// let sandbox = SandboxTransport::new(Sandbox::new(1));
    /// let client = Client::new(Api::new(key), sandbox.clone());
    /// let ada = client.send(CreateCustomer::new(Email::new("ada@example.com")?)).await?.data;
    /// client.send(ValidateCustomer::new(&ada.customer_code, BankAccount::test_credential())).await?;
    ///
    /// sandbox.advance(Duration::from_secs(2));
    /// let delivered = sandbox.deliver_webhooks(|request| match verifier.verify(&request) {
    ///     Ok(_) => StatusCode::OK,
    ///     Err(error) => error.status(),
    /// });
    /// assert_eq!(delivered, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn deliver_webhooks(
        &self,
        mut handler: impl FnMut(http::Request<Bytes>) -> http::StatusCode,
    ) -> usize {
        let deliveries = self.due_webhooks();
        let count = deliveries.len();
        for delivery in deliveries {
            self.report(delivery.id, handler(delivery.request));
        }
        count
    }

    /// Passes each webhook that is due to an async handler, such as an axum router, and returns the number of
    /// deliveries.
    ///
    /// Works as [`deliver_webhooks`](Self::deliver_webhooks).
    pub async fn deliver_webhooks_async(
        &self,
        mut handler: impl AsyncFnMut(http::Request<Bytes>) -> http::StatusCode,
    ) -> usize {
        let deliveries = self.due_webhooks();
        let count = deliveries.len();
        for delivery in deliveries {
            self.report(delivery.id, handler(delivery.request).await);
        }
        count
    }

    fn due_webhooks(&self) -> Vec<Delivery> {
        self.with(|sandbox, now| sandbox.webhook_deliveries(now))
    }

    fn report(&self, id: DeliveryId, status: http::StatusCode) {
        self.with(|sandbox, _| sandbox.webhook_response(id, status));
    }

    fn exchange(&self, request: http::Request<Bytes>) -> Exchange {
        self.with(|sandbox, now| sandbox.exchange(now, request))
    }
}

#[async_trait]
impl Timer for SandboxTransport {
    async fn sleep(&self, duration: Duration) {
        self.0.clock().sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.clock().now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.0.clock().unix_time()
    }
}

#[async_trait]
impl Transport for SandboxTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let exchange = self.exchange(request);
        // Also without a delay, because a request keeps the virtual time where it is for a moment.
        Timer::sleep(self, exchange.delay).await;
        exchange.result.map_err(error)
    }
}

impl BlockingTransport for SandboxTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        time_limit: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let exchange = self.exchange(request);
        if let Some(limit) = time_limit.filter(|limit| *limit < exchange.delay) {
            self.0.clock().block(limit);
            return Err(TransportError::new(
                TransportErrorKind::Timeout,
                Sent::Maybe,
            ));
        }
        self.0.clock().block(exchange.delay);
        exchange.result.map_err(error)
    }

    fn sleep(&self, duration: Duration) {
        self.0.clock().block(duration);
    }

    fn now(&self) -> Duration {
        self.0.clock().now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.0.clock().unix_time()
    }
}

fn error(lost: Lost) -> TransportError {
    let (kind, sent) = match lost {
        Lost::BeforeRequest => (TransportErrorKind::Connect, Sent::No),
        Lost::BeforeResponse | Lost::MidResponse(_) => (TransportErrorKind::Io, Sent::Maybe),
    };
    TransportError::new(kind, sent)
}

impl fmt::Debug for SandboxTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SandboxTransport")
    }
}
