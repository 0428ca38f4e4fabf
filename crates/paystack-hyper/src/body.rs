//! Reads a response body up to the limit.

#[cfg(feature = "gzip")]
mod gzip;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Version};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use paystack_transport::connections::LARGEST_OVERHEAD;
#[cfg(feature = "gzip")]
use paystack_transport::connections::take_gzip;
use paystack_transport::{Sent, TransportError, TransportErrorKind};

/// The encodings to request.
#[derive(Clone, Copy, Default)]
pub(crate) enum Encodings {
    #[default]
    None,
    #[cfg(feature = "gzip")]
    Gzip,
}

#[cfg_attr(
    not(feature = "gzip"),
    allow(unused_variables, reason = "there is no encoding")
)]
impl Encodings {
    /// Requests the encoding.
    pub(crate) fn accept(self, headers: &mut HeaderMap) {
        #[cfg(feature = "gzip")]
        if let Self::Gzip = self {
            gzip::accept(headers);
        }
    }

    /// The encoding of a response, whose headers then describe the decoded body.
    pub(crate) fn of(self, headers: &mut HeaderMap) -> Self {
        match self {
            Self::None => self,
            #[cfg(feature = "gzip")]
            Self::Gzip if take_gzip(headers) => self,
            #[cfg(feature = "gzip")]
            Self::Gzip => Self::None,
        }
    }
}

/// Reads a whole body. A body with a declared length beyond the limit is not read.
pub(crate) async fn read(
    mut body: Incoming,
    version: Version,
    encoding: Encodings,
    limit: usize,
) -> Result<Bytes, TransportError> {
    // A 204 or 304 may declare the length of a body that it does not have.
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let declared = body.size_hint();
    let is_plain = matches!(encoding, Encodings::None);
    if is_plain && declared.lower() > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let exact = declared.exact().filter(|_| is_plain);
    let exact = exact.and_then(|length| usize::try_from(length).ok());
    let mut decoder = Decoder::new(encoding, Limited::new(limit, exact));
    let mut received = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken().with_source(error))?;
        let Ok(data) = frame.into_data() else {
            continue; // trailers
        };
        let is_whole = received == 0 && body.is_end_stream();
        received = received.saturating_add(data.len());
        // Compressed data may be a little larger than its content, and may have no content at all.
        if received > limit.saturating_add(LARGEST_OVERHEAD) {
            return Err(too_large());
        }
        if is_whole && is_plain && data.len() <= limit {
            check(received, declared.exact())?;
            return Ok(data);
        }
        decoder.push(&data)?;
    }
    // HTTP/2 lets a server end a response early without an error, by a reset with `NO_ERROR`.
    check(received, declared.exact())?;
    if declared.exact().is_none() && version == Version::HTTP_2 && !body.is_end_stream() {
        return Err(broken());
    }
    if received == 0 {
        return Ok(Bytes::new());
    }
    decoder.finish()
}

/// Decodes a body up to the limit.
enum Decoder {
    None(Limited),
    #[cfg(feature = "gzip")]
    Gzip(Box<gzip::Decoder>),
}

impl Decoder {
    fn new(encoding: Encodings, limited: Limited) -> Self {
        match encoding {
            Encodings::None => Self::None(limited),
            #[cfg(feature = "gzip")]
            Encodings::Gzip => Self::Gzip(Box::new(gzip::Decoder::new(limited))),
        }
    }

    fn push(&mut self, data: &[u8]) -> Result<(), TransportError> {
        match self {
            Self::None(limited) => limited.push(data),
            #[cfg(feature = "gzip")]
            Self::Gzip(decoder) => decoder.push(data),
        }
    }

    fn finish(self) -> Result<Bytes, TransportError> {
        match self {
            Self::None(limited) => Ok(limited.pieces.into_whole()),
            #[cfg(feature = "gzip")]
            Self::Gzip(decoder) => decoder.finish(),
        }
    }
}

/// A body that may not grow beyond the limit.
struct Limited {
    pieces: Pieces,
    limit: usize,
}

impl Limited {
    fn new(limit: usize, declared: Option<usize>) -> Self {
        let pieces = Pieces {
            declared: declared.unwrap_or(0),
            ..Pieces::default()
        };
        Self { pieces, limit }
    }

    fn push(&mut self, data: &[u8]) -> Result<(), TransportError> {
        if data.len() > self.limit.saturating_sub(self.pieces.length) {
            return Err(too_large());
        }
        self.pieces.push(data);
        Ok(())
    }
}

/// The largest piece of a body without a declared length.
const PIECE: usize = 16 * 1024;

/// The body so far. It is a copy, because a frame may keep a far larger buffer alive. It is in pieces, because a
/// growing buffer uses up to three times its content. A body with a declared length is one piece.
#[derive(Default)]
struct Pieces {
    full: Vec<Bytes>,
    last: BytesMut,
    length: usize,
    /// The declared length, or 0.
    declared: usize,
}

impl Pieces {
    fn push(&mut self, mut data: &[u8]) {
        if self.length == 0 {
            self.last.reserve(self.declared);
        }
        let size = self.declared.max(PIECE);
        self.length = self.length.saturating_add(data.len());
        while !data.is_empty() {
            if self.last.len() == size {
                let full = std::mem::replace(&mut self.last, BytesMut::with_capacity(PIECE));
                self.full.push(full.freeze());
            }
            let room = size.saturating_sub(self.last.len());
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

fn check(received: usize, declared: Option<u64>) -> Result<(), TransportError> {
    match declared {
        Some(declared) if usize::try_from(declared) != Ok(received) => Err(broken()),
        _ => Ok(()),
    }
}

fn too_large() -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, Sent::Maybe)
}

fn broken() -> TransportError {
    TransportError::new(TransportErrorKind::Io, Sent::Maybe)
}
