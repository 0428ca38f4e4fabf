//! HTTP/1.0, as far as the sandbox needs it. The server closes the connection after a response.

use http::{Request, Response, header};
use paystack_core::bytes::Bytes;

use super::origin::address;

pub fn written(request: &Request<Bytes>) -> Vec<u8> {
    let (path, host) = (request.uri().path_and_query().unwrap(), address(request));
    let (method, length) = (request.method(), request.body().len());
    let first = format!("{method} {path} HTTP/1.0\r\nhost: {host}\r\ncontent-length: {length}\r\n");
    let mut bytes = first.into_bytes();
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend([b"\r\n", &request.body()[..]].concat());
    bytes
}

/// Returns `None` if the response is incomplete.
pub fn read(answer: &[u8]) -> Option<Response<Bytes>> {
    let (head, body) = std::str::from_utf8(answer).ok()?.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let mut response = Response::builder().status(lines.next()?.split(' ').nth(1)?);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    let response = response
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .ok()?;
    let stated = response.headers().get(header::CONTENT_LENGTH);
    let is_whole =
        stated.is_none_or(|stated| stated.as_bytes() == body.len().to_string().as_bytes());
    is_whole.then_some(response)
}
