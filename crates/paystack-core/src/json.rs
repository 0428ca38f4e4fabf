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
