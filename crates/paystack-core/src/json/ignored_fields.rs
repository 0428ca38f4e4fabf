//! Decodes a value that has optional fields of the wrong type: such a field is read as null.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::decode::decode_with_path;
use super::field_path::Key;
use super::json_error::{JsonError, JsonProblem};

/// The most fields of one value that are ignored.
const MOST_FIELDS: usize = 64;

/// The most JSON that is decoded to ignore them, to bound the time that a large value takes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A value inside a body.
pub(super) struct Part<'a> {
    /// The text in which errors count lines and columns.
    pub(super) text: &'a str,
    /// The value: a slice of the text.
    pub(super) json: &'a str,
    /// The path from the body to the value.
    pub(super) path: Vec<Key>,
}

/// A decoded value, and its ignored fields.
pub(super) struct Decoded<T> {
    pub(super) value: T,
    /// The JSON with null in place of the ignored fields.
    pub(super) json: String,
    pub(super) ignored_fields: Vec<JsonError>,
}

/// Decodes a value. An optional field of the wrong type, and a repeated one, is read as null and reported.
///
/// A field that rejects null as well is required. Then the object around it is read as null, and so on up to
/// the value itself, which is not.
pub(super) fn decode_ignoring<T: DeserializeOwned>(
    part: &Part<'_>,
) -> Result<Decoded<T>, JsonError> {
    decode_part(part, |json| decode_with_path(json))
}

/// Decodes a row of a list as the list of this row alone, like [`decode_ignoring`].
pub(super) fn decode_row<T: DeserializeOwned>(part: &Part<'_>) -> Result<Decoded<T>, JsonError> {
    decode_part(part, |json| {
        decode_with_path(&format!("[{json}]")).map_err(|(path, error)| {
            let inner = path.get(1..).unwrap_or_default();
            (inner.to_vec(), error)
        })
    })
}

fn decode_part<T>(
    part: &Part<'_>,
    decode: impl Fn(&str) -> Result<T, (Vec<Key>, serde_json::Error)>,
) -> Result<Decoded<T>, JsonError> {
    let mut json = part.json.to_owned();
    let mut ignored: Vec<Ignored> = Vec::new();
    let mut decoded_bytes = 0_usize;
    loop {
        let (path, error) = match decode(&json) {
            Err(failed) => failed,
            Ok(value) => {
                let errors = ignored.into_iter();
                return Ok(Decoded {
                    value,
                    json,
                    ignored_fields: errors
                        .map(|ignored| part.error(&ignored.first, ignored.problem))
                        .collect(),
                });
            }
        };
        let mut next = Ignored::new(&path, &error);
        let rejects_null =
            |earlier: &Ignored| path.starts_with(&earlier.path) || earlier.path == next.path;
        if let Some(at) = ignored.iter().position(rejects_null) {
            next = ignored.swap_remove(at);
            next.path.pop();
        }
        let exceeds_limit = matches!(
            next.problem,
            JsonProblem::TooManyRows | JsonProblem::TooDeep
        );
        decoded_bytes = decoded_bytes.saturating_add(json.len());
        let is_ignored =
            !exceeds_limit && ignored.len() < MOST_FIELDS && decoded_bytes < MOST_BYTES;
        // serde may name a field that the JSON lacks: then the object around it is read as null.
        while !next.path.is_empty() && value_at(&json, &next.path).is_none() {
            next.path.pop();
        }
        let Some(without) = without(&json, &next.path).filter(|_| is_ignored) else {
            return Err(part.error(&next.first, next.problem));
        };
        json = without;
        ignored.retain(|earlier| !earlier.path.starts_with(&next.path));
        ignored.push(next);
    }
}

/// A value that is read as null.
struct Ignored {
    path: Vec<Key>,
    /// The path to the problem: the value itself, or a required field inside it.
    first: Vec<Key>,
    problem: JsonProblem,
}

