//! The files of the page at `/sandbox`.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Response};

use super::response_body::{self, ResponseBody};

/// The page loads its own files only, and no other page may embed it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Returns the file at a path.
pub(super) fn respond(path: &str) -> Option<Response<ResponseBody>> {
    let (content_type, file) = match path.trim_end_matches('/') {
        "/sandbox" => ("text/html; charset=utf-8", include_str!("page/index.html")),
        "/sandbox/page.css" => ("text/css; charset=utf-8", include_str!("page/page.css")),
        "/sandbox/page.js" => (
            "text/javascript; charset=utf-8",
            include_str!("page/page.js"),
        ),
        _ => return None,
    };
    let length = HeaderValue::from(file.len());
    let body = response_body::complete(Bytes::from_static(file.as_bytes()));
    let mut response = Response::new(body);
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length);
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Some(response)
}
