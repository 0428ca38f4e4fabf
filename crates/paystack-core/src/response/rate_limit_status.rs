//! The rate limit that the headers of a response state.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

/// The longest wait that a server may ask for. A longer one, such as a date in the far future, counts as this
/// long, or a call without a deadline would never end.
const LONGEST_SERVER_WAIT: Duration = Duration::from_secs(60 * 60);

/// The least number that is a time in seconds since 1970. Smaller ones are seconds from now.
const EPOCH_SECONDS: u64 = 1_000_000_000;

/// The least number that is a time in milliseconds since 1970.
const EPOCH_MILLISECONDS: u64 = 1_000_000_000_000;

/// The rate limit of the integration, as the headers of a response state it.
///
/// See <https://paystack.com/docs/api/#rate-limiting>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitStatus {
    /// The maximum number of requests in a window.
    pub limit: Option<u64>,
    /// The requests left in this window.
    pub remaining: Option<u64>,
    /// The time until the window ends, at most an hour.
    pub reset: Option<Duration>,
}

impl RateLimitStatus {
    /// Parses `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset`. A header that is absent
    /// or does not parse is `None`. A reset is in seconds from now, or a time since 1970 in seconds or
    /// milliseconds, which is measured from the `Date` header.
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
            reset: reset.and_then(|reset| wait(reset, headers)),
        }
    }
}

/// The time to wait, at most an hour: `Retry-After`, or the rest of a window that is used up; the longer of the
/// two. Dates and times since 1970 are measured from the response's `Date`.
pub(super) fn retry_after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER).and_then(|value| {
        let until = || wait_until(since_1970(date(value)?)?, headers);
        number(value).map_or_else(until, |number| wait(number, headers))
    });
    let limit = RateLimitStatus::from_headers(headers);
    let used_up = match limit.remaining {
        Some(remaining) => remaining == 0,
        None => status == StatusCode::TOO_MANY_REQUESTS,
    };
    asked.max(limit.reset.filter(|_| used_up))
}

/// The wait in seconds, or until a time in seconds or milliseconds since 1970.
fn wait(number: u64, headers: &HeaderMap) -> Option<Duration> {
    match number {
        ..EPOCH_SECONDS => Some(Duration::from_secs(number).min(LONGEST_SERVER_WAIT)),
        EPOCH_SECONDS..EPOCH_MILLISECONDS => wait_until(Duration::from_secs(number), headers),
        EPOCH_MILLISECONDS.. => wait_until(Duration::from_millis(number), headers),
    }
}

/// The wait until a time since 1970.
fn wait_until(time: Duration, headers: &HeaderMap) -> Option<Duration> {
    let now = since_1970(date(headers.get(DATE)?)?)?;
    Some(time.saturating_sub(now).min(LONGEST_SERVER_WAIT))
}

fn since_1970(date: OffsetDateTime) -> Option<Duration> {
    let seconds = u64::try_from(date.unix_timestamp()).ok()?;
    Some(Duration::from_secs(seconds))
}

/// Parses a whole number.
fn number(value: &HeaderValue) -> Option<u64> {
    let digits = value.as_bytes().trim_ascii();
    let number = digits.iter().try_fold(0_u64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number.checked_mul(10)?.checked_add(digit.into())
    });
    number.filter(|_| !digits.is_empty())
}

/// Parses a date in any of the three forms of RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`,
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
fn date(value: &HeaderValue) -> Option<OffsetDateTime> {
    let text = value.to_str().ok()?;
    let parts: Vec<_> = text
        .split([' ', ',', '-'])
        .filter(|part| !part.is_empty())
        .collect();
    let (day, month, year, time) = match *parts {
        [_, day, month, year, time, "GMT"] => (day, month, year, time),
        [_, month, day, time, year] => (day, month, year, time),
        _ => return None,
    };
    // Two digits: RFC 9110 takes a date far in the future as one of the last century. RFC 2822, which the parser
    // follows, reads 70 to 99 in the same way.
    let is_of_this_century = year.len() == 2 && year < "70";
    let century = if is_of_this_century { "20" } else { "" };
    let text = format!("{day:0>2} {month} {century}{year} {time} GMT");
    OffsetDateTime::parse(&text, &Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
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
    fn year_of_two_digits_is_from_1970_to_2069() {
        for (text, year) in [
            // Four digits stay.
            ("Thu, 01 Jan 1970 00:00:00 GMT", 1970),
            ("Thursday, 01-Jan-70 00:00:00 GMT", 1970),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 1994),
            ("Thursday, 01-Jan-26 00:00:00 GMT", 2026),
            ("Tuesday, 31-Dec-69 23:59:59 GMT", 2069),
        ] {
            let date = date(&HeaderValue::from_static(text));
            assert_eq!(date.map(OffsetDateTime::year), Some(year), "{text}");
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
            Some(LONGEST_SERVER_WAIT),
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
        assert_eq!(
            reset(&[
                ("x-ratelimit-reset", "1767225630250"),
                ("date", "Thu, 01 Jan 2026 00:00:00 GMT")
            ]),
            Some(Duration::from_millis(30_250)),
            "from 10^12 on it is in milliseconds"
        );
        assert_eq!(
            reset(&[
                ("x-ratelimit-reset", "18446744073709551615"),
                ("date", "Thu, 01 Jan 2026 00:00:00 GMT")
            ]),
            Some(LONGEST_SERVER_WAIT)
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
    fn date_of_any_form_is_relative_to_the_response_date() {
        let forms = |time: &'static str| {
            [
                format!("Sun, 06 Nov 1994 {time} GMT"),
                format!("Sunday, 06-Nov-94 {time} GMT"),
                format!("Sun Nov  6 {time} 1994"),
            ]
        };
        let headers = |retry_after: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            retry_after_of(&headers)
        };
        for now in forms("08:49:37") {
            for later in forms("08:50:07") {
                assert_eq!(headers(&later, Some(&now)), Some(30), "{later} at {now}");
                assert_eq!(headers(&later, None), None);
            }
            for past in forms("08:00:00") {
                assert_eq!(headers(&past, Some(&now)), Some(0));
            }
            for late in [
                "Sun, 06 Nov 1994 19:49:37 GMT",
                "Fri, 31 Dec 9999 23:59:59 GMT",
            ] {
                assert_eq!(headers(late, Some(&now)), Some(3_600), "{late}");
            }
            // A time since 1970, in seconds and milliseconds.
            assert_eq!(headers("1000000000", Some(&now)), Some(3_600));
        }
        let now = Some("Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(headers("1767225630", now), Some(30));
        assert_eq!(headers("1767225630000", now), Some(30));
        assert_eq!(headers("1767225630", None), None);
        assert_eq!(headers("Thursday, 01-Jan-26 00:00:09 GMT", now), Some(9));
        for odd in [
            "",
            "soon",
            "Sun, 06 Nov 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "-1",
            "1.5",
        ] {
            assert_eq!(headers(odd, now), None, "{odd}");
        }
    }

    #[test]
    fn wait_is_at_most_an_hour() {
        for seconds in ["3601", "999999999", "99999999999999999999"] {
            let expected = (seconds.len() < 20).then_some(3_600);
            assert_eq!(wait(&[("retry-after", seconds)]), expected, "{seconds}");
        }
        assert_eq!(wait(&[("x-ratelimit-reset", "86400")]), Some(3_600));
    }

    fn retry_after_of(headers: &HeaderMap) -> Option<u64> {
        let wait = retry_after(StatusCode::SERVICE_UNAVAILABLE, headers);
        wait.map(|wait| wait.as_secs())
    }
}
