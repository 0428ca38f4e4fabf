//! Whole numbers, which the API writes as a number or as a string of digits.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A whole number that is read from a number or from a string of digits.
pub(crate) struct WholeNumber<N>(pub(crate) N);

impl<'de, N: TryFrom<i128>> Deserialize<'de> for WholeNumber<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        whole_number(deserializer).map(Self)
    }
}

/// Reads any integer type that converts from `i128`.
pub(crate) fn whole_number<'de, D, N>(deserializer: D) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<i128>,
{
    struct NumberVisitor<N>(PhantomData<N>);

    impl<N: TryFrom<i128>> Visitor<'_> for NumberVisitor<N> {
        type Value = N;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<N, E> {
            let unexpected = Unexpected::Unsigned(number);
            N::try_from(number.into()).map_err(|_| E::invalid_value(unexpected, &self))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<N, E> {
            let unexpected = Unexpected::Signed(number);
            N::try_from(number.into()).map_err(|_| E::invalid_value(unexpected, &self))
        }

        fn visit_str<E: Error>(self, digits: &str) -> Result<N, E> {
            let number = digits
                .parse()
                .ok()
                .and_then(|number| N::try_from(number).ok());
            number.ok_or_else(|| E::invalid_value(Unexpected::Str(digits), &self))
        }
    }

    deserializer.deserialize_any(NumberVisitor(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_digits_are_read_within_range() {
        let signed = |json| {
            serde_json::from_str::<WholeNumber<i64>>(json)
                .map(|n| n.0)
                .ok()
        };
        for (json, number) in [
            ("0", Some(0)),
            ("-5", Some(-5)),
            (r#""-5""#, Some(-5)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("1.5", None),
            (r#""1.5""#, None),
            (r#""""#, None),
            ("null", None),
            ("[]", None),
        ] {
            assert_eq!(signed(json), number, "{json}");
        }
        let unsigned = |json| {
            serde_json::from_str::<WholeNumber<u64>>(json)
                .map(|n| n.0)
                .ok()
        };
        assert_eq!(unsigned("18446744073709551615"), Some(u64::MAX));
        assert_eq!(unsigned("-1"), None);
    }
}
