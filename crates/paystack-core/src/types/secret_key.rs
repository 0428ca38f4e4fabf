//! The secret key that authenticates requests.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error};
use zeroize::Zeroize;

use super::{InvalidInput, Mode, REDACTED};

const TEST_PREFIX: &str = "sk_test_";
const LIVE_PREFIX: &str = "sk_live_";

/// A secret key of a Paystack integration: `sk_test_…` or `sk_live_…`.
///
/// Dropping it wipes this copy of the key, and no other: the text that it was made from, the environment and
/// the buffers of an HTTP client keep theirs. `Debug` shows its mode only. It implements neither `Display` nor
/// `Serialize`:
///
/// ```compile_fail,E0277
/// # let key = paystack_core::SecretKey::new("sk_test_3f2a9c").unwrap();
/// println!("{key}");
/// ```
///
/// ```compile_fail,E0277
/// # let key = paystack_core::SecretKey::new("sk_test_3f2a9c").unwrap();
/// serde_json::to_string(&key);
/// ```
///
/// ```
/// use paystack_core::{Mode, SecretKey};
///
/// let key = SecretKey::new("sk_test_3f2a9c")?;
/// assert_eq!(key.mode(), Mode::Test);
/// assert_eq!(format!("{key:?}"), "SecretKey(sk_test_[redacted])");
///
/// let refused = SecretKey::new("pk_test_3f2a9c").unwrap_err();
/// assert!(refused.to_string().contains("not a public key"));
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// See <https://paystack.com/docs/api/authentication/>.
#[derive(Clone)]
pub struct SecretKey(Box<str>);

impl SecretKey {
    /// Checks a key as the dashboard shows it.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if it is a public key, begins with neither `sk_test_` nor `sk_live_`, or contains
    /// anything but visible ASCII.
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidInput> {
        // Boxed before the check, so that this copy of a refused key is wiped as well.
        let key = Self(key.into().into_boxed_str());
        match problem(&key.0) {
            Some(problem) => Err(InvalidInput::new("secret key", problem)),
            None => Ok(key),
        }
    }

    /// The mode of the key. Test and live mode share neither customers nor rate limits.
    pub fn mode(&self) -> Mode {
        if self.0.starts_with(LIVE_PREFIX) {
            Mode::Live
        } else {
            Mode::Test
        }
    }

    /// The key as text, for code that authenticates or signs with it.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

fn problem(key: &str) -> Option<&'static str> {
    let rest = [TEST_PREFIX, LIVE_PREFIX].map(|prefix| key.strip_prefix(prefix));
    match rest.into_iter().flatten().next() {
        _ if key.contains(char::is_control) => Some("must not contain control characters"),
        _ if key.contains(char::is_whitespace) => Some("must not contain white space"),
        _ if !key.is_ascii() => Some("must contain ASCII characters only"),
        _ if key.starts_with("pk_") => {
            Some("must be a secret key (sk_test_… or sk_live_…), not a public key (pk_…)")
        }
        None | Some("") => {
            Some("must begin with sk_test_ or sk_live_, followed by more characters")
        }
        Some(_) => None,
    }
}

impl FromStr for SecretKey {
    type Err = InvalidInput;

    fn from_str(key: &str) -> Result<Self, InvalidInput> {
        Self::new(key)
    }
}

impl<'de> Deserialize<'de> for SecretKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        Self::new(key).map_err(D::Error::custom)
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.mode() {
            Mode::Live => LIVE_PREFIX,
            _ => TEST_PREFIX,
        };
        write!(f, "SecretKey({prefix}{REDACTED})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_modes_are_accepted() {
        for (text, mode) in [("sk_test_a", Mode::Test), ("sk_live_a", Mode::Live)] {
            let key: SecretKey = text.parse().unwrap();
            assert_eq!((key.mode(), key.expose_secret()), (mode, text));
            let json = serde_json::to_string(text).unwrap();
            let key: SecretKey = serde_json::from_str(&json).unwrap();
            assert_eq!(key.expose_secret(), text);
        }
    }

    #[test]
    fn a_refusal_names_the_problem_and_not_the_key() {
        for (text, problem) in [
            ("", "must begin"),
            ("sk_test_", "must begin"),
            ("sk_canary", "must begin"),
            ("SK_TEST_canary", "must begin"),
            ("pk_test_canary", "not a public key"),
            ("sk_test_can ary", "white space"),
            ("sk_test_canary\n", "control characters"),
            ("sk_test_can\u{e4}ry", "ASCII"),
        ] {
            let refused = SecretKey::new(text).unwrap_err();
            assert!(refused.to_string().contains(problem), "{text}: {refused}");
            assert!(
                !format!("{refused} {refused:?}").contains("canary"),
                "{refused}"
            );
            let json = serde_json::to_string(text).unwrap();
            let refused = serde_json::from_str::<SecretKey>(&json).unwrap_err();
            assert!(!refused.to_string().contains("canary"), "{refused}");
        }
    }

    #[test]
    fn debug_shows_the_mode_only() {
        let live = SecretKey::new("sk_live_canary").unwrap();
        assert_eq!(format!("{live:?}"), "SecretKey(sk_live_[redacted])");
    }
}
