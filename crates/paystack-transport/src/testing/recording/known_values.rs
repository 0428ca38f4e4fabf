//! Values that are sensitive wherever they occur.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::patterns::SHORTEST_NUMBER;

/// Shorter values are only replaced in their own fields, unless the caller added them.
const SHORTEST: usize = 3;

/// Longer values are also replaced inside words.
const LONGEST_WORD: usize = 7;

/// Values that are sensitive wherever they occur, in any letter case.
pub(super) struct KnownValues {
    /// By the first letter, the longest first.
    values: BTreeMap<char, Vec<Known>>,
    /// By their digits.
    numbers: BTreeMap<String, Known>,
}

#[derive(Clone)]
pub(super) struct Known {
    pub(super) value: String,
    /// Whether the caller added it, so that it is replaced even where other values stay.
    is_explicit: bool,
}

impl KnownValues {
    pub(super) fn new(found: &[String], explicit: &[String]) -> Self {
        let known = |is_explicit: bool| {
            move |value: &String| Known {
                value: value.clone(),
                is_explicit,
            }
        };
        let found = found.iter().filter(|value| value.len() >= SHORTEST);
        let mut values: BTreeMap<char, Vec<Known>> = BTreeMap::new();
        let mut numbers = BTreeMap::new();
        for known in found
            .map(known(false))
            .chain(explicit.iter().map(known(true)))
        {
            if let Some(number) = number(&known.value)
                && (known.is_explicit || number.len() >= SHORTEST_NUMBER)
            {
                numbers.insert(number, known.clone());
            }
            if let Some(first) = known.value.chars().next() {
                values.entry(lowercase(first)).or_default().push(known);
            }
        }
        for known in values.values_mut() {
            known.sort_by_key(|known| Reverse((known.value.len(), known.is_explicit)));
        }
        Self { values, numbers }
    }

    /// The longest value at the start of a text, and its length there. A value in the same letter case precedes others.
    pub(super) fn at_start(
        &self,
        previous: Option<char>,
        text: &str,
        explicit_only: bool,
    ) -> Option<(&str, usize)> {
        let first = lowercase(text.chars().next()?);
        let mut longest: Option<(&str, usize)> = None;
        for known in self.values.get(&first)? {
            if longest.is_some_and(|(value, _)| value.len() > known.value.len()) {
                break;
            }
            if (explicit_only && !known.is_explicit) || !known.begins_after(previous) {
                continue;
            }
            let Some(length) = matching_length(&known.value, text) else {
                continue;
            };
            let (found, rest) = text.split_at(length);
            if known.ends_before(rest.chars().next()) {
                if found == known.value {
                    return Some((&known.value, length));
                }
                longest = longest.or(Some((&known.value, length)));
            }
        }
        longest
    }

    /// The value with this number.
    pub(super) fn with_number(&self, text: &str, explicit_only: bool) -> Option<&str> {
        let known = self.numbers.get(&number(text)?)?;
        (known.is_explicit || !explicit_only).then_some(&known.value)
    }
}

impl Known {
    fn begins_after(&self, previous: Option<char>) -> bool {
        self.may_be_beside(self.value.chars().next(), previous)
    }

    fn ends_before(&self, next: Option<char>) -> bool {
        self.may_be_beside(self.value.chars().next_back(), next)
    }

    /// Whether the value may occur beside a character: a short one only as a word, and any number only whole.
    fn may_be_beside(&self, edge: Option<char>, neighbour: Option<char>) -> bool {
        let is_digit = |c: char| c.is_ascii_digit();
        match self.value.chars().count() > LONGEST_WORD {
            true => !(edge.is_some_and(is_digit) && neighbour.is_some_and(is_digit)),
            false => {
                let is_word = char::is_alphanumeric;
                !(edge.is_some_and(is_word) && neighbour.is_some_and(is_word))
            }
        }
    }
}

/// The length of the start of a text that equals a value, in any letter case.
fn matching_length(value: &str, text: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in value.chars() {
        let actual = rest.next()?;
        // Forms write a space as `+`.
        let is_equal = actual == expected || (expected, actual) == (' ', '+');
        if !is_equal && lowercase(actual) != lowercase(expected) {
            return None;
        }
    }
    Some(text.len().saturating_sub(rest.as_str().len()))
}

fn lowercase(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
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
