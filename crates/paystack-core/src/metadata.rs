//! The data of the caller's own that Paystack keeps with a customer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer, ser};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::error::{self, JsonError};
use crate::members::{Members, means_the_same};
use crate::mended;
use crate::personal::Personal;

const CUSTOM_FIELDS: &str = "custom_fields";

/// The data of the caller's own that Paystack keeps with a customer: a JSON object.
///
/// Written, it is an object and nothing else; the API refuses all other JSON. Read, it is kept as
/// it came, since old customers have null, `""`, `"{}"`, `0` or an object inside a string there.
/// What was read can be sent back: those forms become the object that they stand for, and what
/// stands for none is refused before sending.
///
/// It may hold anything about anybody, so `Debug` shows its size only.
///
/// ```
/// use paystack_core::Metadata;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Plan {
///     name: String,
/// }
///
/// let metadata = Metadata::new(&Plan { name: "gold".into() })?;
/// assert_eq!(metadata.as_str(), r#"{"name":"gold"}"#);
/// assert_eq!(metadata.get::<Plan>()?.name, "gold");
///
/// assert!(Metadata::new(&["gold"]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// See <https://paystack.com/docs/payments/metadata/>.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Metadata(Box<RawValue>);

impl Metadata {
    /// Writes any value that serializes to a JSON object.
    ///
    /// # Errors
    ///
    /// [`MetadataError`] if it serializes to something else, or not at all.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, MetadataError> {
        let json = raw(value)?;
        if json.get().starts_with('{') {
            Ok(Self(json))
        } else {
            Err(MetadataError::NotAnObject)
        }
    }

    /// Adds a field that Paystack's dashboard shows, after those that are there. All else keeps its
    /// order and its numbers, digit for digit.
    ///
    /// ```
    /// use paystack_core::{CustomField, Metadata};
    ///
    /// let metadata = Metadata::new(&serde_json::json!({"plan": "gold"}))?
    ///     .with_custom_field(CustomField::new("Invoice", "invoice", "INV-209"))?;
    /// assert_eq!(metadata.custom_fields()[0].value, "INV-209");
    /// assert_eq!(metadata.as_object().unwrap()["plan"], "gold");
    /// # Ok::<(), paystack_core::MetadataError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MetadataError::NotAnObject`] if what was read is no object, or its `custom_fields` is no
    /// list: nothing is written over.
    pub fn with_custom_field(self, field: CustomField) -> Result<Self, MetadataError> {
        let Members(mut members) =
            Members::read(&self.object()).ok_or(MetadataError::NotAnObject)?;
        // As `JSON.parse` has it: of a repeated field the last counts.
        let there = members.iter().rposition(|(name, _)| name == CUSTOM_FIELDS);
        let list = there.and_then(|there| members.get(there));
        let mut fields: Vec<&RawValue> = match list {
            Some((_, list)) if list.get() != "null" => {
                serde_json::from_str(list.get()).map_err(|_| MetadataError::NotAnObject)?
            }
            _ => Vec::new(),
        };
        let field = raw(&field)?;
        fields.push(&field);
        let fields = raw(&fields)?;
        match there.and_then(|there| members.get_mut(there)) {
            Some((_, list)) => *list = fields,
            None => members.push((CUSTOM_FIELDS.to_owned(), fields)),
        }
        Ok(Self(raw(&Members(members))?))
    }

    /// The fields that Paystack's dashboard shows. What is no such field is passed over.
    pub fn custom_fields(&self) -> Vec<CustomField> {
        let Some(Members(members)) = Members::read(&self.object()) else {
            return Vec::new();
        };
        let list = members.iter().rev().find(|(name, _)| name == CUSTOM_FIELDS);
        let rows =
            list.and_then(|(_, list)| serde_json::from_str::<Vec<&RawValue>>(list.get()).ok());
        rows.unwrap_or_default()
            .into_iter()
            .filter_map(|row| mended::object(row.get(), &[]))
            .collect()
    }

    /// The JSON as it came.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// The fields, for metadata whose shape is not known; `None` if this is no object in any form, or
    /// holds a number that [`Value`] does not.
    pub fn as_object(&self) -> Option<Map<String, Value>> {
        self.get().ok()
    }

    /// Whether there is nothing in it, in any of the forms that nothing comes in.
    pub fn is_empty(&self) -> bool {
        self.as_object().is_some_and(|fields| fields.is_empty())
    }

    /// Reads it as a type of the caller's. An object inside a string is read as that object, and
    /// all forms of nothing as the empty object.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        error::decode_owned(&self.object())
    }

    /// The object that this stands for, or the JSON as it came if it stands for none.
    fn object(&self) -> Cow<'_, str> {
        const EMPTY: Cow<'_, str> = Cow::Borrowed("{}");
        let json = self.as_str();
        // Nearly all metadata is an object already.
        if json.starts_with('{') {
            return Cow::Borrowed(json);
        }
        match serde_json::from_str::<Value>(json) {
            Ok(Value::Null) => EMPTY,
            Ok(Value::Number(number)) if number.as_u64() == Some(0) => EMPTY,
            Ok(Value::Array(list)) if list.is_empty() => EMPTY,
            Ok(Value::String(text)) if text.trim().is_empty() => EMPTY,
            Ok(Value::String(text)) if Members::read(&text).is_some() => {
                Cow::Owned(text.trim().to_owned())
            }
            _ => Cow::Borrowed(json),
        }
    }
}

