//! What an answer's headers say about the rate limit.

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, HeaderName, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// From here on a reset is a time since 1970 rather than seconds from now.
const EPOCH_SECONDS: u64 = 1_000_000_000;

/// What an answer's headers say about the rate limit of the integration.
///
/// See <https://paystack.com/docs/api/#rate-limiting>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests that a window allows.
    pub limit: Option<u64>,
    /// Requests that are left in this window.
    pub remaining: Option<u64>,
    /// How long until the window ends.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// Reads `x-ratelimit-limit`, `x-ratelimit-remaining` and `x-ratelimit-reset`; what is absent or
    /// unreadable is `None`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            limit: number(headers, &LIMIT),
            remaining: number(headers, &REMAINING),
            reset: number(headers, &RESET).and_then(|reset| {
                if reset < EPOCH_SECONDS {
                    return Some(Duration::from_secs(reset));
                }
                let now = u64::try_from(date(headers, &DATE)?.unix_timestamp()).ok()?;
                Some(Duration::from_secs(reset.saturating_sub(now)))
            }),
        }
    }
}

/// How long the server asks to wait: `Retry-After` in seconds or as a date measured against the
/// answer's own `Date`, or the end of the rate limit's window, whichever is later.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = number(headers, &RETRY_AFTER)
        .map(Duration::from_secs)
        .or_else(|| {
            let (now, until) = (date(headers, &DATE)?, date(headers, &RETRY_AFTER)?);
            let seconds = until.unix_timestamp().saturating_sub(now.unix_timestamp());
            Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
        });
    asked.max(RateLimit::from_headers(headers).reset)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(headers.get(name)?.to_str().ok()?, &Rfc2822).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

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
    fn a_reset_is_seconds_from_now_or_a_time_since_1970() {
        let reset = |pairs| RateLimit::from_headers(&headers(pairs)).reset;
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
        assert_eq!(reset(&[("x-ratelimit-reset", "soon")]), None);
    }

    #[test]
    fn the_later_of_the_two_waits_counts() {
        assert_eq!(retry_after(&headers(&[])), None);
        assert_eq!(
            retry_after(&headers(&[
                ("retry-after", "7"),
                ("x-ratelimit-reset", "3")
            ])),
            Some(Duration::from_secs(7))
        );
        assert_eq!(
            retry_after(&headers(&[
                ("retry-after", "2"),
                ("x-ratelimit-reset", "3")
            ])),
            Some(Duration::from_secs(3))
        );
    }

    #[test]
    fn a_date_to_wait_for_is_measured_against_the_answers_own_date() {
        let later = ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT");
        let now = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            retry_after(&headers(&[later, now])),
            Some(Duration::from_secs(30))
        );
        assert_eq!(retry_after(&headers(&[later])), None);
        let past = ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT");
        assert_eq!(retry_after(&headers(&[past, now])), Some(Duration::ZERO));
    }
}
