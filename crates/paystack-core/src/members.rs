//! JSON objects member by member, with nothing lost, and what is the same by that measure.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::mended;

/// The members of an object in their order, each value as it is written.
pub(crate) struct Members(pub(crate) Vec<(String, Box<RawValue>)>);

impl Members {
    /// Those of this JSON, if it is an object. Half a surrogate pair in a name is replaced.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let read = |json: &str| serde_json::from_str(json).ok();
        read(json).or_else(|| read(&mended::mended(json, &[])?))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = fields.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Nested more deeply than this, JSON is only the same if it is written the same.
const DEEPEST: usize = 128;

/// Whether two texts are the same JSON. Numbers are if they are written the same: what holds them might
/// not tell them apart.
pub(crate) fn means_the_same(one: &str, other: &str) -> bool {
    same(one, other, 0)
}

/// The members of an object by their names; of a repeated one the last counts.
fn members(json: &str) -> Option<BTreeMap<String, Box<RawValue>>> {
    let Members(members) = Members::read(json)?;
    Some(members.into_iter().collect())
}

fn same(one: &str, other: &str, depth: usize) -> bool {
    let below = depth.saturating_add(1);
    let read = |json| members(json);
    match (one.as_bytes().first(), other.as_bytes().first()) {
        _ if depth > DEEPEST => one == other,
        (Some(b'{'), Some(b'{')) => match (read(one), read(other)) {
            (Some(one), Some(other)) => {
                one.len() == other.len()
                    && one.iter().all(|(name, value)| {
                        let there = other.get(name);
                        there.is_some_and(|there| same(value.get(), there.get(), below))
                    })
            }
            _ => false,
        },
        (Some(b'['), Some(b'[')) => {
            let rows = |json| serde_json::from_str::<Vec<&RawValue>>(json).unwrap_or_default();
            let (one, other) = (rows(one), rows(other));
            let mut pairs = one.iter().zip(&other);
            one.len() == other.len()
                && pairs.all(|(one, other)| same(one.get(), other.get(), below))
        }
        (Some(b'"'), Some(b'"')) => {
            let text = |json| serde_json::from_str::<String>(json);
            one == other || matches!((text(one), text(other)), (Ok(one), Ok(other)) if one == other)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_spaces_do_not_count_and_digits_do() {
        for (one, other, expected) in [
            (r#"{"a":1,"b":[2,{}]}"#, r#"{ "b": [2, {}], "a": 1 }"#, true),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#, true),
            ("[1,2]", "[2,1]", false),
            ("[1]", "[1,1]", false),
            (r#""\u0041""#, r#""A""#, true),
            (r#""A""#, r#""B""#, false),
            ("12345678901234567890123", "12345678901234567890124", false),
            ("0.1", "0.10000000000000000001", false),
            ("null", "null", true),
            ("[]", "{}", false),
            (r#"{"k\ud800":1}"#, r#"{ "k\ud800": 1 }"#, true),
        ] {
            assert_eq!(means_the_same(one, other), expected, "{one} and {other}");
        }
    }

    #[test]
    fn what_is_nested_too_deeply_is_the_same_if_it_is_written_the_same() {
        let deep = |space: &str| "[".repeat(10_000) + space + &"]".repeat(10_000);
        assert!(means_the_same(&deep(""), &deep("")));
        assert!(!means_the_same(&deep(""), &deep(" ")));
    }

    #[test]
    fn a_string_that_serde_refuses_is_the_same_if_it_is_written_the_same() {
        for (one, other, expected) in [
            (r#"{"a":"\ud800"}"#, r#"{ "a": "\ud800" }"#, true),
            (r#""\ud800""#, r#""\ud800""#, true),
            (r#""\ud800""#, r#""\uD800""#, false),
            ("", "", true),
            ("", "null", false),
        ] {
            assert_eq!(means_the_same(one, other), expected, "{one} and {other}");
        }
    }
}
