//! The control requests, without those for faults.

use http::StatusCode;
use paystack_sandbox::{Sandbox, server::Server};
use paystack_transport::Mode;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{json, send, send_bytes};

const ADA: &str = r#"{"email":"ada@example.com"}"#;
pub(super) const CREDENTIAL: &str = r#"{"type":"bank_account","country":"NG","bank_code":"007",
    "account_number":"0111111111","bvn":"222222222221","first_name":"Uchenna","last_name":"Okoro"}"#;

/// Creates and validates a customer, and advances the clock beyond the result.
async fn with_a_webhook() -> Server {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    json(&server, "POST /customer", ADA, 200).await;
    let path = "/customer/ada@example.com/identification";
    json(&server, &format!("POST {path}"), CREDENTIAL, 202).await;
    json(&server, "POST /sandbox/advance?seconds=2", "", 200).await;
    server
}

#[tokio::test]
async fn journal_pages_by_number_and_hides_the_key() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    for _ in 0..3 {
        json(&server, "POST /customer", ADA, 200).await;
    }
    let page = json(&server, "GET /sandbox/requests?after=1&limit=1", "", 200).await;
    assert_eq!(
        (&page["last"], page["requests"].as_array().unwrap().len()),
        (&3.into(), 1)
    );
    let entry = json(&server, "GET /sandbox/requests/2", "", 200).await;
    assert_eq!(page["requests"][0], entry);
    assert_eq!(
        (&entry["method"], &entry["target"]),
        (&"POST".into(), &"/customer".into())
    );
    assert_eq!(
        (&entry["status"], &entry["request_body"]),
        (&200.into(), &ADA.into())
    );
    let text = entry.to_string();
    assert!(text.contains("Bearer [redacted]") && !text.contains("sk_test_x"));
    json(&server, "GET /sandbox/requests/9", "", 404).await;
    json(&server, "GET /sandbox/requests?limit=0", "", 400).await;
}

