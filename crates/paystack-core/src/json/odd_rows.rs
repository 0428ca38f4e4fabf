//! Decodes a list row by row: a row that does not decode costs that row only.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor, value};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::decode::decode_with_path;
use super::field_path::Key;
use super::ignored_fields::{Budget, Problem, decode_ignoring, value_at};
use super::json_error::{JsonError, JsonProblem};
use super::lenient::MAX_ROWS;
use super::raw_json::RawJson;
use super::span::span;

/// A row of a list that does not decode: a required field is missing or has the wrong type.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{Api, SecretKey, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let body = r#"{"status":true,"message":"Customers retrieved","data":[
///     {"id":1173,"customer_code":"CUS_x","email":"ada@example.com"},
///     {"id":1174,"customer_code":"CUS_y"}]}"#;
/// let reply = api.read(&ListCustomers::new(), http::Response::new(body.into()))?;
///
/// assert_eq!(reply.data.len(), 1);
/// let odd = &reply.odd_rows()[0];
/// assert_eq!(odd.index(), 1);
/// assert_eq!(odd.error().path(), "data[1].email");
/// assert_eq!(odd.raw().as_str(), r#"{"id":1174,"customer_code":"CUS_y"}"#);
/// # Ok::<(), paystack_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddRow {
    index: usize,
    error: JsonError,
    raw: RawJson,
}

impl OddRow {
    /// The index of the row in the list as received, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The problem, with its path in the body. It has no line and no column.
    pub fn error(&self) -> &JsonError {
        &self.error
    }

    /// The row as received. A byte that is not UTF-8, and an unpaired surrogate, is the replacement character.
    pub fn raw(&self) -> &RawJson {
        &self.raw
    }
}

impl fmt::Display for OddRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot decode a row: {}", self.error)
    }
}

impl std::error::Error for OddRow {}

/// The parts of a value that were not decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Undecoded {
    pub(crate) ignored_fields: Vec<JsonError>,
    pub(crate) odd_rows: Vec<OddRow>,
}

/// [`Undecoded`], which hardly any reply has.
#[derive(Clone, Debug)]
pub(crate) struct MaybeUndecoded(pub(crate) Option<Box<Undecoded>>);

impl MaybeUndecoded {
    pub(crate) fn ignored_fields(&self) -> &[JsonError] {
        self.0.as_ref().map_or(&[], |some| &some.ignored_fields)
    }

    pub(crate) fn odd_rows(&self) -> &[OddRow] {
        self.0.as_ref().map_or(&[], |some| &some.odd_rows)
    }
}

/// Decodes `data` of a body that does not decode as a whole: without optional fields of the wrong type, and
/// without odd rows if it is a list.
///
/// # Errors
///
/// The problem of a required field, or of a list with more than 10,000 odd rows.
pub(crate) fn decode_leniently<T: DeserializeOwned>(
    body: &str,
    data: &str,
) -> Result<(T, Undecoded), JsonError> {
    if is_list::<T>() && data.starts_with('[') {
        return decode_rows(body, data);
    }
    let mut budget = Budget::of(body);
    match decode_ignoring(data, &mut budget, |json| decode_with_path(json)) {
        Ok(decoded) => {
            let undecoded = Undecoded {
                ignored_fields: decoded
                    .ignored
                    .into_iter()
                    .map(|field| error_at(&[data_key()], field))
                    .collect(),
                odd_rows: Vec::new(),
            };
            Ok((decoded.value, undecoded))
        }
        Err(problem) => Err(error_in_body(body, data, problem)),
    }
}

fn decode_rows<T: DeserializeOwned>(body: &str, data: &str) -> Result<(T, Undecoded), JsonError> {
    // A row is decoded as the list of this row alone.
    let decode = |row: &str| {
        let list = format!("[{row}]");
        serde_json::from_str::<T>(&list).or_else(|_| {
            decode_with_path(&list).map_err(|(path, error)| {
                let inner = path.get(1..).unwrap_or_default();
                (inner.to_vec(), error)
            })
        })
    };
    let rows: Vec<&RawValue> = serde_json::from_str(data).unwrap_or_default();
    let mut budget = Budget::of(body);
    let mut undecoded = Undecoded::default();
    let mut decodable = String::with_capacity(data.len());
    for (index, row) in rows.into_iter().map(RawValue::get).enumerate() {
        let path = [data_key(), Key::Row(index)];
        match decode_ignoring(row, &mut budget, decode) {
            Ok(row) => {
                decodable.push(if decodable.is_empty() { '[' } else { ',' });
                decodable.push_str(&row.json);
                let room = MAX_ROWS.saturating_sub(undecoded.ignored_fields.len());
                let ignored = row.ignored.into_iter().take(room);
                let ignored = ignored.map(|field| error_at(&path, field));
                undecoded.ignored_fields.extend(ignored);
            }
            Err(problem) => {
                undecoded.odd_rows.push(OddRow {
                    index,
                    error: error_at(&path, problem),
                    raw: RawJson::new(row),
                });
            }
        }
        if undecoded.odd_rows.len() > MAX_ROWS {
            let problem = Problem {
                path: Vec::new(),
                problem: JsonProblem::TooManyRows,
            };
            return Err(error_in_body(body, data, problem));
        }
    }
    if decodable.is_empty() {
        decodable.push('[');
    }
    decodable.push(']');
    let list = serde_json::from_str(&decodable);
    let list = list.map_err(|error| JsonError::new(&[data_key()], &error))?;
    Ok((list, undecoded))
}

fn data_key() -> Key {
    Key::Field("data".into())
}

/// The error of a problem inside the value at this path. It has no line: to count lines up to each row would take
/// as long as all rows before it.
fn error_at(path: &[Key], inner: Problem) -> JsonError {
    let path = [path, &inner.path].concat();
    JsonError::without_place(&path, inner.problem)
}

/// The error of a problem in `data`, with its place in the body.
fn error_in_body(body: &str, data: &str, problem: Problem) -> JsonError {
    // A missing field has no place; the object around it has.
    let mut path = &*problem.path;
    let mut found = value_at(data, path);
    while let (None, [parents @ .., _]) = (found, path) {
        path = parents;
        found = value_at(data, path);
    }
    let place = found.and_then(|found| span(body, found));
    let path = [&[data_key()], &*problem.path].concat();
    let offset = place.map_or(0, |place| place.start);
    JsonError::at(&path, problem.problem, body, offset)
}

/// Whether a type decodes itself from a list of any length.
pub(crate) fn is_list<'de, T: Deserialize<'de>>() -> bool {
    const LIST: &str = "a list";

    /// Fails every request for a value. The message tells whether a list was requested.
    struct Probe;

    impl<'de> Deserializer<'de> for Probe {
        type Error = value::Error;

        fn deserialize_seq<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(value::Error::custom(LIST))
        }

        fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            visitor.visit_some(self)
        }

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            _: &'static str,
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            visitor.visit_newtype_struct(self)
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(value::Error::custom(""))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
            unit unit_struct tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    T::deserialize(Probe).is_err_and(|error| error.to_string() == LIST)
}
