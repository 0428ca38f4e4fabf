//! Reading an answer's body, but not more of it than the limit.
//!
//! Apart from paystack-hyper's, which copies frames into pieces to hold the bound on memory that it
//! promises, and keeps hyper's own errors: neither can be promised for a body of anybody's.

use std::error::Error;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use paystack_client::{Sent, TransportError, TransportErrorKind};

/// Reads a body whole. One that says that it is larger than the limit is not read at all; where a
/// layer's body does not say, the header does.
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
    // A 204 or 304 over HTTP/2 may tell a length that it has not.
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let told = body.size_hint();
    let said = match told.upper() {
        Some(_) => told.lower(),
        None => content_length(headers),
    };
    if said > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(lost(TransportErrorKind::TooLarge));
    }
    let whole = Limited::new(std::pin::pin!(body), limit).collect().await;
    let whole = whole.map_err(|error| {
        if error.is::<LengthLimitError>() {
            return lost(TransportErrorKind::TooLarge);
        }
        answered(classify(error))
    })?;
    let whole = whole.to_bytes();
    match told.exact() {
        // HTTP/2 lets a server end an answer early without an error.
        Some(told) if usize::try_from(told) != Ok(whole.len()) => Err(lost(TransportErrorKind::Io)),
        _ => Ok(whole),
    }
}

fn content_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(0)
}

/// The answer has begun, so the request was sent, whatever the error says.
fn answered(error: TransportError) -> TransportError {
    match error.sent() {
        Sent::No => TransportError::new(error.kind(), Sent::Maybe).with_source(error),
        _ => error,
    }
}

pub(crate) fn lost(kind: TransportErrorKind) -> TransportError {
    TransportError::new(kind, Sent::Maybe)
}
