//! The stand-ins of sensitive values.

use std::collections::BTreeMap;

use super::patterns::{SHORTEST_NUMBER, code_prefix};
use super::redaction::Redaction;

/// Stand-ins, by their values.
#[derive(Clone, Default)]
pub(in crate::testing) struct StandIns(pub(in crate::testing) BTreeMap<String, String>);

impl StandIns {
    /// Those of the values that the rules contain. They are the same in each recording.
    pub(in crate::testing) fn of(rules: &Redaction) -> Self {
        let mut stand_ins = Self::default();
        for value in &rules.values {
            // Longer than most numbers that stay.
            stand_ins.get_or_add_with(value, SHORTEST_NUMBER);
        }
        stand_ins
    }

    pub(super) fn get_or_add(&mut self, value: &str) -> String {
        self.get_or_add_with(value, 0)
    }

    fn get_or_add_with(&mut self, value: &str, shortest_number: usize) -> String {
        let number = self.0.len().saturating_add(1);
        let stand_in = self.0.entry(value.to_owned());
        let stand_in = stand_in.or_insert_with(|| stand_in_for(value, number, shortest_number));
        stand_in.clone()
    }
}

/// The form of a value, which its stand-in has, too.
#[derive(PartialEq, Eq)]
pub(in crate::testing) enum Form<'a> {
    Email,
    Code(&'a str),
    Other,
}

impl<'a> Form<'a> {
    pub(in crate::testing) fn of(value: &'a str) -> Self {
        match code_prefix(value) {
            _ if value.contains('@') => Self::Email,
            Some(prefix) => Self::Code(prefix),
            None => Self::Other,
        }
    }
}

/// A stand-in of the same form as the value.
fn stand_in_for(value: &str, number: usize, shortest_number: usize) -> String {
    if value.starts_with("https://") {
        return format!("https://example.com/recorded{number}");
    }
    if value.contains('@') {
        return format!("person{number}@example.com");
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_number = |c: char| c.is_ascii_digit() || "+-.() ".contains(c);
    if digits > 0 && value.chars().all(is_number) {
        let digits = digits.max(shortest_number);
        let plus = if value.starts_with('+') { "+" } else { "" };
        // A JSON number must not begin with a zero.
        let (first, rest) = match value.starts_with('0') {
            true => ("09", digits.saturating_sub(2)),
            false => ("9", digits.saturating_sub(1)),
        };
        return format!("{plus}{first}{number:0>rest$}");
    }
    let is_prefix = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    match value.rsplit_once('_') {
        Some((prefix, _)) if prefix.bytes().all(is_prefix) => format!("{prefix}_recorded{number}"),
        _ => format!("recorded{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_in_has_the_form_of_its_value() {
        for (value, expected) in [
            ("ada@example.org", "person7@example.com"),
            ("https://paystack.com/x", "https://example.com/recorded7"),
            ("AUTH_8dfhjjdt", "AUTH_recorded7"),
            ("+234 803 123 4567", "+9000000000007"),
            ("08031234567", "09000000007"),
            ("4081", "9007"),
            ("5", "97"),
            ("Ada", "recorded7"),
        ] {
            assert_eq!(stand_in_for(value, 7, 0), expected);
        }
        assert_eq!(stand_in_for("5", 7, 6), "900007");
    }
}
