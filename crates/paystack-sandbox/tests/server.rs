//! The sandbox as a server and as a program.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

use paystack_sandbox::{Sandbox, server::Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn address(server: &Server) -> String {
    server.url().replace("http://", "")
}

#[tokio::test]
async fn stopped_server_frees_its_port() {
    // Another process may bind the port in between, but not ten times in a row.
    let mut is_freed = false;
    for _ in 0..10 {
        let server = Server::start(Sandbox::new(1), 0).await.unwrap();
        let port = address(&server)
            .rsplit_once(':')
            .unwrap()
            .1
            .parse()
            .unwrap();
        server.stop().await;
        is_freed |= Server::start(Sandbox::new(1), port).await.is_ok();
    }
    assert!(is_freed);
}

#[tokio::test]
async fn dropped_server_closes_its_connections() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(address(&server))
        .await
        .unwrap();
    drop(server);
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn webhook_url_must_be_plain_http_on_loopback() {
    for (url, is_accepted) in [
        ("http://127.0.0.1:9/paystack", true),
        ("http://localhost:9", true),
        ("http://[::1]:9/", true),
        ("https://127.0.0.1:9/", false),
        ("http://192.168.0.1/", false),
        ("http://localhost.example/", false),
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
async fn truncated_body_gives_400_and_not_413() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(address(&server))
        .await
        .unwrap();
    let head = "POST /customer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    let body = r#"{"status":false,"message":"The request broke off"}"#;
    assert!(response.ends_with(body), "{response}");
}

#[test]
fn program_prints_its_address_and_listens_there() {
    let arguments = [
        "--port",
        "0",
        "--seed",
        "7",
        "--customers",
        "3",
        "--no-rate-limits",
    ];
    let mut program = Command::new(env!("CARGO_BIN_EXE_paystack-sandbox"))
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address: SocketAddr = line
        .trim()
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap();
    let connection = TcpStream::connect(address);
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(connection.is_ok());
    assert!(address.ip().is_loopback());
}

#[test]
fn program_prints_an_argument_error_on_one_line() {
    for (arguments, message) in [
        (&["--prot", "1"], "invalid option '--prot'"),
        (&["--port", "x"], "cannot parse argument \"x\""),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_paystack-sandbox"));
        let output = program.args(arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.starts_with(&format!("paystack-sandbox: {message}")),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1);
    }
}

#[tokio::test]
async fn head_over_a_socket_has_a_length_and_no_body() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(address(&server))
        .await
        .unwrap();
    let head = "HEAD /customer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Authorization: Bearer sk_test_x\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    assert!(response.contains("content-length: 1"), "{response}");
    assert!(response.ends_with("\r\n\r\n"), "{response}");
}
