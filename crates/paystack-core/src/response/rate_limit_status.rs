//! The rate limit by the headers of a response.

use std::time::Duration;

use http::header::{DATE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The least reset that is a Unix time. Smaller ones are seconds from now.
const EPOCH_SECONDS: u64 = 1_000_000_000;

/// The rate limit of the integration, by the headers of a response.
///
/// See <https://paystack.com/docs/api/#rate-limiting>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// Requests in a window.
    pub limit: Option<u64>,
    /// Requests left in this window.
    pub remaining: Option<u64>,
    /// The time until the window ends.
    pub reset: Option<Duration>,
}

impl RateLimitStatus {
    /// Parses `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset`. A header that is absent
    /// or does not parse is `None`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let (mut limit, mut remaining, mut reset) = (None, None, None);
        // One pass over the few headers is faster than three look-ups by hash.
        for (name, value) in headers {
            match name.as_str() {
                "x-ratelimit-limit" => limit = limit.or(number(value)),
                "x-ratelimit-remaining" => remaining = remaining.or(number(value)),
                "x-ratelimit-reset" => reset = reset.or(number(value)),
                _ => {}
            }
        }
        Self {
            limit,
            remaining,
            reset: reset.and_then(|reset| {
                if reset < EPOCH_SECONDS {
                    return Some(Duration::from_secs(reset));
                }
                let now = u64::try_from(date(headers, &DATE)?.unix_timestamp()).ok()?;
                Some(Duration::from_secs(reset.saturating_sub(now)))
            }),
        }
    }
}

/// The time to wait: `Retry-After` in seconds or as a date relative to the response's `Date`, or the rest of
/// a window that is used up; the longer of the two.
pub(super) fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let asked = headers
        .get(RETRY_AFTER)
        .and_then(number)
        .map(Duration::from_secs)
        .or_else(|| {
            let (now, until) = (date(headers, &DATE)?, date(headers, &RETRY_AFTER)?);
            let seconds = until.unix_timestamp().saturating_sub(now.unix_timestamp());
            Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
        });
    let limit = RateLimitStatus::from_headers(headers);
    let used_up = match limit.remaining {
        Some(remaining) => remaining == 0,
        None => status == StatusCode::TOO_MANY_REQUESTS,
    };
    asked.max(limit.reset.filter(|_| used_up))
}

/// Parses a whole number.
fn number(value: &HeaderValue) -> Option<u64> {
    let digits = value.as_bytes().trim_ascii();
    let number = std::str::from_utf8(digits).ok()?.parse().ok();
    number.filter(|_| !digits.starts_with(b"+"))
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(headers.get(name)?.to_str().ok()?, &Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    #[test]
    fn only_whole_numbers_are_parsed() {
        let limit =
            |value| RateLimitStatus::from_headers(&headers(&[("x-ratelimit-limit", value)])).limit;
        assert_eq!(limit("600"), Some(600));
        assert_eq!(limit(" 600 "), Some(600));
        assert_eq!(limit("18446744073709551615"), Some(u64::MAX));
        for odd in [
            "",
            " ",
            "-1",
            "+1",
            "6e2",
            "6.0",
            "600, 600",
            "18446744073709551616",
            "6:",
        ] {
            assert_eq!(limit(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_reset_is_seconds_or_a_unix_time() {
        let reset = |pairs| RateLimitStatus::from_headers(&headers(pairs)).reset;
        assert_eq!(
            reset(&[("x-ratelimit-reset", "42")]),
            Some(Duration::from_secs(42))
        );
        assert_eq!(
            reset(&[
                ("x-ratelimit-reset", "784111787"),
                ("date", "Sun, 06 Nov 1994 08:49:37 GMT")
            ]),
            Some(Duration::from_secs(784_111_787)),
            "below 10^9 it is seconds from now"
        );
        assert_eq!(
            reset(&[
                ("x-ratelimit-reset", "1767225630"),
                ("date", "Thu, 01 Jan 2026 00:00:00 GMT")
            ]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            reset(&[("x-ratelimit-reset", "1767225630")]),
            None,
            "no date to measure from"
        );
        assert_eq!(
            reset(&[("x-ratelimit-reset", "1000000000")]),
            None,
            "from 10^9 on it is since 1970"
        );
        assert_eq!(reset(&[("x-ratelimit-reset", "soon")]), None);
    }

    /// The wait after a 429 with these headers, in seconds.
    fn wait(pairs: &[(&'static str, &'static str)]) -> Option<u64> {
        let wait = retry_after(StatusCode::TOO_MANY_REQUESTS, &headers(pairs));
        wait.map(|wait| wait.as_secs())
    }

    #[test]
    fn the_longer_wait_counts() {
        assert_eq!(wait(&[]), None);
        assert_eq!(
            wait(&[("retry-after", "7"), ("x-ratelimit-reset", "3")]),
            Some(7)
        );
        assert_eq!(
            wait(&[("retry-after", "2"), ("x-ratelimit-reset", "3")]),
            Some(3)
        );
    }

    #[test]
    fn a_reset_is_no_wait_while_requests_are_left() {
        let reset = ("x-ratelimit-reset", "55");
        assert_eq!(wait(&[("x-ratelimit-remaining", "50"), reset]), None);
        assert_eq!(
            wait(&[("x-ratelimit-remaining", "50"), reset, ("retry-after", "2")]),
            Some(2)
        );
        assert_eq!(wait(&[("x-ratelimit-remaining", "0"), reset]), Some(55));
        let unavailable = |pair| retry_after(StatusCode::SERVICE_UNAVAILABLE, &headers(&[pair]));
        assert_eq!(unavailable(reset), None);
        assert_eq!(
            unavailable(("retry-after", "2")),
            Some(Duration::from_secs(2))
        );
    }

    #[test]
    fn a_date_is_relative_to_the_response_date() {
        let later = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        let now = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(wait(&[later, now]), Some(30));
        assert_eq!(wait(&[later]), None);
        let past = ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT");
        assert_eq!(wait(&[past, now]), Some(0));
    }
}
