//! A webhook server as in production: it verifies, responds at once, drops repeated deliveries, and
//! processes events afterwards.
//!
//! ```sh
//! cargo run -p paystack-sandbox --features server -- --webhook-url http://127.0.0.1:4020/paystack
//! PAYSTACK_SECRET_KEY=sk_test_any PAYSTACK_BASE_URL=http://127.0.0.1:4010 cargo run --example webhook_server
//! ```
//!
//! Without `PAYSTACK_BASE_URL`, it fetches the customers from Paystack.
#![allow(clippy::print_stdout, reason = "the program prints each event")]

use std::collections::{HashSet, VecDeque};
use std::error::Error;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;
use http_body_util::LengthLimitError;
use paystack_hyper::customers::{Customer, FetchCustomer};
use paystack_hyper::{Client, Mode, SecretKey, Transport};
use paystack_webhook::{DeliveryDigest, Event, VerifiedEvent, Verifier};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

/// The time limit for reading a request. Paystack waits 30 s for the response.
const READ_WITHIN: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = paystack_hyper::client_from_env()?;
    if client.api().mode() == Mode::Live {
        return Err("this is a live key; the example only runs in test mode".into());
    }
    // The verifier needs the key, which `Api` does not return.
    let key = SecretKey::new(std::env::var("PAYSTACK_SECRET_KEY")?)?;
    let (router, mut events) = receiver(Verifier::new(&key), 1_000);
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            println!("{event:?}");
            match work_until_done(&client, &event).await {
                Ok(Some(customer)) => {
                    let identified = customer.identified.unwrap_or(false);
                    println!("{}, identified: {identified}", customer.customer_code);
                }
                Ok(None) => println!("nothing to do"),
                Err(error) => println!("for a person to look at: {error}"),
            }
        }
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 4020)).await?;
    println!("http://{}/paystack", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Processes an event, and retries while the error is retryable, with waits of up to a minute.
///
/// The server has responded with 200, so Paystack does not redeliver the event. Other events wait in the
/// queue. Once the queue is full, the server responds with 503, and Paystack redelivers those events.
pub async fn work_until_done<T: Transport>(
    client: &Client<T>,
    event: &VerifiedEvent,
) -> Result<Option<Customer>, Box<dyn Error + Send + Sync>> {
    let mut wait = Duration::from_secs(1);
    loop {
        let error = match work(client, event).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let failed_call = error.downcast_ref::<paystack_hyper::Error>();
        if !failed_call.is_some_and(paystack_hyper::Error::is_retryable) {
            return Err(error);
        }
        println!("again in {wait:?}: {error}");
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(Duration::from_secs(60));
    }
}

/// Processes an event after the response. The event is a notification; a fetch returns the current state.
pub async fn work<T: Transport>(
    client: &Client<T>,
    event: &VerifiedEvent,
) -> Result<Option<Customer>, Box<dyn Error + Send + Sync>> {
    let customer = match event.event()? {
        known @ (Event::CustomerIdentificationSucceeded(_)
        | Event::CustomerIdentificationFailed(_)
        | Event::DirectDebitAuthorizationCreated(_)
        | Event::DirectDebitAuthorizationActive(_)) => known.customer(),
        _ => None,
    };
    let Some(customer) = customer else {
        return Ok(None);
    };
    let reply = client.send(FetchCustomer::new(customer)).await?;
    Ok(Some(reply.data))
}

/// Returns a router for `POST /paystack`, and a queue of at most `waiting` accepted events.
///
/// A crash loses the queued events, and Paystack does not redeliver them after a 200. To keep them, store
/// each body in your database under its digest instead. A unique index on the digest then rejects repeated
/// deliveries for all processes.
pub fn receiver(verifier: Verifier, waiting: usize) -> (Router, mpsc::Receiver<VerifiedEvent>) {
    let (queue, events) = mpsc::channel(waiting);
    let receiver = Receiver {
        verifier,
        queue,
        seen: Mutex::default(),
    };
    let router = Router::new().route("/paystack", post(receive));
    (router.with_state(Arc::new(receiver)), events)
}

struct Receiver {
    verifier: Verifier,
    queue: mpsc::Sender<VerifiedEvent>,
    seen: Mutex<Seen>,
}

async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    // Limits the size of the body and the time to read it. The proxy before this server must limit the
    // headers.
    let body = match timeout(READ_WITHIN, to_bytes(body, Verifier::BODY_LIMIT)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => {
            let too_large = error
                .source()
                .is_some_and(|source| source.is::<LengthLimitError>());
            return match too_large {
                true => StatusCode::PAYLOAD_TOO_LARGE,
                false => StatusCode::BAD_REQUEST,
            };
        }
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let request = Request::from_parts(head, body);
    let event = match receiver.verifier.verify(&request) {
        Ok(event) => event,
        Err(error) => return error.status(),
    };
    // The queue is full, and Paystack redelivers the event later. Its digest is not stored, so that the
    // server accepts it then.
    let Ok(place) = receiver.queue.try_reserve() else {
        return StatusCode::SERVICE_UNAVAILABLE;
    };
    let mut seen = receiver.seen.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.is_new(event.digest(), Instant::now()) {
        place.send(event);
    }
    StatusCode::OK
}

/// The replay guard: the digests of recent deliveries, limited in age and number.
#[derive(Default)]
struct Seen {
    digests: HashSet<DeliveryDigest>,
    order: VecDeque<(Instant, DeliveryDigest)>,
}

impl Seen {
    /// An hour longer than Paystack redelivers a webhook.
    ///
    /// A longer time would drop new events: two failures of the same validation have equal bodies.
    const KEEP_FOR: Duration = Duration::from_secs(73 * 3600);

    /// Limits the memory to about a megabyte.
    const KEEP_AT_MOST: usize = 10_000;

    fn is_new(&mut self, digest: DeliveryDigest, now: Instant) -> bool {
        while let Some((since, oldest)) = self.order.front().copied() {
            let expired = now.saturating_duration_since(since) > Self::KEEP_FOR;
            if !expired && self.order.len() < Self::KEEP_AT_MOST {
                break;
            }
            self.order.pop_front();
            self.digests.remove(&oldest);
        }
        let is_new = self.digests.insert(digest);
        if is_new {
            self.order.push_back((now, digest));
        }
        is_new
    }
}
