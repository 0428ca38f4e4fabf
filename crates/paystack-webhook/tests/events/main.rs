//! Events decoded from signed bodies.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod malformed;
mod typed;

use paystack_core::SecretKey;
use paystack_core::http::HeaderMap;
use paystack_webhook::{Event, SIGNATURE_HEADER, VerifiedEvent, Verifier, sign};
use serde_json::Value;

const SUCCEEDED: &str = include_str!("../fixtures/identification_succeeded.json");
const SUCCEEDED_BY_BVN: &str = include_str!("../fixtures/identification_succeeded_by_bvn.json");
const FAILED: &str = include_str!("../fixtures/identification_failed.json");
const CREATED: &str = include_str!("../fixtures/authorization_created.json");
const ACTIVE: &str = include_str!("../fixtures/authorization_active.json");

/// Signs a body and verifies it.
fn verified(body: impl AsRef<[u8]>) -> VerifiedEvent {
    let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, sign(&key, body.as_ref()))]);
    Verifier::new(&key)
        .verify_parts(&headers, body.as_ref())
        .unwrap()
}

/// Decodes the event of a signed body.
fn decode(body: impl AsRef<[u8]>) -> Event {
    verified(body).event().unwrap()
}

/// Returns `body` with the value at a JSON pointer replaced, or removed for `None`.
fn with_value(body: &str, pointer: &str, value: Option<Value>) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(field.into(), value),
        None => parent.remove(field),
    };
    body.to_string()
}
