//! Compressed responses.

use paystack_hyper::{HyperTransport, Transport, TransportErrorKind};

use crate::loopback::get;
use crate::loopback::gzip::{GZIP, compressed, server};

fn transport(limit: usize) -> HyperTransport {
    let builder = HyperTransport::builder().gzip().body_limit(limit);
    builder.build().unwrap()
}

#[tokio::test]
async fn compressed_body_is_decoded() {
    let body: Vec<u8> = (0..100_000_u32).flat_map(u32::to_be_bytes).collect();
    let url = server(GZIP, compressed(&body)).await;
    let response = transport(body.len()).send(get(&url)).await.unwrap();
    assert_eq!(response.body(), &body);
    for header in ["content-encoding", "content-length"] {
        assert!(!response.headers().contains_key(header), "{header}");
    }
    // Two members are one body.
    let two = [compressed(b"one "), compressed(b"two")].concat();
    let url = server(GZIP, two).await;
    assert_eq!(
        transport(7).send(get(&url)).await.unwrap().body(),
        "one two"
    );
}

#[tokio::test]
async fn plain_body_stays_as_it_is() {
    let url = server("", b"plain".to_vec()).await;
    let response = transport(5).send(get(&url)).await.unwrap();
    assert_eq!(response.body(), "plain");
    assert_eq!(response.headers()["content-length"], "5");
}

#[tokio::test]
async fn bomb_is_rejected_at_the_limit() {
    let bomb = compressed(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 128 * 1024, "{} bytes", bomb.len());
    let url = server(GZIP, bomb).await;
    let error = transport(1024 * 1024).send(get(&url)).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[tokio::test]
async fn truncated_or_invalid_gzip_is_an_error() {
    let whole = compressed(&[b'x'; 10_000]);
    for body in [whole[..whole.len() - 4].to_vec(), b"no gzip".to_vec()] {
        let url = server(GZIP, body).await;
        let error = transport(100_000).send(get(&url)).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Io);
    }
}

#[tokio::test]
async fn empty_body_and_x_gzip_are_decoded() {
    let chunked = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nX-";
    let url = server(chunked, b"0\r\n\r\n".to_vec()).await;
    assert!(
        transport(10)
            .send(get(&url))
            .await
            .unwrap()
            .body()
            .is_empty()
    );
    let url = server("Content-Encoding: x-gzip\r\n", compressed(b"old")).await;
    assert_eq!(transport(10).send(get(&url)).await.unwrap().body(), "old");
}

#[tokio::test]
async fn endless_empty_members_are_rejected() {
    let url = server(GZIP, compressed(b"").repeat(10_000)).await;
    let error = transport(1_000).send(get(&url)).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}
