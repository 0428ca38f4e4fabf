//! Text about a person, and the means to keep it out of logs.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

/// Text about a person: a name, a phone number, an account number.
///
/// It is text (it derefs to `str`), but `Debug` does not show it and there is no `Display`, so
/// that a logged customer or error says nothing about anybody.
///
/// ```
/// use paystack_core::Personal;
///
/// let phone = Personal::from("+2348123456789");
/// assert_eq!(&*phone, "+2348123456789");
/// assert_eq!(format!("{phone:?}"), "[redacted]");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Personal(Box<str>);

impl Personal {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Personal {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Personal {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Personal {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Personal {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Personal {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Personal> for Personal {
    fn from(text: &Personal) -> Self {
        text.clone()
    }
}

impl PartialEq<str> for Personal {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Personal {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Numbers are read as well: phone and account numbers sometimes come as such.
impl<'de> Deserialize<'de> for Personal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PersonalVisitor;

        impl Visitor<'_> for PersonalVisitor {
            type Value = Personal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Personal, E> {
                Ok(Personal::from(text))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Personal, E> {
                Ok(Personal::from(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Personal, E> {
                Ok(Personal::from(number.to_string()))
            }
        }

        deserializer.deserialize_any(PersonalVisitor)
    }
}

/// Displays text that somebody else wrote on one line and without what it may quote: words with an
/// `@`, words with six or more digits, keys and authorization codes are left out.
pub(crate) struct Scrubbed<'a>(pub(crate) &'a str);

impl fmt::Display for Scrubbed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self
            .0
            .split(|character: char| character.is_whitespace() || character.is_control())
            .filter(|word| !word.is_empty());
        for (position, word) in words.enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let marks = ["@", "%40", "sk_test_", "sk_live_", "AUTH_"];
            let personal = digits >= 6 || marks.iter().any(|mark| word.contains(mark));
            f.write_str(if personal { "[redacted]" } else { word })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_and_numbers() {
        for (json, text) in [
            (r#""0812""#, "0812"),
            ("2348123456789", "2348123456789"),
            ("-1", "-1"),
        ] {
            let personal: Personal = serde_json::from_str(json).unwrap();
            assert_eq!(personal, text);
        }
    }

    #[test]
    fn scrubbed_text_keeps_the_sense_and_drops_the_person() {
        let scrubbed =
            Scrubbed("Customer ada@example.com\n(+2348123456789) is  unknown").to_string();
        assert_eq!(scrubbed, "Customer [redacted] [redacted] is unknown");
    }
}
