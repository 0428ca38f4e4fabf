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
async fn a_stopped_server_gives_its_port_back() {
    // Somebody else on this machine may take the port in between, but hardly every time.
    let mut given_back = false;
    for _ in 0..10 {
        let server = Server::start(Sandbox::new(1), 0).await.unwrap();
        let port = address(&server)
            .rsplit_once(':')
            .unwrap()
            .1
            .parse()
            .unwrap();
        server.stop().await;
        given_back |= Server::start(Sandbox::new(1), port).await.is_ok();
    }
    assert!(given_back);
}

#[tokio::test]
async fn a_dropped_server_closes_its_connections() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(address(&server))
        .await
        .unwrap();
    drop(server);
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn webhooks_go_to_plain_http_on_loopback_and_nowhere_else() {
    for (url, taken) in [
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
        assert_eq!(Server::start(sandbox, 0).await.is_ok(), taken, "{url}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_large_one() {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    let mut stream = tokio::net::TcpStream::connect(address(&server))
        .await
        .unwrap();
    let head = "POST /customer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let said = r#"{"status":false,"message":"The request broke off"}"#;
    assert!(answer.ends_with(said), "{answer}");
}

#[test]
fn the_program_prints_its_address_and_serves_there() {
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
    let reached = TcpStream::connect(address);
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(reached.is_ok());
    assert!(address.ip().is_loopback());
}

#[test]
fn the_program_says_what_is_wrong_on_one_line() {
    for (arguments, said) in [
        (&["--prot", "1"], "invalid option '--prot'"),
        (&["--port", "x"], "cannot parse argument \"x\""),
    ] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_paystack-sandbox"));
        let output = program.args(arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.starts_with(&format!("paystack-sandbox: {said}")),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1);
    }
}
