//! Where a request goes, and how it names that on the way.

use http::{HeaderValue, Uri, header};
use http_body_util::Full;
use paystack_client::bytes::Bytes;

/// Where the request goes, for a transport without TLS.
pub(crate) fn address(request: &http::Request<Bytes>) -> String {
    let uri = request.uri();
    format!("{}:{}", uri.host().unwrap(), uri.port_u16().unwrap_or(80))
}

/// HTTP/1.1 names the host in a header and only the path in the request line.
pub(crate) fn to_origin(request: http::Request<Bytes>) -> http::Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let host = HeaderValue::from_str(head.uri.authority().unwrap().as_str());
    head.headers.insert(header::HOST, host.unwrap());
    head.uri = Uri::from(head.uri.path_and_query().unwrap().clone());
    http::Request::from_parts(head, Full::new(body))
}
