//! What `HyperTransport` does by default, on real TLS and on streams in memory.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::future::{pending, poll_fn, ready};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::{Connect, Connected, Connection, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use paystack_hyper::{HyperTransport, Sent, Transport, TransportErrorKind, http};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tower::Service;

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

/// What `/large` answers: more than may come of one answer before it is read.
const LARGE: usize = 100 * 1024;

/// Answers each request with the version of HTTP that it came by, but for `/large`.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let answer = service_fn(|request: http::Request<_>| {
        let answer = match request.uri().path() {
            "/large" => Bytes::from(vec![b'x'; LARGE]),
            _ => Bytes::from(format!("{:?}", request.version())),
        };
        let _: hyper::body::Incoming = request.into_body();
        ready(Ok::<_, io::Error>(http::Response::new(Full::new(answer))))
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(stream), answer).await;
}

/// A server with TLS for localhost that offers these versions, and who trusts it.
async fn tls_server(alpn: &[&str]) -> (String, rustls::ClientConfig) {
    tls_server_with(
        CertificateParams::new([String::from("localhost")]).unwrap(),
        alpn,
    )
    .await
}

/// The same with a certificate of one's own.
async fn tls_server_with(
    certificate: CertificateParams,
    alpn: &[&str],
) -> (String, rustls::ClientConfig) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = KeyPair::generate().unwrap();
    let certificate = certificate.self_signed(&key).unwrap().der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let mut server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    server.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();

    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate).unwrap();
    let trusting = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    let acceptor = TlsAcceptor::from(Arc::new(server));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream).await;
                }
            });
        }
    });
    (url, trusting)
}

#[tokio::test]
async fn http2_or_http1_is_agreed_on_by_alpn() {
    for (offered, version) in [
        (&["h2", "http/1.1"][..], "HTTP/2.0"),
        (&["http/1.1"][..], "HTTP/1.1"),
        (&[][..], "HTTP/1.1"),
    ] {
        let (url, trusting) = tls_server(offered).await;
        let answer = over_tls(trusting).send(get(&url)).await.unwrap();
        assert_eq!(answer.into_body(), version);
    }
}

/// As `Pages::ahead` says of pages that have come and are not taken yet.
#[tokio::test]
async fn three_large_answers_that_nobody_reads_leave_room_for_others_over_http2() {
    let (url, trusting) = tls_server(&["h2"]).await;
    let transport = over_tls(trusting);
    // The connection is there, and shared from now on.
    assert_eq!(transport.send(get(&url)).await.unwrap().body(), "HTTP/2.0");
    let large = || transport.send(get(&format!("{url}/large")));
    let mut unread = [large(), large(), large()];
    for answer in &mut unread {
        // It is sent, and no more is read of it.
        let is_pending = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context).is_pending()));
        assert!(is_pending.await);
    }
    for _ in 0..20 {
        let other = tokio::time::timeout(Duration::from_secs(5), transport.send(get(&url)));
        let other = other.await.expect("it waits for those before it").unwrap();
        assert_eq!(other.body(), "HTTP/2.0");
    }
    for answer in unread {
        assert_eq!(answer.await.unwrap().body().len(), LARGE);
    }
}

fn over_tls(trusting: rustls::ClientConfig) -> HyperTransport<impl Connect + Clone> {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(trusting)
        .https_only()
        .enable_all_versions()
        .build();
    HyperTransport::with_connector(connector)
}

#[tokio::test]
async fn a_trusted_certificate_of_another_host_or_that_has_expired_is_refused() {
    let another = CertificateParams::new([String::from("thief.test")]).unwrap();
    let mut expired = CertificateParams::new([String::from("localhost")]).unwrap();
    expired.not_before = rcgen::date_time_ymd(2000, 1, 1);
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    for (certificate, cause) in [(another, "NotValidForName"), (expired, "Expired")] {
        let (url, trusting) = tls_server_with(certificate, &["h2"]).await;
        let error = over_tls(trusting).send(get(&url)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::Connect, Sent::No)
        );
        let shown = format!("{error:?}");
        assert!(shown.contains(cause), "{shown}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (url, _) = tls_server(&["h2"]).await;
    let transports = [
        HyperTransport::new(),
        #[cfg(feature = "platform-verifier")]
        HyperTransport::with_platform_verifier().unwrap(),
    ];
    for transport in transports {
        let error = transport.send(get(&url)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::Connect, Sent::No)
        );
    }
}

/// Connects to a server in memory, or never.
#[derive(Clone, Default)]
struct InMemory {
    connections: Arc<AtomicUsize>,
    never: bool,
}

struct Duplex(TokioIo<DuplexStream>);

impl Service<http::Uri> for InMemory {
    type Response = Duplex;
    type Error = io::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = io::Result<Duplex>> + Send>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), io::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Uri) -> Self::Future {
        if self.never {
            return Box::pin(pending());
        }
        self.connections.fetch_add(1, Ordering::SeqCst);
        let (ours, theirs) = tokio::io::duplex(4096);
        tokio::spawn(serve(theirs));
        Box::pin(ready(Ok(Duplex(TokioIo::new(ours)))))
    }
}

impl Connection for Duplex {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl hyper::rt::Read for Duplex {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl hyper::rt::Write for Duplex {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<io::Result<usize>> {
        std::pin::Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        std::pin::Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[tokio::test(start_paused = true)]
async fn connecting_is_given_up_after_3_seconds() {
    let never = InMemory {
        never: true,
        ..InMemory::default()
    };
    let started = Instant::now();
    let error = HyperTransport::with_connector(never)
        .send(get("http://x/"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.sent()),
        (TransportErrorKind::Connect, Sent::No)
    );
    assert_eq!(started.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_dropped_after_30_seconds() {
    let connector = InMemory::default();
    let connections = Arc::clone(&connector.connections);
    let transport = HyperTransport::with_connector(connector);
    for (idle, made) in [(0, 1), (20, 1), (61, 2)] {
        tokio::time::sleep(Duration::from_secs(idle)).await;
        transport.send(get("http://x/")).await.unwrap();
        // The connection goes back to the pool in a task of its own.
        tokio::task::yield_now().await;
        assert_eq!(
            connections.load(Ordering::SeqCst),
            made,
            "after {idle} idle seconds"
        );
    }
}

#[tokio::test]
async fn an_answer_may_have_8_mib_and_not_a_byte_more() {
    for (length, kind) in [
        (8 * 1024 * 1024 + 1, TransportErrorKind::TooLarge),
        // Read, but the server hangs up.
        (8 * 1024 * 1024, TransportErrorKind::Io),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
        });
        let error = HyperTransport::new().send(get(&url)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{length} bytes");
    }
}

#[tokio::test]
async fn what_has_no_own_connector_uses_tcp() {
    // `HttpConnector` satisfies the bounds of `with_connector` as it is.
    let transport = HyperTransport::with_connector(HttpConnector::new());
    assert_eq!(
        format!("{transport:?}"),
        "HyperTransport { body_limit: 8388608, .. }"
    );
}
