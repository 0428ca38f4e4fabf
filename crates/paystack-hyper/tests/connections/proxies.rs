//! Proxies: HTTP CONNECT, and SOCKS5.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paystack_hyper::{HyperTransport, Sent, Transport, TransportErrorKind};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use crate::{Certificates, get, read_head, respond, serve};

/// The destinations and credentials that a proxy has received.
type Log = Arc<Mutex<Vec<String>>>;

/// An HTTP proxy that requires `user:pass word`, and connects to the port on this machine.
async fn http_proxy(log: Log) -> u16 {
    serve(move |stream| tunnel(stream, Arc::clone(&log))).await
}

async fn tunnel(mut stream: impl AsyncRead + AsyncWrite + Unpin, log: Log) -> Option<()> {
    let head = read_head(&mut stream).await?;
    let first = head.lines().next()?.to_owned();
    log.lock().unwrap().push(first.clone());
    // `user:pass word` in Base64.
    let is_known = head.contains("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n");
    if !is_known {
        let refused = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n";
        stream.write_all(refused).await.ok()?;
        return Some(());
    }
    let port = first.split([':', ' ']).nth(2)?.parse().ok()?;
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    copy_bidirectional(&mut stream, &mut server).await.ok()?;
    Some(())
}

/// A SOCKS5 proxy that requires `user` and `pass`.
async fn socks_proxy(log: Log) -> u16 {
    serve(move |mut stream| {
        let log = Arc::clone(&log);
        async move {
            let mut greeting = [0; 3];
            stream.read_exact(&mut greeting).await.ok()?;
            assert_eq!(greeting, [5, 1, 2], "user and password");
            stream.write_all(&[5, 2]).await.ok()?;
            let mut credentials = [0; 11];
            stream.read_exact(&mut credentials).await.ok()?;
            log.lock()
                .unwrap()
                .push(format!("{:?}", credentials == *b"\x01\x04user\x04pass"));
            stream.write_all(&[1, 0]).await.ok()?;
            let mut request = [0; 5];
            stream.read_exact(&mut request).await.ok()?;
            assert_eq!(request[..4], [5, 1, 0, 3], "connect to a name");
            let mut name = vec![0; request[4].into()];
            stream.read_exact(&mut name).await.ok()?;
            let port = stream.read_u16().await.ok()?;
            log.lock()
                .unwrap()
                .push(format!("{}:{port}", String::from_utf8(name).ok()?));
            let mut server = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
            stream
                .write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0])
                .await
                .ok()?;
            copy_bidirectional(&mut stream, &mut server).await.ok()?;
            Some(())
        }
    })
    .await
}

#[tokio::test]
async fn http_proxy_carries_tls_and_no_plain_http() {
    let log = Log::default();
    let proxy = http_proxy(Arc::clone(&log)).await;
    let certificates = Certificates::new();
    let secure = certificates.serve(false).await;
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
async fn proxy_over_tls_carries_tls() {
    let certificates = Certificates::new();
    let secure = certificates.serve(false).await;
    let acceptor = certificates.acceptor(false, &[]);
    let log = Log::default();
    let logged = Arc::clone(&log);
    let proxy = serve(move |stream| {
        let (acceptor, log) = (acceptor.clone(), Arc::clone(&logged));
        async move { tunnel(acceptor.accept(stream).await.ok()?, log).await }
    })
    .await;
    let transport = HyperTransport::builder()
        .root_certificates(&*certificates.authority)
        .proxy(&format!("https://user:pass%20word@localhost:{proxy}"))
        .build()
        .unwrap();
    assert_eq!(transport.send(get(&secure)).await.unwrap().body(), "secure");
    assert!(log.lock().unwrap()[0].starts_with("CONNECT localhost:"));
}

#[tokio::test]
async fn socks_proxy_carries_tls_and_resolves_names() {
    let log = Log::default();
    let proxy = socks_proxy(Arc::clone(&log)).await;
    let certificates = Certificates::new();
    let secure = certificates.serve(false).await;
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
    let proxy = http_proxy(Log::default()).await;
    for url in [
        format!("http://user:canary@127.0.0.1:{proxy}"),
        format!("http://127.0.0.1:{proxy}"),
    ] {
        let builder = HyperTransport::builder().proxy(&url);
        let builder = builder.connect_timeout(Duration::from_secs(1));
        let shown = format!("{builder:?}");
        let transport = builder.build().unwrap();
        let error = transport
            .send(get("https://localhost:1/"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::Connect, Sent::No)
        );
        let shown = format!("{shown} {transport:?} {error} {error:?} {error:#?}");
        for secret in ["canary", "Y2FuYXJ5", &proxy.to_string()] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
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
    ] {
        let invalid = HyperTransport::builder().proxy(url).build().unwrap_err();
        assert_eq!(invalid.field(), "proxy URL", "{url}");
        assert!(!format!("{invalid} {invalid:?}").contains("nary"));
    }
}

/// `std::env::set_var` is unsafe in tests, so the test runs in a process of its own.
#[test]
fn proxy_from_the_environment_honours_no_proxy() {
    let run = |name: &str, variables: &[(&str, &str)]| {
        let this = std::env::current_exe().unwrap();
        let mut test = std::process::Command::new(this);
        test.args(["--exact", name, "--ignored"]).env_clear();
        let output = test.envs(variables.iter().copied()).output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains("1 passed"), "{shown}");
    };
    run(
        "proxies::connects_through_the_environments_proxy",
        &[("HTTPS_PROXY", "http://127.0.0.1:1")],
    );
    run(
        "proxies::connects_directly",
        &[
            ("HTTPS_PROXY", "http://127.0.0.1:1"),
            ("NO_PROXY", "localhost"),
        ],
    );
    run("proxies::connects_directly", &[]);
    run(
        "proxies::environments_proxy_is_rejected",
        &[("ALL_PROXY", "socks4://127.0.0.1:1")],
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
    let secure = certificates.serve(false).await;
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
    assert_eq!(invalid.unwrap_err().field(), "HTTPS_PROXY or ALL_PROXY");
}
