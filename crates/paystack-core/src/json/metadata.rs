//! The caller's own data that Paystack stores with a customer.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer};
use serde::{Deserialize, Serialize, Serializer, ser};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::JsonError;
use super::custom_field::{CustomField, next_custom_field};
use super::decode::{decode_object, decode_repaired};
use super::json_text::{json_text, serialize_json};
use super::raw_json::is_same_json;
use super::repair::without_byte_order_mark;
use crate::types::InvalidInput;

/// The caller's own data that Paystack stores with a customer: a JSON object.
///
/// Paystack accepts only an object. Metadata of a response is kept as received: old customers have null, `""`,
/// `"{}"`, `0` or an object inside a string there. In a request, these forms become the object that they mean. A
/// request with any other form fails before it is sent.
///
/// `Debug` shows its size only: it may contain personal data.
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
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// See <https://paystack.com/docs/payments/metadata/>.
#[derive(Clone)]
pub struct Metadata {
    json: String,
    /// The offset at which the last custom field ends, so that the next one is appended there.
    custom_fields_end: Option<usize>,
}

impl Metadata {
    /// Encodes any value that serializes to a JSON object.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the value serializes to something else, or not at all.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, InvalidInput> {
        match serde_json::to_string(value) {
            Ok(json) if json.starts_with('{') => Ok(Self::from_json(json)),
            _ => Err(NOT_AN_OBJECT),
        }
    }

    fn from_json(json: String) -> Self {
        Self {
            json,
            custom_fields_end: None,
        }
    }

    /// Appends a field that Paystack's dashboard shows. All other data stays as it is written.
    ///
    /// ```
    /// use paystack_core::{CustomField, Metadata};
    ///
    /// let metadata = Metadata::new(&serde_json::json!({"plan": "gold"}))?
    ///     .with_custom_field(CustomField::new("Invoice", "invoice", "INV-209"))?;
    /// assert_eq!(metadata.custom_fields()[0].value, "INV-209");
    /// assert_eq!(metadata.as_object().unwrap()["plan"], "gold");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if this is not an object, or its `custom_fields` are not a list: no data is
    /// overwritten.
    pub fn with_custom_field(self, field: CustomField) -> Result<Self, InvalidInput> {
        let field = serde_json::to_string(&field).map_err(|_| NOT_AN_OBJECT)?;
        let (mut json, place) = match self.custom_fields_end {
            Some(end) => (self.json, (end..end, ",", "")),
            None => {
                let json = self.object().into_owned();
                let place = next_custom_field(&json).ok_or(NOT_AN_OBJECT)?;
                (json, place)
            }
        };
        let (at, before, after) = place;
        let inserted = format!("{before}{field}{after}");
        let end = at.start.saturating_add(inserted.len());
        let end = end.saturating_sub(after.len());
        json.replace_range(at, &inserted);
        Ok(Self {
            json,
            custom_fields_end: Some(end),
        })
    }

    /// The fields that Paystack's dashboard shows. Other rows of `custom_fields` are skipped.
    pub fn custom_fields(&self) -> Vec<CustomField> {
        #[derive(Deserialize)]
        struct Fields {
            custom_fields: Vec<Box<RawValue>>,
        }

        let fields = decode_object::<Fields>(&self.object());
        let rows = fields
            .map(|fields| fields.custom_fields)
            .unwrap_or_default();
        rows.into_iter()
            .filter_map(|row| decode_object(row.get()))
            .collect()
    }

    /// The JSON as received or encoded.
    pub fn as_str(&self) -> &str {
        &self.json
    }

    /// The fields, for metadata of unknown shape. `None` if this does not mean an object, or contains a
    /// number that [`Value`] cannot hold.
    pub fn as_object(&self) -> Option<Map<String, Value>> {
        self.get().ok()
    }

    /// Whether the object has no fields.
    pub fn is_empty(&self) -> bool {
        self.as_object().is_some_and(|fields| fields.is_empty())
    }

    /// Decodes the object as a type of your own. An object inside a string is decoded as that object, and
    /// null, `""`, `0` and `[]` as the empty one.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn get<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        decode_repaired(&self.object())
    }

    /// The object that this JSON represents, or the unchanged JSON if it represents none.
    fn object(&self) -> Cow<'_, str> {
        const EMPTY: Cow<'_, str> = Cow::Borrowed("{}");
        let json = self.as_str();
        // Nearly all metadata is an object already.
        if json.starts_with('{') {
            return Cow::Borrowed(json);
        }
        match decode_repaired::<Value>(json) {
            Ok(Value::Null) => EMPTY,
            Ok(Value::Number(number)) if number.as_u64() == Some(0) => EMPTY,
            Ok(Value::Array(list)) if list.is_empty() => EMPTY,
            Ok(Value::String(text)) if text.trim().is_empty() => EMPTY,
            Ok(Value::String(text)) if decode_object::<de::IgnoredAny>(&text).is_some() => {
                Cow::Owned(without_byte_order_mark(&text).trim().to_owned())
            }
            _ => Cow::Borrowed(json),
        }
    }
}

