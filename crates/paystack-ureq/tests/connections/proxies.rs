//! Proxies: HTTP CONNECT, and SOCKS5.

use std::sync::Arc;
use std::time::Duration;

use paystack_ureq::{BlockingTransport, Sent, TransportErrorKind, UreqTransport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::loopback::{
    Certificates, ClientCertificate, Log, get, http_proxy, https_proxy, post, respond,
    run_with_variables, serve, socks_proxy,
};
use crate::{AMPLE, on_servers};

/// Longer than a test needs to connect.
const LONG: Duration = Duration::from_secs(5);

/// The limit for a proxy that does not reply.
const SHORT: Duration = Duration::from_millis(80);

#[test]
fn http_proxy_carries_tls_and_no_plain_http() {
    let log = Log::default();
    let proxy = on_servers(http_proxy(Arc::clone(&log)));
    let certificates = Certificates::new();
    let secure = on_servers(certificates.serve(ClientCertificate::None));
    let port = on_servers(serve(|stream| respond(stream, "plain")));
    let transport = UreqTransport::builder()
        .root_certificates(&*certificates.authority)
        .proxy(&format!("http://user:pass%20word@127.0.0.1:{proxy}"))
        .build()
        .unwrap();
    let plain = format!("http://localhost:{port}/");
    assert_eq!(transport.send(get(&plain), AMPLE).unwrap().body(), "plain");
    assert_eq!(
        transport.send(get(&secure), AMPLE).unwrap().body(),
        "secure"
    );
    // Plain http goes to loopback only: through a proxy, the key would leave the machine unencrypted.
    let log = log.lock().unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(log[0].starts_with("CONNECT localhost:"), "{log:?}");
    assert!(!log[0].contains(&port.to_string()), "{log:?}");
}

#[test]
fn proxy_over_tls_does_not_see_the_client_certificate() {
    let log = Log::default();
    let certificates = Certificates::new();
    let proxy = on_servers(https_proxy(&certificates, Arc::clone(&log)));
    let secure = on_servers(certificates.serve(ClientCertificate::Required));
    let (chain, key) = &certificates.client;
    let transport = UreqTransport::builder()
        .root_certificates(&*certificates.authority)
        .client_certificate(&**chain, &**key)
        .proxy(&format!("https://user:pass%20word@localhost:{proxy}"))
        .build()
        .unwrap();
    assert_eq!(
        transport.send(get(&secure), AMPLE).unwrap().body(),
        "secure"
    );
    let log = log.lock().unwrap();
    assert_eq!(log[0], "false", "a certificate");
    assert!(log[1].starts_with("CONNECT localhost:"), "{log:?}");
}

#[test]
fn socks_proxy_carries_tls_and_resolves_names() {
    let log = Log::default();
    let proxy = on_servers(socks_proxy(Arc::clone(&log)));
    let certificates = Certificates::new();
    let secure = on_servers(certificates.serve(ClientCertificate::None));
    for scheme in ["socks5", "socks5h"] {
        let transport = UreqTransport::builder()
            .root_certificates(&*certificates.authority)
            .proxy(&format!("{scheme}://user:pass@127.0.0.1:{proxy}"))
            .build()
            .unwrap();
        assert_eq!(
            transport.send(get(&secure), AMPLE).unwrap().body(),
            "secure"
        );
    }
    let log = log.lock().unwrap();
    assert_eq!(log[0], "true", "the credentials");
    assert!(log[1].starts_with("localhost:"), "{log:?}");
}

#[test]
fn proxy_that_refuses_is_a_connect_error_without_secrets() {
    let certificates = Certificates::new();
    let http = on_servers(http_proxy(Log::default()));
    let https = on_servers(https_proxy(&certificates, Log::default()));
    let socks = on_servers(serve(|mut stream| async move {
        stream.read_u8().await.ok()?;
        stream.write_all(b"\x05\xff").await.ok() // no acceptable method
    }));
    for (url, port) in [
        (format!("http://localhost:{http}"), http),
        (format!("http://user:canary@localhost:{http}"), http),
        (format!("https://user:canary@localhost:{https}"), https),
        (format!("socks5://user:canary@localhost:{socks}"), socks),
    ] {
        let builder = UreqTransport::builder()
            .root_certificates(&*certificates.authority)
            .proxy(&url);
        let shown = format!("{builder:?}");
        let transport = builder.build().unwrap();
        let error = transport
            .send(get("https://localhost:1/"), AMPLE)
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

#[test]
fn proxy_that_is_not_reached_is_named_as_the_cause() {
    // The socket is bound and does not listen: the port is reserved and refuses connections.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let refusing = socket.local_addr().unwrap();
    // A label has at most 63 letters.
    let unknown = "a".repeat(64);
    for scheme in ["http", "https", "socks5"] {
        for (host, kind) in [
            (refusing.to_string(), TransportErrorKind::ConnectionRefused),
            (format!("{unknown}.test:1"), TransportErrorKind::NameLookup),
        ] {
            assert_eq!(
                fails_through(&format!("{scheme}://{host}"), LONG),
                kind,
                "{host}"
            );
        }
    }
}

#[test]
fn proxy_that_fails_is_a_connect_error() {
    let replies = [
        &b""[..],
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"HTTP/1.1 200",
        b"\x05\xff",
    ];
    for reply in replies {
        let port = on_servers(serve(move |mut stream| async move {
            stream.read_u8().await.ok()?;
            stream.write_all(reply).await.ok()
        }));
        for scheme in ["http", "socks5"] {
            let kind = fails_through(&format!("{scheme}://127.0.0.1:{port}"), LONG);
            assert_eq!(kind, TransportErrorKind::Connect, "{scheme} {reply:?}");
        }
    }
    let silent = on_servers(serve(|mut stream| async move {
        stream.read_to_end(&mut Vec::new()).await.map(drop).ok()
    }));
    for scheme in ["http", "https", "socks5"] {
        let kind = fails_through(&format!("{scheme}://127.0.0.1:{silent}"), SHORT);
        assert_eq!(kind, TransportErrorKind::Connect, "{scheme}");
    }
}

/// The kind of the error of a request through this proxy. No byte of the request was sent.
fn fails_through(proxy: &str, connect_timeout: Duration) -> TransportErrorKind {
    let builder = UreqTransport::builder().proxy(proxy);
    let transport = builder.connect_timeout(connect_timeout).build().unwrap();
    let error = transport.send(post("https://localhost:1/"), AMPLE);
    let error = error.unwrap_err();
    assert_eq!(error.sent(), Sent::No, "{error}");
    error.kind()
}

#[test]
fn proxy_of_a_configuration_carries_no_plain_http() {
    let port = on_servers(serve(|stream| respond(stream, "plain")));
    // No server listens on port 1.
    let proxy = ureq::Proxy::new("http://127.0.0.1:1").unwrap();
    let config = ureq::Agent::config_builder().proxy(Some(proxy)).build();
    let transport = UreqTransport::builder().config(config).build().unwrap();
    let plain = format!("http://localhost:{port}/");
    assert_eq!(transport.send(get(&plain), AMPLE).unwrap().body(), "plain");
    assert!(transport.send(get("https://localhost/"), AMPLE).is_err());
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

#[test]
#[ignore = "run by `proxy_from_the_environment_honours_no_proxy`"]
fn connects_through_the_environments_proxy() {
    assert!(through_environment().is_err(), "no proxy listens there");
}

#[test]
#[ignore = "run by `proxy_from_the_environment_honours_no_proxy`"]
fn connects_directly() {
    assert!(through_environment().is_ok());
}

fn through_environment() -> Result<(), paystack_ureq::TransportError> {
    let certificates = Certificates::new();
    let secure = on_servers(certificates.serve(ClientCertificate::None));
    let trusting = || UreqTransport::builder().root_certificates(&*certificates.authority);
    // Without `proxy_from_env`, the environment is not read.
    let direct = trusting().build().unwrap();
    assert_eq!(direct.send(get(&secure), AMPLE).unwrap().body(), "secure");
    let transport = trusting().proxy_from_env().build().unwrap();
    transport.send(get(&secure), AMPLE).map(drop)
}

#[test]
#[ignore = "run by `proxy_from_the_environment_honours_no_proxy`"]
fn environments_proxy_is_rejected() {
    let invalid = UreqTransport::builder().proxy_from_env().build();
    assert_eq!(invalid.unwrap_err().field(), "ALL_PROXY");
}
