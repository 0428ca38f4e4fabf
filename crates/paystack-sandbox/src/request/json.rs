//! The JSON of a request body, checked before it is stored as text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::response::Refusal;

/// The deepest nesting of lists and objects.
const MOST_LEVELS: usize = 128;

/// Refuses malformed JSON, repeated names, and JSON that is nested too deeply.
pub(crate) fn check(json: &[u8]) -> Result<(), Refusal> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // `Levels` has a limit of its own, whose error is clear.
    deserializer.disable_recursion_limit();
    let result = Levels(MOST_LEVELS).deserialize(&mut deserializer);
    match result.and_then(|()| deserializer.end()) {
        Ok(()) => Ok(()),
        Err(error) if error.is_data() => Err(Refusal::invalid(format!(
            "The JSON in the request body repeats a name, or has more than {MOST_LEVELS} levels"
        ))),
        Err(_) => Err(Refusal::invalid("Invalid JSON in the request body")),
    }
}

/// Accepts a value with at most this number of levels.
#[derive(Clone, Copy)]
struct Levels(usize);

impl Levels {
    fn descend<E: Error>(self) -> Result<Self, E> {
        let levels = self.0.checked_sub(1);
        levels.map(Self).ok_or_else(|| E::custom("too many levels"))
    }
}

impl<'de> DeserializeSeed<'de> for Levels {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Levels {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let levels = self.descend()?;
        while items.next_element_seed(levels)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let levels = self.descend()?;
        let mut names = std::collections::HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("a repeated name"));
            }
            members.next_value_seed(levels)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_128_levels_is_accepted_and_of_129_refused() {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let nested = |levels| format!("{}1{}", open.repeat(levels), close.repeat(levels));
            assert!(check(nested(128).as_bytes()).is_ok());
            assert!(check(nested(129).as_bytes()).is_err());
            assert!(check(nested(100_000).as_bytes()).is_err());
        }
    }

    #[test]
    fn malformed_json_and_repeated_names_are_refused() {
        for json in [
            "{",
            "{} {}",
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"\u0062":1}}"#,
            r#"{"a":"\ud800"}"#,
        ] {
            assert!(check(json.as_bytes()).is_err(), "{json}");
        }
        assert!(check(b"{\"a\":\"\xff\"}").is_err());
        assert!(check(br#"[{"a":1},{"a":1}]"#).is_ok());
    }
}
