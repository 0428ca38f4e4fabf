//! A response as text, for snapshots.

use std::fmt;

use http::Response;

use crate::request::write_body;

/// The headers that a snapshot shows, and the prefix of those about the rate limit.
const SHOWN: [&str; 2] = ["content-type", "retry-after"];
const RATE_LIMIT: &str = "x-ratelimit-";

/// The headers that may contain a date or a time since 1970, which is measured from `date`.
const TIMES: [&str; 2] = ["retry-after", "x-ratelimit-reset"];

/// A response as text, for snapshot tests: the status, the headers `content-type`, `retry-after` and
/// `x-ratelimit-…` sorted by name, and the body. JSON is indented, with its keys in order and its numbers digit for
/// digit. `date` is shown, too, if `retry-after` or `x-ratelimit-reset` has more than nine bytes. Such a value is a date
/// or a time since 1970, and is measured from `date`.
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
        let headers = response.headers();
        let mut times = TIMES.iter().filter_map(|name| headers.get(*name));
        let has_time = times.any(|value| value.len() > 9);
        let is_shown = |name: &str| {
            SHOWN.contains(&name) || name.starts_with(RATE_LIMIT) || (name == "date" && has_time)
        };
        let headers = headers.iter();
        let mut headers: Vec<_> = headers
            .filter(|(name, _)| is_shown(name.as_str()))
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
    fn date_is_shown_if_a_wait_is_measured_from_it() {
        for (name, value, is_shown) in [
            ("retry-after", "123456789", false),
            ("retry-after", "Thu, 01 Jan 2026 00:00:07 GMT", true),
            ("x-ratelimit-reset", "1767225607", true),
            ("x-ratelimit-limit", "1767225607", false),
        ] {
            let response = Response::builder()
                .header("date", "Thu, 01 Jan 2026 00:00:00 GMT")
                .header(name, value)
                .body("")
                .unwrap();
            let text = ResponseSnapshot(&response).to_string();
            let date = "\ndate: Thu, 01 Jan 2026 00:00:00 GMT\n";
            assert_eq!(text.contains(date), is_shown, "{text}");
        }
    }

    #[test]
    fn empty_body_is_omitted() {
        let mut response = Response::new("");
        *response.status_mut() = http::StatusCode::NO_CONTENT;
        assert_eq!(ResponseSnapshot(&response).to_string(), "204 No Content\n");
    }
}
