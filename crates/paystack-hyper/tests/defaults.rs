//! The defaults of `HyperTransport`, over real TLS and over streams in memory.
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
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
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

/// The length of the body of `/large`. Four of them exceed the HTTP/2 window of a connection.
const LARGE: usize = 1536 * 1024;

/// Responds to each request with its HTTP version, and to `/large` with a large body.
async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let service = service_fn(|request: http::Request<_>| {
        let body = match request.uri().path() {
            "/large" => Bytes::from(vec![b'x'; LARGE]),
            _ => Bytes::from(format!("{:?}", request.version())),
        };
        let _: hyper::body::Incoming = request.into_body();
        ready(Ok::<_, io::Error>(http::Response::new(Full::new(body))))
    });
    let server = auto::Builder::new(TokioExecutor::new());
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// Starts a TLS server for localhost with these ALPN protocols.
///
/// Returns its URL, and a client configuration that trusts its certificate.
async fn tls_server(alpn: &[&str]) -> (String, rustls::ClientConfig) {
    tls_server_with(
        CertificateParams::new([String::from("localhost")]).unwrap(),
        alpn,
    )
    .await
}

/// Like [`tls_server`], with this certificate.
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
async fn alpn_selects_http2_or_http1() {
    for (offered, version) in [
        (&["h2", "http/1.1"][..], "HTTP/2.0"),
        (&["http/1.1"][..], "HTTP/1.1"),
        (&[][..], "HTTP/1.1"),
    ] {
        let (url, trusting) = tls_server(offered).await;
        let response = over_tls(trusting).send(get(&url)).await.unwrap();
        assert_eq!(response.into_body(), version);
    }
}

/// `Pages::ahead` promises this for pages that have arrived and are not read yet.
#[tokio::test]
async fn unread_large_responses_block_no_other_call_over_http2() {
    let (url, trusting) = tls_server(&["h2"]).await;
    let transport = over_tls(trusting);
    // The first request opens the connection, and all later requests share it.
    assert_eq!(transport.send(get(&url)).await.unwrap().body(), "HTTP/2.0");
    let large = || transport.send(get(&format!("{url}/large")));
    let mut unread: Vec<_> = (0..16).map(|_| large()).collect();
    for response in &mut unread {
        // Sends the request, and does not read the response.
        let is_pending =
            poll_fn(|context| Poll::Ready(response.as_mut().poll(context).is_pending()));
        assert!(is_pending.await);
    }
    for _ in 0..20 {
        let other = tokio::time::timeout(Duration::from_secs(5), transport.send(get(&url)));
        let other = other
            .await
            .expect("an unread response blocks another request")
            .unwrap();
        assert_eq!(other.body(), "HTTP/2.0");
    }
    for response in unread {
        assert_eq!(response.await.unwrap().body().len(), LARGE);
    }
}

fn over_tls(trusting: rustls::ClientConfig) -> HyperTransport {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(trusting)
        .https_only()
        .enable_all_versions()
        .build();
    HyperTransport::builder()
        .connector(connector)
        .build()
        .unwrap()
}

#[tokio::test]
async fn certificate_for_another_host_or_expired_is_rejected() {
    let another = CertificateParams::new([String::from("thief.test")]).unwrap();
    let mut expired = CertificateParams::new([String::from("localhost")]).unwrap();
    expired.not_before = rcgen::date_time_ymd(2000, 1, 1);
    expired.not_after = rcgen::date_time_ymd(2001, 1, 1);
    for (certificate, cause) in [(another, "NotValidForName"), (expired, "Expired")] {
        let (url, trusting) = tls_server_with(certificate, &["h2"]).await;
        let error = over_tls(trusting).send(get(&url)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::UntrustedCertificate, Sent::No)
        );
        let shown = format!("{error:?}");
        assert!(shown.contains(cause), "{shown}");
    }
}

#[tokio::test]
async fn certificate_of_an_unknown_issuer_is_rejected() {
    let (url, _) = tls_server(&["h2"]).await;
    let transports = [
        HyperTransport::new(),
        #[cfg(feature = "platform-verifier")]
        HyperTransport::builder()
            .platform_verifier()
            .build()
            .unwrap(),
    ];
    for transport in transports {
        let error = transport.send(get(&url)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::UntrustedCertificate, Sent::No)
        );
    }
}

/// A connector to a server in memory, or one that never connects.
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
async fn connecting_times_out_after_3_seconds() {
    let never = InMemory {
        never: true,
        ..InMemory::default()
    };
    let started = Instant::now();
    let error = HyperTransport::builder()
        .connector(never)
        .build()
        .unwrap()
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
async fn idle_connection_is_dropped_after_30_seconds() {
    let connector = InMemory::default();
    let connections = Arc::clone(&connector.connections);
    let transport = HyperTransport::builder()
        .connector(connector)
        .build()
        .unwrap();
    for (idle, made) in [(0, 1), (29, 1), (31, 2)] {
        tokio::time::sleep(Duration::from_secs(idle)).await;
        transport.send(get("http://x/")).await.unwrap();
        // hyper returns the connection to the pool in a separate task.
        tokio::task::yield_now().await;
        assert_eq!(
            connections.load(Ordering::SeqCst),
            made,
            "after {idle} idle seconds"
        );
    }
}

#[tokio::test]
async fn response_body_is_limited_to_8_mib() {
    for (length, kind) in [
        (8 * 1024 * 1024 + 1, TransportErrorKind::TooLarge),
        // The transport reads the body, and the server closes the connection.
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
async fn http_connector_without_tls_is_accepted() {
    // `HttpConnector` itself satisfies the bounds of `connector`.
    let transport = HyperTransport::builder()
        .connector(HttpConnector::new())
        .build()
        .unwrap();
    assert_eq!(
        format!("{transport:?}"),
        "HyperTransport { body_limit: 8388608, .. }"
    );
}