impl Ignored {
    fn new(path: &[Key], error: &serde_json::Error) -> Self {
        let problem = JsonProblem::new(error);
        // serde's path names the object, not the field.
        let (path, first) = match &problem {
            JsonProblem::Missing { field } => (path.to_vec(), below(path, field)),
            JsonProblem::Repeated { field } => (below(path, field), below(path, field)),
            _ => (path.to_vec(), path.to_vec()),
        };
        Self {
            path,
            first,
            problem,
        }
    }
}

fn below(path: &[Key], field: &str) -> Vec<Key> {
    [path, &[Key::Field(field.into())]].concat()
}

impl<'a> Part<'a> {
    /// The row of a list. Its errors count lines from its start: from that of the body, each row would take as
    /// long as all rows before it.
    pub(super) fn row(&self, index: usize, json: &'a str) -> Self {
        Self {
            text: json,
            json,
            path: [&*self.path, &[Key::Row(index)]].concat(),
        }
    }

    /// The error at this path inside the part.
    pub(super) fn error(&self, inner: &[Key], problem: JsonProblem) -> JsonError {
        let mut found = None;
        // A missing field has no place; the object around it has.
        let mut path = inner;
        while found.is_none() {
            found = value_at(self.json, path);
            path = path.split_last().map_or(&[], |(_, parents)| parents);
        }
        let offset = found.and_then(|found| span(self.text, found));
        let path = [&self.path, inner].concat();
        JsonError::at(
            &path,
            problem,
            self.text,
            offset.map_or(0, |span| span.start),
        )
    }
}

/// The value at a path: the last one if a field is repeated.
fn value_at<'a>(json: &'a str, path: &[Key]) -> Option<&'a str> {
    path.iter().try_fold(json, |json, key| match key {
        Key::Row(index) => row(json, *index),
        Key::Field(name) => values(json, name).pop().map(|(_, value)| value),
    })
}

/// A row of a list. It reads no further than this row.
fn row(list: &str, index: usize) -> Option<&str> {
    struct RowVisitor<'a, 'de>(usize, &'a mut Option<&'de RawValue>);

    impl<'de> Visitor<'de> for RowVisitor<'_, 'de> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
            for _ in 0..self.0 {
                rows.next_element::<IgnoredAny>()?;
            }
            *self.1 = rows.next_element()?;
            Ok(())
        }
    }

    let mut row = None;
    // An error about the rows that were not read.
    let _ = serde_json::Deserializer::from_str(list).deserialize_seq(RowVisitor(index, &mut row));
    row.map(RawValue::get)
}

/// The values of a field, each with the end of the value before it.
fn values<'a>(object: &'a str, name: &str) -> Vec<(usize, &'a str)> {
    let Ok(Fields(fields)) = serde_json::from_str::<Fields<'_>>(object) else {
        return Vec::new();
    };
    let mut end = 0;
    let mut found = Vec::new();
    for (key, value) in fields {
        let key: Option<Cow<'_, str>> = serde_json::from_str(key.get()).ok();
        if key.is_some_and(|key| key == name) {
            found.push((end, value.get()));
        }
        end = span(object, value.get()).map_or(end, |span| span.end);
    }
    found
}

/// The JSON with null in place of the value at a path. Of a repeated field, the first one stays.
fn without(json: &str, path: &[Key]) -> Option<String> {
    let (last, parents) = path.split_last()?;
    let parent = value_at(json, parents)?;
    let start = span(json, parent)?.start;
    let values = match last {
        Key::Row(index) => vec![(0, row(parent, *index)?)],
        Key::Field(name) => values(parent, name),
    };
    let mut json = json.to_owned();
    for (at, (end_before, value)) in values.into_iter().enumerate().rev() {
        let value = span(parent, value)?;
        let (from, with) = match at {
            0 => (value.start, "null"),
            _ => (end_before, ""),
        };
        json.replace_range(
            start.checked_add(from)?..start.checked_add(value.end)?,
            with,
        );
    }
    Some(json)
}

/// The place of a slice in its text.
fn span(text: &str, slice: &str) -> Option<Range<usize>> {
    let start = slice.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let end = start.checked_add(slice.len())?;
    (end <= text.len()).then_some(start..end)
}

/// The fields of an object, as received.
struct Fields<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(FieldsVisitor)
    }
}
