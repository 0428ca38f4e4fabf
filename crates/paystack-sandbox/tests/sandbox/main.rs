//! Behaviour of the sandbox that the operations of the SDK do not show.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod customers;
mod description;
mod faults;
mod mandates;
#[path = "../support/openapi_description.rs"]
mod openapi_description;
mod refusals;
mod requests;
mod state;
mod webhooks;

use bytes::Bytes;
use http::Request;
use paystack_sandbox::Sandbox;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

/// Creates a request with a secret key.
fn request(method: &str, path: &str, key: &str, body: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {key}"))
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

/// Sends a request in test mode. Returns the body of the response.
fn send(sandbox: &mut Sandbox, now: OffsetDateTime, line: &str, body: &str) -> Value {
    let (method, path) = line.split_once(' ').unwrap();
    let response = sandbox.handle(now, request(method, path, "sk_test_x", body));
    serde_json::from_slice(response.body()).unwrap()
}

/// Creates a customer in test mode.
fn create(sandbox: &mut Sandbox, now: OffsetDateTime, email: &str) -> Value {
    send(
        sandbox,
        now,
        "POST /customer",
        &format!(r#"{{"email":"{email}"}}"#),
    )
}

/// The body of a validation that succeeds in test mode.
const CREDENTIAL: &str = r#"{"type":"bank_account","country":"NG","bank_code":"007",
    "account_number":"0111111111","bvn":"222222222221","first_name":"Uchenna","last_name":"Okoro"}"#;