#[tokio::test]
async fn webhooks_without_a_url_are_listed_dropped_and_resent() {
    let server = with_a_webhook().await;
    let listed = json(&server, "GET /sandbox/webhooks", "", 200).await;
    let webhook = &listed["webhooks"][0];
    assert_eq!(webhook["event"], "customeridentification.success");
    assert_eq!(
        (&webhook["state"], &webhook["attempts"]),
        (&"pending".into(), &0.into())
    );
    json(&server, "POST /sandbox/webhooks/resend", "", 404).await;
    json(&server, "POST /sandbox/webhooks/1/drop", "", 200).await;
    json(&server, "POST /sandbox/webhooks/1/drop", "", 404).await;
    json(&server, "POST /sandbox/webhooks/1/resend", "", 200).await;
    let listed = json(&server, "GET /sandbox/webhooks", "", 200).await;
    let states = listed["webhooks"].as_array().unwrap().iter();
    let states: Vec<_> = states
        .map(|webhook| webhook["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["dropped", "pending"]);
}

#[tokio::test]
async fn webhook_lists_its_deliveries_with_their_statuses() {
    let server = with_a_webhook().await;
    server.with(|sandbox, now| {
        let first = sandbox.webhook_deliveries(now)[0].id;
        sandbox.webhook_response(first, StatusCode::BAD_GATEWAY);
    });
    json(&server, "POST /sandbox/advance?seconds=3601", "", 200).await;
    server.with(|sandbox, now| assert_eq!(sandbox.webhook_deliveries(now).len(), 1));
    let listed = json(&server, "GET /sandbox/webhooks", "", 200).await;
    let deliveries = listed["webhooks"][0]["deliveries"].as_array().unwrap();
    let statuses: Vec<_> = deliveries
        .iter()
        .map(|delivery| &delivery["status"])
        .collect();
    assert_eq!(statuses, [&Value::from(502), &Value::Null]);
    assert!(deliveries[0]["time"].as_str() < deliveries[1]["time"].as_str());
}

#[tokio::test]
async fn reset_returns_to_the_start() {
    let server = with_a_webhook().await;
    json(&server, "POST /sandbox/faults", r#"{"fault":"gzip"}"#, 201).await;
    let before = json(&server, "GET /sandbox/clock", "", 200).await;
    json(&server, "POST /sandbox/advance?seconds=86400", "", 200).await;
    json(&server, "POST /sandbox/reset", "", 200).await;
    let after = json(&server, "GET /sandbox/clock", "", 200).await;
    let time = |clock: &Value| {
        let now = clock["now"].as_str().unwrap();
        OffsetDateTime::parse(now, &Rfc3339).unwrap()
    };
    let difference = (time(&after) - time(&before)).abs();
    assert!(difference < time::Duration::HOUR, "{difference}");
    for (path, name) in [
        ("requests", "requests"),
        ("faults", "faults"),
        ("webhooks", "webhooks"),
    ] {
        let listed = json(&server, &format!("GET /sandbox/{path}"), "", 200).await;
        assert_eq!(listed[name], serde_json::json!([]));
    }
    json(&server, "GET /customer/ada@example.com", "", 404).await;
}

#[tokio::test]
async fn foreign_pages_and_rebinding_names_are_refused() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let port = server.address().port();
    for (host, origin, status) in [
        (
            format!("127.0.0.1:{port}"),
            format!("http://127.0.0.1:{port}"),
            200,
        ),
        (
            format!("127.0.0.1:{port}"),
            "http://attacker.example".to_owned(),
            403,
        ),
        (
            format!("attacker.example:{port}"),
            format!("http://attacker.example:{port}"),
            403,
        ),
    ] {
        for line in ["POST /sandbox/reset", "GET /sandbox", "GET /customer"] {
            let request = format!(
                "{line} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n\
                 Authorization: Bearer sk_test_x\r\nConnection: close\r\n\r\n"
            );
            let response = send_bytes(&server, request.as_bytes()).await;
            let expected = format!("HTTP/1.1 {status} ");
            assert!(
                response.starts_with(expected.as_bytes()),
                "{line} from {origin} to {host}"
            );
        }
    }
}

#[tokio::test]
async fn foreign_page_is_refused_before_its_body_is_read() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let head = "PUT /sandbox/state HTTP/1.1\r\nHost: localhost\r\nOrigin: http://attacker.example\r\n\
                Content-Length: 1000000\r\n\r\n{";
    let response = send_bytes(&server, head.as_bytes()).await;
    assert!(response.starts_with(b"HTTP/1.1 403 "));
}

#[tokio::test]
async fn large_body_is_accepted_for_a_state_only() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let body = format!("{{}}{}", " ".repeat(2 * 1024 * 1024));
    json(&server, "POST /sandbox/state", &body, 200).await;
    json(&server, "PUT /sandbox/state", &body, 200).await;
    for line in ["GET /sandbox/state", "POST /sandbox/reset"] {
        json(&server, line, &body, 413).await;
    }
}

#[tokio::test]
async fn page_is_small_and_loads_only_its_own_files() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut bytes = 0;
    for (path, media_type) in [
        ("/sandbox", "text/html"),
        ("/sandbox/page.css", "text/css"),
        ("/sandbox/page.js", "text/javascript"),
    ] {
        let response = send(&server, &format!("GET {path}"), "").await;
        assert!(response.starts_with("HTTP/1.1 200"), "{path}");
        assert!(response.contains(&format!("content-type: {media_type}")));
        assert!(response.contains("content-security-policy: default-src 'none'"));
        bytes += response.len();
    }
    assert!(bytes <= 60_000, "{bytes}");
    let address = "0.0.0.0:0".parse().unwrap();
    for (builder, status) in [
        (Server::builder().listen(address), "HTTP/1.1 404"),
        (
            Server::builder().listen(address).serve_page(),
            "HTTP/1.1 200",
        ),
    ] {
        let server = builder.start(Sandbox::new(1)).await.unwrap();
        assert!(send(&server, "GET /sandbox", "").await.starts_with(status));
    }
}

