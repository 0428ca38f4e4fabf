//! Compressed responses.

use paystack_ureq::{BlockingTransport, TransportErrorKind, UreqTransport};

use crate::loopback::get;
use crate::loopback::gzip::{GZIP, compressed, server};
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
