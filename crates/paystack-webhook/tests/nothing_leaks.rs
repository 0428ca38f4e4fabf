//! `Debug` and error messages reveal neither keys nor signatures nor personal data.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use paystack_core::SecretKey;
use paystack_core::bytes::Bytes;
use paystack_core::http::{HeaderMap, HeaderValue, Request};
use paystack_webhook::{SIGNATURE_HEADER, Verifier, sign};
use serde_json::{Value, json};

const KEY: &str = "sk_test_canary";
const FIXTURES: [&str; 5] = [
    include_str!("fixtures/identification_succeeded.json"),
    include_str!("fixtures/identification_succeeded_by_bvn.json"),
    include_str!("fixtures/identification_failed.json"),
    include_str!("fixtures/authorization_created.json"),
    include_str!("fixtures/authorization_active.json"),
];

/// Replaces every personal text with "canary".
fn with_canaries(value: &mut Value) {
    const SHOWN: [&str; 9] = [
        "bank_code",
        "event",
        "type",
        "country",
        "country_code",
        "channel",
        "card_type",
        "bank",
        "brand",
    ];
    let Value::Object(fields) = value else { return };
    for (name, field) in fields {
        if SHOWN.contains(&name.as_str()) {
            continue;
        }
        match field {
            Value::String(_) if name == "customer_id" => {}
            Value::String(text) if name.contains("email") => *text = "canary@example.com".into(),
            Value::String(text) if name.ends_with("code") && text.starts_with("CUS_") => {}
            Value::String(text) => *text = "canary".into(),
            other => with_canaries(other),
        }
    }
}

fn assert_hidden(text: &str, signature: &HeaderValue) {
    let signature = signature.to_str().unwrap();
    for secret in ["canary", "63616e617279", &signature[..16]] {
        assert!(!text.contains(secret), "{secret} appears in {text}");
    }
}

#[test]
fn debug_of_events_hides_personal_data() {
    let key = SecretKey::new(KEY).unwrap();
    let verifier = Verifier::new(&key).with_key(&key);
    for fixture in FIXTURES {
        let mut body = serde_json::from_str(fixture).unwrap();
        with_canaries(&mut body);
        let mut undecodable = body.clone();
        undecodable["data"]["email"] = json!({"canary": "canary"});
        undecodable["data"]["last4"] = json!({"canary": "canary"});
        let mut unrecognized = body.clone();
        unrecognized["event"] = json!("canary");
        for body in [
            body,
            undecodable,
            unrecognized,
            json!("canary"),
            json!({"event": {"canary": 1}}),
        ] {
            let body = Bytes::from(body.to_string());
            let signature = sign(&key, &body);
            let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, signature.clone())]);
            let mut request = Request::new(());
            *request.headers_mut() = headers.clone();
            let webhook = verifier.verify_parts(&headers, &body).unwrap();
            for text in [
                format!("{verifier:?} {verifier:#?}"),
                format!("{request:?} {signature:?}"),
                format!("{webhook:?} {webhook:#?} {:?}", webhook.digest()),
                format!("{:?} {:#?}", webhook.event(), webhook.event()),
                webhook
                    .event()
                    .err()
                    .map_or_else(String::new, |error| error.to_string()),
            ] {
                assert_hidden(&text, &signature);
            }
        }
    }
}

#[test]
fn errors_contain_no_data_of_the_request() {
    let key = SecretKey::new(KEY).unwrap();
    for signature in ["canary", &"canary".repeat(30), &"f".repeat(128)] {
        let value = HeaderValue::from_str(signature).unwrap();
        let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, value)]);
        let error = Verifier::new(&key)
            .verify_parts(&headers, b"canary")
            .unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains("canary") && !text.contains("ffff"), "{text}");
    }
}

#[test]
fn debug_of_a_webhook_identifies_it() {
    let key = SecretKey::new(KEY).unwrap();
    let body = FIXTURES[0].as_bytes();
    let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, sign(&key, body))]);
    let webhook = Verifier::new(&key).verify_parts(&headers, body).unwrap();
    insta::assert_debug_snapshot!(webhook, @r#"
    VerifiedEvent {
        name: "customeridentification.success",
        mode: Test,
        digest: DeliveryDigest(ff722c70a847a68eb0f89fe293323a6255a1b338734829ab41cd9c27175f714e),
        body_bytes: 352,
    }
    "#);
    let event = format!("{:?}", webhook.event().unwrap());
    assert!(event.starts_with("CustomerIdentificationSucceeded {"));
    assert!(
        event.contains("CUS_q7w2e9r4t1y8u3i"),
        "missing customer code in {event}"
    );
}
