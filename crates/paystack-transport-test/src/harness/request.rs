//! The requests of the suite, shaped like those of the client.

use std::net::SocketAddr;

use paystack_transport::bytes::Bytes;
use paystack_transport::http;

/// A word in the key, path and query of every request. No error may show it.
pub(super) const CANARY: &str = "canary";

const KEY: &str = "Bearer sk_test_canary";

/// Creates a GET request with a name, by which the server and the checks identify it.
pub(crate) fn get(server: SocketAddr, name: &str) -> http::Request<Bytes> {
    let url = format!("http://{server}{}", target(name));
    request(http::Method::GET, &url, Bytes::new())
}

/// Creates a POST request with a name and a body.
pub(crate) fn post(server: SocketAddr, name: &str, body: impl Into<Bytes>) -> http::Request<Bytes> {
    let url = format!("http://{server}{}", target(name));
    request(http::Method::POST, &url, body.into())
}

/// Returns the path and query of the request with this name.
pub(crate) fn target(name: &str) -> String {
    format!("/customer/canary%40example.com/{name}?perPage=50&from=canary")
}

/// Creates a request with the client's headers.
///
/// Every URL of the suite is valid. An invalid one would become `/`, and the check would then fail.
pub(crate) fn request(method: http::Method, url: &str, body: Bytes) -> http::Request<Bytes> {
    let mut key = http::HeaderValue::from_static(KEY);
    key.set_sensitive(true);
    let json = http::HeaderValue::from_static("application/json");
    let agent = http::HeaderValue::from_static("paystack-transport-test");
    let has_body = !body.is_empty();
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = url.parse().unwrap_or_default();
    let headers = request.headers_mut();
    if has_body {
        headers.insert(http::header::CONTENT_TYPE, json.clone());
    }
    headers.insert(http::header::ACCEPT, json);
    headers.insert(http::header::AUTHORIZATION, key);
    headers.insert(http::header::USER_AGENT, agent);
    request
}
