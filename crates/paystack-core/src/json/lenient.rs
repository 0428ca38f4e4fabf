//! Deserializers for values that the API writes in more than one form.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use time::OffsetDateTime;

use super::lenient_values::{Flag, Object, ObjectDeserializer, Time};
use crate::types::{Sensitive, WholeNumber};

/// The most rows of a list inside an object, to bound the memory that a response uses.
pub(crate) const MAX_ROWS: usize = 10_000;

/// A longer list frees its spare room. For a shorter one, that costs more than it saves.
const LONG_LIST: usize = 64;

/// The message of the error of a list with more rows.
pub(crate) const TOO_MANY_ROWS: &str = "more than 10,000 rows";

/// Reads a whole number or a string of digits. Nothing (null, `""`, `[]`) is `None`.
pub(crate) fn optional_number<'de, D, N>(deserializer: D) -> Result<Option<N>, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i128>,
{
    let number = optional_value::<D, WholeNumber<N>>(deserializer)?;
    Ok(number.map(|WholeNumber(number)| number))
}

/// Reads a boolean, `0` or `1`, or the words `"true"` or `"false"`. Nothing is `None`.
pub(crate) fn optional_flag<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    let flag = optional_value::<D, Flag>(deserializer)?;
    Ok(flag.map(|Flag(flag)| flag))
}

/// Reads an RFC 3339 time. Nothing is `None`.
pub(crate) fn optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<OffsetDateTime>, D::Error> {
    let time = optional_value::<D, Time>(deserializer)?;
    Ok(time.map(|Time(time)| time))
}

/// Deserializes an optional value that the API may write as null, `""` or `[]`, which are `None`.
///
/// For fields of your own types; [`optional_unless_empty`] does the same for objects.
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
/// The deserializer's error. A list that is not empty is an error.
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

        fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, some: D) -> Result<Option<T>, D::Error> {
            some.deserialize_any(self)
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
            T::deserialize(ObjectDeserializer(fields)).map(Some)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Option<T>, A::Error> {
            match rows.next_element::<IgnoredAny>()? {
                None => Ok(None),
                // The type's own error names what it expects. A type that accepts lists would lack the
                // first row, so its success is an error as well.
                Some(_) => match T::deserialize(SeqAccessDeserializer::new(rows)) {
                    Ok(_) => Err(A::Error::invalid_type(Unexpected::Seq, &"no list")),
                    Err(refused) => Err(refused),
                },
            }
        }
    }

    deserializer.deserialize_any(OptionalVisitor(PhantomData))
}

/// Deserializes optional text, which Paystack may write as a number. Null, `""` and `[]` are `None`.
///
/// For fields of your own types.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Bank {
///     #[serde(default, deserialize_with = "paystack_core::optional_text")]
///     code: Option<String>,
/// }
///
/// let bank: Bank = paystack_core::read_json(br#"{"code": 58}"#)?;
/// assert_eq!(bank.code.as_deref(), Some("58"));
/// # Ok::<(), paystack_core::JsonError>(())
/// ```
///
/// # Errors
///
/// The deserializer's error.
pub fn optional_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text: Option<Sensitive> = optional_value(deserializer)?;
    Ok(text.map(String::from))
}

/// Reads text or a number, and removes white space around it. Null and blank text are `None`.
pub(crate) fn optional_trimmed<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = optional_text(deserializer)?;
    let trimmed = text.map(|text| match text.trim() {
        trimmed if trimmed.len() < text.len() => trimmed.to_owned(),
        _ => text,
    });
    Ok(trimmed.filter(|text| !text.is_empty()))
}

/// Deserializes an optional object. Paystack may write an empty one as `[]`, which is `None`, as is null.
///
/// For fields of your own types.
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
/// The deserializer's error. A list that is not empty is an error.
pub fn optional_unless_empty<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let object = optional_value::<D, Object<T>>(deserializer)?;
    Ok(object.map(|Object(object)| object))
}

/// Reads a list and drops its empty rows: null, `""`, `[]`, and objects without a known field. Null is `None`.
pub(crate) fn optional_rows<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default + PartialEq,
{
    struct Row<T>(Option<T>);

    impl<'de, T: Deserialize<'de> + Default + PartialEq> Deserialize<'de> for Row<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let row = optional_value::<D, Object<T>>(deserializer)?;
            let row = row.map(|Object(row)| row);
            Ok(Self(row.filter(|row| *row != T::default())))
        }
    }

    impl<T> From<Row<T>> for Option<T> {
        fn from(Row(row): Row<T>) -> Self {
            row
        }
    }

    optional_list_of::<D, Row<T>, T>(deserializer)
}

/// Reads a list. `0`, `""` and `{}` are empty lists; null is `None`.
pub(crate) fn optional_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    optional_list_of::<D, T, T>(deserializer)
}

