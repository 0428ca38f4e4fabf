//! Limits on the time and the attempts of a call.

use std::time::Duration;

use crate::error::RetryRule;

/// The bounds of a time-out.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The upper bound of [`Settings::shortest_attempt`].
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(3);

/// Limits on the time and the attempts of a call. A client has settings for all its calls; a call may have its own.
///
/// Every value is valid: a count below 1 becomes 1, a duration above a day becomes a day, and a time-out below
/// 1 ms becomes 1 ms.
///
/// ```
/// use std::time::Duration;
/// use paystack_core::Settings;
///
/// let settings = Settings::new().attempts(5).deadline(Duration::from_secs(10));
/// assert_eq!(settings.max_attempts(), 5);
/// ```
///
/// | setting | default |
/// | --- | --- |
/// | [`attempts`](Self::attempts) | 3 |
/// | [`attempt_timeout`](Self::attempt_timeout) | 30 s |
/// | [`deadline`](Self::deadline) | 60 s |
/// | [`backoff`](Self::backoff) | 250 ms to 8 s |
/// | [`retry_rule`](Self::retry_rule) | the operation's |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    attempts: u32,
    attempt_timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry_rule: Option<RetryRule>,
    backoff_base: Duration,
    backoff_cap: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            attempts: 3,
            attempt_timeout: Some(Duration::from_secs(30)),
            deadline: Some(Duration::from_secs(60)),
            retry_rule: None,
            backoff_base: Duration::from_millis(250),
            backoff_cap: Duration::from_secs(8),
        }
    }
}

impl Settings {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum number of attempts of a call, the first included.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets how long one request may take. `None` sets no limit.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.attempt_timeout = timeout.into().map(clamp);
        self
    }

    /// Sets how long the whole call may take, including the queue for the rate limit and the waits between
    /// attempts. `None` sets no limit.
    ///
    /// An attempt starts only if enough time is left: a tenth of the deadline or of the attempt's time-out,
    /// whichever is shorter, and at most 3 s.
    #[must_use]
    pub fn deadline(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.deadline = deadline.into().map(clamp);
        self
    }

    /// Sets the retry rule in place of the operation's own. `None` restores the operation's.
    #[must_use]
    pub fn retry_rule(mut self, rule: impl Into<Option<RetryRule>>) -> Self {
        self.retry_rule = rule.into();
        self
    }

    /// Sets the longest wait after the first failed attempt, and the longest after any. The longest wait doubles
    /// with each attempt. The call waits a random part of it, in addition to the wait that the server asks for.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff_base = first.min(LONGEST);
        self.backoff_cap = longest.clamp(self.backoff_base, LONGEST);
        self
    }

    /// The maximum number of attempts of a call.
    pub fn max_attempts(&self) -> u32 {
        self.attempts
    }

    /// How long one request may take. `None` for no limit.
    pub fn max_attempt_time(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// How long the whole call may take. `None` for no limit.
    pub fn max_call_time(&self) -> Option<Duration> {
        self.deadline
    }

    /// The retry rule of a call: the one that is set, or else the operation's own.
    pub fn effective_retry_rule(&self, operations_own: RetryRule) -> RetryRule {
        self.retry_rule.unwrap_or(operations_own)
    }

    /// With less time left, no attempt starts: a tenth of the longest time of an attempt, within bounds.
    pub(super) fn shortest_attempt(&self) -> Duration {
        let longest = [self.attempt_timeout, self.deadline]
            .into_iter()
            .flatten()
            .min();
        let tenth = longest.unwrap_or_default().checked_div(10);
        tenth.unwrap_or_default().min(SHORTEST_ATTEMPT)
    }

    /// The longest wait after this many attempts.
    pub(super) fn longest_backoff(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let longest = self.backoff_base.saturating_mul(1_u32 << doublings);
        longest.min(self.backoff_cap)
    }
}

fn clamp(duration: Duration) -> Duration {
    duration.clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_bounds_are_clamped() {
        let settings = Settings::new()
            .attempts(0)
            .attempt_timeout(Duration::ZERO)
            .deadline(Duration::MAX)
            .backoff(Duration::from_secs(9), Duration::ZERO);
        assert_eq!(settings.max_attempts(), 1);
        let (millisecond, day) = (Duration::from_millis(1), Duration::from_secs(86_400));
        assert_eq!(settings.max_attempt_time(), Some(millisecond));
        assert_eq!(settings.max_call_time(), Some(day));
        assert_eq!(settings.longest_backoff(7), Duration::from_secs(9));
        let unlimited = settings.attempt_timeout(None).deadline(None);
        assert_eq!(
            (unlimited.max_attempt_time(), unlimited.max_call_time()),
            (None, None)
        );
    }

    #[test]
    fn the_retry_rule_replaces_the_operations_own() {
        let own = RetryRule::IfNotProcessed;
        let settings = Settings::new();
        assert_eq!(settings.effective_retry_rule(own), own);
        let never = settings.retry_rule(RetryRule::Never);
        assert_eq!(never.effective_retry_rule(own), RetryRule::Never);
        assert_eq!(never.retry_rule(None), settings);
    }

    #[test]
    fn an_attempt_needs_a_tenth_of_its_time_or_three_seconds() {
        let shortest = |timeout: Option<u64>, deadline: Option<u64>| {
            let settings = Settings::new()
                .attempt_timeout(timeout.map(Duration::from_secs))
                .deadline(deadline.map(Duration::from_secs));
            settings.shortest_attempt().as_millis()
        };
        assert_eq!(shortest(Some(30), Some(60)), 3_000);
        assert_eq!(shortest(Some(10), Some(60)), 1_000);
        assert_eq!(shortest(Some(30), Some(5)), 500);
        assert_eq!(shortest(None, Some(600)), 3_000);
        assert_eq!(shortest(None, None), 0);
    }

    #[test]
    fn the_longest_wait_doubles_up_to_its_cap() {
        let settings = Settings::new();
        let longest = [1, 2, 3, 5, 6, 7, 40, u32::MAX]
            .map(|tries| settings.longest_backoff(tries).as_millis());
        assert_eq!(longest, [250, 500, 1000, 4000, 8000, 8000, 8000, 8000]);
    }
}
