//! The secret key that signs every request in.

use std::fmt;

use zeroize::Zeroize;

use crate::domain::Domain;

const TEST_PREFIX: &str = "sk_test_";
const LIVE_PREFIX: &str = "sk_live_";

/// A secret key of a Paystack integration: `sk_test_…` or `sk_live_…`.
///
/// The key is wiped from memory when it is dropped, is never shown by `Debug`, and cannot be
/// displayed or serialized by accident:
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
/// use paystack_core::{Domain, SecretKey};
///
/// let key = SecretKey::new("sk_test_3f2a9c")?;
/// assert_eq!(key.domain(), Domain::Test);
/// assert_eq!(format!("{key:?}"), "SecretKey(sk_test_[redacted])");
///
/// let refused = SecretKey::new("pk_test_3f2a9c").unwrap_err();
/// assert!(refused.to_string().contains("public key"));
/// # Ok::<(), paystack_core::SecretKeyError>(())
/// ```
///
/// See <https://paystack.com/docs/api/authentication/>.
#[derive(Clone)]
pub struct SecretKey(Box<str>);

impl SecretKey {
    /// Takes a key as the dashboard shows it.
    ///
    /// # Errors
    ///
    /// [`SecretKeyError`] says what is wrong with the text; it never holds the text itself.
    pub fn new(key: impl Into<String>) -> Result<Self, SecretKeyError> {
        // Boxed before it is checked, so that a refused key is wiped as well.
        let key = Self(key.into().into_boxed_str());
        check(&key.0)?;
        Ok(key)
    }

    /// Whether the key is for test or for live mode. The two share nothing: neither customers nor
    /// rate limits.
    pub fn domain(&self) -> Domain {
        if self.0.starts_with(LIVE_PREFIX) {
            Domain::Live
        } else {
            Domain::Test
        }
    }

    /// The key itself, for code that signs or checks with it.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.domain() {
            Domain::Live => LIVE_PREFIX,
            _ => TEST_PREFIX,
        };
        write!(f, "SecretKey({prefix}[redacted])")
    }
}

/// Why a text is not a secret key. The text itself is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretKeyError {
    /// It is a public key (`pk_…`), which only works in a browser.
    PublicKey,
    /// It starts with neither `sk_test_` nor `sk_live_`, or nothing follows.
    NotASecretKey,
    /// It holds white space, often from copying.
    WhiteSpace,
    /// It holds a control character, often a line end from a file.
    ControlCharacter,
    /// It holds a character that is not ASCII.
    NotAscii,
}

impl fmt::Display for SecretKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PublicKey => {
                "this is a public key (pk_…); the API takes the secret key (sk_test_… or sk_live_…)"
            }
            Self::NotASecretKey => {
                "a secret key is sk_test_ or sk_live_, followed by more characters"
            }
            Self::WhiteSpace => "the secret key holds white space",
            Self::ControlCharacter => "the secret key holds a control character",
            Self::NotAscii => "the secret key holds a character that is not ASCII",
        })
    }
}

impl std::error::Error for SecretKeyError {}

fn check(key: &str) -> Result<(), SecretKeyError> {
    for character in key.chars() {
        if character.is_control() {
            return Err(SecretKeyError::ControlCharacter);
        }
        if character.is_whitespace() {
            return Err(SecretKeyError::WhiteSpace);
        }
        if !character.is_ascii() {
            return Err(SecretKeyError::NotAscii);
        }
    }
    if key.starts_with("pk_") {
        return Err(SecretKeyError::PublicKey);
    }
    match key
        .strip_prefix(TEST_PREFIX)
        .or_else(|| key.strip_prefix(LIVE_PREFIX))
    {
        None | Some("") => Err(SecretKeyError::NotASecretKey),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_test_and_live_keys() {
        assert_eq!(SecretKey::new("sk_test_a1").unwrap().domain(), Domain::Test);
        assert_eq!(SecretKey::new("sk_live_a1").unwrap().domain(), Domain::Live);
    }

    #[test]
    fn refuses_what_is_no_secret_key_and_says_why() {
        for (text, why) in [
            ("", SecretKeyError::NotASecretKey),
            ("sk_test_", SecretKeyError::NotASecretKey),
            ("sk_live_", SecretKeyError::NotASecretKey),
            ("SK_TEST_a1", SecretKeyError::NotASecretKey),
            ("a1", SecretKeyError::NotASecretKey),
            ("pk_test_a1", SecretKeyError::PublicKey),
            ("pk_live_a1", SecretKeyError::PublicKey),
            ("sk_test_a 1", SecretKeyError::WhiteSpace),
            (" sk_test_a1", SecretKeyError::WhiteSpace),
            ("sk_test_a1\n", SecretKeyError::ControlCharacter),
            ("sk_test_a\u{0}1", SecretKeyError::ControlCharacter),
            ("sk_test_é", SecretKeyError::NotAscii),
        ] {
            assert_eq!(SecretKey::new(text).unwrap_err(), why, "{text:?}");
        }
    }

    #[test]
    fn errors_and_debug_never_show_the_key() {
        for text in ["pk_test_canary", "sk_test_canary canary", "canary"] {
            let refused = SecretKey::new(text).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("canary"));
        }
        let key = SecretKey::new("sk_live_canary").unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(sk_live_[redacted])");
    }

    #[test]
    fn debug_tells_test_from_live() {
        let key = SecretKey::new("sk_test_canary").unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(sk_test_[redacted])");
        assert_eq!(key.expose_secret(), "sk_test_canary");
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        for (text, says) in [
            (
                "pk_test_a",
                "this is a public key (pk_…); the API takes the secret key (sk_test_… or sk_live_…)",
            ),
            (
                "a",
                "a secret key is sk_test_ or sk_live_, followed by more characters",
            ),
            ("sk_test_a b", "the secret key holds white space"),
            ("sk_test_a\n", "the secret key holds a control character"),
            (
                "sk_test_é",
                "the secret key holds a character that is not ASCII",
            ),
        ] {
            assert_eq!(SecretKey::new(text).unwrap_err().to_string(), says);
        }
    }
}
