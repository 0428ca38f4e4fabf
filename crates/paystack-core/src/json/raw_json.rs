//! JSON kept as received.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::JsonError;
use super::decode::decode_repaired;

/// JSON kept as received, to decode as a type of your own.
///
/// `Debug` shows its size only: it may contain personal data.
///
/// ```
/// use paystack_core::RawJson;
///
/// let raw: RawJson = serde_json::from_str(r#"{"bank": {"slug": "test-bank"}}"#)?;
/// assert_eq!(raw.as_str(), r#"{"bank": {"slug": "test-bank"}}"#);
/// assert_eq!(raw.get::<serde_json::Value>()?["bank"]["slug"], "test-bank");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    pub(crate) fn new(raw: Box<RawValue>) -> Self {
        Self(raw)
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Decodes the JSON.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        decode_repaired(self.as_str())
    }
}

/// Equal if the text is, or else if the [`Value`]s are: white space and the order of fields do not count.
impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        is_same_json(self.as_str(), other.as_str())
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

/// Whether two texts are the same JSON.
pub(crate) fn is_same_json(one: &str, other: &str) -> bool {
    let value = |json| serde_json::from_str::<Value>(json).ok();
    one == other || value(one).is_some_and(|one| value(other) == Some(one))
}

/// Decodes JSON as a type of your own. An unpaired surrogate, the rest of a cut-off emoji, becomes the
/// replacement character.
///
/// Unlike `serde_json`'s errors, a [`JsonError`] never quotes a value.
///
/// ```
/// use paystack_core::read_json;
///
/// assert_eq!(read_json::<Vec<u8>>(b"[1, 2]")?, [1, 2]);
/// assert_eq!(read_json::<String>(br#""\ud83d""#)?, "\u{fffd}");
/// let error = read_json::<Vec<u8>>(br#"[1, "secret"]"#).unwrap_err();
/// assert_eq!(error.to_string(), "[1]: expected u8, found a string (line 1, column 12)");
/// # Ok::<(), paystack_core::JsonError>(())
/// ```
///
/// # Errors
///
/// [`JsonError`] with the path to the field that does not fit.
pub fn read_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonError> {
    let text = std::str::from_utf8(json).map_err(|error| JsonError::not_utf8(json, error))?;
    decode_repaired(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_with_an_unpaired_surrogate_are_decoded() {
        assert_eq!(read_json::<Vec<u8>>(b"[1, 2]").unwrap(), [1, 2]);
        let cut_off = read_json::<Vec<String>>(br#"["Ada \ud83d", "\ud83d\ude00"]"#).unwrap();
        assert_eq!(cut_off, ["Ada \u{fffd}", "\u{1f600}"]);
    }

    #[test]
    fn an_error_names_the_place_and_no_value() {
        for (json, message) in [
            (
                &br#"[1, "canary"]"#[..],
                "[1]: expected u8, found a string (line 1, column 12)",
            ),
            (
                br#"[1, "canary\ud83d"]"#,
                "[1]: expected u8, found a string (line 1, column 18)",
            ),
            (b"[1,\n\xff]", "JSON is not UTF-8 (line 2, column 1)"),
            (b"[1", "JSON ends too early (line 1, column 2)"),
        ] {
            let error = read_json::<Vec<u8>>(json).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary"), "{shown}");
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn white_space_and_order_do_not_count() {
        let raw = |json| serde_json::from_str::<RawJson>(json).unwrap();
        for (one, other, same) in [
            ("[1]", "[1]", true),
            (r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#, true),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            ("1.0", "1.00", true),
        ] {
            assert_eq!(raw(one) == raw(other), same, "{one} and {other}");
        }
    }

    #[test]
    fn debug_shows_the_size_only() {
        let raw: RawJson = serde_json::from_str(r#""canary""#).unwrap();
        assert_eq!(format!("{raw:?}"), "RawJson(8 bytes)");
    }
}
