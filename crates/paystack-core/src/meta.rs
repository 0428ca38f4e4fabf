//! What an answer says about the page that it holds.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::JsonError;
use crate::json::RawJson;
use crate::lenient::Scalar;
use crate::mended;

/// What an answer says about the page that it holds, for offset and for cursor paging.
///
/// Reading it never fails: what is not understood is `None`, and [`Meta::raw`] keeps it all.
///
/// See <https://paystack.com/docs/api/#pagination>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// Rows in all, on all pages.
    pub total: Option<u64>,
    /// Rows before this page.
    pub skipped: Option<u64>,
    /// Rows that a page holds at most.
    pub per_page: Option<u64>,
    /// The number of this page, from 1.
    pub page: Option<u64>,
    /// How many pages there are.
    pub page_count: Option<u64>,
    /// Rows on this page.
    pub count: Option<u64>,
    /// Where the next page starts; `None` at the end.
    pub next: Option<Cursor>,
    /// Where the page before starts; `None` at the beginning.
    pub previous: Option<Cursor>,
    raw: RawJson,
}

impl Meta {
    /// The JSON as it came.
    pub fn raw(&self) -> &RawJson {
        &self.raw
    }

    /// Reads it as a type of the caller's.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        self.raw.get()
    }

    pub(crate) fn read(raw: &RawValue) -> Option<Self> {
        if raw.get() == "null" {
            return None;
        }
        let fields: Fields = mended::object(raw.get(), &[]).unwrap_or_default();
        Some(Self {
            total: fields.total.number(),
            skipped: fields.skipped.number(),
            per_page: fields.per_page_camel.number().or(fields.per_page.number()),
            page: fields.page.number(),
            page_count: fields.page_count.number(),
            count: fields.count.number(),
            next: fields.next.text().and_then(|text| Cursor::new(text).ok()),
            previous: fields
                .previous
                .text()
                .and_then(|text| Cursor::new(text).ok()),
            raw: RawJson::new(raw.to_owned()),
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    total: Scalar,
    skipped: Scalar,
    #[serde(rename = "perPage")]
    per_page_camel: Scalar,
    per_page: Scalar,
    page: Scalar,
    #[serde(rename = "pageCount")]
    page_count: Scalar,
    count: Scalar,
    next: Scalar,
    previous: Scalar,
}

/// A place in a list, as Paystack gave it out.
///
/// ```
/// use paystack_core::Cursor;
///
/// let cursor = Cursor::new("dW5kZWZpbmVkOjQwOTczNTgxNTg=")?;
/// assert_eq!(cursor.as_str(), "dW5kZWZpbmVkOjQwOTczNTgxNTg=");
/// assert!(Cursor::new("null").is_err());
/// # Ok::<(), paystack_core::CursorError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Cursor(Box<str>);

impl Cursor {
    /// Takes a cursor from an earlier answer, from a file say.
    ///
    /// # Errors
    ///
    /// [`CursorError`] if it is empty or the word `null`, which is how the API says that there is
    /// no further page.
    pub fn new(text: impl Into<String>) -> Result<Self, CursorError> {
        let text = text.into();
        match text.as_str() {
            "" | "null" => Err(CursorError),
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

/// With its length only: a cursor may hold what it was made from.
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

/// A text that is no cursor: it is empty or says `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CursorError;

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cursor is empty or says null: there is no further page")
    }
}

impl std::error::Error for CursorError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Meta {
        Meta::read(&serde_json::from_str::<Box<RawValue>>(json).unwrap()).unwrap()
    }

    #[test]
    fn offset_paging_tells_where_the_page_stands() {
        let meta = read(
            r#"{"total":7316,"total_volume":397800,"skipped":0,"perPage":"50","page":1,"pageCount":147}"#,
        );
        assert_eq!(meta.total, Some(7316));
        assert_eq!(meta.skipped, Some(0));
        assert_eq!(meta.per_page, Some(50));
        assert_eq!(meta.page, Some(1));
        assert_eq!(meta.page_count, Some(147));
        assert_eq!(meta.next, None);
        let volume: serde_json::Value = meta.decode().unwrap();
        assert_eq!(volume["total_volume"], 397_800);
    }

    #[test]
    fn a_cursor_that_is_absent_null_empty_or_the_word_null_is_none() {
        for json in [
            "{}",
            r#"{"next":null}"#,
            r#"{"next":""}"#,
            r#"{"next":"null"}"#,
        ] {
            assert_eq!(read(json).next, None, "{json}");
        }
        let meta = read(r#"{"next":"dW5k","previous":"null","perPage":49}"#);
        assert_eq!(meta.next.unwrap().as_str(), "dW5k");
        assert_eq!(meta.previous, None);
    }

    #[test]
    fn both_spellings_of_per_page_are_read_even_together() {
        assert_eq!(read(r#"{"per_page":50}"#).per_page, Some(50));
        assert_eq!(read(r#"{"perPage":20,"per_page":50}"#).per_page, Some(20));
    }

    #[test]
    fn one_strange_field_costs_no_other() {
        for json in [
            r#"{"next":"abc","perPage":20,"perPage":50}"#,
            r#"{"next":"abc","perPage":50,"previous":"x\ud800"}"#,
            r#"{"next":"abc","perPage":50,"total":1e400}"#,
        ] {
            let meta = read(json);
            let next = meta.next.as_ref().map(Cursor::as_str);
            assert_eq!((next, meta.per_page), (Some("abc"), Some(50)), "{json}");
        }
    }

    #[test]
    fn a_strange_meta_is_kept_and_understood_where_possible() {
        for json in [
            "[]",
            "[1,2,3,4,5,6,7,\"x\",\"y\"]",
            "7",
            r#""meta""#,
            "true",
            r#"{"total":1e400}"#,
        ] {
            let meta = read(json);
            assert_eq!(meta.total, None);
            assert_eq!(meta.raw().as_str(), json);
        }
        let meta = read(r#"{"total":[1],"page":{"a":1},"perPage":-1,"skipped":1.5,"count":3}"#);
        assert_eq!((meta.total, meta.page, meta.per_page), (None, None, None));
        assert_eq!((meta.skipped, meta.count), (None, Some(3)));
    }

    #[test]
    fn a_cursor_that_was_kept_is_read_and_what_is_none_is_refused() {
        let cursor: Cursor = serde_json::from_str(r#""canary""#).unwrap();
        assert_eq!(
            (cursor.as_str(), cursor.to_string()),
            ("canary", "canary".into())
        );
        assert_eq!(serde_json::to_string(&cursor).unwrap(), r#""canary""#);
        assert_eq!(format!("{cursor:?}"), "Cursor(6 bytes)");
        for none in [r#""""#, r#""null""#, "null", "7"] {
            assert!(serde_json::from_str::<Cursor>(none).is_err(), "{none}");
        }
        assert_eq!(
            Cursor::new("null").unwrap_err().to_string(),
            "the cursor is empty or says null: there is no further page"
        );
    }

    #[test]
    fn a_meta_of_null_is_none() {
        let null = serde_json::from_str::<Box<RawValue>>("null").unwrap();
        assert_eq!(Meta::read(&null), None);
    }
}
