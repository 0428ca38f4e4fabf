//! The axum handler of `docs/webhooks.md`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use paystack_webhook::{VerifiedEvent, Verifier};
use tokio::sync::mpsc::Sender;

pub struct Webhooks {
    pub verifier: Verifier,
    pub queue: Sender<VerifiedEvent>,
}

pub fn router(webhooks: Arc<Webhooks>) -> Router {
    Router::new()
        .route("/paystack", post(receive))
        .layer(DefaultBodyLimit::max(Verifier::BODY_LIMIT)) // 413 above it
        .with_state(webhooks)
}

async fn receive(
    State(webhooks): State<Arc<Webhooks>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match webhooks.verifier.verify_parts(&headers, &body) {
        Ok(event) => match webhooks.queue.try_send(event) {
            Ok(()) => StatusCode::OK,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE, // Paystack sends it again
        },
        Err(error) => error.status(),
    }
}