fn raw<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>, MetadataError> {
    serde_json::value::to_raw_value(value).map_err(|_| MetadataError::NotSerializable)
}

/// As the object that it stands for; what was read and stands for none, as it came.
impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.object() {
            Cow::Borrowed(json) if json == self.as_str() => self.0.serialize(serializer),
            object => RawValue::from_string(object.into_owned())
                .map_err(ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

/// Metadata in a request: an object, or an error, since Paystack would refuse it.
#[derive(Clone, Debug)]
pub(crate) struct Sendable(pub(crate) Metadata);

impl Serialize for Sendable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.object().starts_with('{') {
            self.0.serialize(serializer)
        } else {
            Err(ser::Error::custom(MetadataError::NotAnObject))
        }
    }
}

/// The same if they stand for the same object.
impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.object(), other.object());
        one == other || means_the_same(&one, &other)
    }
}

impl Eq for Metadata {}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Metadata({} bytes)", self.as_str().len())
    }
}

/// A field of the metadata that Paystack's dashboard shows.
///
/// See <https://paystack.com/docs/payments/metadata/#custom-fields>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CustomField {
    /// How the dashboard labels it.
    pub display_name: Personal,
    /// How programs call it.
    pub variable_name: Personal,
    /// What it says. A number is read as it is written, `true` and `false` as these words, and null as
    /// nothing.
    #[serde(deserialize_with = "said")]
    pub value: Personal,
}

/// Text, or any other value that is neither a list nor an object.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Personal, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    match raw.get() {
        "null" => Ok(Personal::default()),
        json if json.starts_with('"') => serde_json::from_str(json).map_err(de::Error::custom),
        json if json.starts_with(['[', '{']) => Err(de::Error::custom("no text")),
        json => Ok(Personal::from(json)),
    }
}

impl CustomField {
    /// A field with a label, a name and a value.
    pub fn new(
        display_name: impl Into<Personal>,
        variable_name: impl Into<Personal>,
        value: impl Into<Personal>,
    ) -> Self {
        Self {
            display_name: display_name.into(),
            variable_name: variable_name.into(),
            value: value.into(),
        }
    }
}

/// Why a value cannot be metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataError {
    /// It serializes to a list, a string, a number, a boolean or null.
    NotAnObject,
    /// It does not serialize to JSON at all.
    NotSerializable,
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => "metadata has to be a JSON object: a struct or a map",
            Self::NotSerializable => "the metadata does not serialize to JSON",
        })
    }
}

