//! Reads the body of a request, within limits of size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::request::Parts;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::response::Refusal;

/// The largest request body, in bytes.
const LIMIT: usize = 1024 * 1024;

/// The largest state document, in bytes.
const STATE_LIMIT: usize = 1024 * 1024 * 1024;

/// The number of bytes that are read beyond the limit, so that the client can send its request and read the refusal.
const DRAIN_LIMIT: usize = 64 * 1024 * 1024;

/// Reads a body. Rejects one that is too large, too slow or broken off.
pub(super) async fn read(
    head: &Parts,
    body: Incoming,
    time_limit: Duration,
) -> Result<Bytes, Refusal> {
    let path = head.uri.path().trim_matches('/');
    let limit = match (head.method.as_str(), path) {
        ("PUT" | "POST", "sandbox/state") => STATE_LIMIT,
        _ => LIMIT,
    };
    timeout(time_limit, read_within(body, limit))
        .await
        .unwrap_or_else(|_| {
            let message = "The request took too long";
            Err(Refusal::plain(StatusCode::REQUEST_TIMEOUT, message))
        })
}

async fn read_within(mut body: Incoming, limit: usize) -> Result<Bytes, Refusal> {
    let mut bytes = BytesMut::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Refusal::plain(StatusCode::BAD_REQUEST, "The request broke off"))?;
        if let Ok(data) = frame.into_data() {
            length = length.saturating_add(data.len());
            if length <= limit {
                bytes.extend_from_slice(&data);
            } else {
                bytes.clear();
            }
        }
        if length > limit.saturating_add(DRAIN_LIMIT) {
            break;
        }
    }
    if length > limit {
        let message = "The request is too large";
        return Err(Refusal::plain(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    Ok(bytes.freeze())
}
