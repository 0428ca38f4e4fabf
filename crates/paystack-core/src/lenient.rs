//! Readers for values that the API writes in more than one form.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::mended::mended;
use crate::personal::Personal;

/// A whole number, or a string of digits.
pub(crate) fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    WholeNumber::deserialize(deserializer).map(|WholeNumber(number)| number)
}

/// The same, or nothing.
pub(crate) fn optional_whole_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    let number = optional_value::<D, WholeNumber>(deserializer)?;
    Ok(number.map(|WholeNumber(number)| number))
}

/// A boolean, `0` or `1`, the words `"true"` or `"false"`, or nothing.
pub(crate) fn optional_flag<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    let flag = optional_value::<D, Flag>(deserializer)?;
    Ok(flag.map(|Flag(flag)| flag))
}

/// A time of RFC 3339, or nothing.
pub(crate) fn optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<OffsetDateTime>, D::Error> {
    let time = optional_value::<D, Time>(deserializer)?;
    Ok(time.map(|Time(time)| time))
}

/// Reads a value, or nothing in any of the forms that the API has for it: null, `""` and `[]`. For types
/// of the caller's own, beside [`optional_unless_empty`] for objects.
///
/// ```
/// use paystack_core::Reference;
///
/// #[derive(serde::Deserialize)]
/// struct Payout {
///     #[serde(default, deserialize_with = "paystack_core::optional_value")]
///     reference: Option<Reference>,
/// }
///
/// for nothing in [r#"{"reference": ""}"#, r#"{"reference": []}"#, "{}"] {
///     assert!(paystack_core::read_json::<Payout>(nothing.as_bytes())?.reference.is_none());
/// }
/// # Ok::<(), paystack_core::JsonError>(())
/// ```
///
/// # Errors
///
/// What the deserializer fails with; a list that is not empty is refused.
pub fn optional_value<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct OptionalVisitor<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for OptionalVisitor<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or null")
        }

        fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Option<T>, E> {
            match text {
                "" => Ok(None),
                _ => T::deserialize(text.into_deserializer()).map(Some),
            }
        }

        fn visit_bool<E: Error>(self, flag: bool) -> Result<Option<T>, E> {
            T::deserialize(flag.into_deserializer()).map(Some)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Option<T>, E> {
            T::deserialize(number.into_deserializer()).map(Some)
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Option<T>, E> {
            T::deserialize(number.into_deserializer()).map(Some)
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Option<T>, E> {
            T::deserialize(number.into_deserializer()).map(Some)
        }

        fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Option<T>, A::Error> {
            T::deserialize(MapAccessDeserializer::new(fields)).map(Some)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Option<T>, A::Error> {
            match rows.next_element::<IgnoredAny>()? {
                None => Ok(None),
                // The type itself says what it expects in place of a list. One that takes lists would
                // lack the first row.
                Some(_) => match T::deserialize(SeqAccessDeserializer::new(rows)) {
                    Ok(_) => Err(A::Error::invalid_type(Unexpected::Seq, &"no list")),
                    Err(refused) => Err(refused),
                },
            }
        }
    }

    deserializer.deserialize_any(OptionalVisitor(PhantomData))
}

/// Text without white space around it, a number in its place, or null.
pub(crate) fn optional_trimmed<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Personal>, D::Error> {
    let text = Option::<Personal>::deserialize(deserializer)?;
    Ok(text.map(|text| match text.trim() {
        trimmed if trimmed.len() < text.len() => trimmed.into(),
        _ => text,
    }))
}

/// Reads an object, an empty list in place of an empty one, or null, for types of the caller's own:
/// where Paystack has nothing to say about an object, it may write `[]`.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Bank {
///     name: String,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Payout {
///     #[serde(default, deserialize_with = "paystack_core::optional_unless_empty")]
///     bank: Option<Bank>,
/// }
///
/// for nothing in [r#"{"bank": []}"#, r#"{"bank": null}"#, "{}"] {
///     assert!(paystack_core::read_json::<Payout>(nothing.as_bytes())?.bank.is_none());
/// }
/// # Ok::<(), paystack_core::JsonError>(())
/// ```
///
/// # Errors
///
/// What the deserializer fails with; a list that is not empty is of a wrong type.
pub fn optional_unless_empty<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let object = optional_value::<D, Object<T>>(deserializer)?;
    Ok(object.map(|Object(object)| object))
}

/// A list of objects, or null, without the rows in it that are nothing: null, `""`, `[]`.
pub(crate) fn optional_rows<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Row<T>(Option<T>);

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Row<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            optional_value(deserializer).map(Self)
        }
    }

    let rows: Option<Vec<Row<T>>> = optional_list(deserializer)?;
    Ok(rows.map(|rows| rows.into_iter().filter_map(|Row(row)| row).collect()))
}

