//! A response as text, for snapshots.

use std::fmt;

use http::Response;

use crate::request::write_body;

/// The headers that a snapshot shows, and the prefix of those about the rate limit.
const SHOWN: [&str; 2] = ["content-type", "retry-after"];
const RATE_LIMIT: &str = "x-ratelimit-";

/// A response as text, for snapshot tests: the status, the headers `content-type`, `retry-after` and
/// `x-ratelimit-…` sorted by name, and the body. JSON is indented, with its keys in order and its numbers digit for
/// digit.
///
/// It redacts nothing. The format follows semver: a snapshot changes only if the response does.
///
/// ```
/// use paystack_core::{ResponseSnapshot, http::Response};
///
/// let response = Response::builder()
///     .header("x-ratelimit-remaining", 99)
///     .header("date", "Thu, 01 Jan 2026 00:00:00 GMT")
///     .body(r#"{"status":true,"message":"Customer created"}"#)?;
/// assert_eq!(ResponseSnapshot(&response).to_string(), r#"
/// 200 OK
/// x-ratelimit-remaining: 99
///
/// {
///   "status": true,
///   "message": "Customer created"
/// }
/// "#.trim_start());
/// # Ok::<(), paystack_core::http::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct ResponseSnapshot<'a, B>(pub &'a Response<B>);

impl<B: AsRef<[u8]>> fmt::Display for ResponseSnapshot<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = self.0;
        writeln!(f, "{}", response.status())?;
        let headers = response.headers().iter();
        let mut headers: Vec<_> = headers
            .filter(|(name, _)| {
                SHOWN.contains(&name.as_str()) || name.as_str().starts_with(RATE_LIMIT)
            })
            .collect();
        // A stable sort: repeated headers keep their order.
        headers.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in headers {
            writeln!(f, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        match response.body().as_ref() {
            [] => Ok(()),
            body => {
                writeln!(f)?;
                write_body(f, &String::from_utf8_lossy(body))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_sorted_and_others_are_omitted() {
        let response = Response::builder()
            .header("x-ratelimit-reset", 9)
            .header("set-cookie", "canary")
            .header("retry-after", 1)
            .header("content-type", "text/plain")
            .body("plain")
            .unwrap();
        insta::assert_snapshot!(ResponseSnapshot(&response), @r"
        200 OK
        content-type: text/plain
        retry-after: 1
        x-ratelimit-reset: 9

        plain
        ");
    }

    #[test]
    fn empty_body_is_omitted() {
        let mut response = Response::new("");
        *response.status_mut() = http::StatusCode::NO_CONTENT;
        assert_eq!(ResponseSnapshot(&response).to_string(), "204 No Content\n");
    }
}
