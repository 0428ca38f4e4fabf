//! Calls of one operation by one client against a server: `calls CLIENT OPERATION CALLS CONCURRENCY URL`.
//!
//! It prints, a call: nanoseconds, allocations, reallocations. Before that it warms up, which opens
//! the connections.

use std::alloc::System;
use std::future::Future;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use paystack::{
    CreateCustomerRequestBuilder, HttpClient, PaystackClient, ReqwestClient, ReqwestError,
};
use paystack_benches::hand::{Customer, Envelope};
use paystack_benches::{CODE, KEY, PAGE, hand};
use paystack_hyper::customers::{CreateCustomer, FetchCustomer, ListCustomers, Start};
use paystack_hyper::{Api, Client, CustomerCode, Email, HyperTransport, Pace, SecretKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::task::LocalSet;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What everybody waits at most.
const TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [client, operation, calls, concurrency, url] = &arguments[..] else {
        panic!("calls CLIENT OPERATION CALLS CONCURRENCY URL")
    };
    let load = Load {
        calls: calls.parse().unwrap(),
        concurrency: concurrency.parse().unwrap(),
    };
    match client.as_str() {
        "ours" => ours(load, operation, url).await,
        "hand" => by_hand(load, operation, url).await,
        "raw" => raw(load, operation, url).await,
        "reqwest" => reqwest_typed(load, operation, url).await,
        "paystack-rs" => paystack_rs(load, operation, url).await,
        _ => panic!("no such client"),
    }
}

#[derive(Clone, Copy)]
struct Load {
    calls: usize,
    concurrency: usize,
}

impl Load {
    async fn run<C, F>(self, call: C)
    where
        C: Fn() -> F + Clone + 'static,
        F: Future<Output = ()> + 'static,
    {
        self.round(20 * self.concurrency, call.clone()).await;
        let region = Region::new(ALLOCATOR);
        let started = Instant::now();
        self.round(self.calls, call).await;
        let nanoseconds = started.elapsed().as_nanos();
        let counted = region.change();
        let calls = self.calls as f64;
        println!(
            "{:.0} {:.2} {:.2}",
            nanoseconds as f64 / calls,
            counted.allocations as f64 / calls,
            counted.reallocations as f64 / calls
        );
    }

    async fn round<C, F>(self, calls: usize, call: C)
    where
        C: Fn() -> F + Clone + 'static,
        F: Future<Output = ()> + 'static,
    {
        let each = calls / self.concurrency;
        let local = LocalSet::new();
        for _ in 0..self.concurrency {
            let call = call.clone();
            local.spawn_local(async move {
                for _ in 0..each {
                    call().await;
                }
            });
        }
        local.await;
    }
}

async fn ours(load: Load, operation: &str, url: &str) {
    let key = SecretKey::new(KEY).unwrap();
    let api = Api::new(key).with_base_url(url).unwrap();
    let pace = Pace::new(api.domain(), 7).without_limit();
    let client = Client::with_pace(api, HyperTransport::new(), pace);
    match operation {
        "fetch" => {
            load.run(move || {
                let client = client.clone();
                async move {
                    let fetch = FetchCustomer::new(CustomerCode::new(CODE).unwrap());
                    let reply = client.send(fetch).await.unwrap();
                    assert_eq!(reply.data.id.get(), 9_387_490_384);
                }
            })
            .await;
        }
        "create" => {
            load.run(move || {
                let client = client.clone();
                async move {
                    let create = CreateCustomer::new(Email::new("ada@example.com").unwrap())
                        .first_name("Ada")
                        .last_name("Obi");
                    let reply = client.send(create).await.unwrap();
                    assert_eq!(reply.data.id.get(), 1_173);
                }
            })
            .await;
        }
        "list" => {
            load.run(move || {
                let client = client.clone();
                async move {
                    let list = ListCustomers::new().per_page(50).start(Start::Page(1));
                    let reply = client.send(list).await.unwrap();
                    assert_eq!(reply.data.len(), PAGE);
                }
            })
            .await;
        }
        _ => panic!("no such operation"),
    }
}

/// The limit: hyper's pooled client, with no more around it than the work itself.
#[derive(Clone)]
struct Hand {
    client: hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>,
    api: hand::Api,
}

impl Hand {
    fn new(url: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            client: hyper_util::client::legacy::Client::builder(TokioExecutor::new())
                .build(connector),
            api: hand::Api::new(url, KEY),
        }
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        url: String,
        body: Option<&impl Serialize>,
    ) -> (HeaderMap, Bytes, Envelope<T>) {
        let request = self.api.request(method, url, body);
        let exchange = async {
            let (head, body) = self.client.request(request).await.unwrap().into_parts();
            (head, body.collect().await.unwrap().to_bytes())
        };
        let (head, body) = tokio::time::timeout(TIMEOUT, exchange).await.unwrap();
        assert!(head.status.is_success());
        let read = serde_json::from_str(std::str::from_utf8(&body).unwrap()).unwrap();
        (head.headers, body, read)
    }
}

#[derive(Serialize)]
struct Create {
    email: String,
    first_name: String,
    last_name: String,
}

impl Create {
    fn ada() -> Self {
        Self {
            email: "ada@example.com".to_owned(),
            first_name: "Ada".to_owned(),
            last_name: "Obi".to_owned(),
        }
    }
}

