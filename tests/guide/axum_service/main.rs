//! The service of `docs/axum-service.md`.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::routing::{get, post};
use axum::{Json, Router};
use paystack_hyper::customers::CreateCustomer;
use paystack_hyper::{Api, Client, Email, Error, HyperTransport, Mode, Outcome};
use paystack_hyper::{RateLimitGroup, SecretKey, Settings, Transport};
use paystack_webhook::{VerifiedEvent, Verifier};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{Sender, channel};

#[cfg(test)]
mod tests;

/// A sign-up waits this long for Paystack: with all attempts, and in the queue for the rate limit.
const DEADLINE: Duration = Duration::from_secs(5);

/// A queue of this length takes half of the deadline: live mode admits 600 requests a minute.
const LONGEST_QUEUE: usize = 25;

struct Shop {
    /// `Arc<dyn Transport>`, so that the tests can use another transport.
    paystack: Client<Arc<dyn Transport>>,
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

#[derive(Deserialize)]
struct SignUp {
    email: String,
    first_name: String,
}

/// The response for the customer.
type Page = (StatusCode, HeaderMap, String);

async fn sign_up(State(shop): State<Arc<Shop>>, Json(form): Json<SignUp>) -> Page {
    let paystack = shop.paystack.with_settings(Settings::new().deadline(DEADLINE));
    let created = async {
        let create = CreateCustomer::new(Email::new(form.email)?).first_name(form.first_name);
        paystack.send(create).await
    };
    match created.await {
        Ok(reply) => {
            let code = reply.data.customer_code.to_string();
            (StatusCode::CREATED, HeaderMap::new(), code)
        }
        Err(error) => {
            eprintln!("{error}"); // one line without personal data
            page(&error)
        }
    }
}

/// What a customer should know about an error.
fn page(error: &Error) -> Page {
    let is_invalid = matches!(error.kind(), paystack_hyper::ErrorKind::InvalidInput(_));
    let (status, text) = match error.outcome() {
        _ if is_invalid || error.is_validation() => {
            (StatusCode::UNPROCESSABLE_ENTITY, "Please check your e-mail address.")
        }
        // Paystack is busy or down. The customer may try again.
        Outcome::NotProcessed if error.is_retryable() => {
            (StatusCode::SERVICE_UNAVAILABLE, "We are busy. Please try again in a minute.")
        }
        // A wrong key, for example: for us to fix.
        Outcome::NotProcessed => {
            (StatusCode::INTERNAL_SERVER_ERROR, "We cannot sign you up. We are looking into it.")
        }
        // The account may exist: find out later, and do not ask the customer to try again.
        _ => (StatusCode::ACCEPTED, "We are creating your account, and will write to you."),
    };
    let mut headers = HeaderMap::new();
    if let Some(wait) = error.retry_after() {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().saturating_add(1)));
    }
    (status, headers, text.to_owned())
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

/// Whether a new sign-up would reach Paystack within the deadline.
async fn ready(State(shop): State<Arc<Shop>>) -> StatusCode {
    let limiter = shop.paystack.rate_limiter();
    match limiter.queue_length(RateLimitGroup::DEFAULT) < LONGEST_QUEUE {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let key = SecretKey::new(std::env::var("PAYSTACK_SECRET_KEY")?)?;
    if key.mode() == Mode::Live {
        return Err("this is a live key; remove this check to go live".into());
    }
    let (events, mut queue) = channel(1_000);
    let worker = tokio::spawn(async move {
        while let Some(event) = queue.recv().await {
            println!("{event:?}");
        }
    });
    let shop = Shop {
        verifier: Verifier::new(&key),
        paystack: Client::new(Api::new(key), Arc::new(HyperTransport::new())),
        events,
    };
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let server = axum::serve(listener, router(shop));
    server.with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) }).await?;
    worker.await?; // the events that are still in the queue
    Ok(())
}
