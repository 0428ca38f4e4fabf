//! A service with axum: a sign-up with a deadline, the webhook, readiness and a graceful shutdown.
//!
//! `docs/services.md` has the commands that build it in an empty folder.

mod shutdown;
mod sign_up;
#[cfg(test)]
mod tests;

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use paystack_hyper::{Client, HyperTransport, Mode, SecretKey, api_from_env};
use paystack_webhook::{VerifiedEvent, Verifier};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use self::sign_up::{SignUp, SignUps};

/// How long the open requests, and then the queued events, may take after a signal.
const LONGEST_SHUTDOWN: Duration = Duration::from_secs(10);

struct Shop {
    sign_ups: SignUps,
    verifier: Verifier,
    events: Sender<VerifiedEvent>,
}

fn router(shop: Shop) -> Router {
    let webhook = post(webhook).layer(DefaultBodyLimit::max(Verifier::BODY_LIMIT));
    Router::new()
        .route("/sign-up", post(sign_up))
        .route("/paystack", webhook)
        .route("/ready", get(ready))
        .with_state(Arc::new(shop))
}

async fn sign_up(State(shop): State<Arc<Shop>>, Json(form): Json<SignUp>) -> Response {
    let response = shop.sign_ups.sign_up(form).await;
    let mut headers = HeaderMap::new();
    if let Some(wait) = response.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait));
    }
    let status = StatusCode::from_u16(response.status);
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, headers, response.text).into_response()
}

async fn webhook(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match shop.verifier.verify_parts(&headers, &body) {
        Ok(event) => match shop.events.try_send(event) {
            Ok(()) => StatusCode::OK,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE, // Paystack sends it again
        },
        Err(error) => error.status(),
    }
}

async fn ready(State(shop): State<Arc<Shop>>) -> StatusCode {
    match shop.sign_ups.is_ready() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let api = api_from_env()?;
    if api.mode() == Mode::Live {
        return Err("this is a live key; remove this check to go live".into());
    }
    // The verifier needs the key, which `Api` does not return.
    let key = SecretKey::new(std::env::var("PAYSTACK_SECRET_KEY")?)?;
    let (events, mut queue) = channel(1_000);
    let worker = tokio::spawn(async move {
        while let Some(event) = queue.recv().await {
            println!("{event:?}");
        }
    });
    let shop = Shop {
        verifier: Verifier::new(&key),
        sign_ups: SignUps::new(Client::new(api, Arc::new(HyperTransport::new()))),
        events,
    };
    let shutdown = shutdown::signal()?;
    let address = std::env::var("ADDRESS").unwrap_or("127.0.0.1:3000".into());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    serve(listener, router(shop), shutdown, LONGEST_SHUTDOWN).await?;
    // The events that are still in the queue. A request that did not end keeps the queue open.
    match timeout(LONGEST_SHUTDOWN, worker).await {
        Ok(ended) => ended?,
        Err(_) => eprintln!("requests did not end in time; events may be lost"),
    }
    Ok(())
}

/// Serves until the shutdown, and then ends the open requests: within this time, because a client may stall.
async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    longest_shutdown: Duration,
) -> io::Result<()> {
    let (begin, begun) = oneshot::channel();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        shutdown.await;
        let _ = begin.send(());
    });
    let late = async {
        let _ = begun.await;
        sleep(longest_shutdown).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = late => Ok(()),
    }
}
