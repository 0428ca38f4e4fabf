//! Endpoints with limits of their own do not disturb each other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use paystack_tests::values::{Values, live_api};
use paystack_transport::bytes::Bytes;
use paystack_transport::customers::FetchCustomer;
use paystack_transport::{
    Client, NoData, Operation, Path, RateLimitGroup, RetryRule, Timer, Transport, TransportError,
    async_trait, http,
};
use tokio::time::Instant;

/// An operation of the caller's, on an endpoint with 3,000 requests a minute.
struct VerifyTransaction;

impl Operation for VerifyTransaction {
    const NAME: &'static str = "transactions.verify";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/transaction/verify/{reference}";
    const RETRY: RetryRule = RetryRule::Idempotent;
    const RATE_LIMIT_GROUP: RateLimitGroup = RateLimitGroup::new("transactions.verify");
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(Self::PATH).segment("x")
    }
}

/// A server with one window of a minute for each endpoint.
#[derive(Clone)]
struct Endpoints {
    started: Instant,
    windows: Arc<Mutex<BTreeMap<&'static str, (u64, u64)>>>,
    refusals: Arc<Mutex<u64>>,
}

const LATENCY: Duration = Duration::from_millis(50);

impl Endpoints {
    fn respond(&self, path: &str) -> http::Response<Bytes> {
        let (endpoint, limit) = match path.starts_with("/transaction/verify") {
            true => ("transaction", 3_000),
            false => ("customer", 600),
        };
        let (minute, second) = (self.now().as_secs() / 60, self.now().as_secs() % 60);
        let mut windows = self.windows.lock().unwrap();
        let window = windows.entry(endpoint).or_default();
        if window.0 != minute {
            *window = (minute, 0);
        }
        window.1 += 1;
        let response = http::Response::builder()
            .header("x-ratelimit-limit", limit)
            .header(
                "x-ratelimit-remaining",
                u64::saturating_sub(limit, window.1),
            )
            .header("x-ratelimit-reset", 60 - second);
        if window.1 > limit {
            *self.refusals.lock().unwrap() += 1;
            let refused =
                r#"{"status":false,"message":"Rate limit exceeded!","code":"rate_limited"}"#;
            return response.status(429).body(refused.into()).unwrap();
        }
        let customer = r#"{"status":true,"data":{"id":1,"customer_code":"C","email":"a@b"}}"#;
        response.body(customer.into()).unwrap()
    }
}

#[async_trait]
impl Timer for Endpoints {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[async_trait]
impl Transport for Endpoints {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        tokio::time::sleep(LATENCY).await;
        let response = self.respond(request.uri().path());
        tokio::time::sleep(LATENCY).await;
        Ok(response)
    }
}

/// Sends this many calls at once, each minute for ten minutes. Returns the number of calls and of failures.
async fn send<O>(client: Client<Endpoints>, a_minute: u32, operation: impl Fn() -> O) -> (u32, u32)
where
    O: Operation<Output: Send> + Send + Sync + 'static,
{
    let started = Instant::now();
    let mut calls = Vec::new();
    for call in 0..10 * a_minute {
        let minute = call / a_minute;
        tokio::time::sleep_until(started + Duration::from_secs(60) * minute).await;
        let (client, operation) = (client.clone(), operation());
        calls.push(tokio::spawn(async move {
            client.send(operation).await.is_err()
        }));
    }
    let mut failures = 0;
    let count = u32::try_from(calls.len()).unwrap();
    for call in calls {
        failures += u32::from(call.await.unwrap());
    }
    (count, failures)
}

#[tokio::test(start_paused = true)]
async fn verifications_and_customer_calls_all_succeed() {
    let endpoints = Endpoints {
        started: Instant::now(),
        windows: Arc::default(),
        refusals: Arc::default(),
    };
    let client = Client::new(live_api(), endpoints.clone());
    let code = Values::default().code;
    let ((verified, unverified), (fetched, unfetched)) = tokio::join!(
        send(client.clone(), 1_200, || VerifyTransaction),
        send(client, 100, || FetchCustomer::new(&code)),
    );
    assert_eq!((verified, fetched), (12_000, 1_000));
    assert_eq!((unverified, unfetched), (0, 0));
    assert_eq!(*endpoints.refusals.lock().unwrap(), 0);
}
