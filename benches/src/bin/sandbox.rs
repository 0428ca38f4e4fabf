//! The sandbox as a server: requests per second, and memory for a million customers. Prints a table.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use paystack_hyper::customers::{CreateCustomer, FetchCustomer, ListCustomers};
use paystack_hyper::{Api, Client, Email, HyperTransport, Mode, Position, SecretKey};
use paystack_sandbox::{Sandbox, server::Server};
use time::OffsetDateTime;
use tokio::task::JoinSet;

/// The number of requests at the same time.
const CONCURRENT: usize = 32;

const DURATION: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("| | requests per second |\n| --- | ---: |");
    for call in ["fetch", "create", "list of 50"] {
        let url = start();
        println!("| {call} | {:.0} |", requests_per_second(&url, call).await);
    }
    let before = resident_mib();
    let mut sandbox = Sandbox::new(1);
    sandbox.seed_customers(&Mode::Test, 1_000_000, OffsetDateTime::now_utc());
    let memory = resident_mib() - before;
    println!("\nA million customers take {memory:.0} MiB.");
}

/// Starts a sandbox with a thousand customers on a thread of its own. Returns its URL.
fn start() -> String {
    let (started, url) = mpsc::channel();
    thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            let mut sandbox = Sandbox::new(1).without_rate_limits();
            sandbox.seed_customers(&Mode::Test, 1_000, OffsetDateTime::now_utc());
            let server = Server::start(sandbox, 0).await.unwrap();
            started.send(server.url()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    url.recv().unwrap()
}

async fn requests_per_second(url: &str, call: &'static str) -> f64 {
    let api = Api::new(SecretKey::new("sk_test_any").unwrap()); // the server refuses live keys
    let api = api.with_base_url(url).unwrap();
    let client = Client::new(api, HyperTransport::new()).without_rate_limit();
    let count = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut calls = JoinSet::new();
    for _ in 0..CONCURRENT {
        let (client, count) = (client.clone(), Arc::clone(&count));
        calls.spawn(async move {
            while started.elapsed() < DURATION {
                let number = count.fetch_add(1, Relaxed);
                send(&client, call, number).await;
            }
        });
    }
    calls.join_all().await;
    count.load(Relaxed) as f64 / started.elapsed().as_secs_f64()
}

async fn send(client: &Client<HyperTransport>, call: &str, number: usize) {
    match call {
        "fetch" => {
            let email = Email::new(format!("customer-{}@example.com", number % 1_000 + 1));
            let fetch = FetchCustomer::new(email.unwrap());
            client.send(fetch).await.unwrap();
        }
        "create" => {
            let email = Email::new(format!("new-{number}@example.com")).unwrap();
            client.send(CreateCustomer::new(email)).await.unwrap();
        }
        _ => {
            let list = ListCustomers::new().per_page(50);
            client.send(list.start(Position::Page(1))).await.unwrap();
        }
    }
}

fn resident_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = line.unwrap().trim_end_matches("kB").trim().parse().unwrap();
    kib / 1_024.0
}
