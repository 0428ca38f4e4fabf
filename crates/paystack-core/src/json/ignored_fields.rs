//! Decodes a value that has optional fields of the wrong type: such a field is read as null.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::field_path::Key;
use super::json_error::JsonProblem;
use super::span::span;

/// The most fields of one value that are ignored one by one.
const MAX_FIELDS: usize = 64;

/// The most JSON that is decoded to ignore fields, as a multiple of the body: it bounds the time.
const MAX_DECODED: usize = 32;

/// A body that is smaller counts as this large.
const SMALL_BODY: usize = 64 * 1024;

/// The JSON that may still be decoded.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn of(body: &str) -> Self {
        Self(body.len().max(SMALL_BODY).saturating_mul(MAX_DECODED))
    }
}

/// A problem, and its path inside the value.
pub(super) struct Problem {
    pub(super) path: Vec<Key>,
    pub(super) problem: JsonProblem,
}

/// A decoded value, and its ignored fields.
pub(super) struct Decoded<T> {
    pub(super) value: T,
    /// The JSON with null in place of the ignored fields.
    pub(super) json: String,
    pub(super) ignored: Vec<Problem>,
}

/// Decodes a value. An optional field of the wrong type, and a repeated one, is read as null and reported.
///
/// A field that rejects null as well is required. Then the object around it is read as null, and so on up to
/// the value itself, which is not. `decode` returns the path of a problem.
pub(super) fn decode_ignoring<T>(
    json: &str,
    budget: &mut Budget,
    decode: impl Fn(&str) -> Result<T, (Vec<Key>, serde_json::Error)>,
) -> Result<Decoded<T>, Problem> {
    let mut json = json.to_owned();
    let mut ignored: Vec<Ignored> = Vec::new();
    loop {
        let (path, error) = match decode(&json) {
            Err(failed) => failed,
            Ok(value) => {
                let ignored = ignored.into_iter().map(|field| field.problem).collect();
                return Ok(Decoded {
                    value,
                    json,
                    ignored,
                });
            }
        };
        let mut next = Ignored::new(path, &error);
        if let Some(at) = ignored.iter().position(|earlier| earlier.is_again(&next)) {
            next = ignored.swap_remove(at);
            next.path.pop();
        }
        if ignored.len() >= MAX_FIELDS {
            next = next.outermost();
            ignored.retain(|earlier| !earlier.path.starts_with(&next.path));
        }
        let is_over = ignored.len() >= MAX_FIELDS || budget.0 < json.len();
        budget.0 = budget.0.saturating_sub(json.len());
        if is_over && next.can_be_ignored() {
            return Err(Problem {
                path: Vec::new(),
                problem: JsonProblem::TooManyOddFields,
            });
        }
        let without = without(&json, &mut next.path);
        match without.filter(|_| next.can_be_ignored()) {
            Some(without) => json = without,
            None => return Err(next.problem),
        }
        ignored.retain(|earlier| !earlier.path.starts_with(&next.path));
        ignored.push(next);
    }
}

/// A value that is read as null.
struct Ignored {
    path: Vec<Key>,
    /// The problem of the value itself, or of a required field inside it.
    problem: Problem,
}

impl Ignored {
    fn new(path: Vec<Key>, error: &serde_json::Error) -> Self {
        let problem = JsonProblem::new(error);
        let below = |field: &str| [&*path, &[Key::Field(field.into())]].concat();
        // serde's path names the object, not the field.
        let (path, inner) = match &problem {
            JsonProblem::Missing { field } => (path.clone(), below(field)),
            JsonProblem::Repeated { field } => (below(field), below(field)),
            _ => (path.clone(), path),
        };
        Self {
            path,
            problem: Problem {
                path: inner,
                problem,
            },
        }
    }

    /// Whether the problem remains although this value is null, or reappears because serde names a field that the
    /// JSON lacks.
    fn is_again(&self, next: &Self) -> bool {
        next.problem.path.starts_with(&self.path)
    }

    /// The field of the value itself that contains this one.
    fn outermost(mut self) -> Self {
        self.path.truncate(1);
        Self {
            problem: Problem {
                path: self.path.clone(),
                problem: JsonProblem::TooManyOddFields,
            },
            path: self.path,
        }
    }

    /// Whether the problem is an odd field, and not an exceeded limit.
    fn can_be_ignored(&self) -> bool {
        let problem = &self.problem.problem;
        !matches!(problem, JsonProblem::TooManyRows | JsonProblem::TooDeep)
    }
}

/// The value at a path: the last one if a field is repeated.
pub(super) fn value_at<'a>(json: &'a str, path: &[Key]) -> Option<&'a str> {
    path.iter().try_fold(json, |json, key| match key {
        Key::Row(index) => row(json, *index),
        Key::Field(name) => values(json, name).pop().map(|value| value.json),
    })
}

/// The JSON with null in place of the value at a path. Of a repeated field, the first one stays. If there is no
/// such value, the path is shortened to that of the object around it.
fn without(json: &str, path: &mut Vec<Key>) -> Option<String> {
    loop {
        let (last, parents) = path.split_last()?;
        if let Some(parent) = value_at(json, parents) {
            let values = match last {
                Key::Row(index) => row(parent, *index).map(Value::first).into_iter().collect(),
                Key::Field(name) => values(parent, name),
            };
            if !values.is_empty() {
                return replaced(json, &values);
            }
        }
        path.pop();
    }
}

/// The JSON with null in place of the first value, and without the others.
fn replaced(json: &str, values: &[Value<'_>]) -> Option<String> {
    let mut without = String::with_capacity(json.len());
    let mut end = 0;
    for (at, value) in values.iter().enumerate() {
        let place = span(json, value.json)?;
        let (start, null) = match at {
            0 => (place.start, "null"),
            _ => (span(json, value.before)?.end, ""),
        };
        without.push_str(json.get(end..start)?);
        without.push_str(null);
        end = place.end;
    }
    without.push_str(json.get(end..)?);
    Some(without)
}

/// A value of a field or a row, and the value before it in the same object.
struct Value<'a> {
    json: &'a str,
    before: &'a str,
}

impl<'a> Value<'a> {
    fn first(json: &'a str) -> Self {
        Self { json, before: json }
    }
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

/// The values of a field.
fn values<'a>(object: &'a str, name: &str) -> Vec<Value<'a>> {
    let fields = serde_json::from_str::<Fields<'_>>(object);
    let Fields(fields) = fields.unwrap_or_default();
    let mut before = object;
    let mut found = Vec::new();
    for (key, value) in fields {
        let json = value.get();
        if is_name(key.get(), name) {
            found.push(Value { json, before });
        }
        before = json;
    }
    found
}

/// Whether a key, with its quotes, is this name.
fn is_name(key: &str, name: &str) -> bool {
    if !key.contains('\\') {
        let unquoted = key
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        return unquoted == Some(name);
    }
    let unescaped: Option<Cow<'_, str>> = serde_json::from_str(key).ok();
    unescaped.is_some_and(|key| key == name)
}

/// The keys and values of an object, as received.
#[derive(Default)]
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
