//! Enums over Paystack's open word lists: a value that this version does not know is kept.

use std::fmt;

use super::Redacted;

/// A value that this version of the SDK does not know, kept as received.
///
/// It has no constructor: only a conversion from text makes one, so a known value is never held as an
/// unrecognized one. A later version may know the value. Compare `as_str()` of the enum, whose result
/// stays the same across versions.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnrecognizedValue(Box<str>);

impl UnrecognizedValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The value as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnrecognizedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted(&self.0).fmt(f)
    }
}

/// Defines an open enum: its known values, and `Unrecognized` for all others. `Display` redacts what an
/// unrecognized value may quote; `as_str` returns it whole.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $value:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value that this version does not know.
            Unrecognized($crate::types::UnrecognizedValue),
        }

        impl $name {
            /// The values that this version knows.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The value as Paystack writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )+
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $( $value => Self::$variant, )+
                    other => Self::Unrecognized($crate::types::UnrecognizedValue::new(other)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::types::Redacted(self.as_str()).fmt(f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a word")
                    }

                    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<$name, E> {
                        Ok(value.into())
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, read_json};

    #[test]
    fn non_text_is_rejected_without_quoting_it() {
        for json in ["7", "true", "null", "[\"canary\"]"] {
            let error = read_json::<Mode>(json.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("expected a word, found "), "{error}");
        }
    }

    #[test]
    fn debug_redacts_personal_data_in_a_value() {
        let debug = |value| format!("{:?}", UnrecognizedValue::new(value));
        assert_eq!(debug("tomorrow"), r#""tomorrow""#);
        assert_eq!(debug("ada@example.com"), r#""[redacted]""#);
    }

    #[test]
    fn all_lists_each_known_value_once() {
        let values: Vec<_> = Mode::ALL.iter().map(Mode::as_str).collect();
        assert_eq!(values, ["test", "live"]);
    }
}
