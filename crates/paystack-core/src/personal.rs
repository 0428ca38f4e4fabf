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

impl From<Box<str>> for Personal {
    fn from(text: Box<str>) -> Self {
        Self(text)
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
/// `@`, keys, authorization codes, and numbers of six or more digits, however they are grouped.
///
/// Names cannot be told from other words, and stay.
pub(crate) struct Scrubbed<'a>(pub(crate) &'a str);

const HIDDEN: &str = "[redacted]";

impl Scrubbed<'_> {
    /// Whether a word gives somebody away by itself.
    fn is_telling(word: &str) -> bool {
        const MARKS: [&str; 5] = ["@", "%40", "sk_test_", "sk_live_", "AUTH_"];
        MARKS.iter().any(|mark| word.contains(mark)) || digits(word) >= 6
    }

    /// Whether a word may be a group of a longer number: `+234`, `(0)812`, `345-67`.
    fn is_group(word: &str) -> bool {
        let punctuation = |character| matches!(character, '+' | '-' | '.' | ',' | '(' | ')');
        digits(word) > 0
            && word
                .chars()
                .all(|one| one.is_ascii_digit() || punctuation(one))
    }
}

fn digits(word: &str) -> usize {
    word.chars().filter(char::is_ascii_digit).count()
}

impl fmt::Display for Scrubbed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self
            .0
            .split(|character: char| character.is_whitespace() || character.is_control())
            .filter(|word| !word.is_empty())
            .peekable();
        let mut space = "";
        while let Some(word) = words.next() {
            f.write_str(space)?;
            space = " ";
            if !Self::is_group(word) {
                f.write_str(if Self::is_telling(word) { HIDDEN } else { word })?;
                continue;
            }
            let mut group = String::from(word);
            while let Some(more) = words.next_if(|next| Self::is_group(next)) {
                group.push(' ');
                group.push_str(more);
            }
            f.write_str(if digits(&group) >= 6 { HIDDEN } else { &group })?;
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
    fn scrubbed_text_keeps_the_sense_and_drops_what_it_quotes() {
        for (said, shown) in [
            (
                "Customer ada@example.com\n is  unknown",
                "Customer [redacted] is unknown",
            ),
            ("(+2348123456789) is taken", "[redacted] is taken"),
            ("+234 812 345 6789 is taken", "[redacted] is taken"),
            ("BVN 22222-22222 21 invalid", "BVN [redacted] invalid"),
            ("Invalid key sk_live_abc", "Invalid key [redacted]"),
            (
                "AUTH_ekk8t49ogj does not exist",
                "[redacted] does not exist",
            ),
            ("GET /customer/ada%40example.com", "GET [redacted]"),
            ("502 Bad Gateway", "502 Bad Gateway"),
            ("try 3 times within 60 s", "try 3 times within 60 s"),
            (" \r\n ", ""),
        ] {
            assert_eq!(Scrubbed(said).to_string(), shown);
        }
    }
}
