//! Reads a response body up to the limit.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use paystack_transport::{Sent, TransportError, TransportErrorKind};

/// Reads a whole body. A body with a declared length beyond the limit is not read.
pub(crate) async fn read(mut body: Incoming, limit: usize) -> Result<Bytes, TransportError> {
    // A 204 or 304 may declare the length of a body that it does not have.
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let declared = body.size_hint();
    if declared.lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let mut pieces = Pieces::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken().with_source(error))?;
        let Ok(data) = frame.into_data() else {
            continue; // trailers
        };
        if data.len() > limit.saturating_sub(pieces.length) {
            return Err(too_large());
        }
        if pieces.length == 0 && body.is_end_stream() {
            return checked(data, declared.exact());
        }
        pieces.push(&data);
    }
    checked(pieces.into_whole(), declared.exact())
}

/// The largest piece of a body.
const PIECE: usize = 16 * 1024;

/// The body so far. It is copied, because a frame may keep a far larger buffer alive, and into pieces,
/// because a growing buffer uses up to three times its content.
#[derive(Default)]
struct Pieces {
    full: Vec<Bytes>,
    last: BytesMut,
    length: usize,
}

impl Pieces {
    fn push(&mut self, mut data: &[u8]) {
        self.length = self.length.saturating_add(data.len());
        while !data.is_empty() {
            if self.last.len() == PIECE {
                let full = std::mem::replace(&mut self.last, BytesMut::with_capacity(PIECE));
                self.full.push(full.freeze());
            }
            let room = PIECE.saturating_sub(self.last.len());
            let (now, later) = data.split_at(room.min(data.len()));
            self.last.extend_from_slice(now);
            data = later;
        }
    }

    fn into_whole(self) -> Bytes {
        if self.full.is_empty() {
            return self.last.freeze();
        }
        let mut whole = Vec::with_capacity(self.length);
        for piece in self.full {
            whole.extend_from_slice(&piece);
        }
        whole.extend_from_slice(&self.last);
        whole.into()
    }
}

/// HTTP/2 lets a server end a response early without an error, by a reset with `NO_ERROR`.
fn checked(whole: Bytes, declared: Option<u64>) -> Result<Bytes, TransportError> {
    match declared {
        Some(declared) if usize::try_from(declared) != Ok(whole.len()) => Err(broken()),
        _ => Ok(whole),
    }
}

fn too_large() -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, Sent::Maybe)
}

fn broken() -> TransportError {
    TransportError::new(TransportErrorKind::Io, Sent::Maybe)
}