/// A list, or null. In place of an empty one `0`, `""` or `{}` may come.
pub(crate) fn optional_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct List<T>(Vec<T>);

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct ListVisitor<T>(PhantomData<T>);

            impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
                type Value = Vec<T>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a list")
                }

                fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> Result<Vec<T>, A::Error> {
                    Vec::deserialize(SeqAccessDeserializer::new(rows))
                }

                fn visit_u64<E: Error>(self, number: u64) -> Result<Vec<T>, E> {
                    match number {
                        0 => Ok(Vec::new()),
                        _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                    }
                }

                fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
                    match text {
                        "" => Ok(Vec::new()),
                        _ => Err(E::invalid_type(Unexpected::Str(text), &self)),
                    }
                }

                fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Vec<T>, A::Error> {
                    match fields.next_key::<IgnoredAny>()? {
                        None => Ok(Vec::new()),
                        Some(_) => Err(A::Error::invalid_type(Unexpected::Map, &self)),
                    }
                }
            }

            let visitor = ListVisitor(PhantomData);
            deserializer.deserialize_any(visitor).map(List)
        }
    }

    let list = Option::<List<T>>::deserialize(deserializer)?;
    Ok(list.map(|List(list)| list))
}

/// A whole number of either sign, or a string of its digits.
pub(crate) fn signed_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct SignedVisitor;

    impl Visitor<'_> for SignedVisitor {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
            let unexpected = Unexpected::Unsigned(number);
            i64::try_from(number).map_err(|_| E::invalid_value(unexpected, &self))
        }

        fn visit_str<E: Error>(self, digits: &str) -> Result<i64, E> {
            let unexpected = Unexpected::Str(digits);
            digits
                .parse()
                .map_err(|_| E::invalid_value(unexpected, &self))
        }
    }

    deserializer.deserialize_any(SignedVisitor)
}

pub(crate) struct WholeNumber(pub(crate) u64);

impl<'de> Deserialize<'de> for WholeNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeNumberVisitor;

        impl Visitor<'_> for WholeNumberVisitor {
            type Value = WholeNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<WholeNumber, E> {
                Ok(WholeNumber(number))
            }

            fn visit_str<E: Error>(self, digits: &str) -> Result<WholeNumber, E> {
                let number = digits.parse().ok();
                number
                    .map(WholeNumber)
                    .ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
            }
        }

        deserializer.deserialize_any(WholeNumberVisitor)
    }
}

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
                match number {
                    0 => Ok(Flag(false)),
                    1 => Ok(Flag(true)),
                    _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                }
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Flag, E> {
                match word {
                    "true" | "1" => Ok(Flag(true)),
                    "false" | "0" => Ok(Flag(false)),
                    _ => Err(E::invalid_value(Unexpected::Str(word), &self)),
                }
            }
        }

        deserializer.deserialize_any(FlagVisitor)
    }
}

struct Time(OffsetDateTime);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl Visitor<'_> for TimeVisitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time of RFC 3339")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
                OffsetDateTime::parse(text, &Rfc3339)
                    .map(Time)
                    .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_str(TimeVisitor)
    }
}

