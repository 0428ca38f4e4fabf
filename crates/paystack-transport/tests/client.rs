//! The client over transports that behave in one way.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod pinned;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::customers::{Customer, FetchCustomer};
use paystack_transport::local::{LocalClient, LocalTimer, LocalTransport};
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{
    Api, BlockingClient, BlockingTransport, Client, CustomerCode, Error, ErrorKind, Mode,
    Operation, Outcome, RateLimitGroup, RateLimiter, Reply, RetryRule, SecretKey, Sent, Settings,
    SharedRateLimiter, Timer, Transport, TransportError, TransportErrorKind, async_trait, http,
};

use self::pinned::Pinned;

/// Repeats one answer.
fn always(answer: Answer) -> Scripted {
    Scripted::new().then(answer.always())
}

fn answers() -> Scripted {
    always(Answer::data(Customer::example()))
}

fn hangs() -> Scripted {
    always(Answer::silence())
}

fn unavailable() -> Scripted {
    always(Answer::status(503))
}

fn client<T: Transport>(transport: T) -> Client<T> {
    Client::new(api(), transport)
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

/// Code that knows neither the transport nor the operation spawns calls all the same.
async fn spawned<T, O>(client: Client<T>, operation: O) -> Result<Reply<O::Output>, Error>
where
    T: Transport + 'static,
    O: Operation + Send + 'static,
    O::Output: Send,
{
    tokio::spawn(async move { client.send(operation).await })
        .await
        .unwrap()
}

#[tokio::test]
async fn calls_are_spawned_from_generic_code() {
    let by_type: Customer = spawned(client(answers()), fetch()).await.unwrap().data;
    let transport: Arc<dyn Transport> = Arc::new(answers());
    let by_dyn: Customer = spawned(client(transport), fetch()).await.unwrap().data;
    assert_eq!(by_type, by_dyn);
}

#[tokio::test]
async fn clones_share_a_transport_and_send_borrowed_operations() {
    let client = client(answers());
    let (one, other, operation) = (client.clone(), client, fetch());
    let (first, second) = tokio::join!(one.send(&operation), other.send(&operation));
    assert_eq!(first.unwrap().data, second.unwrap().data);
    assert!(std::ptr::eq(one.transport(), other.transport()));
}

#[tokio::test]
async fn an_attempt_times_out_after_30_seconds() {
    let client = client(hangs()).with_settings(Settings::new().attempts(1));
    let error = client.send(fetch()).await.unwrap_err();
    assert_eq!(client.transport().now(), Duration::from_secs(30));
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert!(matches!(
        error.kind(),
        ErrorKind::Transport(lost) if lost.kind() == TransportErrorKind::Timeout
    ));
    assert_eq!(
        error.to_string(),
        "customers.fetch: timed out; the request may have been processed"
    );
}

#[tokio::test]
async fn a_call_ends_at_its_deadline() {
    let client = client(hangs());
    let error = client.send(fetch()).await.unwrap_err();
    assert_eq!(client.transport().now(), Duration::from_secs(60));
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 2));
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    let shown = "customers.fetch: deadline exceeded after 2 attempts (last: timed out); the request may have been processed";
    assert_eq!(error.to_string(), shown);
}

/// Loses each connection for a reason, which a script cannot have.
struct Breaks(Scripted);

#[async_trait]
impl Timer for Breaks {
    async fn sleep(&self, duration: Duration) {
        Timer::sleep(&self.0, duration).await;
    }

    fn now(&self) -> Duration {
        self.0.now()
    }
}

#[async_trait]
impl Transport for Breaks {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Err(TransportError::new(TransportErrorKind::Io, Sent::Maybe).with_source(reset))
    }
}

#[tokio::test]
async fn a_lost_connection_shows_its_cause_once() {
    let breaks = client(Breaks(Scripted::new()));
    let error = breaks.send(fetch()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "customers.fetch: connection lost after 3 attempts; the request may have been processed"
    );
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "connection reset");
    assert!(cause.source().is_none());
}

/// A client that the rate limit does not slow down.
fn unlimited(transport: Scripted) -> Client<Scripted> {
    let limiter = RateLimiter::new(Mode::Test, 7).without_limit();
    Client::new(api(), transport).with_rate_limiter(limiter)
}

