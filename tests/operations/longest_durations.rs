//! `Duration::MAX` in every timer and setting: no transport panics or returns early.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::HttpConnector;
use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_tests::transports::attohttpc::AttoHttpc;
use paystack_tests::transports::{
    compio, fetch_at, local_tokio, smol, std_exchange, std_socket, tokio_runtime, tower,
};
use paystack_tests::values::{api, email, unlimited};
use paystack_transport::customers::{BankAccount, CreateCustomer, ListCustomers, ValidateCustomer};
use paystack_transport::local::{LocalClient, LocalTimer, LocalTransport};
use paystack_transport::{
    BlockingClient, BlockingTransport, Call, Client, ErrorKind, Mode, RateLimitGroup, RateLimiter,
    Sent, Settings, SharedRateLimiter, Step, TransportError, TransportErrorKind,
};
use paystack_ureq::UreqTransport;

use crate::transports::Served;

const MAX: Duration = Duration::MAX;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn longest_sleep_is_pending_on_every_runtime() {
    tokio_runtime().block_on(async {
        sleeps(&HyperTransport::new()).await;
        sleeps(&local_tokio::LocalTokio::new()).await;
        sleeps(&tower::hyper_with_layers(MAX)).await;
        sleeps(&tower::reqwest(MAX)).await;
        sleeps(&tower::TokioTimer::new()).await;
    });
    ::smol::block_on(sleeps(&smol::SmolTransport::new()));
    let runtime = ::compio::runtime::Runtime::new().unwrap();
    runtime.block_on(sleeps(&compio::CompioTransport::new()));
}

/// Polls a sleep of `Duration::MAX` once.
async fn sleeps(timer: &impl LocalTimer) {
    let mut sleeping = timer.sleep(MAX);
    poll_fn(|context| {
        assert!(sleeping.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[test]
fn longest_sleep_blocks_its_thread() {
    blocks(UreqTransport::new());
    blocks(AttoHttpc(Instant::now()));
}

/// Leaves the sleeping thread behind: it ends with the process.
fn blocks(transport: impl BlockingTransport + Send + 'static) {
    let (sleeping, ended) = channel::<()>();
    thread::spawn(move || {
        // A panic, or the end of the sleep, drops it.
        let _sleeping = sleeping;
        transport.sleep(MAX);
    });
    let ended = ended.recv_timeout(Duration::from_millis(50));
    assert_eq!(ended, Err(RecvTimeoutError::Timeout));
}

#[test]
fn longest_settings_carry_a_call_on_every_runtime() {
    let panics = panics_on_this_thread();
    let served = Served::start();
    let runtime = tokio_runtime();
    let hyper = || {
        HyperTransport::builder()
            .connect_timeout(MAX)
            .idle_timeout(MAX)
    };
    runtime.block_on(async {
        lists(&served, hyper().tcp_keepalive(MAX).build().unwrap()).await;
        let connector = HttpConnector::new();
        lists(&served, hyper().connector(connector).build().unwrap()).await;
        lists(&served, tower::hyper_with_layers(MAX)).await;
        lists(&served, tower::reqwest(MAX)).await;
        lists(&served, local_tokio::LocalTokio::new()).await;
    });
    ::smol::block_on(lists(&served, smol::SmolTransport::new()));
    let runtime = ::compio::runtime::Runtime::new().unwrap();
    runtime.block_on(lists(&served, compio::CompioTransport::new()));
    std_socket::StdSocket::new(served.api())
        .send(ListCustomers::new())
        .unwrap();
    assert_eq!(panics.load(Relaxed), 0, "a task has panicked");
}

/// Counts the panics on this thread, of detached tasks as well.
fn panics_on_this_thread() -> Arc<AtomicUsize> {
    let panics = Arc::<AtomicUsize>::default();
    let (counted, this) = (Arc::clone(&panics), thread::current().id());
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == this {
            counted.fetch_add(1, Relaxed);
        }
        hook(panic);
    }));
    panics
}

async fn lists(served: &Served, transport: impl LocalTransport) {
    let client = LocalClient::new(served.api(), transport).with_settings(longest());
    client.send(ListCustomers::new()).await.unwrap();
}

fn longest() -> Settings {
    let settings = Settings::new().attempt_timeout(MAX).deadline(MAX);
    settings.backoff(MAX, MAX)
}

#[test]
fn longest_limits_carry_a_blocking_request() {
    let served = Served::start();
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(MAX))
        .timeout_per_call(Some(MAX))
        .timeout_resolve(Some(MAX))
        .timeout_connect(Some(MAX))
        .timeout_send_request(Some(MAX))
        .timeout_await_100(Some(MAX))
        .timeout_send_body(Some(MAX))
        .timeout_recv_response(Some(MAX))
        .timeout_recv_body(Some(MAX))
        .timeout_per_read(Some(MAX))
        .timeout_per_write(Some(MAX))
        .max_idle_age(MAX)
        .proxy(None)
        .build();
    let ureq = UreqTransport::builder().config(config).build().unwrap();
    let default = UreqTransport::new();
    let attohttpc = AttoHttpc(Instant::now());
    let request = fetch_at(served.server.address());
    let named = {
        // A name to look up, so that the time-out of the look-up counts.
        let mut request = request.clone();
        let uri = request.uri().to_string().replace("127.0.0.1", "localhost");
        *request.uri_mut() = uri.parse().unwrap();
        request
    };
    for within in [None, Some(MAX)] {
        for request in [&request, &named] {
            for response in [
                ureq.send(request.clone(), within),
                default.send(request.clone(), within),
                attohttpc.send(request.clone(), within),
                std_exchange::exchange(request, within),
            ] {
                assert_eq!(response.unwrap().status(), 404);
            }
        }
    }
    let client = BlockingClient::new(served.api(), ureq).with_settings(longest());
    client.send(ListCustomers::new()).unwrap();
}

