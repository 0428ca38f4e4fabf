//! The sandbox as a server and as a program.
#![cfg(feature = "server")]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod control;
mod faults;
#[path = "../support/openapi_description.rs"]
mod openapi_description;
mod program;
mod webhooks;

use std::sync::LazyLock;
use std::time::Duration;

use paystack_sandbox::{Fault, Sandbox, server::Server};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use self::openapi_description::Description;

/// Sends bytes on a new connection, and returns all bytes that the server sends until it closes the connection.
async fn send_bytes(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut response = Vec::new();
    // A fault may reset the connection.
    let _ = stream.read_to_end(&mut response).await;
    response
}

/// Sends a request with a test key. Returns the whole response as text.
async fn send(server: &Server, line: &str, body: &str) -> String {
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk_test_x\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let response = send_bytes(server, request.as_bytes()).await;
    String::from_utf8_lossy(&response).into_owned()
}

static DESCRIPTION: LazyLock<Description> = LazyLock::new(Description::new);

/// Sends a request, checks the status and the description, and returns the JSON of the response.
async fn json(server: &Server, line: &str, body: &str, status: u16) -> Value {
    let response = send(server, line, body).await;
    assert!(
        response.starts_with(&format!("HTTP/1.1 {status} ")),
        "{line}: {response}"
    );
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    let body = serde_json::from_str(body).unwrap();
    let (method, target) = line.split_once(' ').unwrap();
    let path = target.split('?').next().unwrap();
    let described = DESCRIPTION.check(method, path, &status.to_string(), &body);
    // OpenAPI has no place for a method that a path does not have.
    assert!(described.is_some() || status == 405, "{line}: {status}");
    body
}

#[tokio::test]
async fn stopped_server_frees_its_port() {
    // Another process may bind the port in between, but not ten times in a row.
    let mut is_freed = false;
    for _ in 0..10 {
        let server = Server::start(Sandbox::new(1), 0).await.unwrap();
        let port = server.address().port();
        server.stop().await;
        is_freed |= Server::start(Sandbox::new(1), port).await.is_ok();
    }
    assert!(is_freed);
}

#[tokio::test]
async fn dropped_server_closes_its_connections() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    drop(server);
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn webhook_url_must_be_plain_http() {
    for (url, is_accepted) in [
        ("http://127.0.0.1:9/paystack", true),
        ("http://localhost:9", true),
        ("http://[::1]:9/", true),
        ("https://127.0.0.1:9/", false),
        ("http://shop:8080/", true),
        ("http://127.0.0.1@shop.example/", false),
        ("/paystack", false),
    ] {
        let sandbox = Sandbox::new(1).with_webhook_url(url.parse().unwrap());
        assert_eq!(
            Server::start(sandbox, 0).await.is_ok(),
            is_accepted,
            "{url}"
        );
    }
}

#[tokio::test]
async fn rebound_name_is_refused_on_loopback_without_an_origin() {
    let request = "GET /customer HTTP/1.1\r\nHost: attacker.example:4010\r\n\
                   Authorization: Bearer sk_test_x\r\nConnection: close\r\n\r\n";
    for (address, status) in [
        ("127.0.0.1:0", "HTTP/1.1 403 "),
        ("0.0.0.0:0", "HTTP/1.1 200 "),
    ] {
        let builder = Server::builder().listen(address.parse().unwrap());
        let server = builder.start(Sandbox::new(1)).await.unwrap();
        let response = send_bytes(&server, request.as_bytes()).await;
        assert!(response.starts_with(status.as_bytes()), "{address}");
    }
}

#[tokio::test]
async fn truncated_body_gives_400_and_not_413() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let head = "POST /customer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc";
    let response = send_bytes(&server, head.as_bytes()).await;
    let response = String::from_utf8(response).unwrap();
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    let body = r#"{"status":false,"message":"The request broke off"}"#;
    assert!(response.ends_with(body), "{response}");
}

#[tokio::test]
async fn client_that_sends_a_large_body_reads_the_413() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let body = "x".repeat(8 * 1024 * 1024);
    let response = send(&server, "POST /customer", &body).await;
    assert!(response.starts_with("HTTP/1.1 413"), "{response}");
}

#[tokio::test]
async fn request_with_a_refused_body_is_in_the_journal() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let body = "x".repeat(2 * 1024 * 1024);
    send(&server, "POST /customer", &body).await;
    server.with(|sandbox, _| {
        sandbox
            .inject(Fault::answer_lost().on("customers.create").times(1))
            .unwrap()
    });
    let response = send(&server, "POST /customer", &body).await;
    assert_eq!(response, "", "the fault affects it like other requests");
    server.with(|sandbox, _| {
        let entries = sandbox.requests().map(|entry| {
            let status = entry
                .response
                .as_ref()
                .map(|response| response.status().as_u16());
            (entry.operation, status, entry.fault, entry.took_effect)
        });
        let create = Some("customers.create");
        let expected = [
            (create, Some(413), None, false),
            (create, None, Some("answer_lost"), false),
        ];
        assert_eq!(entries.collect::<Vec<_>>(), expected);
    });
}

#[tokio::test]
async fn half_sent_request_is_refused_after_the_time_limit() {
    let limit = Duration::from_millis(100);
    let builder = Server::builder().request_timeout(limit);
    let server = builder.start(Sandbox::new(1)).await.unwrap();
    let head = "POST /customer HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
    let response = send_bytes(&server, head.as_bytes()).await;
    assert!(response.starts_with(b"HTTP/1.1 408"));
    assert_eq!(
        send_bytes(&server, b"POST /customer HTTP/1.1\r\nHost:").await,
        b""
    );
}

#[tokio::test]
async fn longest_request_timeout_serves_a_request() {
    let builder = Server::builder().request_timeout(Duration::MAX);
    let server = builder.start(Sandbox::new(1)).await.unwrap();
    let request = "GET /customer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let response = send_bytes(&server, request.as_bytes()).await;
    assert!(response.starts_with(b"HTTP/1.1 401"), "{response:?}");
}

#[tokio::test]
async fn connection_without_a_request_is_closed_after_the_time_limit() {
    let builder = Server::builder().request_timeout(Duration::from_millis(100));
    let server = builder.start(Sandbox::new(1)).await.unwrap();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    for bytes in [&b""[..], b"P", &preface[..12], preface] {
        let closed = tokio::time::timeout(Duration::from_secs(10), send_bytes(&server, bytes));
        assert!(closed.await.is_ok(), "{bytes:?}");
    }
}

#[tokio::test]
async fn live_key_is_refused_unless_it_is_allowed() {
    let request = "GET /customer HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_live_x\r\n\
                   Connection: close\r\n\r\n";
    for (builder, status) in [
        (Server::builder(), "HTTP/1.1 401"),
        (Server::builder().allow_live_keys(), "HTTP/1.1 200"),
    ] {
        let server = builder.start(Sandbox::new(1)).await.unwrap();
        let response = send_bytes(&server, request.as_bytes()).await;
        assert!(response.starts_with(status.as_bytes()), "{status}");
    }
}

#[tokio::test]
async fn head_over_a_socket_has_a_length_and_no_body() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let response = send(&server, "HEAD /customer", "").await;
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(response.contains("content-length: 1"), "{response}");
    assert!(response.ends_with("\r\n\r\n"), "{response}");
}
