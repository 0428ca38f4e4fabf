//! A place in a list, as Paystack returns it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::types::InvalidInput;

/// A place in a list, as Paystack returns it.
///
/// `Debug` shows its length only: it may encode personal data.
///
/// ```
/// use paystack_core::Cursor;
///
/// let cursor = Cursor::new("dW5kZWZpbmVkOjQwOTczNTgxNTg=")?;
/// assert_eq!(cursor.as_str(), "dW5kZWZpbmVkOjQwOTczNTgxNTg=");
/// assert!(Cursor::new("null").is_err());
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// Checks a cursor of an earlier response, from a file for example.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if it is empty or the word `null`, which the API writes after the last page.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidInput> {
        let text = text.into();
        match text.as_str() {
            "" | "null" => Err(InvalidInput::new(
                "cursor",
                "must not be empty or `null`: there is no further page",
            )),
            _ => Ok(Self(text.into())),
        }
    }

    /// The cursor as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Cursor {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cursor({} bytes)", self.0.len())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_cursor_is_read_and_the_end_is_rejected() {
        let cursor: Cursor = serde_json::from_str(r#""canary""#).unwrap();
        assert_eq!(cursor.as_str(), "canary");
        assert_eq!(AsRef::<str>::as_ref(&cursor), "canary");
        assert_eq!(cursor.to_string(), "canary");
        assert_eq!(serde_json::to_string(&cursor).unwrap(), r#""canary""#);
        assert_eq!(format!("{cursor:?}"), "Cursor(6 bytes)");
        for end in [r#""""#, r#""null""#, "null", "7"] {
            assert!(serde_json::from_str::<Cursor>(end).is_err(), "{end}");
        }
    }
}