async fn by_hand(load: Load, operation: &str, url: &str) {
    let hand = Hand::new(url);
    match operation {
        "fetch" => {
            load.run(move || {
                let hand = hand.clone();
                async move {
                    let url = format!("{}/customer/{CODE}", hand.api.base);
                    let read = hand.send::<Customer>(Method::GET, url, None::<&()>).await;
                    assert_eq!(read.2.data.id, 9_387_490_384);
                }
            })
            .await;
        }
        "create" => {
            load.run(move || {
                let hand = hand.clone();
                async move {
                    let create = Create::ada();
                    let url = format!("{}/customer", hand.api.base);
                    let read = hand
                        .send::<Customer>(Method::POST, url, Some(&create))
                        .await;
                    assert_eq!(read.2.data.id, 1_173);
                }
            })
            .await;
        }
        "list" => {
            load.run(move || {
                let hand = hand.clone();
                async move {
                    let url = format!("{}/customer?perPage={PAGE}&page=1", hand.api.base);
                    let read = hand
                        .send::<Vec<Customer>>(Method::GET, url, None::<&()>)
                        .await;
                    assert_eq!(read.2.data.len(), PAGE);
                }
            })
            .await;
        }
        _ => panic!("no such operation"),
    }
}

/// Less than anybody can do with: the same requests over hyper's client, without a time-out, and nothing
/// is read of the answers.
async fn raw(load: Load, operation: &str, url: &str) {
    let hand = Hand::new(url);
    let base = &hand.api.base;
    let (method, url, body) = match operation {
        "fetch" => (Method::GET, format!("{base}/customer/{CODE}"), None),
        "create" => (
            Method::POST,
            format!("{base}/customer"),
            Some(Create::ada()),
        ),
        "list" => (
            Method::GET,
            format!("{base}/customer?perPage={PAGE}&page=1"),
            None,
        ),
        _ => panic!("no such operation"),
    };
    let request = hand.api.request(method, url, body.as_ref());
    load.run(move || {
        let sent = hand.client.request(request.clone());
        async move {
            let response = sent.await.unwrap();
            assert!(response.status().is_success());
            drop(response.into_body().collect().await.unwrap().to_bytes());
        }
    })
    .await;
}

async fn reqwest_typed(load: Load, operation: &str, url: &str) {
    let client = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap();
    let base = url.to_owned();
    match operation {
        "fetch" => {
            load.run(move || {
                let request = client
                    .get(format!("{base}/customer/{CODE}"))
                    .bearer_auth(KEY);
                async move {
                    let response = request.send().await.unwrap().error_for_status().unwrap();
                    let read: Envelope<Customer> = response.json().await.unwrap();
                    assert_eq!(read.data.id, 9_387_490_384);
                }
            })
            .await;
        }
        "create" => {
            load.run(move || {
                let request = client.post(format!("{base}/customer")).bearer_auth(KEY);
                async move {
                    let request = request.json(&Create::ada());
                    let response = request.send().await.unwrap().error_for_status().unwrap();
                    let read: Envelope<Customer> = response.json().await.unwrap();
                    assert_eq!(read.data.id, 1_173);
                }
            })
            .await;
        }
        "list" => {
            load.run(move || {
                let request = client
                    .get(format!("{base}/customer?perPage={PAGE}&page=1"))
                    .bearer_auth(KEY);
                async move {
                    let response = request.send().await.unwrap().error_for_status().unwrap();
                    let read: Envelope<Vec<Customer>> = response.json().await.unwrap();
                    assert_eq!(read.data.len(), PAGE);
                }
            })
            .await;
        }
        _ => panic!("no such operation"),
    }
}

/// paystack-rs knows one address only, which is exchanged here.
#[derive(Clone, Debug, Default)]
struct Loopback(ReqwestClient);

/// As the trait writes it, whose hidden lifetime an implementation has to repeat.
type Query<'a> = Vec<(&'a str, &'a str)>;

static BASE: std::sync::OnceLock<String> = std::sync::OnceLock::new();

fn loopback(url: &str) -> String {
    url.replacen("https://api.paystack.co", BASE.get().unwrap(), 1)
}

#[async_trait]
impl HttpClient for Loopback {
    type Error = ReqwestError;

    async fn get(
        &self,
        url: &str,
        key: &str,
        query: Option<&Query>,
    ) -> Result<String, ReqwestError> {
        self.0.get(&loopback(url), key, query).await
    }

    async fn post(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.0.post(&loopback(url), key, body).await
    }

    async fn put(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.0.put(&loopback(url), key, body).await
    }

    async fn delete(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.0.delete(&loopback(url), key, body).await
    }
}

async fn paystack_rs(load: Load, operation: &str, url: &str) {
    BASE.set(url.to_owned()).unwrap();
    let client: &'static PaystackClient<Loopback> =
        Box::leak(Box::new(PaystackClient::new(KEY.to_owned())));
    match operation {
        "fetch" => {
            load.run(move || async move {
                let read = client
                    .customers
                    .fetch_customer(CODE.to_owned())
                    .await
                    .unwrap();
                assert_eq!(read.data.unwrap().id, 9_387_490_384);
            })
            .await;
        }
        "create" => {
            load.run(move || async move {
                let create = CreateCustomerRequestBuilder::default()
                    .email("ada@example.com".to_owned())
                    .first_name("Ada".to_owned())
                    .last_name("Obi".to_owned())
                    .build()
                    .unwrap();
                let read = client.customers.create_customer(create).await.unwrap();
                assert_eq!(read.data.unwrap().id, 1_173);
            })
            .await;
        }
        "list" => {
            load.run(move || async move {
                let page = u8::try_from(PAGE).unwrap();
                let read = client
                    .customers
                    .list_customers(Some(page), Some(1))
                    .await
                    .unwrap();
                assert_eq!(read.data.unwrap().len(), PAGE);
            })
            .await;
        }
        _ => panic!("no such operation"),
    }
}
