//! Text from outside, printed without the personal data and secrets that it may quote.

use std::fmt;
use std::ops::Range;

/// Replaces a word that is not shown.
pub(crate) const REDACTED: &str = "[redacted]";

/// Prints text from outside on one line, with words redacted that look like personal data or secrets.
///
/// - E-mail addresses, plain or percent-encoded.
/// - Keys and codes that begin with `sk_`, `pk_`, `AUTH_` or `SIG_`. In the middle of a word, `AUTH_`, `SIG_`
///   and the whole prefixes of keys: `sk_live_`, `pk_test_`.
/// - Numbers of six or more digits, however they are grouped: `+234 812 345 6789`.
///
/// It is a best effort: a name looks like any other word and stays. `Debug` prints the same in quotes.
pub(crate) struct Redacted<'a>(pub(crate) &'a str);

/// The fewest digits that may identify a person.
const DIGITS: usize = 6;

/// The most characters between two digits of one number: `0812" - "345`.
const SEPARATOR: usize = 5;

impl Redacted<'_> {
    /// The words, and whether each is redacted.
    fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        let is_space = |character: char| character.is_whitespace() || character.is_control();
        let numbers = numbers(self.0);
        let mut end = 0_usize;
        self.0.split_inclusive(is_space).filter_map(move |part| {
            let start = end;
            end = end.saturating_add(part.len());
            let word = part.trim_end_matches(is_space);
            let next = numbers.get(numbers.partition_point(|number| number.end <= start));
            let in_number = next.is_some_and(|number| number.start < end);
            (!word.is_empty()).then(|| (word, in_number || is_sensitive(word)))
        })
    }

    /// The text, or `[redacted]` if any word is redacted.
    pub(crate) fn all_or_nothing(&self) -> String {
        if self.words().any(|(_, is_redacted)| is_redacted) {
            REDACTED.to_owned()
        } else {
            self.to_string()
        }
    }
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        let mut was_redacted = false;
        for (word, is_redacted) in self.words() {
            // Adjacent redacted words share one mark, which hides their number.
            if !(is_redacted && was_redacted) {
                write!(f, "{space}{}", if is_redacted { REDACTED } else { word })?;
            }
            space = " ";
            was_redacted = is_redacted;
        }
        Ok(())
    }
}

/// Like the `Debug` of text, but redacted.
impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// Whether an identifier of letters, digits, `-` and `_` may contain a secret or a number that identifies a
/// person.
///
/// Random identifiers contain digits as well, so only six in a row or ten in all count as a number.
pub(crate) fn is_sensitive_id(id: &str) -> bool {
    const SCATTERED_DIGITS: usize = 10;
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    has_secret_prefix(id) || digits >= SCATTERED_DIGITS || !numbers(id).is_empty()
}

fn is_sensitive(word: &str) -> bool {
    let digits = word.chars().filter(|character| character.is_numeric());
    word.contains('@')
        || word.to_ascii_lowercase().contains("%40")
        || has_secret_prefix(word)
        || digits.count() >= DIGITS
}

fn has_secret_prefix(word: &str) -> bool {
    // Nearly all words end here.
    if !word.contains('_') {
        return false;
    }
    let lower = word.to_ascii_lowercase();
    let has_prefix = |prefix: &str| {
        lower.match_indices(prefix).any(|(at, _)| {
            let before = lower.get(..at).unwrap_or_default();
            !before.ends_with(|character: char| character.is_alphanumeric() || character == '_')
        })
    };
    ["sk_", "pk_", "auth_", "sig_"].into_iter().any(has_prefix)
        || ["AUTH_", "SIG_"]
            .into_iter()
            .any(|code| word.contains(code))
        || ["sk_live_", "sk_test_", "pk_live_", "pk_test_"]
            .into_iter()
            .any(|key| lower.contains(key))
}

