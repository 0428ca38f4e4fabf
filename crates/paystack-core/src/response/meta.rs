//! Information about the page of a list.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Cursor;
use crate::json::{JsonError, RawJson, Scalar, decode_object};

/// Information about the page of a list, for offset and for cursor pagination.
///
/// Decoding it never fails: an odd field is `None`, and [`Meta::raw`] keeps the JSON.
///
/// See <https://paystack.com/docs/api/#pagination>.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// Rows on all pages together.
    pub total: Option<u64>,
    /// Rows before this page.
    pub skipped: Option<u64>,
    /// The maximum number of rows on a page.
    pub per_page: Option<u64>,
    /// The number of this page, from 1.
    pub page: Option<u64>,
    /// The number of pages.
    pub page_count: Option<u64>,
    /// Rows on this page.
    pub count: Option<u64>,
    /// The start of the next page; `None` on the last page.
    pub next: Option<Cursor>,
    /// The start of the previous page; `None` on the first page.
    pub previous: Option<Cursor>,
    raw: RawJson,
}

impl Meta {
    /// Page information for tests, with each field `None`.
    ///
    /// ```
    /// use paystack_core::{Cursor, Meta, Reply, customers::Customer};
    ///
    /// let mut meta = Meta::example();
    /// meta.next = Some(Cursor::new("dW5k")?);
    /// let mut reply = Reply::example(vec![Customer::example()]);
    /// reply.meta = Some(meta);
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn example() -> Self {
        Self {
            total: None,
            skipped: None,
            per_page: None,
            page: None,
            page_count: None,
            count: None,
            next: None,
            previous: None,
            raw: RawJson::new("{}"),
        }
    }

    /// The JSON as received.
    pub fn raw(&self) -> &RawJson {
        &self.raw
    }

    /// Decodes the JSON as a type of your own.
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
        // A map, because a repeated field must not hide the position of the next page.
        let mut fields: BTreeMap<Key, Scalar> = decode_object(raw.get()).unwrap_or_default();
        let mut cursor = |key| {
            let text = fields.remove(&key).and_then(Scalar::text)?;
            Cursor::new(text).ok()
        };
        let (next, previous) = (cursor(Key::Next), cursor(Key::Previous));
        let number = |key| fields.get(&key).and_then(Scalar::number);
        Some(Self {
            total: number(Key::Total),
            skipped: number(Key::Skipped),
            per_page: number(Key::PerPage).or_else(|| number(Key::SnakeCasePerPage)),
            page: number(Key::Page),
            page_count: number(Key::PageCount),
            count: number(Key::Count),
            next,
            previous,
            raw: RawJson::new(raw.get()),
        })
    }
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Key {
    Total,
    Skipped,
    PerPage,
    #[serde(rename = "per_page")]
    SnakeCasePerPage,
    Page,
    PageCount,
    Count,
    Next,
    Previous,
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::Cursor;

    fn read(json: &str) -> Meta {
        Meta::read(&serde_json::from_str::<Box<RawValue>>(json).unwrap()).unwrap()
    }

    #[test]
    fn offset_fields_are_read() {
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
    fn repeated_or_odd_key_hides_no_other_field() {
        for json in [
            r#"{"next":"a","next":"b"}"#,
            r#"{"n\u0065xt":"b"}"#,
            r#"{"\ud800":1,"next":"b"}"#,
            r#"{"0":1,"x":2,"x":3,"next":"b"}"#,
        ] {
            assert_eq!(read(json).next.unwrap().as_str(), "b", "{json}");
        }
    }

    #[test]
    fn the_end_has_four_forms() {
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
    fn both_spellings_of_per_page_are_read() {
        assert_eq!(read(r#"{"per_page":50}"#).per_page, Some(50));
        assert_eq!(read(r#"{"perPage":20,"per_page":50}"#).per_page, Some(20));
    }

    #[test]
    fn an_odd_field_fails_no_other_field() {
        for json in [
            r#"{"next":"abc","perPage":50,"previous":"x\ud800"}"#,
            r#"{"next":"abc","perPage":50,"total":1e400}"#,
        ] {
            let meta = read(json);
            let next = meta.next.as_ref().map(Cursor::as_str);
            assert_eq!((next, meta.per_page), (Some("abc"), Some(50)), "{json}");
        }
    }

    #[test]
    fn odd_meta_is_kept_raw() {
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
    fn null_is_none() {
        let null = serde_json::from_str::<Box<RawValue>>("null").unwrap();
        assert_eq!(Meta::read(&null), None);
    }
}
