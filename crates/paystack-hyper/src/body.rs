//! Reading an answer's body, but not more of it than the limit.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use paystack_client::{Sent, TransportError, TransportErrorKind};

/// How much is set aside for a body whose length is told beforehand; it may not be true.
const FIRST_CAPACITY: usize = 64 * 1024;

/// Reads a body whole. One that says that it is larger than the limit is not read at all.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, TransportError> {
    let told = body.size_hint();
    if told.lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken().with_source(error))?;
        let Ok(data) = frame.into_data() else {
            continue; // trailers
        };
        if data.len() > limit.saturating_sub(whole.len()) {
            return Err(too_large());
        }
        if whole.is_empty() && body.is_end_stream() {
            return checked(data, told.exact());
        }
        if whole.capacity() == 0 {
            let told = usize::try_from(told.lower()).unwrap_or(FIRST_CAPACITY);
            whole.reserve(told.min(FIRST_CAPACITY));
        }
        whole.extend_from_slice(&data);
    }
    checked(whole.freeze(), told.exact())
}

/// HTTP/2 lets a server end an answer early without an error, by a reset with `NO_ERROR`.
fn checked(whole: Bytes, told: Option<u64>) -> Result<Bytes, TransportError> {
    match told {
        Some(told) if usize::try_from(told) != Ok(whole.len()) => Err(broken()),
        _ => Ok(whole),
    }
}

fn too_large() -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, Sent::Maybe)
}

fn broken() -> TransportError {
    TransportError::new(TransportErrorKind::Io, Sent::Maybe)
}
