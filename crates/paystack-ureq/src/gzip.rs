//! Decodes gzip up to the limit of a body. ureq's own feature would decode the responses of every agent in the program,
//! also those that were not requested in gzip.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use paystack_transport::connections::LARGEST_OVERHEAD;
use ureq::{Body, Error};

/// Decodes a body. One without content has no gzip header either.
pub(crate) fn decode(body: Body, limit: u64) -> Result<Vec<u8>, Error> {
    // Compressed data may have no content at all, so it has a limit of its own.
    let overhead = u64::try_from(LARGEST_OVERHEAD).unwrap_or(u64::MAX);
    let encoded = body
        .into_with_config()
        .limit(limit.saturating_add(overhead));
    let mut encoded = BufReader::new(encoded.reader());
    let mut decoded = Vec::new();
    if !encoded.fill_buf()?.is_empty() {
        let mut decoder = MultiGzDecoder::new(encoded).take(limit.saturating_add(1));
        decoder.read_to_end(&mut decoded)?;
    }
    match u64::try_from(decoded.len()) {
        Ok(length) if length <= limit => Ok(decoded),
        _ => Err(Error::BodyExceedsLimit(limit)),
    }
}