#[test]
fn sandbox_works_at_the_end_of_time() {
    let sandbox = SandboxTransport::new(Sandbox::new(1));
    sandbox.advance(MAX);
    let client = Client::new(api(), sandbox.clone()).with_rate_limiter(unlimited());
    tokio_runtime().block_on(async {
        LocalTimer::sleep(&sandbox, MAX).await;
        // No time is left for a call with a deadline.
        let limited = client.with_settings(longest());
        let late = limited.send(ListCustomers::new()).await.unwrap_err();
        assert!(matches!(late.kind(), ErrorKind::Deadline), "{late}");
        let client = client.with_settings(Settings::new().deadline(None));
        let create = CreateCustomer::new(email("ada@example.com"));
        let ada = client.send(create).await.unwrap().data.customer_code;
        let validate = ValidateCustomer::new(ada, BankAccount::test_credential());
        client.send(validate).await.unwrap();
        let list = client.send(ListCustomers::new()).await.unwrap();
        assert_eq!(list.data.len(), 1);
    });
    let served = Served::start();
    served.server.advance(MAX);
    let client = BlockingClient::new(served.api(), UreqTransport::new());
    client.send(ListCustomers::new()).unwrap();
}

#[test]
fn call_at_the_end_of_time_waits_at_most_a_day() {
    let api = api();
    for limiter in [
        RateLimiter::new(Mode::Test, 7),
        RateLimiter::new(Mode::Test, 7).with_limit(1),
    ] {
        let mut limiter = limiter;
        for now in [MAX, Duration::ZERO, MAX, MAX - DAY] {
            limiter.status(RateLimitGroup::DEFAULT, now);
            let mut call = Call::new(&api, ListCustomers::new(), longest());
            for _ in 0..4 {
                match call.step(&mut limiter, now) {
                    Step::Send {
                        within, attempt, ..
                    } => {
                        assert!(within.is_some_and(|within| within <= DAY), "{within:?}");
                        let lost = TransportError::new(TransportErrorKind::Connect, Sent::No);
                        call.handle_error(attempt, lost);
                    }
                    Step::Wait(wait) => assert!(wait <= DAY, "{wait:?}"),
                    Step::Done(result) => drop(result),
                }
            }
        }
    }
    let shared = SharedRateLimiter::new(RateLimiter::new(Mode::Test, 7), || MAX);
    shared.status(RateLimitGroup::DEFAULT, MAX);
}
