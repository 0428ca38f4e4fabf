//! A dropped call releases its connection, its task, its place in the queue and its retry budget.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use paystack_tests::http2::{DATA, END_HEADERS, HEADERS, NO_FLAGS, OK, frame};
use paystack_tests::network::paused;
use paystack_tests::values::{api, unlimited};
use paystack_transport::bytes::Bytes;
use paystack_transport::{
    Client, Mode, RateLimiter, Timer, Transport, TransportError, async_trait, http,
};
use tokio::runtime::Handle;
use tokio::task::yield_now;

use crate::http2_server::Http2;
use crate::kinds::response;
use crate::sending::{self, CUSTOMER, fetch};
use crate::server::{Act, Server, Then, Use};
use crate::tls::Handshake;

/// More polls than any call here needs to end.
const POLLS: usize = 40;

/// More calls than the retry budget allows.
const TIMES: usize = 150;

/// Polls a call this often, and lets other tasks run in between. Returns whether it ended.
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

/// Servers, by their state when the client drops the call.
fn servers() -> Vec<(&'static str, Act)> {
    const STALLED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{";
    let http2 = |response| {
        Act::Http2(Http2 {
            response,
            again: None,
            then_hangs_up: false,
            answers_pings: true,
        })
    };
    vec![
        ("connecting", Act::Vanish),
        ("in the TLS handshake", Act::Tls(Handshake::Stalls)),
        ("no response", Act::Respond(Vec::new(), Then::Stall)),
        ("in the body", Act::Respond(STALLED.to_vec(), Then::Stall)),
        (
            "unavailable",
            Act::Respond(response("503 Service Unavailable", "", ""), Then::GoOn),
        ),
        (
            "responded",
            Act::Respond(response("200 OK", "", CUSTOMER), Then::GoOn),
        ),
        ("HTTP/2, no response", http2(|_| Vec::new())),
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
fn dropped_call_leaves_no_connection_and_no_task() {
    for (name, act) in servers() {
        for connection in [Use::Fresh, Use::Reused] {
            let mut has_ended = false;
            for times in 0..POLLS {
                let dropped = dropped_after(name, act.clone(), connection, times);
                has_ended = paused().block_on(dropped);
            }
            // Otherwise `POLLS` misses the last polls of a call.
            if name == "responded" {
                assert!(has_ended, "{connection:?}: {POLLS} polls are too few");
            }
        }
    }
}

/// Returns whether the call ended before it was dropped.
async fn dropped_after(name: &str, act: Act, connection: Use, times: usize) -> bool {
    let case = format!("{name}, {connection:?}, dropped after {times} polls");
    let is_shared = matches!(act, Act::Http2(_));
    let server = Server::new(act, connection);
    let client = crate::client(&server, RateLimiter::new(Mode::Test, 7));
    if let Use::Reused = connection {
        sending::warm_up(&client).await;
        settle().await;
    }
    let arrived = server.requests();
    let ended = polled(client.send(fetch()), times).await;
    settle().await;
    // The client keeps the connection, unless its response is still incomplete.
    let is_stalled =
        !ended && server.requests() > arrived && matches!(name, "no response" | "in the body");
    let kept = u64::from(!is_stalled);
    assert!(
        server.connections() <= kept,
        "{case}: {} connections",
        server.connections()
    );

    server.remove_fault();
    let next = tokio::time::timeout(Duration::from_secs(1), client.send(fetch())).await;
    assert!(next.is_ok_and(|next| next.is_ok()), "{case}: the next call");
    if is_shared {
        assert!(
            server.connections() <= 1,
            "{case}: calls over HTTP/2 share one connection"
        );
    }

    drop(client);
    settle().await;
    assert_eq!(server.connections(), 0, "{case}: connections");
    assert_eq!(
        Handle::current().metrics().num_alive_tasks(),
        0,
        "{case}: tasks"
    );
    ended
}

/// Waits until all data has arrived. No time-out is shorter.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

/// Refuses some requests. Each operation takes one poll. Counts the futures in progress.
#[derive(Clone, Default)]
struct Counted {
    under_way: Arc<AtomicU64>,
    /// The number of requests still to refuse.
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
fn dropped_call_returns_its_retry_budget() {
    // Polls after which a refused call waited for its retry.
    let mut waited = 0;
    for times in 0..POLLS {
        paused().block_on(async {
            let transport = Counted::default();
            let client = Client::new(api(), transport.clone()).with_rate_limiter(unlimited());
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
            // Only retries that the client made cost budget.
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
fn dropped_call_returns_its_place_in_the_queue() {
    for times in 0..POLLS {
        paused().block_on(async {
            let transport = Counted::default();
            let limiter = RateLimiter::new(Mode::Test, 7).with_limit(600);
            let client = Client::new(api(), transport.clone()).with_rate_limiter(limiter);
            // Fills the window: after one call has waited, all others must wait.
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
