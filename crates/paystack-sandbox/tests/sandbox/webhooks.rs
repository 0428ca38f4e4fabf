//! Webhooks: their bodies, order, signatures and redelivery.

use http::StatusCode;
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_transport::SecretKey;
use paystack_webhook::Verifier;
use serde_json::Value;
use time::Duration;
use time::macros::datetime;

use super::{CREDENTIAL, NOW, create, request, send};

#[test]
fn validation_webhooks_have_the_fields_of_paystacks_examples() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let person = r#""country":"NG","first_name":"Uchenna","last_name":"Okoro""#;
    let by_bvn = format!(r#"{{"type":"bvn","value":"222222222221",{person}}}"#);
    let wrong = CREDENTIAL.replace("0111111111", "0111111112");
    let account = ["account_number", "bank_code", "bvn", "country", "type"];
    for (body, fields, id_is_text) in [
        (CREDENTIAL, &account[..], true),
        (by_bvn.as_str(), &["country", "type", "value"], true),
        (wrong.as_str(), &account, false),
    ] {
        let line = "POST /customer/ada@example.com/identification";
        send(&mut sandbox, NOW, line, body);
        let webhooks = sandbox.take_webhooks(NOW + Duration::seconds(2));
        let event: Value = serde_json::from_slice(&webhooks[0].body).unwrap();
        let identification = event["data"]["identification"].as_object().unwrap();
        let mut names: Vec<_> = identification.keys().collect();
        names.sort();
        assert_eq!(names, fields);
        assert_eq!(event["data"]["customer_id"].is_string(), id_is_text);
    }
}

#[test]
fn webhooks_of_both_modes_are_ordered_by_time() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let path = "/customer/ada@example.com/identification";
    let ada = r#"{"email":"ada@example.com"}"#;
    sandbox.handle(NOW, request("POST", "/customer", "sk_live_x", ada));
    sandbox.handle(NOW, request("POST", path, "sk_live_x", CREDENTIAL));
    send(
        &mut sandbox,
        NOW + Duration::seconds(1),
        &format!("POST {path}"),
        CREDENTIAL,
    );
    let webhooks = sandbox.take_webhooks(NOW + Duration::minutes(1));
    let order: Vec<_> = webhooks
        .iter()
        .map(|webhook| (webhook.mode.as_str(), webhook.due))
        .collect();
    let due = |seconds| NOW + Duration::seconds(seconds);
    assert_eq!(order, [("live", due(2)), ("test", due(3))]);
}

/// Returns the mode of each webhook that is due, and whether the key signed it.
fn signed_by(sandbox: &mut Sandbox, key: &str) -> Vec<(String, bool)> {
    let verifier = Verifier::new(&SecretKey::new(key).unwrap());
    let due = sandbox.take_webhooks(NOW + Duration::minutes(1));
    let verified = due.into_iter().map(|webhook| {
        let request = webhook.request(&"http://localhost/paystack".parse().unwrap());
        (webhook.mode.to_string(), verifier.verify(&request).is_ok())
    });
    verified.collect()
}

#[test]
fn webhook_is_signed_with_the_last_key_of_its_mode() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let line = "POST /customer/ada@example.com/identification";
    send(&mut sandbox, NOW, line, CREDENTIAL);
    for key in ["sk_test_rotated", "sk_live_other", "no key"] {
        sandbox.handle(NOW, request("GET", "/customer", key, ""));
    }
    let signed = signed_by(&mut sandbox, "sk_test_rotated");
    assert_eq!(signed, [("test".to_owned(), true)]);
}

#[test]
fn webhook_is_signed_with_the_key_set_for_its_mode() {
    let key = SecretKey::new("sk_test_webhooks").unwrap();
    let mut sandbox = Sandbox::new(1).with_webhook_key(key);
    let path = "/customer/ada@example.com/identification";
    for key in ["sk_test_x", "sk_live_x"] {
        let ada = r#"{"email":"ada@example.com"}"#;
        sandbox.handle(NOW, request("POST", "/customer", key, ada));
        sandbox.handle(NOW, request("POST", path, key, CREDENTIAL));
    }
    let signed = signed_by(&mut sandbox, "sk_test_webhooks");
    assert_eq!(
        signed,
        [("test".to_owned(), true), ("live".to_owned(), false)]
    );
}

#[test]
fn in_process_handler_gets_a_webhook_until_it_returns_200() {
    let mut sandbox =
        Sandbox::new(1).with_webhook_url("http://shop.example/paystack".parse().unwrap());
    let start = datetime!(2026-01-01 0:00 UTC);
    create(&mut sandbox, start, "ada@example.com");
    let line = "POST /customer/ada@example.com/identification";
    send(&mut sandbox, start, line, CREDENTIAL);
    let transport = SandboxTransport::new(sandbox);
    let verifier = Verifier::new(&SecretKey::new("sk_test_x").unwrap());
    assert_eq!(transport.deliver_webhooks(|_| StatusCode::OK), 0, "not yet");
    let mut digests = Vec::new();
    let mut deliver = |status| {
        transport.deliver_webhooks(|request| {
            assert_eq!(request.uri(), "http://shop.example/paystack");
            digests.push(verifier.verify(&request).unwrap().digest());
            status
        })
    };
    transport.advance(std::time::Duration::from_secs(2));
    assert_eq!(deliver(StatusCode::NO_CONTENT), 1);
    assert_eq!(deliver(StatusCode::OK), 0, "an hour later");
    transport.advance(std::time::Duration::from_secs(3600));
    assert_eq!(deliver(StatusCode::OK), 1);
    transport.advance(std::time::Duration::from_secs(360_000));
    assert_eq!(deliver(StatusCode::OK), 0);
    assert!(transport.with(|sandbox, now| sandbox.resend_last_webhook(now)));
    assert_eq!(deliver(StatusCode::OK), 1);
    assert_eq!(digests.len(), 3);
    assert!(digests.iter().all(|digest| digest == &digests[0]));
}
