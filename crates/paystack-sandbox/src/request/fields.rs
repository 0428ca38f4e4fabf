//! The fields of a request body, sent as JSON or as a form.

use std::collections::BTreeMap;
use std::num::ParseIntError;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use super::form::Form;
use super::json;
use crate::response::Refusal;

/// The fields of a JSON object or of a form.
#[derive(Debug, Default)]
pub(crate) struct Fields(BTreeMap<String, Box<RawValue>>);

impl Fields {
    /// Parses a body as a form or as JSON, depending on its content type.
    pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        const FORM: &[u8] = b"application/x-www-form-urlencoded";
        let content_type = headers.get(CONTENT_TYPE).map(|value| value.as_bytes());
        let media_type = content_type.and_then(|value| value.get(..FORM.len()));
        if media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case(FORM)) {
            let fields = Form::parse(body)?.into_iter();
            let fields =
                fields.filter_map(|(name, value)| Some((name, to_raw_value(&value).ok()?)));
            return Ok(Self(fields.collect()));
        }
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        json::check(body)?;
        Self::of_object(body).ok_or_else(|| Refusal::invalid("The request body must be an object"))
    }

    /// Reads the fields of a JSON object.
    fn of_object(json: &[u8]) -> Option<Self> {
        match json.trim_ascii() {
            // PHP encodes an empty object as an empty list.
            b"null" | b"[]" => Some(Self::default()),
            json => serde_json::from_slice(json).map(Self).ok(),
        }
    }

    /// Returns a field as text.
    pub(crate) fn text(&self, name: &str) -> Result<Field<String>, Refusal> {
        self.get(name, "a string")
    }

    /// Returns a field as text that must be present and not empty.
    pub(crate) fn required(&self, name: &str) -> Result<String, Refusal> {
        self.required_or(name, || Refusal::missing(format!("{name} is required")))
    }

    /// Returns a field as text that must be present and not empty. Refuses a missing one with `refusal`.
    pub(crate) fn required_or(
        &self,
        name: &str,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<String, Refusal> {
        let text = self.text(name)?.value();
        text.filter(|text| !text.is_empty()).ok_or_else(refusal)
    }

    /// Returns a field as an integer. The integers of forms are text.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let number: Field<Number> = self.get(name, "a number")?;
        Ok(number.value().map(|number| number.0))
    }

    /// Returns a field as a list of integers.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<u64>, Refusal> {
        let numbers: Field<Vec<Number>> = self.get(name, "an array of numbers")?;
        let numbers = numbers.value().unwrap_or_default();
        Ok(numbers.into_iter().map(|number| number.0).collect())
    }

    /// Returns the fields of an object.
    pub(crate) fn nested(&self, name: &str) -> Result<Option<Self>, Refusal> {
        match self.0.get(name).map(|raw| raw.get()) {
            None | Some("null") => Ok(None),
            Some(json) => Self::of_object(json.as_bytes())
                .map(Some)
                .ok_or_else(|| Refusal::wrong_type(name, "of type object")),
        }
    }

    /// Returns the `metadata` field, which must be an object or null.
    pub(crate) fn metadata(&self) -> Result<Field<Box<RawValue>>, Refusal> {
        let metadata: Field<Box<RawValue>> = self.get("metadata", "of type object")?;
        match metadata {
            Field::Value(raw) if !raw.get().starts_with('{') => {
                Err(Refusal::wrong_type("metadata", "of type object"))
            }
            metadata => Ok(metadata),
        }
    }

    fn get<T: DeserializeOwned>(&self, name: &str, expected: &str) -> Result<Field<T>, Refusal> {
        match self.0.get(name).map(|raw| raw.get()) {
            None => Ok(Field::Absent),
            Some("null") => Ok(Field::Null),
            Some(json) => match serde_json::from_str(json) {
                Ok(value) => Ok(Field::Value(value)),
                Err(_) => Err(Refusal::wrong_type(name, expected)),
            },
        }
    }
}

/// An integer as a JSON number or as text.
#[derive(Deserialize)]
#[serde(try_from = "NumberOrText")]
struct Number(u64);

#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(u64),
    Text(String),
}

impl TryFrom<NumberOrText> for Number {
    type Error = ParseIntError;

    fn try_from(number: NumberOrText) -> Result<Self, ParseIntError> {
        match number {
            NumberOrText::Number(number) => Ok(Self(number)),
            NumberOrText::Text(text) => text.parse().map(Self),
        }
    }
}

/// A field of a body, where null differs from absent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Field<T> {
    Absent,
    Null,
    Value(T),
}

impl<T> Field<T> {
    /// Returns the value. Null counts as absent.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Updates a stored value: an absent field keeps it, null clears it.
    pub(crate) fn apply_to(self, stored: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *stored = None,
            Self::Value(value) => *stored = Some(value),
        }
    }
}
