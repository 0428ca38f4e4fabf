//! The headers of a compressed response.

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

/// Whether gzip is the only encoding of a response. If so, it removes the headers that describe the encoded body.
pub fn take_gzip(headers: &mut HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    let is_gzip = match (encodings.next(), encodings.next()) {
        (Some(only), None) => [&b"gzip"[..], b"x-gzip"]
            .iter()
            .any(|name| only.as_bytes().eq_ignore_ascii_case(name)),
        _ => false,
    };
    if is_gzip {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    is_gzip
}