#[tokio::test]
async fn a_dropped_call_returns_its_retry() {
    let client = unlimited(unavailable());
    for _ in 0..150 {
        // Polled once: it fails, pays for a retry, and is dropped while it waits.
        let mut call = pin!(client.send(fetch()));
        let poll = poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await;
        assert!(poll.is_pending());
    }
    let error = client.send(fetch()).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "the budget is whole");
}

#[tokio::test]
async fn a_dropped_call_leaves_the_queue() {
    let settings = Settings::new().deadline(None);
    let client = client(answers()).with_settings(settings);
    // A few are sent at once, and the rest of a thousand waits.
    let waiting: Vec<_> = (0..1_000)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { client.send(fetch()).await }
            })
        })
        .collect();
    Timer::sleep(client.transport(), Duration::from_secs(1)).await;
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    let mut dropped = 0;
    for call in waiting {
        dropped += u32::from(call.await.is_err());
    }
    assert!(dropped > 900, "{dropped}");
    let started = client.transport().now();
    client.send(fetch()).await.unwrap();
    let waited = client.transport().now().saturating_sub(started);
    assert!(waited < Duration::from_secs(2), "{waited:?}");
}

#[tokio::test]
async fn settings_apply_to_one_client() {
    let client = unlimited(unavailable());
    let twice = client.with_settings(Settings::new().attempts(2));
    assert_eq!(twice.send(fetch()).await.unwrap_err().attempts(), 2);
    let once = twice.with_settings(Settings::new().retry_rule(Some(RetryRule::Never)));
    assert_eq!(once.send(fetch()).await.unwrap_err().attempts(), 1);
    assert_eq!(client.send(fetch()).await.unwrap_err().attempts(), 3);
}

/// A transport that counts the time from half an hour later.
struct Late(Scripted);

#[async_trait]
impl Timer for Late {
    async fn sleep(&self, duration: Duration) {
        Timer::sleep(&self.0, duration).await;
    }

    fn now(&self) -> Duration {
        self.0.now().saturating_sub(Duration::from_secs(1_800))
    }
}

#[async_trait]
impl Transport for Late {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        Transport::send(&self.0, request).await
    }
}

#[tokio::test]
async fn clients_with_one_rate_limiter_use_its_clock() {
    let scripted = answers();
    let clock = scripted.clock().clone();
    let limiter = RateLimiter::new(Mode::Test, 7).with_limit(60);
    let limiter = SharedRateLimiter::new(limiter, move || clock.now());
    let older = client(scripted.clone()).with_rate_limiter(limiter.clone());
    older.send(fetch()).await.unwrap();
    // For the second transport, the same moment is in another window.
    scripted.clock().advance(Duration::from_secs(30));
    let younger = client(Late(scripted.clone())).with_rate_limiter(limiter);
    for _ in 0..59 {
        older.send(fetch()).await.unwrap();
        younger.send(fetch()).await.unwrap();
    }
    let passed = scripted.now().as_secs();
    assert!(
        (115..=155).contains(&passed),
        "119 calls at 60 a minute took {passed} s"
    );
}

