//! The kind and `Sent` that the transport reports for each fault. A wrong `Sent::No` writes twice.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod http2;

use std::future::{pending, ready};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use paystack_hyper::{HyperTransport, Sent, Transport, TransportError, TransportErrorKind, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tower::service_fn;

/// Encodes an HTTP/2 frame.
fn frame(kind: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, 0]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const REFUSED_STREAM: [u8; 4] = [0, 0, 0, 7];
const INTERNAL_ERROR: [u8; 4] = [0, 0, 0, 2];
const ENHANCE_YOUR_CALM: [u8; 4] = [0, 0, 0, 11];
const NO_ERROR: [u8; 4] = [0, 0, 0, 0];

/// Serves each connection with a script, and returns the URL.
async fn server<F>(script: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(script(stream));
        }
    });
    url
}

/// Reads an HTTP/1.1 request, responds with these bytes and closes the connection.
async fn responding(bytes: impl Into<Vec<u8>>) -> String {
    let bytes = bytes.into();
    server(move |mut stream| {
        let bytes = bytes.clone();
        async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&bytes).await;
        }
    })
    .await
}

/// Reads the headers of the first HTTP/2 stream, and responds with these frames.
async fn responding_over_http2(frames: Vec<u8>, then_close: bool) -> String {
    server(move |mut stream| {
        let frames = frames.clone();
        async move {
            stream.write_all(&frame(SETTINGS, 0, &[])).await.unwrap();
            let mut received = Vec::new();
            // A HEADERS frame (type 1) for stream 1.
            while !received
                .windows(6)
                .any(|bytes| bytes[0] == 1 && bytes[2..] == [0, 0, 0, 1])
            {
                stream.read_buf(&mut received).await.unwrap();
            }
            stream.write_all(&frames).await.unwrap();
            if !then_close {
                pending::<()>().await;
            }
        }
    })
    .await
}

fn post(url: &str) -> http::Request<Bytes> {
    http::Request::post(url)
        .body(Bytes::from_static(b"{}"))
        .unwrap()
}

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

/// HTTP/2 with prior knowledge.
fn http2() -> HyperTransport {
    HyperTransport::builder().http2_only().build().unwrap()
}

async fn fails(transport: impl Transport, request: http::Request<Bytes>) -> TransportError {
    let result = tokio::time::timeout(Duration::from_secs(5), transport.send(request)).await;
    result.expect("timed out").expect_err("an error")
}

fn kind_and_sent(error: &TransportError) -> (TransportErrorKind, Sent) {
    (error.kind(), error.sent())
}

#[tokio::test]
async fn no_if_the_connection_is_refused() {
    // The socket is bound and does not listen: the port is reserved and refuses connections.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let error = fails(HyperTransport::new(), post(&format!("http://{address}"))).await;
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::ConnectionRefused, Sent::No)
    );
    // The error shows the cause, and not the address.
    let shown = format!("{error:?}");
    assert!(shown.contains("ConnectionRefused"), "{shown}");
    assert!(!shown.contains(&address.port().to_string()), "{shown}");
}

#[tokio::test]
async fn no_if_the_name_is_unknown() {
    let unknown = service_fn(|_| {
        ready(Err::<std::vec::IntoIter<SocketAddr>, _>(io::Error::other(
            "no such name",
        )))
    });
    let connector = HttpConnector::new_with_resolver(unknown);
    let error = fails(
        HyperTransport::builder()
            .connector(connector)
            .build()
            .unwrap(),
        post("http://paystack.test/"),
    )
    .await;
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::NameLookup, Sent::No)
    );
}

#[tokio::test]
async fn no_if_the_tls_handshake_stalls() {
    let url = server(|stream| async move {
        let _stream = stream;
        pending::<()>().await;
    })
    .await;
    let transport = HyperTransport::builder()
        .connect_timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let url = url.replace("http:", "https:");
    let error = fails(transport, post(&url)).await;
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::Connect, Sent::No)
    );
}

#[tokio::test]
async fn no_if_the_server_does_not_speak_tls() {
    let url = responding(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        .await
        .replace("http:", "https:");
    let error = fails(HyperTransport::new(), post(&url)).await;
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::Connect, Sent::No)
    );
}

