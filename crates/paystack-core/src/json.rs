//! JSON that is kept as it came.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{self, JsonError};
use crate::members::means_the_same;
use crate::mended::whole_pairs;

/// JSON kept as it came, to be read as a type of the caller's choice.
///
/// It may hold anything about anybody, so `Debug` shows its size only.
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

    /// Reads it as a type of the caller's.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        error::decode_owned(self.as_str())
    }
}

/// Reads JSON as a type of the caller's. Half a surrogate pair, as a cut-off emoji leaves it, is the
/// replacement character. Errors say where and how the JSON does not fit, and never quote a value, as
/// those of `serde_json` do.
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
    serde_json::from_str(text).or_else(|error| match whole_pairs(text) {
        Some(whole) => error::decode(&whole),
        None => Err(error::locate::<T>(text, &error)),
    })
}

/// The same if they mean the same: spaces and the order of fields do not count.
impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() || means_the_same(self.as_str(), other.as_str())
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_from_bytes_with_half_a_surrogate_pair_replaced() {
        assert_eq!(read_json::<Vec<u8>>(b"[1, 2]").unwrap(), [1, 2]);
        let cut_off = read_json::<Vec<String>>(br#"["Ada \ud83d", "\ud83d\ude00"]"#).unwrap();
        assert_eq!(cut_off, ["Ada \u{fffd}", "\u{1f600}"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_place_and_never_quoted() {
        for (json, told) in [
            (
                &br#"[1, "canary"]"#[..],
                "[1]: expected u8, found a string (line 1, column 12)",
            ),
            (
                br#"[1, "canary\ud83d"]"#,
                "[1]: expected u8, found a string (line 1, column 18)",
            ),
            (b"[1,\n\xff]", "this is not UTF-8 (line 2, column 1)"),
            (b"[1", "the JSON ends too early (line 1, column 2)"),
        ] {
            let error = read_json::<Vec<u8>>(json).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary"), "{shown}");
            assert_eq!(error.to_string(), told);
        }
    }

    #[test]
    fn two_are_the_same_if_they_mean_the_same() {
        let raw = |json| serde_json::from_str::<RawJson>(json).unwrap();
        for (one, other, same) in [
            ("[1]", "[1]", true),
            (r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#, true),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            ("1.0", "1.00", false),
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
