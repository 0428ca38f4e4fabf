//! Text that must not reach logs.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use super::REDACTED;

/// Text that must not reach logs: personal data such as a name or an account number, and capabilities
/// such as the URL on which a customer agrees to a mandate.
///
/// It derefs to `str`, but `Debug` does not show it and there is no `Display`. So a logged customer or
/// error contains no personal data.
///
/// ```
/// use paystack_core::Sensitive;
///
/// let phone = Sensitive::from("+2348123456789");
/// assert_eq!(&*phone, "+2348123456789");
/// assert_eq!(format!("{phone:?}"), "[redacted]");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Sensitive(Box<str>);

impl Sensitive {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Sensitive {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Sensitive {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Sensitive {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Sensitive {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Sensitive> for Sensitive {
    fn from(text: &Sensitive) -> Self {
        text.clone()
    }
}

impl From<Sensitive> for String {
    fn from(text: Sensitive) -> Self {
        text.0.into()
    }
}

impl PartialEq<&str> for Sensitive {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// Reads numbers as well: the API writes some phone and account numbers as numbers.
impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SensitiveVisitor;

        impl Visitor<'_> for SensitiveVisitor {
            type Value = Sensitive;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Sensitive, E> {
                Ok(Sensitive::from(text))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Sensitive, E> {
                Ok(Sensitive::from(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Sensitive, E> {
                Ok(Sensitive::from(number.to_string()))
            }
        }

        deserializer.deserialize_any(SensitiveVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_equals_the_same_text_only() {
        let text = Sensitive::from(&Sensitive::from("0812"));
        assert_eq!(text, "0812");
        assert_ne!(text, "0813");
    }

    #[test]
    fn numbers_are_read_as_their_digits() {
        for (json, text) in [("\"0812\"", "0812"), ("812", "812"), ("-7", "-7")] {
            assert_eq!(serde_json::from_str::<Sensitive>(json).unwrap(), text);
        }
        assert!(serde_json::from_str::<Sensitive>("[1]").is_err());
    }
}
