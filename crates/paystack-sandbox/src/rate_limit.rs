//! Paystack's limiter: so many requests a minute, counted in fixed windows.

use http::{HeaderMap, HeaderValue};
use time::{Duration, OffsetDateTime};

const WINDOW: Duration = Duration::seconds(60);

/// Counts the requests of one integration.
#[derive(Clone, Debug)]
pub(crate) struct RateLimiter {
    limit: u64,
    used: u64,
    ends: Option<OffsetDateTime>,
}

impl RateLimiter {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            used: 0,
            ends: None,
        }
    }

    /// Counts a request. A window begins with the first request after the last one ended.
    pub(crate) fn admit(&mut self, now: OffsetDateTime) -> Verdict {
        let ends = match self.ends {
            Some(ends) if now < ends => ends,
            _ => {
                self.used = 0;
                now.saturating_add(WINDOW)
            }
        };
        self.ends = Some(ends);
        let admitted = self.used < self.limit;
        if admitted {
            self.used = self.used.saturating_add(1);
        }
        Verdict {
            admitted,
            limit: self.limit,
            remaining: self.limit.saturating_sub(self.used),
            reset: seconds_until(now, ends),
        }
    }
}

/// Rounded up, so that who waits that long comes after the window's end.
fn seconds_until(now: OffsetDateTime, ends: OffsetDateTime) -> u64 {
    let left = ends
        .unix_timestamp_nanos()
        .saturating_sub(now.unix_timestamp_nanos());
    let left = u64::try_from(left).unwrap_or(0);
    left.div_ceil(1_000_000_000)
}

/// What the limiter says of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) admitted: bool,
    limit: u64,
    remaining: u64,
    reset: u64,
}

impl Verdict {
    pub(crate) fn write(self, headers: &mut HeaderMap) {
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
    fn a_window_admits_its_limit_and_the_next_one_begins_afresh() {
        let start = datetime!(2026-01-01 0:00 UTC);
        let mut limiter = RateLimiter::new(2);
        assert!(limiter.admit(start).admitted);
        assert!(limiter.admit(start + 1.seconds()).admitted);
        let refused = limiter.admit(start + 59_500.milliseconds());
        assert!(!refused.admitted);
        assert_eq!((refused.remaining, refused.reset), (0, 1));
        let next = limiter.admit(start + 60.seconds());
        assert!(next.admitted);
        assert_eq!((next.remaining, next.reset), (1, 60));
    }
}
