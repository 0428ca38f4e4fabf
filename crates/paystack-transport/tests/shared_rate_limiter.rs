//! Clients that share a transport and a rate limiter.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::time::Duration;

use paystack_transport::customers::{Customer, FetchCustomer};
use paystack_transport::local::LocalClient;
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{
    Api, BlockingClient, Client, CustomerCode, Operation, Path, RateLimitGroup, RetryRule,
    SecretKey, SharedRateLimiter, http,
};

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

/// Answers each request with a customer and the rate limit.
fn scripted() -> Scripted {
    let answer = Answer::data(Customer::example())
        .header("x-ratelimit-limit", "100")
        .header("x-ratelimit-remaining", "77")
        .header("x-ratelimit-reset", "50");
    Scripted::new().then(answer.always())
}

#[tokio::test]
async fn with_api_replaces_the_key_and_keeps_transport_and_limiter() {
    let new = Api::new(SecretKey::new("sk_test_new").unwrap());
    let remaining = |limiter: &SharedRateLimiter| {
        let status = limiter.status(RateLimitGroup::DEFAULT, Duration::ZERO);
        status.remaining
    };
    let scripted = scripted();

    let client = Client::new(api(), scripted.clone());
    let changed = client.with_api(new.clone());
    changed.send(fetch()).await.unwrap();
    assert!(std::ptr::eq(client.transport(), changed.transport()));
    assert_eq!(remaining(client.rate_limiter()), Some(77));

    let client = LocalClient::new(api(), scripted.clone());
    let changed = client.with_api(new.clone());
    changed.send(fetch()).await.unwrap();
    assert!(std::ptr::eq(client.transport(), changed.transport()));
    assert_eq!(remaining(client.rate_limiter()), Some(77));

    let client = BlockingClient::new(api(), scripted.clone());
    let changed = client.with_api(new);
    changed.send(fetch()).unwrap();
    assert!(std::ptr::eq(client.transport(), changed.transport()));
    assert_eq!(remaining(client.rate_limiter()), Some(77));

    let sent = scripted.sent();
    let keys: Vec<_> = sent
        .iter()
        .map(|request| &request.headers()["authorization"])
        .collect();
    assert_eq!(keys, ["Bearer sk_test_new"; 3]);
}

#[test]
fn with_api_of_the_other_mode_has_a_new_rate_limiter() {
    let live = || Api::new(SecretKey::new("sk_live_new").unwrap());
    let limit = |limiter: &SharedRateLimiter| {
        let status = limiter.status(RateLimitGroup::DEFAULT, Duration::ZERO);
        status.limit
    };
    let client = Client::new(api(), scripted()).with_api(live());
    assert_eq!(limit(client.rate_limiter()), Some(600));
    let client = LocalClient::new(api(), scripted()).with_api(live());
    assert_eq!(limit(client.rate_limiter()), Some(600));
    let client = BlockingClient::new(api(), scripted()).with_api(live());
    assert_eq!(limit(client.rate_limiter()), Some(600));
}

/// A fetch that counts against a limit of its own.
struct Verify(FetchCustomer);

impl Operation for Verify {
    const NAME: &'static str = "transactions.verify";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = FetchCustomer::PATH;
    const RETRY: RetryRule = RetryRule::Idempotent;
    const RATE_LIMIT_GROUP: RateLimitGroup = RateLimitGroup::new("transactions.verify");
    type Output = Customer;

    fn path(&self) -> Path {
        self.0.path()
    }
}

#[tokio::test]
async fn groups_have_rate_limits_of_their_own() {
    let client = Client::new(api(), scripted());
    client.send(Verify(fetch())).await.unwrap();
    let limiter = client.rate_limiter();
    let remaining = |group| limiter.status(group, Duration::ZERO).remaining;
    assert_eq!(remaining(Verify::RATE_LIMIT_GROUP), Some(77));
    assert_eq!(remaining(RateLimitGroup::DEFAULT), None);
}
