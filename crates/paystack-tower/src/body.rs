//! Reads a response body up to the limit.
//!
//! paystack-hyper has its own reader. It bounds the memory of hyper's frames, keeps hyper's errors, and rejects an
//! HTTP/2 body of unknown length that a reset ends. A generic body allows none of these: it may never report its end.

use std::error::Error;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use paystack_transport::{Sent, TransportError, TransportErrorKind};

/// Reads a whole body. A body with a declared length beyond the limit is not read. If a layer's body does not
/// declare its length, the header does.
pub(crate) async fn read<B>(
    headers: &HeaderMap,
    body: B,
    limit: usize,
    classify: fn(Box<dyn Error + Send + Sync>) -> TransportError,
) -> Result<Bytes, TransportError>
where
    B: Body,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    // A 204 or 304 over HTTP/2 may declare the length of a body that it does not have.
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let declared = body.size_hint();
    let length = match declared.upper() {
        Some(_) => declared.lower(),
        None => content_length(headers),
    };
    if length > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(lost(TransportErrorKind::TooLarge));
    }
    let whole = Limited::new(std::pin::pin!(body), limit).collect().await;
    let whole = whole.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return lost(TransportErrorKind::TooLarge);
        }
        maybe_sent(classify(error))
    })?;
    let whole = whole.to_bytes();
    match declared.exact() {
        // HTTP/2 lets a server end a response early without an error.
        Some(declared) if usize::try_from(declared) != Ok(whole.len()) => {
            Err(lost(TransportErrorKind::Io))
        }
        _ => Ok(whole),
    }
}

fn content_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// The response has begun, so the request was sent.
fn maybe_sent(error: TransportError) -> TransportError {
    match error.sent() {
        Sent::No => TransportError::new(error.kind(), Sent::Maybe).with_source(error),
        _ => error,
    }
}

pub(crate) fn lost(kind: TransportErrorKind) -> TransportError {
    TransportError::new(kind, Sent::Maybe)
}
