//! Values that have several forms in the API's JSON, as types.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;
use time::OffsetDateTime;

use super::repair::repair;

/// A boolean, `0` or `1`, or the words `"true"` or `"false"`.
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;

        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
                Ok(Flag(flag))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
                let invalid = || E::invalid_value(Unexpected::Unsigned(number), &self);
                flag_of_number(number).map(Flag).ok_or_else(invalid)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Flag, E> {
                let invalid = || E::invalid_value(Unexpected::Signed(number), &self);
                let flag = u64::try_from(number).ok().and_then(flag_of_number);
                flag.map(Flag).ok_or_else(invalid)
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Flag, E> {
                let invalid = || E::invalid_value(Unexpected::Str(word), &self);
                flag_of_word(word).map(Flag).ok_or_else(invalid)
            }
        }

        deserializer.deserialize_any(FlagVisitor)
    }
}

/// An RFC 3339 time.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Time(#[serde(with = "time::serde::rfc3339")] pub(crate) OffsetDateTime);

/// A type that is read from an object only. A derived `Deserialize` also accepts a list of the fields'
/// values.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(ObjectDeserializer(fields))
            }
        }

        let visitor = ObjectVisitor(PhantomData);
        deserializer.deserialize_map(visitor).map(Object)
    }
}

/// A [`MapAccessDeserializer`] for objects from outside. Such an object may have the key of a [`RawValue`] and text
/// that is not JSON, so a [`RawJson`](super::RawJson) checks the text.
pub(super) struct ObjectDeserializer<A>(pub(super) A);

impl<'de, A: MapAccess<'de>> Deserializer<'de> for ObjectDeserializer<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        MapAccessDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// A value of any type. Reading it never fails on valid JSON; lists and objects are skipped. For fields
/// that must not fail a response.
#[derive(Debug, Default)]
pub(crate) enum Scalar {
    Bool(bool),
    Number(u64),
    Text(Box<str>),
    #[default]
    Other,
}

impl Scalar {
    /// A whole number, or a string of digits.
    pub(crate) fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(digits) => digits.parse().ok(),
            Self::Bool(_) | Self::Other => None,
        }
    }

    /// Text that is not empty, or a number as text.
    pub(crate) fn text(self) -> Option<Box<str>> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Text(_) | Self::Bool(_) | Self::Other => None,
        }
    }

    /// `true` or `false` in any of the forms that [`Flag`] reads.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Number(number) => flag_of_number(*number),
            Self::Text(word) => flag_of_word(word),
            Self::Other => None,
        }
    }
}

fn flag_of_number(number: u64) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

fn flag_of_word(word: &str) -> Option<bool> {
    match word {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Numbers beyond any type and unpaired surrogates are valid JSON, too.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(match raw.as_bytes() {
            b"true" => Self::Bool(true),
            b"false" => Self::Bool(false),
            [b'"', ..] => {
                // Without an escape, the JSON between the quotes is the text.
                let plain = raw
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'));
                let plain = plain.filter(|text| !text.contains('\\')).map(Box::from);
                let read = |json: &str| serde_json::from_str(json).ok();
                let text = plain.or_else(|| read(raw)).or_else(|| read(&repair(raw)?));
                text.map_or(Self::Other, Self::Text)
            }
            _ => raw.parse().map_or(Self::Other, Self::Number),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_read_from_any_value() {
        // number, text, flag
        for (json, number, text, flag) in [
            ("true", None, None, Some(true)),
            ("false", None, None, Some(false)),
            ("0", Some(0), Some("0"), Some(false)),
            ("1", Some(1), Some("1"), Some(true)),
            ("7", Some(7), Some("7"), None),
            ("-7", None, None, None),
            ("1e400", None, None, None),
            (r#""7""#, Some(7), Some("7"), None),
            (r#""0""#, Some(0), Some("0"), Some(false)),
            (r#""false""#, None, Some("false"), Some(false)),
            (r#""x\ud800""#, None, Some("x\u{fffd}"), None),
            (r#""""#, None, None, None),
            ("null", None, None, None),
            ("[0]", None, None, None),
            (r#"{"a":0}"#, None, None, None),
        ] {
            let scalar: Scalar = serde_json::from_str(json).unwrap();
            assert_eq!((scalar.number(), scalar.flag()), (number, flag), "{json}");
            assert_eq!(scalar.text().as_deref(), text, "{json}");
        }
    }
}
