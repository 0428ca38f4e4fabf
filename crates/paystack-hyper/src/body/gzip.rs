//! Decodes gzip while a body arrives.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};
use paystack_transport::TransportError;

use super::{Limited, broken, too_large};

pub(super) fn accept(headers: &mut HeaderMap) {
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
}

pub(super) struct Decoder(MultiGzDecoder<Output>);

impl Decoder {
    pub(super) fn new(limited: Limited) -> Self {
        let output = Output {
            limited,
            is_too_large: false,
        };
        Self(MultiGzDecoder::new(output))
    }

    pub(super) fn push(&mut self, data: &[u8]) -> Result<(), TransportError> {
        let written = self.0.write_all(data);
        written.map_err(|error| self.error(error))
    }

    pub(super) fn finish(mut self) -> Result<Bytes, TransportError> {
        if let Err(error) = self.0.try_finish() {
            return Err(self.error(error));
        }
        let output = self
            .0
            .finish()
            .map_err(|error| broken().with_source(error))?;
        Ok(output.limited.pieces.into_whole())
    }

    fn error(&self, error: io::Error) -> TransportError {
        match self.0.get_ref().is_too_large {
            true => too_large(),
            false => broken().with_source(error),
        }
    }
}

/// The decoded body. An error stops the decoder at the limit, before it decodes the rest of a bomb.
struct Output {
    limited: Limited,
    is_too_large: bool,
}

impl Write for Output {
    fn write(&mut self, decoded: &[u8]) -> io::Result<usize> {
        if self.limited.push(decoded).is_err() {
            self.is_too_large = true;
            return Err(io::Error::other("the body is larger than the limit"));
        }
        Ok(decoded.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
