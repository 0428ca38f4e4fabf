//! The fields of a request body, sent as JSON or as a form.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};
use url::form_urlencoded;

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
            let pairs = form_urlencoded::parse(body).into_owned();
            let fields = pairs.filter_map(|(name, value)| Some((name, to_raw_value(&value).ok()?)));
            return Ok(Self(fields.collect()));
        }
        // PHP encodes an empty object as an empty list.
        if matches!(body.trim_ascii(), b"" | b"null" | b"[]") {
            return Ok(Self::default());
        }
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|_| Refusal::invalid("Invalid JSON in the request body"))
    }

    /// Decodes a string field.
    pub(crate) fn text(&self, name: &'static str) -> Result<Field<String>, Refusal> {
        self.get(name, || {
            Refusal::invalid(format!("{name} must be a string"))
        })
    }

    /// Decodes a string field that must be present and not empty.
    pub(crate) fn required(&self, name: &'static str) -> Result<String, Refusal> {
        match self.text(name)?.value() {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(Refusal::missing(format!("{name} is required"))),
        }
    }

    /// Decodes an integer field.
    pub(crate) fn number(&self, name: &'static str) -> Result<Field<u64>, Refusal> {
        self.get(name, || {
            Refusal::invalid(format!("{name} must be a number"))
        })
    }

    /// Decodes an object field. Rejects any other value with `message`.
    pub(crate) fn object<T: DeserializeOwned>(
        &self,
        name: &str,
        message: &'static str,
    ) -> Result<Field<T>, Refusal> {
        self.get(name, || Refusal::invalid(message))
    }

    /// Decodes the `metadata` field, which must be an object.
    pub(crate) fn metadata(&self) -> Result<Field<Box<RawValue>>, Refusal> {
        let not_an_object = || Refusal::invalid("Metadata must be a valid JSON object");
        let metadata: Field<Box<RawValue>> = self.get("metadata", not_an_object)?;
        match metadata {
            Field::Value(raw) if !raw.get().starts_with('{') => Err(not_an_object()),
            metadata => Ok(metadata),
        }
    }

    fn get<T: DeserializeOwned>(
        &self,
        name: &str,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<Field<T>, Refusal> {
        match self.0.get(name).map(|raw| raw.get()) {
            None => Ok(Field::Absent),
            Some("null") => Ok(Field::Null),
            Some(json) => match serde_json::from_str(json) {
                Ok(value) => Ok(Field::Value(value)),
                Err(_) => Err(refusal()),
            },
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