/// Where numbers are: six or more digits with only short separators between them.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Nearly all texts end here.
    let may_be_digit = |byte: &u8| byte.is_ascii_digit() || !byte.is_ascii();
    if text.bytes().filter(may_be_digit).count() < DIGITS {
        return found;
    }
    let mut number = 0..0;
    let (mut digits, mut separators) = (0_usize, 0_usize);
    // A letter after the end closes the last number.
    let end = (text.len(), 'x');
    for (at, character) in text.char_indices().chain([end]) {
        if character.is_numeric() {
            if digits == 0 {
                number.start = at;
            }
            number.end = at.saturating_add(character.len_utf8());
            digits = digits.saturating_add(1);
            separators = 0;
            continue;
        }
        separators = separators.saturating_add(1);
        if character.is_alphabetic() || separators > SEPARATOR {
            if digits >= DIGITS {
                found.push(number.clone());
            }
            digits = 0;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn many_numbers_take_linear_time() {
        // A scan of all numbers for each word would take hours.
        let text = "123456 x ".repeat(500_000);
        assert_eq!(Redacted(&text).to_string().len(), 500_000 * 13 - 1);
    }

    #[test]
    fn personal_data_and_secrets_are_redacted() {
        for (text, shown) in [
            ("No ada@example.com here", "No [redacted] here"),
            ("GET /customer/ada%40example.com", "GET [redacted]"),
            ("key sk_test_3f2a9c", "key [redacted]"),
            ("key=sk_live_3f2a9c", "[redacted]"),
            ("key_sk_live_3f2a9c", "[redacted]"),
            ("keySK_TEST_3f2a9c", "[redacted]"),
            ("public pk_test_1", "public [redacted]"),
            ("code AUTH_ekk8t49ogj", "code [redacted]"),
            ("codeAUTH_ekk8t49ogj", "[redacted]"),
            (
                "signature (SIG_yEXu7dLBeqG0kU7g95Ke)",
                "signature [redacted]",
            ),
            ("call 08123456789", "call [redacted]"),
            ("call +234 812 345 6789 now", "call [redacted] now"),
            ("call (0812) 345-6789", "call [redacted]"),
            ("call 0812ext345", "call [redacted]"),
            ("call 0812\" - \"345", "call [redacted]"),
            ("\u{660}\u{661}\u{662} \u{663}\u{664}\u{665}", "[redacted]"),
            ("\u{660}\u{661}\u{662}\u{663}\u{664}\u{665}", "[redacted]"),
            ("a@b c@d", "[redacted]"),
            ("a@b\nInjected: c", "[redacted] Injected: c"),
        ] {
            assert_eq!(Redacted(text).to_string(), shown, "{text}");
            assert_eq!(format!("{:?}", Redacted(text)), format!("\"{shown}\""));
        }
    }

    #[test]
    fn id_with_a_secret_or_a_number_is_sensitive() {
        for id in [
            "sk_live_abc",
            "req_sk_test_abc",
            "pk_x",
            "PK_x",
            "AUTH_x",
            "req-auth_x",
            "req_AUTH_x",
            "SIG_x",
            "a123456",
            "req-0812-345",
            "a12345b67890",
        ] {
            assert!(is_sensitive_id(id), "{id}");
        }
        for id in ["", "req_1", "CUS_xnxdt6s1zg1f4nx", "task_1", "a12345b6789"] {
            assert!(!is_sensitive_id(id), "{id}");
        }
    }

    #[test]
    fn other_text_is_shown_as_it_is() {
        for text in [
            "Customer not found",
            "Email Address is required",
            "task_id and oauth_mode",
            "12345 is short",
            "12 of 34 pages",
            "0812\" -- \"345",
            "CUS_xnxdt6s1zg1f4nx",
        ] {
            assert_eq!(Redacted(text).to_string(), text);
            assert_eq!(Redacted(text).all_or_nothing(), text);
        }
        assert_eq!(Redacted("x ada@example.com").all_or_nothing(), REDACTED);
    }

    proptest! {
        #[test]
        fn a_number_of_six_digits_is_never_shown(
            groups in prop::collection::vec("[0-9]{1,4}", 2..6),
            separator in "[ ().+-]{1,3}",
        ) {
            let text = groups.join(&separator);
            let digits: usize = groups.iter().map(String::len).sum();
            let shown = Redacted(&text).to_string();
            prop_assert_eq!(digits >= DIGITS, !shown.contains(|c: char| c.is_numeric()), "{}", shown);
        }

        #[test]
        fn any_text_is_printed_on_one_line(text in any::<String>()) {
            let shown = Redacted(&text).to_string();
            prop_assert!(!shown.contains(char::is_control), "{:?}", shown);
        }
    }
}