impl std::error::Error for MetadataError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: &str) -> Metadata {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_an_object_is_written() {
        for refused in [
            json!(null),
            json!(""),
            json!("{}"),
            json!(0),
            json!([]),
            json!(true),
        ] {
            assert_eq!(
                Metadata::new(&refused),
                Err(MetadataError::NotAnObject),
                "{refused}"
            );
        }
        let keys_that_are_no_strings = std::collections::BTreeMap::from([(vec![1], 2)]);
        assert_eq!(
            Metadata::new(&keys_that_are_no_strings),
            Err(MetadataError::NotSerializable)
        );
        assert_eq!(Metadata::new(&json!({})).unwrap().as_str(), "{}");
    }

    #[test]
    fn every_form_of_nothing_is_empty_and_goes_back_as_an_object() {
        for json in [
            "{}", "null", r#""""#, r#""{}""#, "0", "[]", "[ ]", "{ }", r#"" ""#,
        ] {
            let metadata = read(json);
            assert_eq!(metadata.as_str(), json);
            assert!(metadata.is_empty(), "{json}");
            assert!(serde_json::to_string(&metadata).unwrap().starts_with('{'));
        }
    }

    #[test]
    fn an_object_inside_a_string_is_that_object() {
        let metadata = read(r#""{\"plan\":\"gold\"}""#);
        assert!(!metadata.is_empty());
        assert_eq!(metadata.get::<Value>().unwrap(), json!({"plan": "gold"}));
        assert_eq!(
            serde_json::to_string(&metadata).unwrap(),
            r#"{"plan":"gold"}"#
        );
    }

    #[test]
    fn an_object_inside_a_string_goes_back_with_its_order_and_its_numbers() {
        let metadata = read(r#""{\"n\":12345678901234567890123,\"b\":1,\"a\":1.00}""#);
        let written = serde_json::to_string(&metadata).unwrap();
        assert_eq!(written, r#"{"n":12345678901234567890123,"b":1,"a":1.00}"#);
    }

    #[test]
    fn metadata_is_the_same_if_it_means_the_same() {
        assert_eq!(read(r#"{"a":1,"b":2}"#), read(r#"{ "b": 2, "a": 1 }"#));
        assert_eq!(read(r#""""#), read("{}"));
        assert_ne!(read(r#"{"a":1}"#), read(r#"{"a":2}"#));
    }

    #[test]
    fn what_is_no_object_in_any_form_is_kept_and_never_sent() {
        for json in [r#""gold""#, "7", "[1]", "true"] {
            let metadata = read(json);
            assert_eq!(metadata.as_str(), json);
            assert_eq!(metadata.as_object(), None);
            assert!(!metadata.is_empty());
            assert_eq!(serde_json::to_string(&metadata).unwrap(), json);
            assert!(serde_json::to_string(&Sendable(metadata)).is_err());
        }
        assert_eq!(read(r#""gold""#).get::<String>().unwrap(), "gold");
    }

    #[test]
    fn custom_fields_are_added_in_order_and_read_back() {
        let one = CustomField::new("Invoice", "invoice", "INV-1");
        let other = CustomField::new("Cart", "cart", "7");
        for empty in ["null", "{}", r#""""#, "0"] {
            let metadata = read(empty)
                .with_custom_field(one.clone())
                .and_then(|metadata| metadata.with_custom_field(other.clone()))
                .unwrap();
            assert_eq!(metadata.custom_fields(), [one.clone(), other.clone()]);
        }
        assert_eq!(read("{}").custom_fields(), []);
    }

    #[test]
    fn half_a_surrogate_pair_does_not_cost_the_fields() {
        let json = r#"{"note":"cut \ud83d","plan":"gold"}"#;
        let metadata = read(json);
        assert_eq!(metadata.as_str(), json, "as it came");
        assert_eq!(metadata.as_object().unwrap()["plan"], "gold");
        assert_eq!(metadata.get::<Value>().unwrap()["note"], "cut \u{fffd}");
    }

    #[test]
    fn a_custom_field_never_writes_over_what_is_there() {
        for strange in [
            r#""gold""#,
            "[1]",
            r#"{"custom_fields":"gold"}"#,
            r#"{"custom_fields":{}}"#,
        ] {
            let field = CustomField::new("Invoice", "invoice", "INV-1");
            let refused = read(strange).with_custom_field(field);
            assert_eq!(refused, Err(MetadataError::NotAnObject));
        }
    }

    #[test]
    fn a_custom_field_leaves_all_else_as_it_is_written() {
        let field = || CustomField::new("Cart", "cart", "7");
        let added = r#"{"display_name":"Cart","variable_name":"cart","value":"7"}"#;
        for (json, written) in [
            (
                r#"{"z":12345678901234567890123,"a":1.00,"custom_fields":[ 7 ],"b":1e400,"\u0061":-0}"#,
                r#"{"z":12345678901234567890123,"a":1.00,"custom_fields":[7,FIELD],"b":1e400,"a":-0}"#,
            ),
            (
                r#"{"b":{"y": 1, "x": 1.10}}"#,
                r#"{"b":{"y": 1, "x": 1.10},"custom_fields":[FIELD]}"#,
            ),
            (
                r#"{"custom_fields":null,"a":1}"#,
                r#"{"custom_fields":[FIELD],"a":1}"#,
            ),
            (
                r#"{"custom_fields":"gold","custom_fields":[1.0]}"#,
                r#"{"custom_fields":"gold","custom_fields":[1.0,FIELD]}"#,
            ),
            (
                r#""{\"b\":1.00,\"a\":1}""#,
                r#"{"b":1.00,"a":1,"custom_fields":[FIELD]}"#,
            ),
        ] {
            let metadata = read(json).with_custom_field(field()).unwrap();
            assert_eq!(metadata.as_str(), written.replace("FIELD", added));
        }
    }

    #[test]
    fn custom_fields_hold_numbers_flags_and_nothing_as_well() {
        let fields: Vec<_> = [
            "19.99",
            "true",
            "null",
            r#"["x"]"#,
            "12345678901234567890123",
        ]
        .map(|value| format!(r#"{{"display_name":"A","variable_name":"a","value":{value}}}"#))
        .into();
        let json = format!(r#"{{"x":1e400,"custom_fields":[{}]}}"#, fields.join(","));
        let values: Vec<_> = read(&json)
            .custom_fields()
            .into_iter()
            .map(|field| field.value.as_str().to_owned())
            .collect();
        assert_eq!(values, ["19.99", "true", "", "12345678901234567890123"]);
    }

    #[test]
    fn half_a_surrogate_pair_costs_no_metadata() {
        let in_a_string = read(r#""{\"note\":\"cut \\ud83d\",\"plan\":\"gold\"}""#);
        assert_eq!(in_a_string.as_object().unwrap()["plan"], "gold");
        assert!(serde_json::to_string(&Sendable(in_a_string)).is_ok());
        let in_a_name = read(r#"{"k\ud800":"x"}"#);
        let field = CustomField::new("A", "a", "1");
        assert_eq!(
            in_a_name
                .with_custom_field(field)
                .unwrap()
                .custom_fields()
                .len(),
            1
        );
    }

    #[test]
    fn odd_custom_fields_do_not_cost_the_others() {
        let metadata = read(
            r#"{"custom_fields":[7,{"display_name":"A"},
                {"display_name":"B","variable_name":"b","value":2,"extra":1}]}"#,
        );
        assert_eq!(metadata.custom_fields(), [CustomField::new("B", "b", "2")]);
    }

    #[test]
    fn debug_shows_the_size_only() {
        let metadata = Metadata::new(&json!({"phone": "canary"})).unwrap();
        assert_eq!(format!("{metadata:?}"), "Metadata(18 bytes)");
    }

    #[test]
    fn what_cannot_be_metadata_is_refused_in_words() {
        assert_eq!(
            MetadataError::NotAnObject.to_string(),
            "metadata has to be a JSON object: a struct or a map"
        );
        assert_eq!(
            MetadataError::NotSerializable.to_string(),
            "the metadata does not serialize to JSON"
        );
    }

    #[test]
    fn what_is_no_object_has_no_custom_fields() {
        for json in [r#""gold""#, "7", "[1]", r#"{"custom_fields":"gold"}"#] {
            assert_eq!(read(json).custom_fields(), [], "{json}");
        }
    }
}
