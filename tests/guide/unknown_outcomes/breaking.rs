//! A sandbox behind a connection that breaks.

use std::collections::VecDeque;
use std::iter::repeat_n;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::{CreateCustomer, Customer, FetchCustomer};
use paystack_hyper::{
    Client, SecretKey, Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait,
    http,
};
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::values::{api, email};
use paystack_webhook::{CustomerIdentificationFailed, Event, Verifier};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// A fault of one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// The connection loses the answer, after the request took effect.
    LostAnswer,
    /// The connection loses the request, which takes no effect.
    LostRequest,
    /// There is no connection.
    Refused,
    /// The server responds with 503.
    Unavailable,
}

/// The sandbox behind a connection that breaks. It delivers the webhooks while the client sleeps.
#[derive(Clone)]
pub(super) struct Breaking {
    pub(super) sandbox: SandboxTransport,
    /// The faults of the next writes.
    writes: Arc<Mutex<VecDeque<Fault>>>,
    /// The faults of the next reads.
    reads: Arc<Mutex<VecDeque<Fault>>>,
    /// How long the time of the sandbox has stood still, if it does.
    pub(super) stopped_for: Arc<Mutex<Option<Duration>>>,
    failures: Sender<CustomerIdentificationFailed>,
}

#[async_trait]
impl Timer for Breaking {
    async fn sleep(&self, duration: Duration) {
        match &mut *self.stopped_for.lock().unwrap() {
            Some(stopped_for) => *stopped_for += duration,
            None => self.sandbox.advance(duration),
        }
        self.sandbox.deliver_webhooks(|request| {
            let key = SecretKey::new("sk_test_3f2a9c").unwrap();
            let event = Verifier::new(&key).verify(&request).unwrap();
            if let Event::CustomerIdentificationFailed(failed) = event.event().unwrap() {
                self.failures.try_send(failed).unwrap();
            }
            http::StatusCode::OK
        });
        tokio::task::yield_now().await;
    }

    fn now(&self) -> Duration {
        self.sandbox.now() + self.stopped_for.lock().unwrap().unwrap_or_default()
    }
}

#[async_trait]
impl Transport for Breaking {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let faults = match request.method() {
            &http::Method::GET => &self.reads,
            _ => &self.writes,
        };
        let fault = faults.lock().unwrap().pop_front();
        let broken = TransportError::new(TransportErrorKind::Io, Sent::Maybe);
        match fault {
            None => self.sandbox.send(request).await,
            Some(Fault::LostAnswer) => {
                self.sandbox.send(request).await?;
                Err(broken)
            }
            Some(Fault::LostRequest) => Err(broken),
            Some(Fault::Refused) => {
                let kind = TransportErrorKind::ConnectionRefused;
                Err(TransportError::new(kind, Sent::No))
            }
            Some(Fault::Unavailable) => {
                let response = http::Response::builder().status(503);
                Ok(response.body(Bytes::new()).unwrap())
            }
        }
    }
}

/// A client of a sandbox with one customer.
pub(super) struct World {
    pub(super) client: Client<Breaking>,
    pub(super) ada: Customer,
    pub(super) failures: Receiver<CustomerIdentificationFailed>,
}

impl World {
    pub(super) async fn new() -> Self {
        let url = "http://127.0.0.1:1/paystack".parse().unwrap();
        let (sender, failures) = channel(8);
        let transport = Breaking {
            sandbox: SandboxTransport::new(Sandbox::new(1).with_webhook_url(url)),
            writes: Arc::default(),
            reads: Arc::default(),
            stopped_for: Arc::default(),
            failures: sender,
        };
        let client = Client::new(api(), transport);
        let create = CreateCustomer::new(email("ada@example.com")).first_name("Ada");
        let ada = client.send(create).await.unwrap().data;
        Self {
            client,
            ada,
            failures,
        }
    }

    /// The next writes have this fault.
    pub(super) fn fail_writes(&self, fault: Fault, count: usize) {
        let mut faults = self.client.transport().writes.lock().unwrap();
        faults.extend(repeat_n(fault, count));
    }

    /// The next reads have this fault.
    pub(super) fn fail_reads(&self, fault: Fault, count: usize) {
        let mut faults = self.client.transport().reads.lock().unwrap();
        faults.extend(repeat_n(fault, count));
    }

    pub(super) fn writes(&self) -> u64 {
        self.client
            .transport()
            .sandbox
            .with(|sandbox, _| sandbox.writes())
    }

    pub(super) async fn fetch(&self) -> Customer {
        let fetch = FetchCustomer::new(&self.ada.customer_code);
        self.client.send(fetch).await.unwrap().data
    }
}
