//! Bodies without a length, which end with the connection, and connections that are not used again.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use paystack_ureq::{BlockingTransport, Sent, TransportErrorKind, UreqTransport};
use tokio::io::AsyncWriteExt;

use crate::loopback::{Certificates, ClientCertificate, get, read_head, respond, serve};
use crate::{AMPLE, on_servers};

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n{\"status\":tr";

const LOST: (TransportErrorKind, Sent) = (TransportErrorKind::Io, Sent::Maybe);

/// A transport that trusts these certificates only.
fn trusting(certificates: &Certificates) -> UreqTransport {
    let builder = UreqTransport::builder();
    let builder = builder.only_root_certificates(&*certificates.authority);
    builder.build().unwrap()
}

#[test]
fn body_over_tls_without_close_notify_is_an_error() {
    let certificates = Certificates::new();
    let transport = trusting(&certificates);
    for has_close_notify in [true, false] {
        let acceptor = certificates.acceptor(ClientCertificate::None, &[]);
        let port = on_servers(serve(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let mut stream = acceptor.accept(stream).await.ok()?;
                read_head(&mut stream).await?;
                stream.write_all(RESPONSE).await.ok()?;
                match has_close_notify {
                    true => stream.shutdown().await.ok(),
                    false => stream.flush().await.ok(),
                }
            }
        }));
        let received = transport.send(get(&format!("https://localhost:{port}/")), AMPLE);
        match has_close_notify {
            true => assert_eq!(received.unwrap().body(), "{\"status\":tr"),
            false => {
                let error = received.unwrap_err();
                assert_eq!((error.kind(), error.sent()), LOST);
            }
        }
    }
}

#[test]
fn body_that_ends_with_a_reset_is_an_error() {
    let port = on_servers(serve(async |mut stream| {
        read_head(&mut stream).await?;
        stream.write_all(RESPONSE).await.ok()?;
        #[allow(deprecated, reason = "zero does not block")]
        stream.set_linger(Some(Duration::ZERO)).ok()
    }));
    let request = get(&format!("http://127.0.0.1:{port}/"));
    let error = UreqTransport::new().send(request, AMPLE).unwrap_err();
    assert_eq!((error.kind(), error.sent()), LOST);
}

#[test]
fn surplus_over_tls_is_never_the_next_response() {
    const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let certificates = Certificates::new();
    let transport = trusting(&certificates);
    for has_close_notify in [false, true] {
        let acceptor = certificates.acceptor(ClientCertificate::None, &[]);
        let port = on_servers(serve(move |stream| {
            let acceptor = acceptor.clone();
            async move {
                let mut stream = acceptor.accept(stream).await.ok()?;
                read_head(&mut stream).await?;
                let (socket, tls) = stream.get_mut();
                tls.writer().write_all(RESPONSE).ok()?;
                match has_close_notify {
                    true => tls.send_close_notify(),
                    // Longer than one read of rustls.
                    false => {
                        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n";
                        let surplus = [&head[..], &[b'x'; 8192]].concat();
                        tls.writer().write_all(&surplus).ok()?;
                    }
                }
                let mut records = Vec::new();
                while tls.wants_write() {
                    tls.write_tls(&mut records).ok()?;
                }
                socket.write_all(&records).await.ok()?;
                // Keeps the connection open until the client closes it.
                read_head(&mut stream).await.map(drop)
            }
        }));
        for _ in 0..2 {
            let received = transport.send(get(&format!("https://localhost:{port}/")), AMPLE);
            assert_eq!(received.unwrap().body(), "{}");
        }
    }
}

#[test]
fn connection_over_tls_is_used_again_after_session_tickets() {
    let certificates = Certificates::new();
    let transport = trusting(&certificates);
    let acceptor = certificates.acceptor(ClientCertificate::None, &[]);
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let port = on_servers(serve(move |stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        let acceptor = acceptor.clone();
        async move { respond(acceptor.accept(stream).await.ok()?, "secure").await }
    }));
    for _ in 0..3 {
        let received = transport.send(get(&format!("https://localhost:{port}/")), AMPLE);
        assert_eq!(received.unwrap().body(), "secure");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}