/// A type that is read from an object and from nothing else: what serde derives would also take a
/// list of the fields in their order.
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
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        let visitor = ObjectVisitor(PhantomData);
        deserializer.deserialize_map(visitor).map(Object)
    }
}

/// One value of any type whatever. Reading it never fails on valid JSON; lists and objects are
/// skipped. For places that must not cost an answer.
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

    /// Text that is not empty, or a number.
    pub(crate) fn text(self) -> Option<Box<str>> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Text(_) | Self::Bool(_) | Self::Other => None,
        }
    }

    /// Whether this says no, in any of the forms that [`Flag`] reads.
    pub(crate) fn is_false(&self) -> bool {
        match self {
            Self::Bool(flag) => !flag,
            Self::Number(number) => *number == 0,
            Self::Text(word) => matches!(&**word, "false" | "0"),
            Self::Other => false,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Numbers that nothing holds and halves of surrogate pairs are valid JSON as well.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        Ok(match raw.as_bytes() {
            b"true" => Self::Bool(true),
            b"false" => Self::Bool(false),
            [b'"', ..] => {
                // Without an escape it is the text itself.
                let plain = raw
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'));
                let plain = plain.filter(|text| !text.contains('\\')).map(Box::from);
                let read = |json: &str| serde_json::from_str(json).ok();
                let text = plain
                    .or_else(|| read(raw))
                    .or_else(|| read(&mended(raw, &[])?));
                text.map_or(Self::Other, Self::Text)
            }
            _ => raw.parse().map_or(Self::Other, Self::Number),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CustomerCode;

    /// What is read, or what is told in place of it.
    fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, String> {
        crate::read_json(json.as_bytes()).map_err(|error| error.problem().to_string())
    }

    fn expected(what: &str, found: &str) -> String {
        format!("expected {what}, found {found}")
    }

    #[test]
    fn nothing_has_three_forms_and_anything_else_is_the_value() {
        #[derive(Deserialize)]
        #[serde(bound = "T: Deserialize<'de>")]
        struct Held<T>(#[serde(deserialize_with = "optional_value")] Option<T>);

        for nothing in ["null", r#""""#, "[]"] {
            let Held::<serde_json::Value>(value) = read(nothing).unwrap();
            assert_eq!(value, None, "{nothing}");
        }
        for json in ["true", "7", "-7", "1.5", r#""x""#, r#"{"a":1}"#, "{}", "0"] {
            let Held::<serde_json::Value>(value) = read(json).unwrap();
            assert_eq!(value.unwrap().to_string(), json);
        }
        let told = read::<Held<CustomerCode>>("[7]").map(|_| ());
        assert_eq!(told, Err(expected("a string", "a list")));
    }

    #[test]
    fn what_no_json_holds_is_no_value() {
        let bytes = serde::de::value::BytesDeserializer::<serde::de::value::Error>::new(b"canary");
        let refused = optional_value::<_, u64>(bytes).unwrap_err().to_string();
        assert!(refused.ends_with("expected a value or null"), "{refused}");
    }

    #[test]
    fn a_list_may_come_as_nothing_and_as_nothing_else() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_list")] Option<Vec<u8>>);

        assert_eq!(read("null"), Ok(Held(None)));
        for empty in ["[]", "0", r#""""#, "{}"] {
            assert_eq!(read(empty), Ok(Held(Some(vec![]))), "{empty}");
        }
        assert_eq!(read("[1,2]"), Ok(Held(Some(vec![1, 2]))));
        for (odd, found) in [
            ("1", "another number"),
            ("-1", "a number"),
            (r#""canary""#, "a string"),
            (r#"{"a":[1]}"#, "an object"),
            ("true", "a boolean"),
        ] {
            assert_eq!(read::<Held>(odd), Err(expected("a list", found)), "{odd}");
        }
    }

    #[test]
    fn rows_that_are_nothing_are_left_out() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_rows")] Option<Vec<u8>>);

        assert_eq!(read("null"), Ok(Held(None)));
        let rows = read(r#"[null,1,"",[],2]"#);
        assert_eq!(rows, Ok(Held(Some(vec![1, 2]))));
        assert_eq!(read::<Held>(r#"["x"]"#), Err(expected("u8", "a string")));
    }

    #[test]
    fn a_signed_number_is_a_number_or_its_digits() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "signed_number")] i64);

        for (json, number) in [
            ("0", 0),
            ("-5", -5),
            (r#""-5""#, -5),
            (r#""50000""#, 50_000),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(read(json), Ok(Held(number)), "{json}");
        }
        for (odd, found) in [
            ("9223372036854775808", "another number"),
            ("1.5", "a number"),
            (r#""1.5""#, "another string"),
            (r#""""#, "another string"),
            ("null", "null"),
            ("[]", "a list"),
        ] {
            assert_eq!(
                read::<Held>(odd),
                Err(expected("a whole number", found)),
                "{odd}"
            );
        }
    }

    #[test]
    fn a_flag_comes_in_three_forms() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_flag")] Option<bool>);

        for (forms, flag) in [
            (["true", "1", r#""true""#, r#""1""#], Some(true)),
            (["false", "0", r#""false""#, r#""0""#], Some(false)),
            (["null", r#""""#, "[]", "null"], None),
        ] {
            for json in forms {
                assert_eq!(read(json), Ok(Held(flag)), "{json}");
            }
        }
        for (odd, found) in [
            ("2", "another number"),
            ("-1", "a number"),
            (r#""yes""#, "another string"),
            ("{}", "an object"),
        ] {
            assert_eq!(
                read::<Held>(odd),
                Err(expected("true or false", found)),
                "{odd}"
            );
        }
    }

    #[test]
    fn a_time_is_one_of_rfc_3339_or_nothing() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_time")] Option<OffsetDateTime>);

        let time = time::macros::datetime!(2016-03-29 20:03:09 UTC);
        for json in [
            r#""2016-03-29T20:03:09.000Z""#,
            r#""2016-03-29T21:03:09+01:00""#,
        ] {
            assert_eq!(read(json), Ok(Held(Some(time))), "{json}");
        }
        assert_eq!(read(r#""""#), Ok(Held(None)));
        for (odd, found) in [(r#""yesterday""#, "another string"), ("7", "a number")] {
            assert_eq!(
                read::<Held>(odd),
                Err(expected("a time of RFC 3339", found)),
                "{odd}"
            );
        }
    }

    #[test]
    fn text_is_trimmed_and_kept() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_trimmed")] Option<Personal>);

        for (json, text) in [
            (r#""Ada""#, Some("Ada")),
            (r#"" Ada Obi\n""#, Some("Ada Obi")),
            (r#""  ""#, Some("")),
            ("7", Some("7")),
            ("null", None),
        ] {
            assert_eq!(read(json), Ok(Held(text.map(Personal::from))), "{json}");
        }
    }

    #[test]
    fn a_scalar_is_read_from_anything_and_says_no_more_than_it_can() {
        // number, text, whether it says no
        for (json, number, text, is_false) in [
            ("true", None, None, false),
            ("false", None, None, true),
            ("0", Some(0), Some("0"), true),
            ("7", Some(7), Some("7"), false),
            ("-7", None, None, false),
            ("1e400", None, None, false),
            (r#""7""#, Some(7), Some("7"), false),
            (r#""0""#, Some(0), Some("0"), true),
            (r#""false""#, None, Some("false"), true),
            (r#""x\ud800""#, None, Some("x\u{fffd}"), false),
            (r#""""#, None, None, false),
            ("null", None, None, false),
            ("[0]", None, None, false),
            (r#"{"a":0}"#, None, None, false),
        ] {
            let scalar: Scalar = serde_json::from_str(json).unwrap();
            assert_eq!(
                (scalar.number(), scalar.is_false()),
                (number, is_false),
                "{json}"
            );
            assert_eq!(scalar.text().as_deref(), text, "{json}");
        }
    }
}
