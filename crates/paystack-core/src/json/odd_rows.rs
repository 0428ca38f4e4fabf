//! Decodes a list row by row: a row that does not decode costs that row only.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor, value};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::field_path::Key;
use super::ignored_fields::{Part, decode_ignoring, decode_row};
use super::json_error::{JsonError, JsonProblem};
use super::lenient::MOST_ROWS;
use super::raw_json::RawJson;

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

    /// The problem, with its path in the body, and its line and column in the row.
    pub fn error(&self) -> &JsonError {
        &self.error
    }

    /// The row as received.
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
    let part = Part {
        text: body,
        json: data,
        path: vec![Key::Field("data".into())],
    };
    if is_list::<T>() && data.starts_with('[') {
        return decode_rows(&part);
    }
    let decoded = decode_ignoring(&part)?;
    let undecoded = Undecoded {
        ignored_fields: decoded.ignored_fields,
        odd_rows: Vec::new(),
    };
    Ok((decoded.value, undecoded))
}

fn decode_rows<T: DeserializeOwned>(list: &Part<'_>) -> Result<(T, Undecoded), JsonError> {
    let rows: Vec<&RawValue> = serde_json::from_str(list.json).unwrap_or_default();
    let mut undecoded = Undecoded::default();
    let mut decodable = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        match decode_row::<T>(&list.row(index, row.get())) {
            Ok(row) => {
                decodable.push(row.json);
                undecoded.ignored_fields.extend(row.ignored_fields);
            }
            Err(error) => undecoded.odd_rows.push(OddRow {
                index,
                error,
                raw: RawJson::new(row.get()),
            }),
        }
        if undecoded.odd_rows.len().max(undecoded.ignored_fields.len()) > MOST_ROWS {
            return Err(list.error(&[], JsonProblem::TooManyRows));
        }
    }
    let json = format!("[{}]", decodable.join(","));
    drop(decodable);
    let value = serde_json::from_str(&json).map_err(|error| JsonError::new(&list.path, &error))?;
    Ok((value, undecoded))
}

/// Whether a type decodes itself from a list of any length.
pub(crate) fn is_list<'de, T: Deserialize<'de>>() -> bool {
    const LIST: &str = "a list";

    /// Answers each request for a value with an error; only one for a list has this message.
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
