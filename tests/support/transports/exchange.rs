//! Sends one request over a connection of any runtime, with hyper's HTTP/1.1.

use std::error::Error;
use std::future::pending;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use paystack_transport::{Sent, TransportError, TransportErrorKind, bytes::Bytes};

use super::origin::to_origin;

const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Polls the connection in the same task, so that dropping the future closes it.
pub async fn exchange(
    io: impl Read + Write + Unpin,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, TransportError> {
    let (mut sender, connection) = http1::handshake(io).await.map_err(broken)?;
    let answer = async {
        let response = sender.send_request(to_origin(request)).await;
        let (head, body) = response.map_err(broken)?.into_parts();
        if body.size_hint().lower() > BODY_LIMIT as u64 {
            return Err(too_large());
        }
        let body = Limited::new(body, BODY_LIMIT).collect().await;
        let body = body.map_err(broken)?.to_bytes();
        Ok(http::Response::from_parts(head, body))
    };
    let driven = async {
        let _ = connection.await; // `answer` reports the error
        pending().await
    };
    smol::future::or(answer, driven).await
}

pub fn refused(error: std::io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Connect, Sent::No).with_source(error)
}

fn broken(error: impl Into<Box<dyn Error + Send + Sync>>) -> TransportError {
    let error = error.into();
    if error.is::<LengthLimitError>() {
        return too_large();
    }
    TransportError::new(TransportErrorKind::Io, Sent::Maybe).with_source(error)
}

fn too_large() -> TransportError {
    TransportError::new(TransportErrorKind::TooLarge, Sent::Maybe)
}
