//! The stand-ins of sensitive values.

use std::collections::BTreeMap;

use super::patterns::code_prefix;
use super::redaction::Redaction;
use super::sensitive_values::SensitiveValues;

/// Replaces sensitive values, each by the same stand-in.
pub(in crate::testing) struct Redactor<'a> {
    rules: &'a Redaction,
    stand_ins: StandIns,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(rules: &'a Redaction) -> Self {
        let stand_ins = StandIns::of(rules);
        Self { rules, stand_ins }
    }

    /// Finds the sensitive values of a text. All texts are searched before the first is redacted, because a message may
    /// precede the field that makes a name known.
    pub(super) fn search(&mut self, text: &str) {
        self.redact(text);
    }

    /// Redacts a text. A value that was not found by the search, because known values have split the text otherwise,
    /// has a new stand-in.
    pub(super) fn redact(&mut self, text: &str) -> String {
        let known: Vec<_> = self.stand_ins.0.keys().cloned().collect();
        let sensitive = SensitiveValues::new(self.rules, &known);
        sensitive.rewrite(text, &mut |value| self.stand_ins.get_or_add(value))
    }
}

/// Stand-ins, by their values.
#[derive(Clone, Default)]
pub(in crate::testing) struct StandIns(pub(in crate::testing) BTreeMap<String, String>);

impl StandIns {
    /// Those of the values that the rules contain. They are the same in each recording.
    pub(in crate::testing) fn of(rules: &Redaction) -> Self {
        let mut stand_ins = Self::default();
        for value in &rules.values {
            stand_ins.get_or_add(value);
        }
        stand_ins
    }

    fn get_or_add(&mut self, value: &str) -> String {
        let number = self.0.len().saturating_add(1);
        let stand_in = self.0.entry(value.to_owned());
        stand_in
            .or_insert_with(|| stand_in_for(value, number))
            .clone()
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
fn stand_in_for(value: &str, number: usize) -> String {
    if value.starts_with("https://") {
        return format!("https://example.com/recorded{number}");
    }
    if value.contains('@') {
        return format!("person{number}@example.com");
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_number = |c: char| c.is_ascii_digit() || "+-.() ".contains(c);
    if digits > 0 && value.chars().all(is_number) {
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
            assert_eq!(stand_in_for(value, 7), expected);
        }
    }
}
