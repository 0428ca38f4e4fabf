//! Values of any shape as JSON text, through every format and through serde's internal buffering.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer, ser};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::repair::repair;

/// The name by which `serde_json` recognizes a [`RawValue`]. In other formats a `RawValue` is a map with the
/// JSON text under this key.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// Serializes JSON text as the value that it is; in other formats than JSON as [`RawValue`] does. Unpaired
/// surrogates are repaired, because serde's buffers reject them.
pub(super) fn serialize_json<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let repaired = repair(json);
    let json = repaired.as_deref().unwrap_or(json);
    let raw: &RawValue = serde_json::from_str(json).map_err(ser::Error::custom)?;
    raw.serialize(serializer)
}

/// Deserializes any value as JSON text: from JSON as received, and otherwise as serialized by
/// [`serialize_json`].
///
/// Some callers of this buffer the JSON first, enums with a tag for example. They reorder fields and round
/// numbers beyond 64 bits.
pub(super) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<str>, D::Error> {
    deserializer.deserialize_newtype_struct(
        RAW_VALUE,
        TextVisitor {
            origin: Origin::Json,
        },
    )
}

/// Where a map with the key of a [`RawValue`] comes from.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    /// From `serde_json`, with text that it has parsed.
    Json,
    /// From another format or a buffer, with any text.
    Other,
}

struct TextVisitor {
    origin: Origin,
}

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Box<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, other: D) -> Result<Box<str>, D::Error> {
        other.deserialize_any(Self {
            origin: Origin::Other,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Box<str>, A::Error> {
        let mut object = Map::new();
        match fields.next_key::<Name>()? {
            None => {}
            Some(Name::RawValue) => {
                let json: Box<str> = fields.next_value()?;
                if self.origin == Origin::Other {
                    let _: &RawValue = serde_json::from_str(&json).map_err(A::Error::custom)?;
                }
                return Ok(json);
            }
            Some(Name::Field(name)) => {
                object.insert(name, fields.next_value()?);
            }
        }
        while let Some((name, value)) = fields.next_entry()? {
            object.insert(name, value);
        }
        text(&object.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Box<str>, A::Error> {
        let mut list: Vec<Value> = Vec::new();
        while let Some(row) = rows.next_element()? {
            list.push(row);
        }
        text(&list.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Box<str>, E> {
        text(&Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Box<str>, E> {
        text(&Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, some: D) -> Result<Box<str>, D::Error> {
        some.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Box<str>, E> {
        text(&flag.into())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Box<str>, E> {
        text(&number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Box<str>, E> {
        text(&number.into())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Box<str>, E> {
        text(&number.into())
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Box<str>, E> {
        text(&word.into())
    }
}

fn text<E: Error>(value: &Value) -> Result<Box<str>, E> {
    let json = serde_json::to_string(value).map_err(E::custom)?;
    Ok(json.into())
}

/// The first name of a map.
enum Name {
    RawValue,
    Field(String),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a field")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                Ok(match name {
                    RAW_VALUE => Name::RawValue,
                    _ => Name::Field(name.to_owned()),
                })
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}