#[tokio::test]
async fn event_stream_reports_requests_webhooks_and_resets() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let server = with_a_webhook().await;
    let mut stream = tokio::net::TcpStream::connect(server.address())
        .await
        .unwrap();
    let request = "GET /sandbox/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    let mut buffer = [0; 4096];
    let mut read_until = async |text: &mut String, expected: &str| {
        while !text.contains(expected) {
            let length = stream.read(&mut buffer).await.unwrap();
            assert!(length > 0, "the stream ended: {text}");
            text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        }
    };
    read_until(&mut text, "content-type: text/event-stream").await;
    json(&server, "GET /customer", "", 200).await;
    read_until(&mut text, "event: request\ndata: {\"number\":3,").await;
    server.with(|sandbox, now| assert!(sandbox.resend_webhook(1, now)));
    read_until(&mut text, "event: webhook\ndata: {\"number\":2,").await;
    server.with(|sandbox, now| sandbox.seed_customers(&Mode::Test, 1, now));
    read_until(&mut text, "event: state").await;
    // A result that becomes due by itself, without another request.
    let wrong = CREDENTIAL.replace("0111111111", "0111111112");
    let path = "POST /customer/ada@example.com/identification";
    json(&server, path, &wrong, 202).await;
    server.advance(std::time::Duration::from_millis(1_900));
    read_until(&mut text, "customeridentification.failed").await;
    // More webhooks than a write may contain.
    server.with(|sandbox, now| (0..501).for_each(|_| assert!(sandbox.resend_webhook(1, now))));
    read_until(&mut text, "event: dropped\ndata: {\"count\":1}").await;
    json(&server, "POST /sandbox/reset", "", 200).await;
    read_until(&mut text, "event: reset").await;
    assert!(!text.contains("request_body"));
}

#[tokio::test]
async fn state_is_saved_loaded_added_and_kept_by_a_reset() {
    let server = with_a_webhook().await;
    let saved = json(&server, "GET /sandbox/state", "", 200).await;
    assert_eq!(saved["test"]["customers"][0]["first_name"], "Uchenna");
    let other = Server::start(Sandbox::new(2), 0).await.unwrap();
    json(&other, "PUT /sandbox/state", &saved.to_string(), 200).await;
    let kwame = r#"{"test":{"customers":[{"email":"kwame@example.com"}]}}"#;
    json(&other, "POST /sandbox/state", kwame, 200).await;
    json(&other, "GET /customer/kwame@example.com", "", 200).await;
    let newest = json(&other, "GET /sandbox/state?newest=1", "", 200).await;
    assert_eq!(newest["test"]["customers"][0]["email"], "kwame@example.com");
    json(&other, "POST /sandbox/reset", "", 200).await;
    assert_eq!(json(&other, "GET /sandbox/state", "", 200).await, saved);
    let refusal = json(&other, "PUT /sandbox/state", r#"{"test":1}"#, 400).await;
    assert!(
        refusal["message"]
            .as_str()
            .unwrap()
            .starts_with("invalid type")
    );
    json(&other, "GET /customer/ada@example.com", "", 200).await;
}

#[tokio::test]
async fn control_path_with_another_method_gives_405_and_allow() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    for (line, allow) in [
        ("POST /sandbox", "GET, HEAD"),
        ("POST /sandbox/events", "GET, HEAD"),
        ("DELETE /sandbox/clock", "GET, HEAD"),
        ("PATCH /sandbox/state", "GET, HEAD, POST, PUT"),
        ("PUT /sandbox/faults", "DELETE, GET, HEAD, POST"),
        ("GET /sandbox/faults/1", "DELETE"),
        ("GET /sandbox/webhooks/1/drop", "POST"),
    ] {
        json(&server, line, "", 405).await;
        let response = send(&server, line, "").await;
        assert!(response.contains(&format!("allow: {allow}\r\n")), "{line}");
    }
    let response = send(&server, "GET /sandbox/requests/1/2?a=1", "").await;
    assert!(response.starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn head_of_a_control_path_has_the_headers_of_get() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    for path in ["/sandbox", "/sandbox/config", "/sandbox/requests/1"] {
        let head = send(&server, &format!("HEAD {path}"), "").await;
        let get = send(&server, &format!("GET {path}"), "").await;
        let (expected, _) = get.split_once("\r\n\r\n").unwrap();
        let undated = |head: &str| -> Vec<String> {
            let lines = head
                .trim_end()
                .lines()
                .filter(|line| !line.starts_with("date:"));
            lines.map(str::to_owned).collect()
        };
        assert_eq!(undated(&head), undated(expected), "{path}");
    }
}

#[tokio::test]
async fn control_refuses_wrong_numbers_and_unknown_parameters() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    for line in [
        "GET /sandbox/requests/x",
        "DELETE /sandbox/faults/-1",
        "POST /sandbox/webhooks/x/resend",
        "GET /sandbox/requests?limits=1",
        "GET /sandbox/requests?limit[a]=1",
        "GET /sandbox/clock?now=1",
        "PUT /sandbox/state?newest=1",
        "POST /sandbox/advance?second=1",
    ] {
        json(&server, line, "{}", 400).await;
    }
}
