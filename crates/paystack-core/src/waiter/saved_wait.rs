//! A wait as a short text, to continue from later.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::types::InvalidInput;

/// A wait as a short text, to continue from later, in this process or another:
/// [`Waiter::resume`](super::Waiter::resume).
///
/// It contains a fingerprint of the operation, the start of the wait in seconds since 1970 (0 if unknown), and the
/// number of reads.
/// It contains no address and no code. But the fingerprint, a 32-bit hash of path and query, can confirm a guessed
/// e-mail address: fetch by customer code where that matters.
///
/// ```
/// use paystack_core::SavedWait;
///
/// let saved: SavedWait = "wait:de6edc70:1764412345:17".parse()?;
/// assert_eq!(saved.to_string(), "wait:de6edc70:1764412345:17");
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedWait {
    operation: u32,
    /// In seconds since 1970; 0 if unknown.
    started: u64,
    reads: u32,
}

impl SavedWait {
    pub(super) fn new(operation: u32, unix_time: Duration) -> Self {
        Self {
            operation,
            started: unix_time.as_secs(),
            reads: 0,
        }
    }

    pub(super) fn check(&self, operation: u32) -> Result<(), InvalidInput> {
        match self.operation == operation {
            true => Ok(()),
            false => Err(InvalidInput::new(
                "saved wait",
                "must belong to this operation, with the same identifiers and filters",
            )),
        }
    }

    /// How long the wait has lasted at this time. Zero if its start is unknown, or if the clock was set back to before it.
    pub(super) fn elapsed(&self, unix_time: Duration) -> Duration {
        match self.started {
            0 => Duration::ZERO,
            started => unix_time.saturating_sub(Duration::from_secs(started)),
        }
    }

    /// Counts a read, and returns the number of those before it.
    pub(super) fn count_read(&mut self) -> u32 {
        let before = self.reads;
        self.reads = before.saturating_add(1);
        before
    }
}

impl fmt::Display for SavedWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            started,
            reads,
        } = self;
        write!(f, "wait:{operation:08x}:{started}:{reads}")
    }
}

impl FromStr for SavedWait {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let parse = || {
            let mut parts = text.strip_prefix("wait:")?.splitn(3, ':');
            Some(Self {
                operation: u32::from_str_radix(parts.next()?, 16).ok()?,
                started: parts.next()?.parse().ok()?,
                reads: parts.next()?.parse().ok()?,
            })
        };
        // A wait has exactly one text.
        let saved = parse().filter(|saved| saved.to_string() == text);
        saved.ok_or(InvalidInput::new(
            "saved wait",
            "must be the unchanged text of an earlier one",
        ))
    }
}

impl Serialize for SavedWait {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SavedWait {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["wait:de6edc70:1764412345:17", "wait:00000001:0:0"] {
            let saved: SavedWait = text.parse().unwrap();
            assert_eq!(saved.to_string(), text);
            let json = serde_json::to_string(&saved).unwrap();
            assert_eq!(serde_json::from_str::<SavedWait>(&json).unwrap(), saved);
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "wait:",
            "wait:de6edc70:1",
            "wait:de6edc70:1:",
            "wait:de6edc70:+1:2",
            "wait:de6edc70:01:2",
            "wait:DE6EDC70:1:2",
            "wait:1:1:2",
            "wait:de6edc70:1:2:3",
            "wait:de6edc70:1:4294967296",
            " wait:de6edc70:1:2",
        ] {
            assert!(text.parse::<SavedWait>().is_err(), "{text}");
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<SavedWait>(&json).is_err(), "{text}");
        }
    }

    #[test]
    fn wait_with_an_unknown_start_has_its_whole_deadline() {
        let saved = SavedWait::new(1, Duration::ZERO);
        let now = Duration::from_secs(1_764_412_345);
        assert_eq!(saved.elapsed(now), Duration::ZERO);
    }

    #[test]
    fn clock_that_was_set_back_leaves_the_whole_deadline() {
        let saved = SavedWait::new(1, Duration::from_secs(100));
        assert_eq!(saved.elapsed(Duration::from_secs(90)), Duration::ZERO);
        assert_eq!(saved.elapsed(Duration::from_secs(103)).as_secs(), 3);
    }
}
