//! A call that is dropped at any point leaves nothing behind: no connection, no task, no place in the
//! queue, and nothing of the budget for retries is gone.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::customers::FetchCustomer;
use paystack_client::{
    Api, Client, CustomerCode, Domain, Pace, SecretKey, Timer, Transport, TransportError,
    async_trait, http,
};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::yield_now;

use crate::http2::{DATA, END_HEADERS, HEADERS, Http2, NO_FLAGS, OK, frame};
use crate::kinds::answer;
use crate::operations::{self, CUSTOMER};
use crate::server::{Act, Server, Then, Use};
use crate::tls::Handshake;

/// More than any call here is polled before it ends or only waits.
const POLLS: usize = 40;

/// More than the budget would pay for, were it not given back.
const TIMES: usize = 150;

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

pub fn paused() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

/// Polls a call so often, with all others having their turn in between. Whether it ended.
async fn polled(call: impl Future, times: usize) -> bool {
    let mut call = pin!(call);
    for _ in 0..times {
        let mut context = Context::from_waker(Waker::noop());
        if call.as_mut().poll(&mut context).is_ready() {
            return true;
        }
        yield_now().await;
    }
    false
}

/// What a server is at when the call is dropped.
fn servers() -> Vec<(&'static str, Act)> {
    const STALLED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";
    let http2 = |answer| {
        Act::Http2(Http2 {
            answer,
            again: None,
            then_hangs_up: false,
            answers_pings: true,
        })
    };
    vec![
        ("connecting", Act::Vanish),
        ("in the TLS handshake", Act::Tls(Handshake::Stalls)),
        ("no answer", Act::Answer(Vec::new(), Then::Stall)),
        ("in the body", Act::Answer(STALLED.to_vec(), Then::Stall)),
        (
            "unavailable",
            Act::Answer(answer("503 Service Unavailable", "", ""), Then::GoOn),
        ),
        (
            "answered",
            Act::Answer(answer("200 OK", "", CUSTOMER), Then::GoOn),
        ),
        ("HTTP/2, no answer", http2(|_| Vec::new())),
        (
            "HTTP/2, in the body",
            http2(|id| {
                [
                    frame(HEADERS, END_HEADERS, id, OK),
                    frame(DATA, NO_FLAGS, id, b"{"),
                ]
                .concat()
            }),
        ),
    ]
}

#[test]
fn a_dropped_call_leaves_no_connection_and_no_task() {
    for (name, act) in servers() {
        for connection in [Use::Fresh, Use::Reused] {
            for times in 0..POLLS {
                paused().block_on(dropped_after(name, act.clone(), connection, times));
            }
        }
    }
}

async fn dropped_after(name: &str, act: Act, connection: Use, times: usize) {
    let case = format!("{name}, {connection:?}, dropped after {times} polls");
    let is_shared = matches!(act, Act::Http2(_));
    let server = Server::new(act, connection);
    let client = crate::client(&server, Pace::new(Domain::Test, 7));
    if let Use::Reused = connection {
        operations::warm_up(&client).await;
        settle().await;
    }
    let arrived = server.requests();
    let ended = polled(client.send(fetch()), times).await;
    settle().await;
    // A connection is kept for the next call, but for one with an answer that is still to come.
    let is_stalled =
        !ended && server.requests() > arrived && matches!(name, "no answer" | "in the body");
    let kept = u64::from(!is_stalled);
    assert!(
        server.connections() <= kept,
        "{case}: {} connections",
        server.connections()
    );

    server.mend();
    let next = tokio::time::timeout(Duration::from_secs(1), client.send(fetch())).await;
    assert!(next.is_ok_and(|next| next.is_ok()), "{case}: the next call");
    if is_shared {
        assert!(server.connections() <= 1, "{case}: HTTP/2 shares one");
    }

    drop(client);
    settle().await;
    assert_eq!(server.connections(), 0, "{case}: connections");
    assert_eq!(
        Handle::current().metrics().num_alive_tasks(),
        0,
        "{case}: tasks"
    );
}

/// Long enough for everything that is on its way, and shorter than any time-out.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Refuses each request or not, and takes a poll for everything. It counts what is under way.
#[derive(Clone, Default)]
struct Counted {
    under_way: Arc<AtomicU64>,
    /// How many requests are refused yet.
    refuses: Arc<AtomicU64>,
    slept: Arc<AtomicU64>,
}

struct UnderWay<'a>(&'a AtomicU64);

impl<'a> UnderWay<'a> {
    fn new(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Timer for Counted {
    async fn sleep(&self, duration: Duration) {
        let _under_way = UnderWay::new(&self.under_way);
        yield_now().await;
        let millis = duration.as_micros().div_ceil(1000).try_into().unwrap();
        self.slept.fetch_add(millis, Ordering::SeqCst);
    }

    fn now(&self) -> Duration {
        Duration::from_millis(self.slept.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Transport for Counted {
    async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let _under_way = UnderWay::new(&self.under_way);
        let refuses = &self.refuses;
        let refused = refuses.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        yield_now().await;
        if refused.is_err() {
            return Ok(http::Response::new(Bytes::from_static(CUSTOMER.as_bytes())));
        }
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
        Ok(response)
    }
}

#[test]
fn a_dropped_call_gives_back_what_it_held_of_the_budget() {
    // At how many points a call had been refused and waited for its retry.
    let mut waited = 0;
    for times in 0..POLLS {
        paused().block_on(async {
            let transport = Counted::default();
            let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
            let pace = Pace::new(Domain::Test, 7).without_limit();
            let client = Client::with_pace(api, transport.clone(), pace);
            transport.refuses.store(u64::MAX, Ordering::SeqCst);
            for _ in 0..TIMES {
                polled(client.send(fetch()), times).await;
                assert_eq!(
                    transport.under_way.load(Ordering::SeqCst),
                    0,
                    "{times} polls"
                );
            }
            let refused = u64::MAX - transport.refuses.swap(1, Ordering::SeqCst);
            // Retries that were made cost the budget. Those that were only paid for do not.
            let retried = refused > TIMES as u64;
            let next = client.send(fetch()).await;
            assert!(
                next.is_ok() != retried,
                "{times} polls, {refused} refused: {next:?}"
            );
            if refused == TIMES as u64 {
                waited += 1;
            }
        });
    }
    assert!(waited > 0);
}

#[test]
fn a_dropped_call_gives_back_its_place_in_the_queue() {
    for times in 0..POLLS {
        paused().block_on(async {
            let transport = Counted::default();
            let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
            let pace = Pace::new(Domain::Test, 7).with_limit(600);
            let client = Client::with_pace(api, transport.clone(), pace);
            // Once one has waited, all others have to.
            while transport.now().is_zero() {
                client.send(fetch()).await.unwrap();
            }
            for _ in 0..TIMES {
                polled(client.send(fetch()), times).await;
            }
            let before = transport.now();
            client.send(fetch()).await.unwrap();
            let waited = transport.now() - before;
            assert!(waited < Duration::from_secs(1), "{times} polls: {waited:?}");
        });
    }
}
