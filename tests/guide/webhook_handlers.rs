//! The webhook handlers of the guide respond with the right status.

mod on_actix_web;
mod on_axum;

use std::sync::Arc;

use actix_web::{App, test as actix_test, web};
use axum::body::Body;
use axum::http::Request;
use paystack_webhook::{SIGNATURE_HEADER, SecretKey, VerifiedEvent, Verifier, sign};
use tokio::sync::mpsc::{Receiver, channel};
use tower::ServiceExt;

use crate::pages::assert_program_equals;

const BODY: &str = r#"{"event":"transfer.success","data":{}}"#;

fn key() -> SecretKey {
    SecretKey::new("sk_test_3f2a9c").unwrap()
}

/// Returns the signature header that Paystack sends with this body.
fn signature(body: &[u8]) -> Option<String> {
    Some(sign(&key(), body).to_str().unwrap().into())
}

/// Sends requests to a handler, and expects the statuses that the guide documents.
///
/// `status` sends a signature and a body. `events` is the queue of the handler, with room for one event.
async fn assert_documented_statuses(
    mut events: Receiver<VerifiedEvent>,
    status: impl AsyncFn(Option<String>, Vec<u8>) -> u16,
) {
    let right = signature(BODY.as_bytes());
    let upper = right.as_ref().map(|right| right.to_uppercase());
    let large = vec![b' '; Verifier::BODY_LIMIT + 1];
    for (name, signature, body, expected) in [
        ("unsigned", None, BODY.into(), 401),
        ("empty", Some(String::new()), BODY.into(), 401),
        ("tampered", right.clone(), b"{}".into(), 401),
        ("wrong", Some("0".repeat(128)), BODY.into(), 401),
        ("short", Some("00".into()), BODY.into(), 400),
        ("upper case", upper, BODY.into(), 400),
        ("large, unsigned", None, large.clone(), 413),
        ("large, signed", signature(&large), large, 413),
    ] {
        assert_eq!(status(signature, body).await, expected, "{name}");
        assert!(events.try_recv().is_err(), "{name}");
    }
    let largest = vec![b' '; Verifier::BODY_LIMIT];
    assert_eq!(status(signature(&largest), largest.clone()).await, 200);
    assert_eq!(events.try_recv().unwrap().body(), &largest);
    assert_eq!(status(right.clone(), BODY.into()).await, 200);
    let full = status(right, BODY.into()).await;
    assert_eq!(full, 503, "the queue must be full");
    assert_eq!(events.try_recv().unwrap().body(), BODY);
}

#[tokio::test]
async fn axum_handler_responds_with_the_documented_statuses() {
    let (queue, events) = channel(1);
    let router = on_axum::router(Arc::new(on_axum::Webhooks {
        verifier: Verifier::new(&key()),
        queue,
    }));
    let status = async |signature: Option<String>, body: Vec<u8>| {
        let mut request = Request::post("/paystack");
        if let Some(signature) = signature {
            request = request.header(SIGNATURE_HEADER, signature);
        }
        let request = request.body(Body::from(body)).unwrap();
        router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_documented_statuses(events, status).await;
}

#[tokio::test]
async fn actix_web_handler_responds_with_the_documented_statuses() {
    let (queue, events) = channel(1);
    let webhooks = web::Data::new(on_actix_web::Webhooks {
        verifier: Verifier::new(&key()),
        queue,
    });
    let app = App::new().service(on_actix_web::resource(webhooks));
    let app = actix_test::init_service(app).await;
    let status = async |signature: Option<String>, body: Vec<u8>| {
        let mut request = actix_test::TestRequest::post().uri("/paystack");
        if let Some(signature) = signature {
            request = request.insert_header((SIGNATURE_HEADER.as_str(), signature));
        }
        let request = request.set_payload(body).to_request();
        let response = actix_test::call_service(&app, request).await;
        response.status().as_u16()
    };
    assert_documented_statuses(events, status).await;
}

#[test]
fn axum_handler_in_the_guide_equals_the_tested_file() {
    let page = include_str!("../../docs/webhooks.md");
    let file = include_str!("webhook_handlers/on_axum.rs");
    assert_program_equals(page, "# Webhooks\n", file);
}
