//! Open lists of words: what Paystack names today becomes a variant, what it names tomorrow is kept.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

use crate::personal::Scrubbed;

/// A word that this version of the SDK does not know, as it came.
///
/// It has no constructor: it only ever comes out of a conversion, so a known word is never held as
/// an unknown one. A later version may know the word; compare with `as_str()` of the enum, which
/// keeps its meaning across versions.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherWord(Box<str>);

impl OtherWord {
    pub(crate) fn new(word: &str) -> Self {
        Self(word.into())
    }

    /// The word as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OtherWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", Scrubbed(&self.0))
    }
}

/// Reads a word without allocating where it is a known one.
pub(crate) fn deserialize<'de, D, W>(deserializer: D) -> Result<W, D::Error>
where
    D: Deserializer<'de>,
    W: for<'word> From<&'word str>,
{
    struct WordVisitor<W>(PhantomData<W>);

    impl<W: for<'word> From<&'word str>> Visitor<'_> for WordVisitor<W> {
        type Value = W;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a word")
        }

        fn visit_str<E: Error>(self, word: &str) -> Result<W, E> {
            Ok(W::from(word))
        }
    }

    deserializer.deserialize_str(WordVisitor(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Domain, read_json};

    #[test]
    fn what_is_no_word_is_refused_and_not_quoted() {
        for json in ["7", "true", "null", "[\"canary\"]"] {
            let refused = read_json::<Domain>(json.as_bytes()).unwrap_err();
            let told = refused.to_string();
            assert!(told.starts_with("expected a word, found "), "{told}");
        }
    }

    #[test]
    fn debug_shows_a_word_without_whom_it_names() {
        assert_eq!(format!("{:?}", OtherWord::new("tomorrow")), r#""tomorrow""#);
        let quoting = OtherWord::new("ada@example.com");
        assert_eq!(format!("{quoting:?}"), r#""[redacted]""#);
        assert_eq!(quoting.as_str(), "ada@example.com");
    }
}
