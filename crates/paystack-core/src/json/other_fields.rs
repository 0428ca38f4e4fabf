//! The fields of an object that its type lacks.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::RawJson;

/// The fields of an object that its type lacks, as raw JSON. They are serialized with the others.
///
/// Numbers beyond 64 bits lose digits. `Debug` shows the number of fields only: they may contain personal data.
///
/// ```
/// use paystack_core::customers::Identification;
///
/// let json = r#"{"country":"NG","type":"bvn","level":{"tier":3}}"#;
/// let identification: Identification = serde_json::from_str(json)?;
/// let level = identification.other_fields.get("level").unwrap();
/// assert_eq!(level.as_str(), r#"{"tier":3}"#);
/// assert_eq!(serde_json::to_string(&identification)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OtherFields(Box<[(Box<str>, RawJson)]>);

impl OtherFields {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&RawJson> {
        self.iter()
            .find_map(|(field, value)| (field == name).then_some(value))
    }

    /// The fields, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawJson)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Whether there are no such fields.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for OtherFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OtherFields({})", self.0.len())
    }
}

impl Serialize for OtherFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for OtherFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;

        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = OtherFields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OtherFields, A::Error> {
                let mut fields: Vec<(Box<str>, RawJson)> = Vec::new();
                while let Some(field) = map.next_entry()? {
                    if fields.len() == fields.capacity() {
                        fields.reserve_exact(fields.len().max(1));
                    }
                    fields.push(field);
                }
                // The last of repeated fields counts.
                fields.reverse();
                fields.sort_by(|(one, _), (other, _)| one.cmp(other));
                fields.dedup_by(|(later, _), (first, _)| later == first);
                Ok(OtherFields(fields.into()))
            }
        }

        deserializer.deserialize_map(FieldsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> OtherFields {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn last_of_repeated_fields_counts() {
        let fields = fields(r#"{"b":1,"a":[ 2 ],"b":3}"#);
        let read: Vec<_> = fields
            .iter()
            .map(|(name, raw)| (name, raw.as_str()))
            .collect();
        assert_eq!(read, [("a", "[ 2 ]"), ("b", "3")]);
        assert_eq!(fields.get("b").unwrap().as_str(), "3");
        assert_eq!(fields.get("c").map(RawJson::as_str), None);
    }

    #[test]
    fn order_does_not_count() {
        assert_eq!(fields(r#"{"b":1,"a":2}"#), fields(r#"{"a":2,"b":1}"#));
        assert_ne!(fields(r#"{"a":1}"#), fields(r#"{"a":2}"#));
        assert!(fields("{}").is_empty());
        assert!(!fields(r#"{"a":null}"#).is_empty());
    }

    #[test]
    fn debug_shows_no_field() {
        let shown = format!("{:?}", fields(r#"{"canary":"canary"}"#));
        assert_eq!(shown, "OtherFields(1)");
    }
}