/// Reads a list of rows that may turn out to be empty.
fn optional_list_of<'de, D, R, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    R: Deserialize<'de> + Into<Option<T>>,
{
    struct List<R, T>(Vec<T>, PhantomData<R>);

    impl<'de, R, T> Deserialize<'de> for List<R, T>
    where
        R: Deserialize<'de> + Into<Option<T>>,
    {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct ListVisitor<R, T>(PhantomData<(R, T)>);

            impl<'de, R, T> Visitor<'de> for ListVisitor<R, T>
            where
                R: Deserialize<'de> + Into<Option<T>>,
            {
                type Value = Vec<T>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a list")
                }

                fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Vec<T>, A::Error> {
                    let mut list = Vec::new();
                    let mut count = 0_usize;
                    while let Some(row) = rows.next_element::<R>()? {
                        count = count.saturating_add(1);
                        if count > MAX_ROWS {
                            return Err(A::Error::custom(TOO_MANY_ROWS));
                        }
                        let Some(row) = row.into() else { continue };
                        // Doubling would use up to three times the memory of the rows.
                        if list.len() == list.capacity() {
                            list.reserve_exact(list.len().div_euclid(4).max(4));
                        }
                        list.push(row);
                    }
                    if list.len() > LONG_LIST {
                        list.shrink_to_fit();
                    }
                    Ok(list)
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

            let list = deserializer.deserialize_any(ListVisitor::<R, T>(PhantomData))?;
            Ok(Self(list, PhantomData))
        }
    }

    let list = Option::<List<R, T>>::deserialize(deserializer)?;
    Ok(list.map(|List(list, _)| list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CustomerCode, RawJson};

    /// The value, or the message of the problem.
    fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, String> {
        crate::read_json(json.as_bytes()).map_err(|error| error.problem().to_string())
    }

    fn expected(what: &str, found: &str) -> String {
        format!("expected {what}, found {found}")
    }

    #[test]
    fn nothing_has_three_forms() {
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
        let result = read::<Held<CustomerCode>>("[7]").map(|_| ());
        assert_eq!(result, Err(expected("text", "a list")));
    }

    #[test]
    fn text_under_the_key_of_a_raw_value_is_checked() {
        let value = |json| {
            let json = &mut serde_json::Deserializer::from_str(json);
            optional_value::<_, RawJson>(json).map_err(drop)
        };
        let object = |json| {
            let json = &mut serde_json::Deserializer::from_str(json);
            optional_unless_empty::<_, RawJson>(json).map_err(drop)
        };
        for read in [value, object] {
            let odd = read(r#"{"$serde_json::private::RawValue":"not json"}"#);
            assert_eq!(odd, Err(()));
            let plain = read(r#"{"a":[1]}"#).unwrap().unwrap();
            assert_eq!(plain.as_str(), r#"{"a":[1]}"#);
        }
    }

    #[test]
    fn bytes_are_no_value() {
        let bytes = serde::de::value::BytesDeserializer::<serde::de::value::Error>::new(b"canary");
        let refused = optional_value::<_, u64>(bytes).unwrap_err().to_string();
        assert!(refused.ends_with("expected a value or null"), "{refused}");
    }

    #[test]
    fn empty_lists_have_four_forms() {
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
    fn empty_rows_are_dropped() {
        #[derive(Debug, Default, PartialEq, Deserialize)]
        struct Row {
            id: Option<u8>,
        }

        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_rows")] Option<Vec<Row>>);

        assert_eq!(read("null"), Ok(Held(None)));
        let rows = read(r#"[null,{"id":1},"",[],{},{"more":7},{"id":2}]"#);
        let row = |id| Row { id: Some(id) };
        assert_eq!(rows, Ok(Held(Some(vec![row(1), row(2)]))));
        let odd = read::<Held>(r#"["x"]"#);
        assert_eq!(odd, Err(expected("an object", "a string")));
    }

    #[test]
    fn a_list_of_more_than_ten_thousand_rows_is_rejected() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_list")] Option<Vec<u8>>);

        let list = |rows: usize| format!("[{}]", vec!["7"; rows].join(","));
        let Held(most) = read(&list(10_000)).unwrap();
        assert_eq!(most.unwrap().len(), 10_000);
        let more = read::<Held>(&list(10_001));
        assert_eq!(more, Err("has more than 10,000 rows".to_owned()));
    }

    #[test]
    fn list_grows_in_steps_without_doubling() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_list")] Option<Vec<u8>>);

        for (rows, capacities) in [(1, 4..8), (21, 21..32), (65, 65..80)] {
            let Held(list) = read(&format!("[{}]", vec!["7"; rows].join(","))).unwrap();
            let capacity = list.unwrap().capacity();
            assert!(capacities.contains(&capacity), "{rows}: {capacity}");
        }
    }

    #[test]
    fn flags_have_four_forms() {
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
            ("-1", "another number"),
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
    fn times_are_rfc_3339() {
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
        for odd in [r#""yesterday""#, "7"] {
            assert!(read::<Held>(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn text_is_trimmed() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Held(#[serde(deserialize_with = "optional_trimmed")] Option<String>);

        for (json, text) in [
            (r#""Ada""#, Some("Ada")),
            (r#"" Ada Obi\n""#, Some("Ada Obi")),
            (r#""  ""#, None),
            ("7", Some("7")),
            ("null", None),
        ] {
            assert_eq!(read(json), Ok(Held(text.map(String::from))), "{json}");
        }
    }
}