const NOT_AN_OBJECT: InvalidInput = InvalidInput::new(
    "metadata",
    "must serialize to a JSON object: use a struct or a map, and a list for `custom_fields`",
);

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = json_text(deserializer)?;
        Ok(Self::from_json(json.into()))
    }
}

/// As the object that it means. Received JSON that means none is serialized as received.
impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_json(&self.object(), serializer)
    }
}

/// Metadata in a request: an object, or an error, because Paystack would refuse it.
pub(crate) struct MetadataObject<'a>(pub(crate) &'a Metadata);

impl Serialize for MetadataObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.object().starts_with('{') {
            self.0.serialize(serializer)
        } else {
            Err(ser::Error::custom(NOT_AN_OBJECT))
        }
    }
}

/// Equal if both mean the same object.
impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        is_same_json(&self.object(), &other.object())
    }
}

impl Eq for Metadata {}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Metadata({} bytes)", self.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: &str) -> Metadata {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn only_objects_are_accepted() {
        for refused in [
            json!(null),
            json!(""),
            json!("{}"),
            json!(0),
            json!([]),
            json!(true),
        ] {
            assert_eq!(Metadata::new(&refused), Err(NOT_AN_OBJECT), "{refused}");
        }
        let keys_that_are_no_strings = std::collections::BTreeMap::from([(vec![1], 2)]);
        assert_eq!(Metadata::new(&keys_that_are_no_strings), Err(NOT_AN_OBJECT));
        assert_eq!(Metadata::new(&json!({})).unwrap().as_str(), "{}");
    }

    #[test]
    fn every_form_of_nothing_is_sent_as_an_object() {
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
    fn an_object_inside_a_string_is_decoded() {
        let metadata = read(r#""{\"plan\":\"gold\"}""#);
        assert!(!metadata.is_empty());
        assert_eq!(metadata.get::<Value>().unwrap(), json!({"plan": "gold"}));
        assert_eq!(
            serde_json::to_string(&metadata).unwrap(),
            r#"{"plan":"gold"}"#
        );
    }

    #[test]
    fn an_object_inside_a_damaged_string_is_decoded() {
        let marked = "\"\u{feff}{\\\"a\\\":1}\"";
        let unpaired = r#""{\"a\":\"\ud83d\"}""#;
        for (json, object) in [
            (marked, json!({"a": 1})),
            (unpaired, json!({"a": "\u{fffd}"})),
        ] {
            let metadata = read(json);
            assert_eq!(metadata.get::<Value>().unwrap(), object);
            let written = serde_json::to_string(&metadata).unwrap();
            assert_eq!(read(&written), metadata);
            assert!(serde_json::to_string(&MetadataObject(&metadata)).is_ok());
        }
    }

    #[test]
    fn an_object_inside_a_string_keeps_order_and_digits() {
        let metadata = read(r#""{\"n\":12345678901234567890123,\"b\":1,\"a\":1.00}""#);
        let written = serde_json::to_string(&metadata).unwrap();
        assert_eq!(written, r#"{"n":12345678901234567890123,"b":1,"a":1.00}"#);
    }

    #[test]
    fn equal_objects_are_equal_metadata() {
        assert_eq!(read(r#"{"a":1,"b":2}"#), read(r#"{ "b": 2, "a": 1 }"#));
        assert_eq!(read(r#""""#), read("{}"));
        assert_ne!(read(r#"{"a":1}"#), read(r#"{"a":2}"#));
    }

    #[test]
    fn other_json_is_kept_and_never_sent() {
        for json in [r#""gold""#, "7", "[1]", "true"] {
            let metadata = read(json);
            assert_eq!(metadata.as_str(), json);
            assert_eq!(metadata.as_object(), None);
            assert!(!metadata.is_empty());
            assert_eq!(serde_json::to_string(&metadata).unwrap(), json);
            assert!(serde_json::to_string(&MetadataObject(&metadata)).is_err());
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
    fn an_unpaired_surrogate_is_repaired() {
        let json = r#"{"note":"cut \ud83d","plan":"gold"}"#;
        let metadata = read(json);
        assert_eq!(metadata.as_str(), json, "unchanged");
        assert_eq!(metadata.as_object().unwrap()["plan"], "gold");
        assert_eq!(metadata.get::<Value>().unwrap()["note"], "cut \u{fffd}");
    }

    #[test]
    fn a_custom_field_overwrites_no_data() {
        for strange in [
            r#""gold""#,
            "[1]",
            r#"{"custom_fields":"gold"}"#,
            r#"{"custom_fields":{}}"#,
            r#"{"custom_fields":[],"custom_fields":[1.0]}"#,
        ] {
            let field = CustomField::new("Invoice", "invoice", "INV-1");
            let refused = read(strange).with_custom_field(field);
            assert_eq!(refused, Err(NOT_AN_OBJECT));
        }
    }

    #[test]
    fn a_custom_field_leaves_other_data_unchanged() {
        let field = || CustomField::new("Cart", "cart", "7");
        let added = r#"{"display_name":"Cart","variable_name":"cart","value":"7"}"#;
        for (json, written) in [
            (
                r#"{"z":12345678901234567890123,"a":1.00,"custom_fields":[ 7 ],"b":1e400,"\u0061":-0}"#,
                r#"{"z":12345678901234567890123,"a":1.00,"custom_fields":[ 7 ,FIELD],"b":1e400,"\u0061":-0}"#,
            ),
            (
                r#"{"b":{"y": 1, "x": 1.10}}"#,
                r#"{"b":{"y": 1, "x": 1.10},"custom_fields":[FIELD]}"#,
            ),
            (
                r#"{"custom_fields":null,"a":1}"#,
                r#"{"custom_fields":[FIELD],"a":1}"#,
            ),
            ("{ }", r#"{ "custom_fields":[FIELD]}"#),
            (
                r#"{"custom_fields": [ ] }"#,
                r#"{"custom_fields": [ FIELD] }"#,
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
    fn custom_fields_hold_any_scalar() {
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
    fn an_unpaired_surrogate_fails_no_metadata() {
        let in_a_string = read(r#""{\"note\":\"cut \\ud83d\",\"plan\":\"gold\"}""#);
        assert_eq!(in_a_string.as_object().unwrap()["plan"], "gold");
        assert!(serde_json::to_string(&MetadataObject(&in_a_string)).is_ok());
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
    fn odd_custom_fields_are_skipped() {
        let metadata = read(
            r#"{"custom_fields":[7,{"display_name":"A"},
                {"display_name":"B","variable_name":"b","value":2,"extra":1}]}"#,
        );
        assert_eq!(metadata.custom_fields(), [CustomField::new("B", "b", "2")]);
    }

    #[test]
    fn a_field_is_appended_where_the_last_one_ends() {
        let field = |number: u32| CustomField::new("A", "a", number.to_string());
        for json in [
            "{}",
            r#"{"custom_fields":null,"b":1}"#,
            r#"{"custom_fields":[],"b":1}"#,
        ] {
            let mut metadata = read(json);
            for number in 0..5 {
                metadata = metadata.with_custom_field(field(number)).unwrap();
            }
            let fields: Vec<_> = (0..5).map(field).collect();
            assert_eq!(metadata.custom_fields(), fields, "{json}");
            let encoded: Value = serde_json::from_str(metadata.as_str()).unwrap();
            assert_eq!(encoded.get("b").is_some(), json.contains('b'));
        }
    }

    #[test]
    fn debug_shows_the_size_only() {
        let metadata = Metadata::new(&json!({"phone": "canary"})).unwrap();
        assert_eq!(format!("{metadata:?}"), "Metadata(18 bytes)");
    }

    #[test]
    fn other_json_has_no_custom_fields() {
        for json in [r#""gold""#, "7", "[1]", r#"{"custom_fields":"gold"}"#] {
            assert_eq!(read(json).custom_fields(), [], "{json}");
        }
    }
}
