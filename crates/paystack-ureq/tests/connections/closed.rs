//! Bodies without a length, which end with the connection.

use std::time::Duration;

use paystack_ureq::{BlockingTransport, Sent, TransportErrorKind, UreqTransport};
use tokio::io::AsyncWriteExt;

use crate::loopback::{Certificates, ClientCertificate, get, read_head, serve};
use crate::{AMPLE, on_servers};

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n{\"status\":tr";

const LOST: (TransportErrorKind, Sent) = (TransportErrorKind::Io, Sent::Maybe);

#[test]
fn body_over_tls_without_close_notify_is_an_error() {
    let certificates = Certificates::new();
    let trusting = UreqTransport::builder().only_root_certificates(&*certificates.authority);
    let transport = trusting.build().unwrap();
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