#[tokio::test]
async fn debug_shows_the_base_url_and_no_key() {
    let shown = format!("{:?}", client(answers()));
    assert_eq!(shown, "Client(Api(https://api.paystack.co))");
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

#[tokio::test]
async fn a_local_client_times_out_and_retries() {
    let client = LocalClient::new(api(), Pinned::new(answers()));
    assert_eq!(client.send(fetch()).await.unwrap().data.id.get(), 1173);
    let once = Settings::new().attempts(1);
    let client = LocalClient::new(api(), Pinned::new(hangs())).with_settings(once);
    let error = client.send(fetch()).await.unwrap_err();
    assert_eq!(LocalTimer::now(client.transport()), Duration::from_secs(30));
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    let shared = Rc::new(Pinned::new(unavailable()));
    let client = LocalClient::new(api(), shared);
    assert_eq!(client.send(fetch()).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn every_transport_works_in_a_local_client() {
    let by_type = LocalClient::new(api(), answers());
    let transport: Arc<dyn Transport> = Arc::new(answers());
    let by_dyn = LocalClient::new(api(), transport);
    let local: Rc<dyn LocalTransport> = Rc::new(answers());
    let by_local_dyn = LocalClient::new(api(), local);
    let one = by_type.send(fetch()).await.unwrap().data;
    assert_eq!(one, by_dyn.send(fetch()).await.unwrap().data);
    assert_eq!(one, by_local_dyn.send(fetch()).await.unwrap().data);
}

#[test]
fn a_blocking_client_retries_and_times_out() {
    let lost = always(Answer::lost());
    let error = BlockingClient::new(api(), lost).send(fetch()).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 3));
    let client = BlockingClient::new(api(), hangs());
    let error = client.send(fetch()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!(client.transport().now(), Duration::from_secs(60));
}

#[test]
fn a_blocking_transport_can_be_shared() {
    let silent: Arc<dyn BlockingTransport + Send + Sync> = Arc::new(hangs());
    let here: Rc<dyn BlockingTransport> = Rc::new(Arc::clone(&silent));
    // The limit of the attempt reaches it, and its clock is the client's.
    let client = BlockingClient::new(api(), Arc::clone(&silent));
    std::thread::spawn(move || client.send(fetch()).unwrap_err())
        .join()
        .unwrap();
    assert_eq!(here.now(), Duration::from_secs(60));
    let error = BlockingClient::new(api(), here).send(fetch()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!(silent.now(), Duration::from_secs(120));
}

#[tokio::test]
async fn clone_has_its_own_rate_limit_or_none() {
    let limit = |client: &Client<Scripted>| {
        let limiter = client.rate_limiter();
        limiter
            .status(RateLimitGroup::DEFAULT, Duration::ZERO)
            .limit
    };
    let client = client(answers());
    let slow = client.with_requests_per_minute(60);
    assert_eq!((limit(&client), limit(&slow)), (Some(100), Some(60)));
    for _ in 0..10 {
        slow.send(fetch()).await.unwrap();
    }
    let passed = client.transport().now().as_secs();
    assert!((7..=10).contains(&passed), "{passed} s");
    let (unlimited, started) = (client.without_rate_limit(), client.transport().now());
    for _ in 0..1_000 {
        unlimited.send(fetch()).await.unwrap();
    }
    assert_eq!(client.transport().now(), started);
}

#[tokio::test]
async fn retry_budget_stays_without_a_rate_limit() {
    let client = client(unavailable()).without_rate_limit();
    for _ in 0..50 {
        let error = client.send(fetch()).await.unwrap_err();
        assert_eq!(error.attempts(), 3);
    }
    let error = client.send(fetch()).await.unwrap_err();
    assert_eq!(error.attempts(), 1, "a hundred retries use up the budget");
}

#[tokio::test]
async fn saved_wait_goes_on_with_the_transports_wall_clock() {
    let never = |_: &Customer| false;
    let (scripted, hours) = (answers(), Duration::from_secs(2 * 3_600));
    let saved = client(scripted.clone()).waiter(fetch(), never).saved();
    scripted.clock().advance(hours);
    // Its deadline of an hour has passed, so each client reads once.
    let client = client(scripted.clone());
    let mut waiter = client.resume_waiter(fetch(), never, &saved).unwrap();
    assert!(!client.wait(&mut waiter).await.unwrap().is_met());
    let local = LocalClient::new(api(), scripted.clone());
    let mut waiter = local.resume_waiter(fetch(), never, &saved).unwrap();
    assert!(!local.wait(&mut waiter).await.unwrap().is_met());
    let blocking = BlockingClient::new(api(), scripted.clone());
    let mut waiter = blocking.resume_waiter(fetch(), never, &saved).unwrap();
    assert!(!blocking.wait(&mut waiter).unwrap().is_met());
    assert_eq!((scripted.sent().len(), scripted.now()), (3, hours));
    let other = FetchCustomer::new(CustomerCode::new("CUS_y").unwrap());
    assert!(client.resume_waiter(other, never, &saved).is_err());
}
