//! A request to the sandbox, valid or not, has a JSON response that agrees with its status. Webhooks are JSON.
#![no_main]

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use libfuzzer_sys::fuzz_target;
use paystack_core::Mode;
use paystack_core::time::OffsetDateTime;
use paystack_fuzz::MemoryLimit;
use paystack_sandbox::Sandbox;
use serde_json::Value;

// The input is a sequence of requests, each with a head line such as `POST f /customer` and a body line.
//
// `f` marks a form and `j` JSON.
fuzz_target!(|input: &[u8]| {
    let _limit = MemoryLimit::begin();
    let mut now = OffsetDateTime::UNIX_EPOCH;
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    sandbox.seed_customers(&Mode::Test, 2, now);
    let mut lines = input.split(|byte| *byte == b'\n');
    while let (Some(head), body) = (lines.next(), lines.next().unwrap_or_default()) {
        let Some(request) = request(head, body) else {
            return;
        };
        // After 3 s, the results of a validation and of an agreement are due.
        now += Duration::from_secs(3);
        let is_head = request.method() == Method::HEAD;
        let response = sandbox.handle(now, request);
        for webhook in sandbox.take_webhooks(now) {
            serde_json::from_slice::<Value>(&webhook.body).expect("JSON");
        }
        if is_head {
            assert!(response.body().is_empty());
            continue;
        }
        let said: Value = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(said["status"], response.status().is_success());
        assert!(said["message"].is_string());
    }
});

fn request(head: &[u8], body: &[u8]) -> Option<Request<Bytes>> {
    let mut parts = head.splitn(3, |byte| *byte == b' ');
    let (method, kind, target) = (parts.next()?, parts.next()?, parts.next()?);
    let content_type = match kind {
        b"f" => "application/x-www-form-urlencoded",
        _ => "application/json",
    };
    Request::builder()
        .method(method)
        .uri(target)
        .header("authorization", "Bearer sk_test_x")
        .header("content-type", content_type)
        .body(Bytes::copy_from_slice(body))
        .ok()
}
