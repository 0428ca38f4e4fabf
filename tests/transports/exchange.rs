//! One request and its answer over a connection of any runtime, by hyper's HTTP/1.1.

use std::future::pending;

use http::{HeaderValue, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use paystack_client::{Sent, TransportError, TransportErrorKind, bytes::Bytes};

const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Drives the connection itself instead of spawning it: dropping the future closes it.
pub(crate) async fn exchange(
    io: impl Read + Write + Unpin,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, TransportError> {
    let (mut sender, connection) = http1::handshake(io).await.map_err(broken)?;
    let answer = async {
        let response = sender.send_request(to_origin(request)).await;
        let (head, body) = response.map_err(broken)?.into_parts();
        let body = Limited::new(body, BODY_LIMIT).collect().await;
        let body = body.map_err(|error| {
            let kind = match error.is::<http_body_util::LengthLimitError>() {
                true => TransportErrorKind::TooLarge,
                false => TransportErrorKind::Io,
            };
            TransportError::new(kind, Sent::Maybe).with_source(error)
        })?;
        Ok(http::Response::from_parts(head, body.to_bytes()))
    };
    let driven = async {
        // How it ended, the answer tells.
        let _ = connection.await;
        pending().await
    };
    smol::future::or(answer, driven).await
}

/// Where the request goes, for a transport without TLS.
pub(crate) fn address(request: &http::Request<Bytes>) -> String {
    let uri = request.uri();
    let (host, port) = (uri.host().unwrap(), uri.port_u16().unwrap_or(80));
    format!("{host}:{port}")
}

pub(crate) fn refused(error: std::io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Connect, Sent::No).with_source(error)
}

fn broken(error: hyper::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Io, Sent::Maybe).with_source(error)
}

/// HTTP/1.1 names the host in a header and only the path in the request line.
fn to_origin(request: http::Request<Bytes>) -> http::Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let host = head.uri.authority().unwrap().as_str();
    let host = HeaderValue::from_str(host).unwrap();
    head.headers.insert(header::HOST, host);
    head.uri = Uri::from(head.uri.path_and_query().unwrap().clone());
    http::Request::from_parts(head, Full::new(body))
}