#[tokio::test]
async fn no_if_hyper_returns_the_request_unwritten() {
    let connector = closing_connection::ClosingConnector;
    let mut client = Client::builder(TokioExecutor::new());
    let client = client
        .retry_canceled_requests(false)
        .build::<_, Full<Bytes>>(connector);
    let error = fails(
        HyperTransport::builder().client(client).build().unwrap(),
        post("http://127.0.0.1/"),
    )
    .await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::No));
}

#[tokio::test]
async fn maybe_if_the_server_closes_without_a_response() {
    let url = responding(b"").await;
    let error = fails(HyperTransport::new(), post(&url)).await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[tokio::test]
async fn maybe_if_the_server_resets_the_connection() {
    let url = server(|mut stream| async move {
        assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
        stream.set_zero_linger().unwrap();
    })
    .await;
    let error = fails(HyperTransport::new(), post(&url)).await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[tokio::test]
async fn maybe_if_the_response_is_truncated() {
    for response in [
        &b"HTTP/1.1 20"[..],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"hello\r\n\r\n",
    ] {
        let url = responding(response).await;
        let error = fails(HyperTransport::new(), post(&url)).await;
        assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
    }
}

#[tokio::test]
async fn too_large_content_length_is_rejected_unread() {
    // The server never sends the body, so a transport that waits for it fails the test by a timeout.
    let url = server(|mut stream| async move {
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n")
            .await;
        pending::<()>().await;
    })
    .await;
    let error = fails(
        HyperTransport::builder().body_limit(10).build().unwrap(),
        post(&url),
    )
    .await;
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::TooLarge, Sent::Maybe)
    );
}

#[tokio::test]
async fn body_of_unknown_length_over_the_limit_is_rejected() {
    let url = responding(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n3\r\n9ab\r\n0\r\n\r\n",
    )
    .await;
    let error = fails(
        HyperTransport::builder().body_limit(10).build().unwrap(),
        get(&url),
    )
    .await;
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::TooLarge, Sent::Maybe)
    );

    let whole = HyperTransport::builder()
        .body_limit(11)
        .build()
        .unwrap()
        .send(get(&url))
        .await
        .unwrap();
    assert_eq!(whole.into_body(), "123456789ab");
}

#[tokio::test]
async fn every_status_is_a_response_and_no_redirect_is_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&followed);
    let elsewhere = server(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        ready(())
    })
    .await;
    for status in [200, 301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 599] {
        let url = responding(format!(
            "HTTP/1.1 {status} So\r\nLocation: {elsewhere}\r\nContent-Length: 2\r\n\r\n[]"
        ))
        .await;
        for request in [get(&url), post(&url)] {
            let response = HyperTransport::new().send(request).await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(response.into_body(), "[]");
        }
    }
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn errors_do_not_show_the_url() {
    let url = responding(b"").await;
    for request in [
        post(&format!("{url}/customer/canary%40example.com")),
        post(&format!(
            "{}/customer/canary%40example.com",
            url.replace("http:", "https:")
        )),
    ] {
        let error = fails(HyperTransport::new(), request).await;
        let mut shown = format!("{error} {error:?}");
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            shown.push_str(&format!("{error} {error:?}"));
            cause = error.source();
        }
        assert!(!shown.contains("canary"), "{shown}");
    }
}

mod closing_connection {
    //! A connector whose connections the server closes before hyper writes a request.

    use std::future::{Ready, ready};
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::rt::{Read, ReadBufCursor, Write};
    use hyper_util::client::legacy::connect::{Connected, Connection};
    use paystack_hyper::http::Uri;
    use tower_service::Service;

    #[derive(Clone)]
    pub(crate) struct ClosingConnector;

    pub(crate) struct Closing {
        ready: bool,
    }

    impl Service<Uri> for ClosingConnector {
        type Response = Closing;
        type Error = io::Error;
        type Future = Ready<io::Result<Closing>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Uri) -> Self::Future {
            ready(Ok(Closing { ready: false }))
        }
    }

    impl Connection for Closing {
        fn connected(&self) -> Connected {
            Connected::new()
        }
    }

    impl Read for Closing {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: ReadBufCursor<'_>,
        ) -> Poll<io::Result<()>> {
            if self.ready {
                return Poll::Ready(Ok(()));
            }
            // hyper polls again once it has a request for this connection.
            self.ready = true;
            Poll::Pending
        }
    }

    impl Write for Closing {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &[u8],
        ) -> Poll<io::Result<usize>> {
            panic!("the request was written")
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }
}
