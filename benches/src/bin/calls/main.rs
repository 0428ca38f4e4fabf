//! Calls one operation with one client against a server: `calls CLIENT OPERATION CALLS CONCURRENCY URL`.
//!
//! Prints nanoseconds and allocations per call. A warm-up opens the connections first.

mod paystack_rs;

use std::alloc::System;
use std::future::Future;
use std::time::Instant;

use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use paystack_benches::hand::{Customer, Envelope};
use paystack_benches::{CODE, KEY, PAGE, TIMEOUT, hand};
use paystack_hyper::Position;
use paystack_hyper::customers::{CreateCustomer, FetchCustomer, ListCustomers};
use paystack_hyper::{Api, Client, CustomerCode, Email, HyperTransport, RateLimiter, SecretKey};
use serde::Serialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::task::LocalSet;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

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
        "reqwest" => reqwest_typed(load, operation, url).await,
        "paystack-rs" => paystack_rs::run(load, operation, url).await,
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
            "{:.0} {:.2}",
            nanoseconds as f64 / calls,
            counted.allocations as f64 / calls
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
    let limiter = RateLimiter::new(api.mode(), 7).without_limit();
    let client = Client::new(api, HyperTransport::new()).with_rate_limiter(limiter);
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
                    let list = ListCustomers::new().per_page(50).start(Position::Page(1));
                    let reply = client.send(list).await.unwrap();
                    assert_eq!(reply.data.len(), PAGE);
                }
            })
            .await;
        }
        _ => panic!("no such operation"),
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
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let hand = hand::Client::new(connector, hand::Api::new(url, KEY));
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

async fn reqwest_typed(load: Load, operation: &str, url: &str) {
    let builder = reqwest::Client::builder().timeout(TIMEOUT);
    let client = builder.no_gzip().build().unwrap();
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
