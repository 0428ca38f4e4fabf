//! Compressed responses.

use paystack_ureq::{BlockingTransport, TransportErrorKind, UreqTransport};
use tokio::io::AsyncWriteExt;

use crate::loopback::gzip::{GZIP, compressed, server};
use crate::loopback::{get, read_head, serve};
use crate::{AMPLE, on_servers};

fn transport(limit: usize) -> UreqTransport {
    let builder = UreqTransport::builder().gzip().body_limit(limit);
    builder.build().unwrap()
}

#[test]
fn compressed_body_is_decoded() {
    let body: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
    let url = on_servers(server(GZIP, compressed(&body)));
    let response = transport(body.len()).send(get(&url), AMPLE).unwrap();
    assert_eq!(response.body(), &body);
    for header in ["content-encoding", "content-length"] {
        assert!(!response.headers().contains_key(header), "{header}");
    }
    // Two members are one body.
    let two = [compressed(b"one "), compressed(b"two")].concat();
    let url = on_servers(server(GZIP, two));
    assert_eq!(
        transport(7).send(get(&url), AMPLE).unwrap().body(),
        "one two"
    );
}

#[test]
fn plain_body_stays_as_it_is() {
    let url = on_servers(server("", b"plain".to_vec()));
    let response = transport(5).send(get(&url), AMPLE).unwrap();
    assert_eq!(response.body(), "plain");
    assert_eq!(response.headers()["content-length"], "5");
}

#[test]
fn bomb_is_rejected_at_the_limit() {
    let bomb = compressed(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 128 * 1024, "{} bytes", bomb.len());
    let url = on_servers(server(GZIP, bomb));
    let error = transport(1024 * 1024).send(get(&url), AMPLE).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn truncated_or_invalid_gzip_is_an_error() {
    let whole = compressed(&[b'x'; 10_000]);
    for body in [whole[..whole.len() - 4].to_vec(), b"no gzip".to_vec()] {
        let url = on_servers(server(GZIP, body));
        let error = transport(100_000).send(get(&url), AMPLE).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Io);
    }
}

#[test]
fn empty_body_and_x_gzip_are_decoded() {
    let chunked = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nX-";
    for (headers, body) in [(chunked, &b"0\r\n\r\n"[..]), (GZIP, b"")] {
        let url = on_servers(server(headers, body.to_vec()));
        let response = transport(10).send(get(&url), AMPLE).unwrap();
        assert!(response.body().is_empty());
    }
    let url = on_servers(server("Content-Encoding: x-gzip\r\n", compressed(b"old")));
    assert_eq!(transport(10).send(get(&url), AMPLE).unwrap().body(), "old");
}

#[test]
fn endless_empty_members_are_rejected() {
    let url = on_servers(server(GZIP, compressed(b"").repeat(10_000)));
    let error = transport(1_000).send(get(&url), AMPLE).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn body_that_is_one_byte_too_large_is_rejected() {
    let url = on_servers(server(GZIP, compressed(b"12345")));
    assert_eq!(transport(5).send(get(&url), AMPLE).unwrap().body(), "12345");
    let error = transport(4).send(get(&url), AMPLE).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn gzip_that_was_not_requested_is_left_encoded() {
    let body = compressed(b"encoded");
    let encoded = body.clone();
    let port = on_servers(serve(move |mut stream| {
        let body = encoded.clone();
        async move {
            let head = read_head(&mut stream).await?;
            assert!(!head.contains("accept-encoding"), "{head}");
            let length = body.len();
            let head = format!("HTTP/1.1 200 OK\r\n{GZIP}Content-Length: {length}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.ok()?;
            stream.write_all(&body).await.ok()
        }
    }));
    let url = format!("http://127.0.0.1:{port}/");
    let response = UreqTransport::new().send(get(&url), AMPLE).unwrap();
    assert_eq!(response.body(), &body);
    assert_eq!(response.headers()["content-encoding"], "gzip");
}
