//! The defaults of `UreqTransport`, over real sockets and real TLS.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use paystack_ureq::{BlockingTransport, Sent, TransportErrorKind, UreqTransport, http};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use ureq::Agent;

const AMPLE: Option<Duration> = Some(Duration::from_secs(10));

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn post(url: &str, body: &'static str) -> http::Request<Bytes> {
    let request = http::Request::post(url).header("X-Shop", "lagos-1");
    request.body(Bytes::from_static(body.as_bytes())).unwrap()
}

/// Returns the bytes of one connection. The server responds to each request at once.
fn recorded(send: impl FnOnce(&str)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut received = Vec::new();
        let mut piece = [0; 4096];
        loop {
            let read = stream.read(&mut piece).unwrap();
            received.extend_from_slice(piece.get(..read).unwrap());
            if read == 0 {
                return String::from_utf8(received).unwrap();
            }
            // The head and the body of a request may arrive separately.
            if received.ends_with(b"\r\n\r\n") && !received.ends_with(b"length: 2\r\n\r\n")
                || received.ends_with(b"{}")
            {
                stream.write_all(RESPONSE).unwrap();
            }
        }
    });
    send(&format!("http://{host}"));
    server.join().unwrap().replace(&host, "[host]")
}

#[test]
fn request_is_sent_unchanged_with_only_required_headers() {
    let received = recorded(|url| {
        let transport = UreqTransport::new();
        transport
            .send(get(&format!("{url}/a%2Fb?c=%20")), AMPLE)
            .unwrap();
        transport.send(post(url, "{}"), AMPLE).unwrap();
        transport.send(post(url, ""), AMPLE).unwrap();
    });
    // All three use one connection.
    let expected = "GET /a%2Fb?c=%20 HTTP/1.1\r\nhost: [host]\r\n\r\n\
        POST / HTTP/1.1\r\nhost: [host]\r\nx-shop: lagos-1\r\ncontent-length: 2\r\n\r\n{}\
        POST / HTTP/1.1\r\nhost: [host]\r\nx-shop: lagos-1\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(received, expected);
}

#[test]
fn custom_agent_adds_only_its_user_agent() {
    let agent = Agent::config_builder()
        .proxy(None)
        .user_agent("shop")
        .build();
    let received = recorded(|url| {
        let transport = UreqTransport::builder().config(agent).build().unwrap();
        transport.send(get(url), AMPLE).unwrap();
    });
    let expected = "GET / HTTP/1.1\r\nuser-agent: shop\r\nhost: [host]\r\n\r\n";
    assert_eq!(received, expected);
}

#[test]
fn proxy_environment_variables_are_ignored() {
    // Runs another test in a process with its own environment.
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args([
        "--exact",
        "request_is_sent_unchanged_with_only_required_headers",
    ]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        // No server listens on port 1.
        test.env(name, "http://127.0.0.1:1");
        test.env(name.to_lowercase(), "http://127.0.0.1:1");
    }
    let output = test
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.contains("1 passed"), "{output}");
}

#[test]
fn ten_idle_connections_are_kept_for_the_next_calls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    // The server responds once all ten requests have arrived, so each call opens its own connection.
    let all_arrived = Arc::new(Barrier::new(10));
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let all_arrived = Arc::clone(&all_arrived);
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                while stream.read(&mut [0; 4096]).unwrap() > 0 {
                    all_arrived.wait();
                    stream.write_all(RESPONSE).unwrap();
                }
            });
        }
    });
    let transport = UreqTransport::new();
    for _ in 0..2 {
        thread::scope(|calls| {
            for _ in 0..10 {
                calls.spawn(|| transport.send(get(&url), AMPLE).unwrap());
            }
        });
    }
    assert_eq!(connections.load(Ordering::SeqCst), 10);
}

#[test]
fn response_body_is_limited_to_8_mib() {
    for (length, kind) in [
        (8 * 1024 * 1024 + 1, TransportErrorKind::TooLarge),
        // The transport reads the body, and the server closes the connection.
        (8 * 1024 * 1024, TransportErrorKind::Io),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
        });
        let error = UreqTransport::new().send(get(&url), AMPLE).unwrap_err();
        assert_eq!(error.kind(), kind, "{length} bytes");
    }
}

/// Starts a TLS server with this certificate. Returns its URL, and a transport that trusts the certificate.
fn tls_server(certificate: CertificateParams) -> (String, UreqTransport) {
    let key = KeyPair::generate().unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let (root, certificate) = (certificate.pem(), certificate.der().clone());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let server = Arc::new(server);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let tls = rustls::ServerConnection::new(Arc::clone(&server)).unwrap();
            thread::spawn(|| serve(rustls::StreamOwned::new(tls, stream.unwrap())));
        }
    });
    let url = format!("https://localhost:{port}");
    let trusting = UreqTransport::builder().only_root_certificates(root);
    (url, trusting.build().unwrap())
}

fn serve(mut stream: rustls::StreamOwned<rustls::ServerConnection, TcpStream>) {
    if stream.read(&mut [0; 4096]).is_ok() {
        let _ = stream.write_all(RESPONSE);
    }
}

#[test]
fn certificate_of_a_trusted_issuer_is_accepted() {
    let certificate = CertificateParams::new([String::from("localhost")]);
    let (url, trusting) = tls_server(certificate.unwrap());
    assert_eq!(trusting.send(get(&url), AMPLE).unwrap().body(), "{}");
}

#[test]
fn certificate_for_another_host_or_expired_is_rejected() {
    let another = CertificateParams::new([String::from("thief.test")]).unwrap();
    let mut expired = CertificateParams::new([String::from("localhost")]).unwrap();
    expired.not_before = rcgen::date_time_ymd(2000, 1, 1);
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    for (certificate, cause) in [(another, "NotValidForName"), (expired, "Expired")] {
        let (url, trusting) = tls_server(certificate);
        let error = trusting.send(post(&url, "{}"), AMPLE).unwrap_err();
        let reported = (error.kind(), error.sent());
        assert_eq!(
            reported,
            (TransportErrorKind::UntrustedCertificate, Sent::No)
        );
        let shown = format!("{error:?}");
        assert!(shown.contains(cause), "{shown}");
    }
}

#[test]
fn certificate_of_an_unknown_issuer_is_rejected() {
    let certificate = CertificateParams::new([String::from("localhost")]);
    let (url, _) = tls_server(certificate.unwrap());
    let transports = [
        UreqTransport::new(),
        #[cfg(feature = "platform-verifier")]
        UreqTransport::builder()
            .platform_verifier()
            .build()
            .unwrap(),
    ];
    for transport in transports {
        let error = transport.send(post(&url, "{}"), AMPLE).unwrap_err();
        let reported = (error.kind(), error.sent());
        assert_eq!(
            reported,
            (TransportErrorKind::UntrustedCertificate, Sent::No)
        );
    }
}

#[test]
fn debug_shows_the_body_limit() {
    assert_eq!(
        format!("{:?}", UreqTransport::new()),
        "UreqTransport { body_limit: 8388608, .. }"
    );
}
