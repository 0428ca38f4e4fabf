//! How long a call may take, and how often it may try.

use std::fmt;
use std::time::Duration;

use crate::operation::Resend;

/// With so much time left an attempt is begun, however long one may take.
const SHORTEST_ATTEMPT: Duration = Duration::from_secs(3);

/// How long a call may take, and how often it may try. The same for a client and for one call.
///
/// ```
/// use std::time::Duration;
/// use paystack_core::Settings;
///
/// let mut settings = Settings::default();
/// assert_eq!(settings.attempts, 3);
/// settings.deadline = Some(Duration::from_secs(10));
/// ```
///
/// Nonsense (no attempts, a time-out of zero) is refused by the first step of a call, with the name
/// of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// How many requests a call may make, the first included; 3 by default.
    pub attempts: u32,
    /// How long one of them may take; 30 s by default, `None` for as long as it likes.
    pub attempt_timeout: Option<Duration>,
    /// How long the whole call may take, queueing for the rate limit and waiting between attempts
    /// included; 60 s by default, `None` for as long as it likes. With less left than a tenth of what an
    /// attempt may take, or than 3 s if that is shorter, the call ends without beginning one.
    pub deadline: Option<Duration>,
    /// What may be sent again, in place of what the operation says.
    pub resend: Option<Resend>,
    /// The longest wait after the first failed attempt; 250 ms by default. It doubles with each
    /// attempt, and the wait is a random part of it.
    pub backoff_base: Duration,
    /// What that wait does not grow beyond; 8 s by default, and no shorter than `backoff_base`. What the
    /// server asks for is waited even if it is longer.
    pub backoff_cap: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            attempts: 3,
            attempt_timeout: Some(Duration::from_secs(30)),
            deadline: Some(Duration::from_secs(60)),
            resend: None,
            backoff_base: Duration::from_millis(250),
            backoff_cap: Duration::from_secs(8),
        }
    }
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        let zero = Some(Duration::ZERO);
        let field = if self.attempts == 0 {
            "attempts"
        } else if self.attempt_timeout == zero {
            "attempt_timeout"
        } else if self.deadline == zero {
            "deadline"
        } else if self.backoff_base > self.backoff_cap {
            "backoff_base"
        } else {
            return Ok(());
        };
        Err(SettingsError { field })
    }

    /// With less time than this left, no attempt is begun: a tenth of what one may take, within reason.
    pub(crate) fn shortest_attempt(&self) -> Duration {
        let longest = [self.attempt_timeout, self.deadline]
            .into_iter()
            .flatten()
            .min();
        let tenth = longest.unwrap_or_default().checked_div(10);
        tenth.unwrap_or_default().min(SHORTEST_ATTEMPT)
    }

    /// The longest wait after this many attempts.
    pub(crate) fn backoff(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let longest = self.backoff_base.saturating_mul(1_u32 << doublings);
        longest.min(self.backoff_cap)
    }
}

/// A setting that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingsError {
    field: &'static str,
}

impl SettingsError {
    /// The name of the field.
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            "backoff_base" => f.write_str("backoff_base is longer than backoff_cap"),
            field => write!(f, "{field} is zero"),
        }
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused_with_the_name_of_the_field() {
        let refused = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            settings.check().map_err(|error| error.field())
        };
        assert_eq!(refused(|_| {}), Ok(()));
        assert_eq!(refused(|settings| settings.attempts = 0), Err("attempts"));
        assert_eq!(refused(|settings| settings.deadline = None), Ok(()));
        assert_eq!(refused(|settings| settings.attempt_timeout = None), Ok(()));
        let zero_timeout =
            |settings: &mut Settings| settings.attempt_timeout = Some(Duration::ZERO);
        assert_eq!(refused(zero_timeout), Err("attempt_timeout"));
        assert_eq!(
            refused(|settings| settings.deadline = Some(Duration::ZERO)),
            Err("deadline")
        );
        let long = |settings: &mut Settings| settings.backoff_base = Duration::from_secs(9);
        assert_eq!(refused(long), Err("backoff_base"));
        let even = |settings: &mut Settings| settings.backoff_base = settings.backoff_cap;
        assert_eq!(refused(even), Ok(()));
    }

    #[test]
    fn an_attempt_is_begun_with_a_tenth_of_its_time_left_or_with_three_seconds() {
        let shortest = |timeout: Option<u64>, deadline: Option<u64>| {
            let settings = Settings {
                attempt_timeout: timeout.map(Duration::from_secs),
                deadline: deadline.map(Duration::from_secs),
                ..Settings::default()
            };
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
        let settings = Settings::default();
        let longest =
            [1, 2, 3, 5, 6, 7, 40, u32::MAX].map(|tries| settings.backoff(tries).as_millis());
        assert_eq!(longest, [250, 500, 1000, 4000, 8000, 8000, 8000, 8000]);
    }

    #[test]
    fn a_refusal_names_the_field_and_what_is_wrong_with_it() {
        let attempts = Settings {
            attempts: 0,
            ..Settings::default()
        };
        let refused = attempts.check().unwrap_err();
        assert_eq!(refused.to_string(), "attempts is zero");
        let backoff = Settings {
            backoff_base: Duration::from_secs(9),
            ..Settings::default()
        };
        let refused = backoff.check().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "backoff_base is longer than backoff_cap"
        );
    }
}
