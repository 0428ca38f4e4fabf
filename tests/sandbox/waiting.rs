//! Waits for validations, with the three clients and with a webhook that ends one early.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::{Context, Waker};
use std::time::Duration;

use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::values::{api, email};
use paystack_transport::bytes::Bytes;
use paystack_transport::customers::{
    BankAccount, CreateCustomer, Customer, FetchCustomer, ValidateCustomer,
};
use paystack_transport::local::LocalClient;
use paystack_transport::{
    BlockingClient, Client, CustomerCode, Mode, RateLimitGroup, RateLimiter, Step, Timer,
    Transport, TransportError, WaitEnd, Waiter, async_trait, http,
};
use paystack_webhook::{Event, Verifier};

fn is_identified(customer: &Customer) -> bool {
    customer.identified == Some(true)
}

/// Starts a validation, and returns its customer.
async fn validate(sandbox: &SandboxTransport, account: BankAccount) -> CustomerCode {
    let client = Client::new(api(), sandbox.clone());
    let create = CreateCustomer::new(email("ada@example.com"));
    let code = client.send(create).await.unwrap().data.customer_code;
    let validate = ValidateCustomer::new(&code, account);
    assert_eq!(client.send(validate).await.unwrap().status(), 202);
    code
}

fn sandbox() -> SandboxTransport {
    SandboxTransport::new(Sandbox::new(1))
}

#[tokio::test]
async fn wait_ends_when_the_customer_is_identified() {
    let sandbox = sandbox();
    let code = validate(&sandbox, BankAccount::test_credential()).await;
    let client = Client::new(api(), sandbox);
    let waited = client.wait_until(FetchCustomer::new(&code), is_identified);
    let waited = waited.await.unwrap();
    assert_eq!(waited.end, WaitEnd::ConditionMet);
    assert_eq!(waited.reply.data.customer_code, code);
}

#[tokio::test]
async fn local_client_waits() {
    let sandbox = sandbox();
    let code = validate(&sandbox, BankAccount::test_credential()).await;
    let client = LocalClient::new(api(), sandbox);
    let waited = client.wait_until(FetchCustomer::new(code), is_identified);
    assert!(waited.await.unwrap().is_met());
}

#[tokio::test]
async fn blocking_client_waits() {
    let sandbox = sandbox();
    let code = validate(&sandbox, BankAccount::test_credential()).await;
    let client = BlockingClient::new(api(), sandbox);
    let waited = client.wait_until(FetchCustomer::new(code), is_identified);
    assert!(waited.unwrap().is_met());
}

#[tokio::test]
async fn wait_for_an_unknown_customer_is_an_error() {
    let client = Client::new(api(), sandbox());
    let fetch = FetchCustomer::new(email("nobody@example.com"));
    let waited = client.wait_until(fetch, is_identified).await;
    assert!(waited.unwrap_err().is_not_found());
}

#[tokio::test]
async fn webhook_of_a_failed_validation_ends_the_wait() {
    let url = "http://127.0.0.1:1/paystack".parse().unwrap();
    let sandbox = SandboxTransport::new(Sandbox::new(1).with_webhook_url(url));
    let mut account = BankAccount::test_credential();
    account.bvn = "11111111111".into();
    let code = validate(&sandbox, account).await;

    let key = paystack_transport::SecretKey::new("sk_test_3f2a9c").unwrap();
    let verifier = Verifier::new(&key);
    let day = Duration::from_secs(24 * 60 * 60);
    let fetch = FetchCustomer::new(&code);
    let mut waiter = Waiter::new(&api(), fetch, is_identified, Duration::ZERO).deadline(day);
    let mut limiter = RateLimiter::new(Mode::Test, 7);
    let waited = loop {
        match waiter.step(&mut limiter, Timer::now(&sandbox)) {
            Step::Send {
                request, attempt, ..
            } => match Transport::send(&sandbox, request).await {
                Ok(response) => waiter.handle_response(attempt, response),
                Err(error) => waiter.handle_error(attempt, error),
            },
            Step::Wait(pause) => {
                sandbox.advance(pause);
                sandbox.deliver_webhooks(|request| {
                    let event = verifier.verify(&request).unwrap().event().unwrap();
                    let Event::CustomerIdentificationFailed(failed) = event else {
                        panic!("{event:?}")
                    };
                    assert_eq!(failed.customer_code, code);
                    waiter.notify();
                    http::StatusCode::OK
                });
            }
            Step::Done(result) => break result.unwrap(),
        }
    };
    assert_eq!(waited.end, WaitEnd::Notified);
    assert_eq!(waited.reply.data.identified, Some(false));
    assert!(Timer::now(&sandbox) < Duration::from_secs(60));
}

#[tokio::test]
async fn dropped_wait_is_continued() {
    let sandbox = sandbox();
    let code = validate(&sandbox, BankAccount::test_credential()).await;
    sandbox.advance(Duration::from_secs(60));
    let silent = FirstIsSilent {
        sandbox,
        requests: AtomicU32::new(0),
    };
    let client = Client::new(api(), silent);
    let mut waiter = client.waiter(FetchCustomer::new(code), is_identified);
    let before = Timer::now(client.transport());
    {
        let dropped = pin!(client.wait(&mut waiter));
        let polled = dropped.poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
    }
    assert!(client.wait(&mut waiter).await.unwrap().is_met());
    assert_eq!(waiter.attempts(), 2);
    let passed = Timer::now(client.transport()) - before;
    assert!(passed < Duration::from_secs(1), "{passed:?}");
    // A wait that has ended stays ended.
    assert!(client.wait(&mut waiter).await.is_err());
}

/// The sandbox, behind a server that does not respond to the first request.
struct FirstIsSilent {
    sandbox: SandboxTransport,
    requests: AtomicU32,
}

#[async_trait]
impl Timer for FirstIsSilent {
    async fn sleep(&self, duration: Duration) {
        match self.requests.load(Relaxed) {
            1 => std::future::pending().await,
            _ => Timer::sleep(&self.sandbox, duration).await,
        }
    }

    fn now(&self) -> Duration {
        Timer::now(&self.sandbox)
    }
}

#[async_trait]
impl Transport for FirstIsSilent {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        match self.requests.fetch_add(1, Relaxed) {
            0 => std::future::pending().await,
            _ => Transport::send(&self.sandbox, request).await,
        }
    }
}

#[tokio::test]
async fn condition_may_use_the_rate_limiter() {
    let sandbox = sandbox();
    let code = validate(&sandbox, BankAccount::test_credential()).await;
    let client = Client::new(api(), sandbox);
    let limiter = client.rate_limiter();
    let is_idle = |_: &Customer| limiter.queue_length(RateLimitGroup::DEFAULT) == 0;
    let waited = client.wait_until(FetchCustomer::new(code), is_idle).await;
    assert!(waited.unwrap().is_met());
}
