//! Values that are sensitive wherever they occur.

use std::collections::{BTreeMap, BTreeSet};

use super::patterns::SHORTEST_NUMBER;

/// Shorter values are only replaced in their own fields, unless the caller added them.
const SHORTEST: usize = 3;

/// Longer values are also replaced inside words.
const LONGEST_WORD: usize = 7;

/// The number of characters by which values are looked up first.
const PREFIX: usize = 3;

/// Values that are sensitive wherever they occur, in any letter case.
#[derive(Default)]
pub(super) struct KnownValues {
    /// By their [`folded`] text.
    values: BTreeMap<String, Vec<Known>>,
    /// The lengths of the values, in characters, by the first characters of their folded text.
    lengths: BTreeMap<String, BTreeSet<usize>>,
    /// By their digits.
    numbers: BTreeMap<String, Known>,
}

#[derive(Clone)]
struct Known {
    value: String,
    /// Whether the caller added it, so that it is replaced even where other values stay.
    is_explicit: bool,
}

impl KnownValues {
    pub(super) fn new(found: &[String], explicit: &[String]) -> Self {
        let mut known = Self::default();
        for value in explicit.iter().filter(|value| !value.is_empty()) {
            known.add(value, true);
        }
        for value in found.iter().filter(|value| value.len() >= SHORTEST) {
            known.add(value, false);
        }
        known
    }

    fn add(&mut self, value: &str, is_explicit: bool) {
        let length = value.chars().count();
        let lengths = self.lengths.entry(folded(value, PREFIX)).or_default();
        lengths.insert(length);
        let known = Known {
            value: value.to_owned(),
            is_explicit,
        };
        if let Some(number) = number(value)
            && (is_explicit || number.len() >= SHORTEST_NUMBER)
        {
            let number = self.numbers.entry(number);
            number.or_insert_with(|| known.clone());
        }
        let values = self.values.entry(folded(value, length)).or_default();
        values.push(known);
    }

    /// Whether a text contains a value with punctuation of JSON, which a search by fields would cut.
    pub(super) fn has_punctuated(&self, text: &str) -> bool {
        let text = folded(text, text.len());
        let mut values = self.values.keys();
        values.any(|value| value.contains(['{', '}', '[', ']', ',', ':']) && text.contains(value))
    }

    /// The longest value at the start of a text, and its length there. A value in the same letter case precedes others.
    pub(super) fn at_start(
        &self,
        previous: Option<char>,
        text: &str,
        explicit_only: bool,
    ) -> Option<(&str, usize)> {
        for prefix in (1..=PREFIX).rev() {
            let lengths = self.lengths.get(&folded(text, prefix));
            for length in lengths.into_iter().flatten().rev() {
                let Some(known) = self.values.get(&folded(text, *length)) else {
                    continue;
                };
                let bytes = text.chars().take(*length).map(char::len_utf8).sum();
                let (found, rest) = text.split_at(bytes);
                let mut matching = known.iter().filter(|known| {
                    (known.is_explicit || !explicit_only)
                        && known.may_be_between(previous, rest.chars().next())
                });
                let first = matching.clone().next();
                let known = matching.find(|known| known.value == found).or(first);
                if let Some(known) = known {
                    return Some((&known.value, bytes));
                }
            }
        }
        None
    }

    /// The value with this number.
    pub(super) fn with_number(&self, text: &str, explicit_only: bool) -> Option<&str> {
        let known = self.numbers.get(&number(text)?)?;
        (known.is_explicit || !explicit_only).then_some(&known.value)
    }
}

impl Known {
    /// Whether the value may occur between two characters: a short one only as a word, and any number only whole.
    fn may_be_between(&self, previous: Option<char>, next: Option<char>) -> bool {
        let is_long = self.value.chars().count() > LONGEST_WORD;
        let joins = |edge: Option<char>, neighbour: Option<char>| {
            let is_part = |c: char| match is_long {
                true => c.is_ascii_digit(),
                false => c.is_alphanumeric(),
            };
            edge.is_some_and(is_part) && neighbour.is_some_and(is_part)
        };
        let mut edges = self.value.chars();
        let (first, last) = (self.value.chars().next(), edges.next_back());
        !joins(first, previous) && !joins(last, next)
    }
}

/// The first characters of a text without letter case. Forms write a space as `+`.
fn folded(text: &str, length: usize) -> String {
    let mut folded = String::new();
    for character in text.chars().take(length) {
        folded.push(match character {
            '+' if !folded.is_empty() => ' ',
            _ => character.to_lowercase().next().unwrap_or(character),
        });
    }
    folded
}

/// A number as JSON writes it, if a text is one: without a sign, an exponent, separators and leading zeros.
pub(super) fn number(text: &str) -> Option<String> {
    if text.contains('.') || text.contains(['e', 'E']) {
        let value: f64 = text.parse().ok()?;
        return value.is_finite().then(|| value.abs().to_string());
    }
    let is_number = |c: char| c.is_ascii_digit() || "+-() ".contains(c);
    if !text.chars().all(is_number) || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = text.chars().filter(char::is_ascii_digit);
    let digits: String = digits.skip_while(|digit| *digit == '0').collect();
    Some(if digits.is_empty() {
        "0".to_owned()
    } else {
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[&str]) -> KnownValues {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        KnownValues::new(&values, &["x1".to_owned()])
    }

    #[test]
    fn longest_value_in_the_same_case_is_found() {
        let known = known(&["Ada", "ada", "Ada Obi", "no"]);
        let at = |text| known.at_start(None, text, false);
        assert_eq!(at("ADA OBI!"), Some(("Ada Obi", 7)));
        assert_eq!(at("ada"), Some(("ada", 3)));
        assert_eq!(at("Adaobi"), None);
        assert_eq!(at("no"), None, "found values of two letters stay");
        assert_eq!(at("X1"), Some(("x1", 2)));
    }

    #[test]
    fn long_value_is_found_inside_a_word() {
        let known = known(&["lovelace", "0123456789"]);
        assert!(known.at_start(Some('a'), "Lovelace1", false).is_some());
        assert!(known.at_start(Some('x'), "0123456789y", false).is_some());
        assert!(known.at_start(None, "01234567890", false).is_none());
    }

    #[test]
    fn number_has_any_form() {
        let known = known(&["+234 803", "08031234567", "4081"]);
        assert_eq!(known.with_number("234803", false), Some("+234 803"));
        assert_eq!(known.with_number("8031234567", false), Some("08031234567"));
        assert_eq!(known.with_number("8031234567", true), None);
        assert_eq!(known.with_number("4081", false), None);
        assert_eq!(number("8031234567.0").as_deref(), Some("8031234567"));
        assert_eq!(number("-8.031234567e9").as_deref(), Some("8031234567"));
        assert_eq!(number("6.5244").as_deref(), Some("6.5244"));
    }
}
