//! Requests in general: determinism, rate limits, bodies, counted writes.

use bytes::Bytes;
use http::Response;
use paystack_sandbox::Sandbox;
use paystack_transport::Mode;
use time::Duration;

use super::{CREDENTIAL, NOW, create, request, send};

/// Runs one request of every kind. Returns each response with the number of webhooks that it caused.
fn transcript(seed: u64) -> Vec<(Response<Bytes>, usize)> {
    let mut sandbox = Sandbox::new(seed);
    sandbox.seed_customers(&Mode::Test, 3, NOW);
    let mut transcript = Vec::new();
    for (seconds, line, body) in [
        (0, "POST /customer", r#"{"email":"ada@example.com"}"#),
        (1, "GET /customer/ada@example.com", ""),
        (
            2,
            "POST /customer/ada@example.com/identification",
            CREDENTIAL,
        ),
        (
            3,
            "POST /customer/authorization/initialize",
            r#"{"email":"ada@example.com","channel":"direct_debit"}"#,
        ),
        (60, "GET /customer/ada@example.com", ""),
        (61, "GET /customer?use_cursor=true&perPage=2", ""),
        (62, "GET /nowhere", ""),
    ] {
        let now = NOW + Duration::seconds(seconds);
        let (method, path) = line.split_once(' ').unwrap();
        let response = sandbox.handle(now, request(method, path, "sk_test_x", body));
        transcript.push((response, sandbox.take_webhooks(now).len()));
    }
    transcript
}

#[test]
fn same_seed_times_and_requests_give_the_same_bytes() {
    let output = |seed| format!("{:?}", transcript(seed));
    assert_eq!(output(1), output(1));
    assert_ne!(output(1), output(2));
}

#[test]
fn live_mode_allows_600_requests_per_minute_and_test_mode_100() {
    for (key, limit) in [("sk_live_x", 600), ("sk_test_x", 100)] {
        let mut sandbox = Sandbox::new(1);
        let mut status = || {
            sandbox
                .handle(NOW, request("GET", "/customer", key, ""))
                .status()
        };
        let admitted = (0..limit).filter(|_| status() == 200).count();
        assert_eq!(admitted, limit);
        assert_eq!(status(), 429);
    }
}

#[test]
fn without_rate_limits_nothing_is_limited_or_reported() {
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    for _ in 0..200 {
        let response = sandbox.handle(NOW, request("GET", "/customer", "sk_test_x", ""));
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("x-ratelimit-limit"), None);
    }
}

#[test]
fn empty_body_in_any_format_has_no_fields() {
    let mut sandbox = Sandbox::new(1);
    for body in ["", " ", "{}", "[]", "null"] {
        let response = send(&mut sandbox, NOW, "POST /customer", body);
        assert_eq!(response["message"], "Email Address is required", "{body:?}");
    }
}

#[test]
fn content_type_of_a_form_ignores_case() {
    let mut sandbox = Sandbox::new(1);
    let mut form = request("POST", "/customer", "sk_test_x", "email=ada%40example.com");
    let content_type = "Application/X-WWW-Form-Urlencoded; charset=utf-8"
        .parse()
        .unwrap();
    form.headers_mut().insert("content-type", content_type);
    assert_eq!(sandbox.handle(NOW, form).status(), 200);
}

#[test]
fn writes_counts_successful_writes_only() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    create(&mut sandbox, NOW, "ada@example.com");
    assert_eq!(sandbox.writes(), 2);
    send(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    send(&mut sandbox, NOW, "PUT /customer/CUS_unknown", "{}");
    send(&mut sandbox, NOW, "POST /customer", "{}");
    assert_eq!(
        sandbox.writes(),
        2,
        "reads and rejected writes do not count"
    );
}
