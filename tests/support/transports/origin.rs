//! The address and the `Host` header of a request.

use http::{HeaderValue, Uri, header};
use http_body_util::Full;
use paystack_transport::bytes::Bytes;

/// Returns the host and port of a request without TLS.
pub fn address(request: &http::Request<Bytes>) -> String {
    let uri = request.uri();
    format!("{}:{}", uri.host().unwrap(), uri.port_u16().unwrap_or(80))
}

/// Moves the host from the request line to a header, as HTTP/1.1 requires.
pub fn to_origin(request: http::Request<Bytes>) -> http::Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let host = HeaderValue::from_str(head.uri.authority().unwrap().as_str());
    head.headers.insert(header::HOST, host.unwrap());
    head.uri = Uri::from(head.uri.path_and_query().unwrap().clone());
    http::Request::from_parts(head, Full::new(body))
}
