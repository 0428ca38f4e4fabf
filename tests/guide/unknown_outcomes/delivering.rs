//! A sandbox that delivers webhooks while the client waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::{CreateCustomer, Customer, FetchCustomer};
use paystack_hyper::{Client, SecretKey, Timer, Transport, TransportError, async_trait, http};
use paystack_sandbox::{Fault, Sandbox, SandboxTransport};
use paystack_tests::values::{api, email};
use paystack_webhook::{CustomerIdentificationFailed, Event, Verifier};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// The sandbox. It delivers its webhooks while the client sleeps.
#[derive(Clone)]
pub(super) struct Delivering {
    pub(super) sandbox: SandboxTransport,
    /// How long the time of the sandbox has stood still, if it does.
    pub(super) stopped_for: Arc<Mutex<Option<Duration>>>,
    failures: Sender<CustomerIdentificationFailed>,
}

#[async_trait]
impl Timer for Delivering {
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
impl Transport for Delivering {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.sandbox.send(request).await
    }
}

/// A client of a sandbox with one customer.
pub(super) struct World {
    pub(super) client: Client<Delivering>,
    pub(super) ada: Customer,
    pub(super) failures: Receiver<CustomerIdentificationFailed>,
}

impl World {
    pub(super) async fn new() -> Self {
        let url = "http://127.0.0.1:1/paystack".parse().unwrap();
        let (sender, failures) = channel(8);
        let transport = Delivering {
            sandbox: SandboxTransport::new(Sandbox::new(1).with_webhook_url(url)),
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
    pub(super) fn fail_writes(&self, fault: &Fault, count: u64) {
        self.fail(fault.clone().on("writes").times(count));
    }

    /// The next reads have this fault.
    pub(super) fn fail_reads(&self, fault: &Fault, count: u64) {
        self.fail(fault.clone().on("reads").times(count));
    }

    fn fail(&self, fault: Fault) {
        let sandbox = &self.client.transport().sandbox;
        sandbox.with(|sandbox, _| sandbox.inject(fault).unwrap());
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
