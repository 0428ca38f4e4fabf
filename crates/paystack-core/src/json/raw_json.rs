//! JSON kept as received.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::JsonError;
use super::decode::{decode, decode_repaired};
use super::json_text::{json_text, serialize_json};
use super::repair::lossy_text;
use crate::types::InvalidInput;

/// JSON kept as received, to decode as a type of your own.
///
/// `Debug` shows its size only: it may contain personal data.
///
/// It can be stored in any self-describing format and read back, as can the customers that contain it, with
/// these losses:
///
/// | through | is lost |
/// | --- | --- |
/// | JSON text, named MessagePack, CBOR, YAML, TOML | nothing |
/// | an untagged or internally tagged enum or a flattened struct, in JSON | the order of fields, digits beyond 64 bits |
/// | [`serde_json::Value`] | the order of fields, digits beyond 64 bits |
///
/// Unpaired surrogates become the replacement character. Numbers beyond `f64`, such as `1e400`, cannot be read
/// back where digits are lost. MessagePack without names cannot be read back, and TOML has no numbers above
/// `i64::MAX`. A variant of an internally tagged enum cannot be this type alone: give it a field.
///
/// ```
/// use paystack_core::RawJson;
///
/// let raw: RawJson = serde_json::from_str(r#"{"bank": {"slug": "test-bank"}}"#)?;
/// assert_eq!(raw.as_str(), r#"{"bank": {"slug": "test-bank"}}"#);
/// assert_eq!(raw.get::<serde_json::Value>()?["bank"]["slug"], "test-bank");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RawJson(Box<str>);

impl RawJson {
    pub(crate) fn new(json: &str) -> Self {
        Self(json.into())
    }

    /// Encodes any value.
    ///
    /// ```
    /// use paystack_core::RawJson;
    ///
    /// assert_eq!(RawJson::encode(&[1, 2])?.as_str(), "[1,2]");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the value does not serialize, such as a map whose keys are not text.
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self, InvalidInput> {
        match serde_json::to_string(value) {
            Ok(json) => Ok(Self(json.into())),
            Err(_) => Err(InvalidInput::new("value", "must serialize to JSON")),
        }
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
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

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json_text(deserializer).map(Self)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_json(&self.0, serializer)
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
    let value = |json| decode_repaired::<Value>(json).ok();
    one == other || value(one).is_some_and(|one| value(other) == Some(one))
}

/// Decodes JSON as a type of your own.
///
/// A byte order mark is skipped. An unpaired surrogate, the rest of a cut-off emoji, becomes the replacement
/// character, as does a byte that is not UTF-8. Unlike `serde_json`'s errors, a [`JsonError`] never quotes a
/// value.
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
    decode(&lossy_text(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_decoded() {
        assert_eq!(read_json::<Vec<u8>>(b"[1, 2]").unwrap(), [1, 2]);
        let cut_off = read_json::<Vec<String>>(br#"["Ada \ud83d", "\ud83d\ude00"]"#).unwrap();
        assert_eq!(cut_off, ["Ada \u{fffd}", "\u{1f600}"]);
        let marked = read_json::<String>(b"\xef\xbb\xbf\"Ada \xff\"").unwrap();
        assert_eq!(marked, "Ada \u{fffd}");
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
            (b"[1,\n\xff]", "[1] is not valid (line 2, column 1)"),
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
