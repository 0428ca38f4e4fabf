//! The rate limiter of the API: a number of requests per minute, counted in fixed windows.

use http::{HeaderMap, HeaderValue};
use time::{Duration, OffsetDateTime};

const WINDOW: Duration = Duration::seconds(60);

/// Counts the requests of one integration in the current window.
#[derive(Clone, Debug)]
pub(crate) struct RateLimiter {
    limit: u64,
    used: u64,
    window_end: Option<OffsetDateTime>,
}

impl RateLimiter {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            used: 0,
            window_end: None,
        }
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// Counts a request. The first request after the end of a window begins a new one, and so does the first one
    /// after a clock that went back before its start.
    pub(crate) fn check(&mut self, now: OffsetDateTime) -> RateLimitStatus {
        let end = match self.window_end {
            Some(end) if now < end && end <= now.saturating_add(WINDOW) => end,
            _ => {
                self.used = 0;
                now.saturating_add(WINDOW)
            }
        };
        self.window_end = Some(end);
        let is_admitted = self.used < self.limit;
        if is_admitted {
            self.used = self.used.saturating_add(1);
        }
        RateLimitStatus {
            is_admitted,
            limit: self.limit,
            remaining: self.limit.saturating_sub(self.used),
            reset: seconds_until(now, end),
        }
    }
}

/// Returns the seconds until the end of the window, rounded up so that a client that waits them is admitted.
fn seconds_until(now: OffsetDateTime, end: OffsetDateTime) -> u64 {
    let nanoseconds = end
        .unix_timestamp_nanos()
        .saturating_sub(now.unix_timestamp_nanos());
    let nanoseconds = u64::try_from(nanoseconds).unwrap_or(0);
    nanoseconds.div_ceil(1_000_000_000)
}

/// The state of the limit after one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimitStatus {
    pub(crate) is_admitted: bool,
    limit: u64,
    remaining: u64,
    reset: u64,
}

impl RateLimitStatus {
    /// Inserts the headers that report the limit.
    pub(crate) fn insert_into(self, headers: &mut HeaderMap) {
        headers.insert("x-ratelimit-limit", HeaderValue::from(self.limit));
        headers.insert("x-ratelimit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-ratelimit-reset", HeaderValue::from(self.reset));
    }
}

#[cfg(test)]
mod tests {
    use time::ext::NumericalDuration;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn window_admits_its_limit_and_the_next_starts_at_zero() {
        let start = datetime!(2026-01-01 0:00 UTC);
        let mut limiter = RateLimiter::new(2);
        assert!(limiter.check(start).is_admitted);
        assert!(limiter.check(start + 1.seconds()).is_admitted);
        let refused = limiter.check(start + 59_500.milliseconds());
        assert!(!refused.is_admitted);
        assert_eq!((refused.remaining, refused.reset), (0, 1));
        let next = limiter.check(start + 60.seconds());
        assert!(next.is_admitted);
        assert_eq!((next.remaining, next.reset), (1, 60));
    }

    #[test]
    fn clock_that_goes_back_an_hour_begins_a_new_window() {
        let start = datetime!(2026-01-01 1:00 UTC);
        let mut limiter = RateLimiter::new(1);
        assert!(limiter.check(start).is_admitted);
        let earlier = limiter.check(start - 1.hours());
        assert!(earlier.is_admitted);
        assert_eq!((earlier.remaining, earlier.reset), (0, 60));
    }
}
