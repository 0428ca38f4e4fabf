//! Proxies: HTTP CONNECT, and SOCKS5.

use std::sync::Arc;
use std::time::Duration;

use paystack_hyper::{HyperTransport, Sent, Transport, TransportErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::loopback::{
    Certificates, ClientCertificate, Log, get, http_proxy, https_proxy, post, respond,
    run_with_variables, serve, socks_proxy,
};

/// Longer than a test needs to connect.
const LONG: Duration = Duration::from_secs(5);

/// The limit for a proxy that does not reply.
const SHORT: Duration = Duration::from_millis(80);

#[tokio::test]
async fn http_proxy_carries_tls_and_no_plain_http() {
    let log = Log::default();
    let proxy = http_proxy(Arc::clone(&log)).await;
    let certificates = Certificates::new();
    let secure = certificates.serve(ClientCertificate::None).await;
    let port = serve(|stream| respond(stream, "plain")).await;
    let transport = HyperTransport::builder()
        .root_certificates(&*certificates.authority)
        .proxy(&format!("http://user:pass%20word@127.0.0.1:{proxy}"))
        .build()
        .unwrap();
    let plain = format!("http://localhost:{port}/");
    assert_eq!(transport.send(get(&plain)).await.unwrap().body(), "plain");
    assert_eq!(transport.send(get(&secure)).await.unwrap().body(), "secure");
    // Plain http goes to loopback only: through a proxy, the key would leave the machine unencrypted.
    let log = log.lock().unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(log[0].starts_with("CONNECT localhost:"), "{log:?}");
    assert!(!log[0].contains(&port.to_string()), "{log:?}");
}

#[tokio::test]
async fn proxy_over_tls_does_not_see_the_client_certificate() {
    let log = Log::default();
    let certificates = Certificates::new();
    let proxy = https_proxy(&certificates, Arc::clone(&log)).await;
    let secure = certificates.serve(ClientCertificate::Required).await;
    let (chain, key) = &certificates.client;
    let transport = HyperTransport::builder()
        .root_certificates(&*certificates.authority)
        .client_certificate(&**chain, &**key)
        .proxy(&format!("https://user:pass%20word@localhost:{proxy}"))
        .build()
        .unwrap();
    assert_eq!(transport.send(get(&secure)).await.unwrap().body(), "secure");
    let log = log.lock().unwrap();
    assert_eq!(log[0], "false", "a certificate");
    assert!(log[1].starts_with("CONNECT localhost:"), "{log:?}");
}

#[tokio::test]
async fn socks_proxy_carries_tls_and_resolves_names() {
    let log = Log::default();
    let proxy = socks_proxy(Arc::clone(&log)).await;
    let certificates = Certificates::new();
    let secure = certificates.serve(ClientCertificate::None).await;
    for scheme in ["socks5", "socks5h"] {
        let transport = HyperTransport::builder()
            .root_certificates(&*certificates.authority)
            .proxy(&format!("{scheme}://user:pass@127.0.0.1:{proxy}"))
            .build()
            .unwrap();
        assert_eq!(transport.send(get(&secure)).await.unwrap().body(), "secure");
    }
    let log = log.lock().unwrap();
    assert_eq!(log[0], "true", "the credentials");
    assert!(log[1].starts_with("localhost:"), "{log:?}");
}

#[tokio::test]
async fn proxy_that_refuses_is_a_connect_error_without_secrets() {
    let certificates = Certificates::new();
    let http = http_proxy(Log::default()).await;
    let https = https_proxy(&certificates, Log::default()).await;
    let socks = serve(|mut stream| async move {
        stream.read_u8().await.ok()?;
        stream.write_all(b"\x05\xff").await.ok() // no acceptable method
    })
    .await;
    for (url, port) in [
        (format!("http://localhost:{http}"), http),
        (format!("http://user:canary@localhost:{http}"), http),
        (format!("https://user:canary@localhost:{https}"), https),
        (format!("socks5://user:canary@localhost:{socks}"), socks),
    ] {
        let builder = HyperTransport::builder()
            .root_certificates(&*certificates.authority)
            .proxy(&url);
        let builder = builder.connect_timeout(Duration::from_secs(1));
        let shown = format!("{builder:?}");
        let transport = builder.build().unwrap();
        let error = transport
            .send(get("https://localhost:1/"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::Connect, Sent::No),
            "{url}"
        );
        let shown = format!("{shown} {transport:?} {error} {error:?} {error:#?}");
        // `user:canary`, plain and in Base64.
        for secret in ["canary", "dXNlcjpjYW5hcnk", &format!(":{port}")] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

#[tokio::test]
async fn proxy_that_is_not_reached_is_named_as_the_cause() {
    // The socket is bound and does not listen: the port is reserved and refuses connections.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let refusing = socket.local_addr().unwrap();
    for scheme in ["http", "https", "socks5"] {
        let kind = fails_through(&format!("{scheme}://{refusing}"), LONG).await;
        assert_eq!(kind, TransportErrorKind::ConnectionRefused, "{scheme}");
    }
    // A label has at most 63 letters. For `https`, rustls rejects the name before the look-up.
    let unknown = "a".repeat(64);
    for scheme in ["http", "socks5"] {
        let kind = fails_through(&format!("{scheme}://{unknown}.test:1"), LONG).await;
        assert_eq!(kind, TransportErrorKind::NameLookup, "{scheme}");
    }
}

#[tokio::test]
async fn proxy_that_fails_is_a_connect_error() {
    let replies = [
        &b""[..],
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"HTTP/1.1 200",
        b"\x05\xff",
    ];
    for reply in replies {
        let port = serve(move |mut stream| async move {
            stream.read_u8().await.ok()?;
            stream.write_all(reply).await.ok()
        })
        .await;
        for scheme in ["http", "socks5"] {
            let kind = fails_through(&format!("{scheme}://127.0.0.1:{port}"), LONG).await;
            assert_eq!(kind, TransportErrorKind::Connect, "{scheme} {reply:?}");
        }
    }
    let silent =
        serve(|mut stream| async move { stream.read_to_end(&mut Vec::new()).await.map(drop).ok() })
            .await;
    for scheme in ["http", "https", "socks5"] {
        let kind = fails_through(&format!("{scheme}://127.0.0.1:{silent}"), SHORT).await;
        assert_eq!(kind, TransportErrorKind::Connect, "{scheme}");
    }
}

/// The kind of the error of a request through this proxy. No byte of the request was sent.
async fn fails_through(proxy: &str, connect_timeout: Duration) -> TransportErrorKind {
    let builder = HyperTransport::builder().proxy(proxy);
    let transport = builder.connect_timeout(connect_timeout).build().unwrap();
    let error = transport.send(post("https://localhost:1/")).await;
    let error = error.unwrap_err();
    assert_eq!(error.sent(), Sent::No, "{error}");
    error.kind()
}

#[test]
fn url_of_a_proxy_is_checked_and_not_shown() {
    for url in [
        "",
        "canary",
        "ftp://canary",
        "http://",
        "socks4://canary:1",
        "http://ca nary",
        "http://user:ca/nary@proxy:3128",
        "http://proxy:99999",
        "http://user:can@ary@proxy",
        "http://proxy/canary",
        "http://user:canary%ff@proxy",
        &format!("socks5://canary:{}@proxy", "a".repeat(256)),
    ] {
        let invalid = HyperTransport::builder().proxy(url).build().unwrap_err();
        assert_eq!(invalid.field(), "proxy URL", "{url}");
        assert!(!format!("{invalid} {invalid:?}").contains("nary"));
    }
}

#[test]
fn proxy_from_the_environment_honours_no_proxy() {
    run_with_variables(
        "proxies::connects_through_the_environments_proxy",
        &[("HTTPS_PROXY", "http://127.0.0.1:1")],
    );
    run_with_variables(
        "proxies::connects_directly",
        &[
            ("HTTPS_PROXY", "http://127.0.0.1:1"),
            ("NO_PROXY", "localhost,api.paystack.co"),
        ],
    );
    run_with_variables("proxies::connects_directly", &[]);
    run_with_variables(
        "proxies::environments_proxy_is_rejected",
        &[("ALL_PROXY", "http://")],
    );
}

#[tokio::test]
#[ignore = "run by `proxy_from_the_environment_honours_no_proxy`"]
async fn connects_through_the_environments_proxy() {
    assert!(
        through_environment().await.is_err(),
        "no proxy listens there"
    );
}

#[tokio::test]
#[ignore = "run by `proxy_from_the_environment_honours_no_proxy`"]
async fn connects_directly() {
    assert!(through_environment().await.is_ok());
}

async fn through_environment() -> Result<(), paystack_hyper::TransportError> {
    let certificates = Certificates::new();
    let secure = certificates.serve(ClientCertificate::None).await;
    let trusting = || HyperTransport::builder().root_certificates(&*certificates.authority);
    // Without `proxy_from_env`, the environment is not read.
    let direct = trusting().build().unwrap();
    assert_eq!(direct.send(get(&secure)).await.unwrap().body(), "secure");
    let transport = trusting().proxy_from_env().build().unwrap();
    transport.send(get(&secure)).await.map(drop)
}

#[test]
#[ignore = "run by `proxy_from_the_environment_honours_no_proxy`"]
fn environments_proxy_is_rejected() {
    let invalid = HyperTransport::builder().proxy_from_env().build();
    assert_eq!(invalid.unwrap_err().field(), "ALL_PROXY");
}
