//! Faults over HTTP, injected by a control request.

use paystack_sandbox::{Sandbox, server::Server};

use super::{json, send};

const ADA: &str = r#"{"email":"ada@example.com"}"#;

/// Injects a fault for one creation. Returns the response to the creation, and whether it took effect.
async fn create_with(fault: &str) -> (String, bool) {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let fault = format!(r#"{{"on":"customers.create","times":1,{fault}}}"#);
    let injected = json(&server, "POST /sandbox/faults", &fault, 201).await;
    assert_eq!(injected["hits"], 0);
    let response = send(&server, "POST /customer", ADA).await;
    let faults = json(&server, "GET /sandbox/faults", "", 200).await;
    assert_eq!(faults["faults"][0]["hits"], 1);
    let journal = json(&server, "GET /sandbox/requests", "", 200).await;
    let entry = &journal["requests"][0];
    assert_eq!(entry["operation"], "customers.create");
    assert_eq!(entry["fault"], injected["fault"]);
    (response, entry["took_effect"] == true)
}

#[tokio::test]
async fn connection_breaks_before_during_or_after_a_request() {
    for (fault, took_effect) in [
        ("connection_closed", false),
        ("request_lost", false),
        ("answer_lost", true),
    ] {
        let fault = format!(r#""fault":"{fault}""#);
        assert_eq!(
            create_with(&fault).await,
            (String::new(), took_effect),
            "{fault}"
        );
    }
    let (response, took_effect) = create_with(r#""fault":"truncated""#).await;
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert!(took_effect && body.starts_with(r#"{"status":true"#));
    assert_eq!(body.len(), length / 2);
}

#[tokio::test]
async fn response_is_replaced_delayed_or_encoded() {
    for (fault, expected, took_effect) in [
        (
            r#""fault":"status","status":507,"body":"full""#,
            "HTTP/1.1 507",
            false,
        ),
        (
            r#""fault":"rate_limited","retry_after":9"#,
            "HTTP/1.1 429",
            false,
        ),
        (
            r#""fault":"server_error","status":502,"processed":true"#,
            "HTTP/1.1 502",
            true,
        ),
        (
            r#""fault":"cloudflare","status":524,"format":"problem_json""#,
            "HTTP/1.1 524",
            false,
        ),
        (r#""fault":"delay","milliseconds":1"#, "HTTP/1.1 200", true),
        (r#""fault":"gzip""#, "HTTP/1.1 200", true),
        (r#""fault":"garbage""#, "HTTP/1.1 200", true),
    ] {
        let (response, effect) = create_with(fault).await;
        assert!(response.starts_with(expected), "{fault}: {response}");
        assert_eq!(effect, took_effect, "{fault}");
        assert_eq!(
            response.contains("content-encoding: gzip"),
            fault.contains("gzip")
        );
        assert_eq!(
            response.contains("retry-after: 9"),
            fault.contains("retry_after")
        );
    }
}

#[tokio::test]
async fn invalid_fault_is_rejected_with_its_fault() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    for (body, message) in [
        ("", "Invalid JSON"),
        (r#"{"fault":"fire"}"#, "unknown variant"),
        (r#"{"fault":"gzip","tims":1}"#, "unknown field `tims`"),
        (
            r#"{"fault":"gzip","on":"customers.created"}"#,
            "must name an operation",
        ),
    ] {
        let refusal = json(&server, "POST /sandbox/faults", body, 400).await;
        let refused = refusal["message"].as_str().unwrap();
        assert!(refused.contains(message), "{refused}");
    }
}

#[tokio::test]
async fn faults_are_removed_one_by_one_or_all_at_once() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    for _ in 0..3 {
        json(&server, "POST /sandbox/faults", r#"{"fault":"gzip"}"#, 201).await;
    }
    json(&server, "DELETE /sandbox/faults/2", "", 200).await;
    json(&server, "DELETE /sandbox/faults/2", "", 404).await;
    let faults = json(&server, "GET /sandbox/faults", "", 200).await;
    assert_eq!(faults["faults"].as_array().unwrap().len(), 2);
    json(&server, "DELETE /sandbox/faults", "", 200).await;
    let faults = json(&server, "GET /sandbox/faults", "", 200).await;
    assert_eq!(faults["faults"], serde_json::json!([]));
}
