//! Clients that share a transport and a rate limiter.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::sync::Arc;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::customers::{Customer, FetchCustomer};
use paystack_transport::local::LocalClient;
use paystack_transport::{
    Api, BlockingClient, BlockingTransport, Client, CustomerCode, Operation, Path, RateLimitGroup,
    RetryRule, SecretKey, SharedRateLimiter, Timer, Transport, TransportError, async_trait, http,
};

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

/// Records the key of each request.
#[derive(Clone, Default)]
struct Recording(Arc<std::sync::Mutex<Vec<String>>>);

impl Recording {
    fn respond(&self, request: &http::Request<Bytes>) -> http::Response<Bytes> {
        let key = request.headers()["authorization"].to_str().unwrap();
        self.0.lock().unwrap().push(key.to_owned());
        let body = br#"{"status":true,"message":"","data":{"id":1,"customer_code":"CUS_x",
            "email":"ada@example.com"}}"#;
        let response = http::Response::builder()
            .header("x-ratelimit-limit", "100")
            .header("x-ratelimit-remaining", "77")
            .header("x-ratelimit-reset", "50");
        response.body(Bytes::from_static(body)).unwrap()
    }
}

#[async_trait]
impl Timer for Recording {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Transport for Recording {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        Ok(self.respond(&request))
    }
}

impl BlockingTransport for Recording {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        Ok(self.respond(&request))
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[tokio::test]
async fn with_api_replaces_the_key_and_keeps_transport_and_limiter() {
    let new = Api::new(SecretKey::new("sk_test_new").unwrap());
    let remaining = |limiter: &SharedRateLimiter| {
        let status = limiter.status(RateLimitGroup::DEFAULT, Duration::ZERO);
        status.remaining
    };
    let keys = Recording::default();

    let client = Client::new(api(), keys.clone());
    let changed = client.with_api(new.clone());
    changed.send(fetch()).await.unwrap();
    assert!(std::ptr::eq(client.transport(), changed.transport()));
    assert_eq!(remaining(client.rate_limiter()), Some(77));

    let client = LocalClient::new(api(), keys.clone());
    let changed = client.with_api(new.clone());
    changed.send(fetch()).await.unwrap();
    assert!(std::ptr::eq(client.transport(), changed.transport()));
    assert_eq!(remaining(client.rate_limiter()), Some(77));

    let client = BlockingClient::new(api(), keys.clone());
    let changed = client.with_api(new);
    changed.send(fetch()).unwrap();
    assert!(std::ptr::eq(client.transport(), changed.transport()));
    assert_eq!(remaining(client.rate_limiter()), Some(77));

    assert_eq!(*keys.0.lock().unwrap(), ["Bearer sk_test_new"; 3]);
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
    let client = Client::new(api(), Recording::default());
    client.send(Verify(fetch())).await.unwrap();
    let limiter = client.rate_limiter();
    let remaining = |group| limiter.status(group, Duration::ZERO).remaining;
    assert_eq!(remaining(Verify::RATE_LIMIT_GROUP), Some(77));
    assert_eq!(remaining(RateLimitGroup::DEFAULT), None);
}
