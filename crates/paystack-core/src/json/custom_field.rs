//! A field of the metadata that Paystack's dashboard shows, and its place in the JSON.

use std::ops::Range;

use serde::de::{self, Deserializer, Unexpected};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::json_text::json_text;
use super::lenient_values::Object;
use super::repair::repair;
use super::span::span;
use crate::types::Sensitive;

const FIRST_KEY: &str = "\"custom_fields\":[";
const NEXT_KEY: &str = ",\"custom_fields\":[";

/// A field of the metadata that Paystack's dashboard shows.
///
/// See <https://paystack.com/docs/payments/metadata/#custom-fields>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomField {
    /// The label on the dashboard.
    pub display_name: Sensitive,
    /// The name that programs use.
    pub variable_name: Sensitive,
    /// The value. Numbers are read digit for digit, booleans as their words, and null as empty text.
    #[serde(deserialize_with = "scalar_as_text")]
    pub value: Sensitive,
}

fn scalar_as_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Sensitive, D::Error> {
    match &*json_text(deserializer)? {
        "null" => Ok(Sensitive::default()),
        json if json.starts_with('"') => serde_json::from_str(json).map_err(de::Error::custom),
        json if json.starts_with('[') => Err(no_scalar(Unexpected::Seq)),
        json if json.starts_with('{') => Err(no_scalar(Unexpected::Map)),
        json => Ok(Sensitive::from(json)),
    }
}

fn no_scalar<E: de::Error>(unexpected: Unexpected<'_>) -> E {
    E::invalid_type(unexpected, &"text, a number, a boolean or null")
}

impl CustomField {
    /// A field with a label, a name and a value.
    pub fn new(
        display_name: impl Into<Sensitive>,
        variable_name: impl Into<Sensitive>,
        value: impl Into<Sensitive>,
    ) -> Self {
        Self {
            display_name: display_name.into(),
            variable_name: variable_name.into(),
            value: value.into(),
        }
    }
}

/// The place of the next custom field in an object, and the text before and after it.
pub(super) fn next_custom_field(
    object: &str,
) -> Option<(Range<usize>, &'static str, &'static str)> {
    #[derive(Deserialize)]
    struct Fields<'a> {
        #[serde(borrow, default, deserialize_with = "even_null")]
        custom_fields: Option<&'a RawValue>,
    }

    // A repair moves nothing.
    let repaired = repair(object);
    let object = repaired.as_deref().unwrap_or(object).trim_end();
    let Object(fields) = serde_json::from_str::<Object<Fields<'_>>>(object).ok()?;
    let Some(list) = fields.custom_fields.map(RawValue::get) else {
        let end = object.len().checked_sub(1)?;
        let is_empty = object.get(1..end)?.trim().is_empty();
        let before = if is_empty { FIRST_KEY } else { NEXT_KEY };
        return Some((end..end, before, "]"));
    };
    let place = span(object, list)?;
    if list == "null" {
        return Some((place, "[", "]"));
    }
    let rows = list.strip_prefix('[')?.strip_suffix(']')?;
    let end = place.end.checked_sub(1)?;
    let before = if rows.trim().is_empty() { "" } else { "," };
    Some((end..end, before, ""))
}

/// Reads any value. Without it, serde reads null as `None`.
fn even_null<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::CustomField;

    #[test]
    fn value_is_a_scalar() {
        for (value, read) in [
            (r#""7 \u00bd""#, Some("7 ½")),
            ("7.50", Some("7.50")),
            ("true", Some("true")),
            ("null", Some("")),
            ("[7]", None),
            (r#"{"a":7}"#, None),
        ] {
            let json = format!(r#"{{"display_name":"A","variable_name":"a","value":{value}}}"#);
            let field = serde_json::from_str::<CustomField>(&json).ok();
            assert_eq!(
                field.map(|field| field.value),
                read.map(Into::into),
                "{value}"
            );
        }
    }
}
