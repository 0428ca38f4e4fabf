//! Proxies that require credentials: HTTP CONNECT, and SOCKS5.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use super::certificates::{Certificates, ClientCertificate};
use super::{read_head, serve};

/// The destinations and credentials that a proxy has received.
pub(crate) type Log = Arc<Mutex<Vec<String>>>;

/// An HTTP proxy that requires `user:pass word`, and connects to the port on this machine.
pub(crate) async fn http_proxy(log: Log) -> u16 {
    serve(move |stream| tunnel(stream, Arc::clone(&log))).await
}

/// The same over TLS. It also logs whether the client presents a certificate.
pub(crate) async fn https_proxy(certificates: &Certificates, log: Log) -> u16 {
    let acceptor = certificates.acceptor(ClientCertificate::Optional, &[]);
    serve(move |stream| {
        let (acceptor, log) = (acceptor.clone(), Arc::clone(&log));
        async move {
            let stream = acceptor.accept(stream).await.ok()?;
            let has_certificate = stream.get_ref().1.peer_certificates().is_some();
            log.lock().unwrap().push(format!("{has_certificate}"));
            tunnel(stream, log).await
        }
    })
    .await
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
        return stream.flush().await.ok();
    }
    let port = first.split([':', ' ']).nth(2)?.parse().ok()?;
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    copy_bidirectional(&mut stream, &mut server).await.ok()?;
    Some(())
}

/// A SOCKS5 proxy that requires `user` and `pass`.
pub(crate) async fn socks_proxy(log: Log) -> u16 {
    serve(move |mut stream| {
        let log = Arc::clone(&log);
        async move {
            assert_eq!(stream.read_u8().await.ok()?, 5, "the version");
            let mut methods = vec![0; stream.read_u8().await.ok()?.into()];
            stream.read_exact(&mut methods).await.ok()?;
            assert!(methods.contains(&2), "user and password");
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
