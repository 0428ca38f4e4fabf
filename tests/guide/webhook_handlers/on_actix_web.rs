//! The actix-web handler of `docs/webhooks.md`.

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse, Resource, web};
use paystack_webhook::{SIGNATURE_HEADER, VerifiedEvent, Verifier};
use tokio::sync::mpsc::Sender;

pub struct Webhooks {
    pub verifier: Verifier,
    pub queue: Sender<VerifiedEvent>,
}

pub fn resource(webhooks: web::Data<Webhooks>) -> Resource {
    web::resource("/paystack")
        .app_data(webhooks)
        .app_data(web::PayloadConfig::new(Verifier::BODY_LIMIT)) // 413 above it
        .route(web::post().to(receive))
}

async fn receive(
    webhooks: web::Data<Webhooks>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let signature = request.headers().get(SIGNATURE_HEADER.as_str());
    let signature = signature.map_or(&b""[..], HeaderValue::as_bytes); // 401 if it is missing
    let status = match webhooks.verifier.verify_signature(signature, &body) {
        Ok(event) => match webhooks.queue.try_send(event) {
            Ok(()) => 200,
            Err(_) => 503, // Paystack sends it again
        },
        Err(error) => error.status().as_u16(),
    };
    // actix-web has the status type of `http` 0.2, so convert the status by number.
    HttpResponse::new(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
}
