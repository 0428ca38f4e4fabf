//! Text about a person, and the means to keep it out of logs.

use std::fmt;
use std::ops::{Deref, Range};

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

/// Text about a person: a name, a phone number, an account number.
///
/// It is text (it derefs to `str`), but `Debug` does not show it and there is no `Display`, so
/// that a logged customer or error says nothing about anybody.
///
/// ```
/// use paystack_core::Personal;
///
/// let phone = Personal::from("+2348123456789");
/// assert_eq!(&*phone, "+2348123456789");
/// assert_eq!(format!("{phone:?}"), "[redacted]");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Personal(Box<str>);

impl Personal {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Personal {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Personal {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Personal {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Personal {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Box<str>> for Personal {
    fn from(text: Box<str>) -> Self {
        Self(text)
    }
}

impl From<&String> for Personal {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Personal> for Personal {
    fn from(text: &Personal) -> Self {
        text.clone()
    }
}

impl PartialEq<str> for Personal {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Personal {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

/// Numbers are read as well: phone and account numbers sometimes come as such.
impl<'de> Deserialize<'de> for Personal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PersonalVisitor;

        impl Visitor<'_> for PersonalVisitor {
            type Value = Personal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Personal, E> {
                Ok(Personal::from(text))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Personal, E> {
                Ok(Personal::from(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Personal, E> {
                Ok(Personal::from(number.to_string()))
            }
        }

        deserializer.deserialize_any(PersonalVisitor)
    }
}

/// Displays text that somebody else wrote on one line and without what it may quote: words around
/// an at sign in any of its spellings, keys, authorization codes, and numbers of six or more digits,
/// in whatever script they are written and however they are grouped.
///
/// Names cannot be told from other words, and stay.
pub(crate) struct Scrubbed<'a>(pub(crate) &'a str);

/// What stands in the place of what is not shown.
pub(crate) const HIDDEN: &str = "[redacted]";

impl Scrubbed<'_> {
    /// The fewest digits that may be somebody's.
    const DIGITS: usize = 6;
    /// The most characters between two digits of one number: `0812" - "345`.
    const SEPARATOR: usize = 5;
    /// How an at sign is written, in lower case: plain, wide and small, and as URLs, mails, HTML and
    /// JSON escape it. For HTML there are numbers as well, see [`html_at_signs`].
    const AT_SIGNS: [&'static str; 10] = [
        "@",
        "\u{ff20}",
        "\u{fe6b}",
        "%40",
        "%2540",
        "=40",
        "%ef%bc%a0",
        "&commat;",
        "\\u0040",
        "\\uff20",
    ];
    /// How keys begin, in lower case.
    const KEYS: [&'static str; 4] = ["sk_test_", "sk_live_", "pk_test_", "pk_live_"];
    /// How authorization codes and card signatures begin, wherever they stand.
    const CODES: [&'static str; 2] = ["AUTH_", "SIG_"];

    /// The parts that give somebody away, in bytes.
    fn telling(&self) -> Vec<Range<usize>> {
        let text = self.0;
        let lower = text.to_ascii_lowercase();
        let find = |mark: &'static str| {
            let found = lower.match_indices(mark);
            found.map(move |(at, _)| at..at.saturating_add(mark.len()))
        };
        let at_signs = Self::AT_SIGNS.into_iter().flat_map(find);
        let at_signs = at_signs.chain(html_at_signs(&lower));
        let begins = |at: &Range<usize>| {
            let before = lower
                .get(..at.start)
                .and_then(|text| text.chars().next_back());
            !before.is_some_and(char::is_alphanumeric)
        };
        let keys = Self::KEYS.into_iter().flat_map(find);
        let codes = Self::CODES.into_iter().flat_map(|mark| {
            let found = text.match_indices(mark);
            found.map(|(at, _)| at..at.saturating_add(mark.len()))
        });
        // In lower case words may end like this: `oauth_mode`.
        let small_codes = ["auth_", "sig_"].into_iter().flat_map(find).filter(begins);
        at_signs
            .map(|at| with_neighbours(text, at))
            .chain(keys)
            .chain(codes)
            .chain(small_codes)
            .chain(numbers(text))
            .collect()
    }

    /// The words, and whether they give somebody away.
    fn words(&self) -> impl Iterator<Item = (&str, bool)> {
        let is_space = |character: char| character.is_whitespace() || character.is_control();
        let mut telling = self.telling();
        telling.sort_unstable_by_key(|part| part.start);
        let mut telling = telling.into_iter().peekable();
        // How far the parts reach that have begun.
        let mut reach = 0_usize;
        let mut begin = 0_usize;
        self.0.split_inclusive(is_space).filter_map(move |part| {
            let at = begin;
            begin = begin.saturating_add(part.len());
            let word = part.trim_end_matches(is_space);
            while let Some(part) = telling.next_if(|part| part.start < begin) {
                reach = reach.max(part.end);
            }
            let tells = reach > at
                // A number may have letters in it: `0812ext345`, `%2B234%20812`.
                || word.chars().filter(|one| one.is_numeric()).count() >= Self::DIGITS;
            (!word.is_empty()).then_some((word, tells))
        })
    }

    /// The text on one line, or nothing of it if any of its words gives somebody away.
    pub(crate) fn all_or_nothing(&self) -> String {
        if self.words().any(|(_, tells)| tells) {
            HIDDEN.to_owned()
        } else {
            self.to_string()
        }
    }
}

/// `&#64;` and `&#x40;`, whose numbers may begin with zeros.
fn html_at_signs(lower: &str) -> impl Iterator<Item = Range<usize>> {
    lower.match_indices("&#").filter_map(move |(at, mark)| {
        let number = lower.get(at.saturating_add(mark.len())..)?;
        let rest = match number.strip_prefix('x') {
            Some(digits) => digits.trim_start_matches('0').strip_prefix("40;"),
            None => number.trim_start_matches('0').strip_prefix("64;"),
        };
        Some(at..lower.len().saturating_sub(rest?.len()))
    })
}

/// An at sign, and the characters next to it even over a space: `ada @ example.com`.
fn with_neighbours(text: &str, at: Range<usize>) -> Range<usize> {
    let before = text.get(..at.start).unwrap_or_default().trim_end();
    let after = text.get(at.end..).unwrap_or_default();
    let start = before.char_indices().next_back().map_or(0, |(at, _)| at);
    let spaces = after.len().saturating_sub(after.trim_start().len());
    start..at.end.saturating_add(spaces).saturating_add(1)
}

/// Where the numbers are that may be somebody's: digits with only short separators between them.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut number = 0..0;
    let (mut digits, mut since) = (0_usize, 0_usize);
    for (at, character) in text.char_indices() {
        if character.is_numeric() {
            if digits == 0 {
                number.start = at;
            }
            number.end = at.saturating_add(character.len_utf8());
            digits = digits.saturating_add(1);
            since = 0;
            continue;
        }
        since = since.saturating_add(1);
        if character.is_alphabetic() || since > Scrubbed::SEPARATOR {
            if digits >= Scrubbed::DIGITS {
                found.push(number.clone());
            }
            digits = 0;
        }
    }
    if digits >= Scrubbed::DIGITS {
        found.push(number);
    }
    found
}

/// With every word that tells left out.
impl fmt::Display for Scrubbed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        let mut is_hidden = false;
        for (word, tells) in self.words() {
            // Several hidden words are one: how many there were is nobody's business.
            if !(tells && is_hidden) {
                write!(f, "{space}{}", if tells { HIDDEN } else { word })?;
            }
            space = " ";
            is_hidden = tells;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_text_and_numbers() {
        for (json, text) in [
            (r#""0812""#, "0812"),
            ("2348123456789", "2348123456789"),
            ("-1", "-1"),
        ] {
            let personal: Personal = serde_json::from_str(json).unwrap();
            assert_eq!(personal, text);
        }
    }

    #[test]
    fn scrubbed_text_keeps_the_sense_and_drops_what_it_quotes() {
        for (said, shown) in [
            (
                "Customer ada@example.com\n is  unknown",
                "Customer [redacted] is unknown",
            ),
            ("(+2348123456789) is taken", "[redacted] is taken"),
            ("+234 812 345 6789 is taken", "[redacted] is taken"),
            ("BVN 22222-22222 21 invalid", "BVN [redacted] invalid"),
            ("no \"0812-345-6789\" here", "no [redacted] here"),
            ("no '22222222221' here", "no [redacted] here"),
            ("0812 / 345 / 6789", "[redacted]"),
            (r#"["0812", "345", "6789"]"#, "[redacted]"),
            ("call tel:0812_345_6789", "call [redacted]"),
            ("\u{660}\u{668}\u{661}\u{662}\u{663}\u{664}", "[redacted]"),
            ("%2B234%20812%20345%206789", "[redacted]"),
            ("Invalid key sk_live_abc", "Invalid key [redacted]"),
            ("Invalid key SK_LIVE_abc", "Invalid key [redacted]"),
            (
                "AUTH_ekk8t49ogj does not exist",
                "[redacted] does not exist",
            ),
            ("auth_ekk8t49ogj", "[redacted]"),
            ("GET /customer/ada%40example.com", "GET [redacted]"),
            ("no ada&#64;example.com", "no [redacted]"),
            ("no ada&#0064;example.com", "no [redacted]"),
            ("no ada&#X0040;example.com", "no [redacted]"),
            ("no ada=40example.com", "no [redacted]"),
            ("no ada%EF%BC%A0example.com", "no [redacted]"),
            ("port 64; again", "port 64; again"),
            ("GET /x%2FAUTH_ekk8t49ogj", "GET [redacted]"),
            ("bad {\\nAUTH_ekk8t49ogj}", "bad [redacted]"),
            ("authorization_codeAUTH_abc", "[redacted]"),
            ("sig%3DSIG_abcxyz", "[redacted]"),
            ("oauth_mode is off", "oauth_mode is off"),
            ("no ada&COMMAT;example.com", "no [redacted]"),
            ("no ada\u{ff20}example.com", "no [redacted]"),
            ("no ada @ example.com there", "no [redacted] there"),
            ("no ada@ example.com there", "no [redacted] there"),
            ("no ada\u{2003}@example.com there", "no [redacted] there"),
            ("risk_action is required", "risk_action is required"),
            (
                "no such task_id, no oauth_mode",
                "no such task_id, no oauth_mode",
            ),
            ("key=sk_test_abc, oursk_live_abc", "[redacted]"),
            ("(AUTH_abc)", "[redacted]"),
            ("502 Bad Gateway", "502 Bad Gateway"),
            ("HTTP/1.1 502 Bad Gateway", "HTTP/1.1 502 Bad Gateway"),
            ("try 3 times within 60 s", "try 3 times within 60 s"),
            ("within 60 s, 3 attempts", "within 60 s, 3 attempts"),
            ("request 8a1f3c-LOS", "request 8a1f3c-LOS"),
            (" \r\n ", ""),
            ("@", "[redacted]"),
        ] {
            assert_eq!(Scrubbed(said).to_string(), shown);
        }
    }

    #[test]
    fn a_long_text_is_read_once() {
        for piece in ["@ ", "a@ ", "12345 ", "sk_test_ ", " ", "a ", "@", "7"] {
            let shown = Scrubbed(&piece.repeat(200_000)).to_string();
            assert!(!shown.contains(['@', '7']), "{piece}");
        }
    }

    /// Something that must not be shown, and what betrays it.
    fn secret() -> impl Strategy<Value = (String, Vec<String>)> {
        let separators = vec![
            "", " ", "-", ".", "/", "_", ",", ", ", " - ", ") (", "\u{a0}", "\u{2013}", "\n",
            "' '", "\u{200b}", "+", "\t",
        ];
        let number = (
            prop::collection::vec("[0-9]{2,4}", 3..6),
            prop::sample::select(separators),
            prop::sample::select(vec!['0', '\u{660}', '\u{966}', '\u{ff10}']),
        )
            .prop_map(|(groups, separator, zero)| {
                let script = |digit: char| {
                    let value = digit.to_digit(10).unwrap();
                    char::from_u32(u32::from(zero) + value).unwrap()
                };
                let groups: Vec<String> = groups
                    .iter()
                    .map(|group| group.chars().map(script).collect())
                    .collect();
                (groups.join(separator), groups)
            });
        let spellings = vec![
            "@", "\u{ff20}", "\u{fe6b}", "%40", "&#64;", "&#X40;", "&commat;", "\\u0040", " @ ",
            "@ ",
        ];
        let email = ("qq[a-z.+]{3,9}", prop::sample::select(spellings)).prop_map(|(name, at)| {
            let (one, other) = (format!("{name}zz"), "zzexample.com");
            (format!("{one}{at}{other}"), vec![one, other.to_owned()])
        });
        let key = ("(sk_live_|SK_TEST_|Sk_live_|AUTH_|auth_)", "qq[a-z]{9}zz")
            .prop_map(|(prefix, code)| (format!("{prefix}{code}"), vec![code]));
        prop_oneof![number, email, key]
    }

    proptest! {
        #[test]
        fn no_number_address_or_key_survives_in_any_sentence(
            before in r#"([A-Za-z]{1,8}[ :="'(<\[]{1,2}){0,4}"#,
            (secret, parts) in secret(),
            after in r#"([ ,;"')>\]]{1,2}[A-Za-z]{1,8}){0,4}"#,
        ) {
            let said = format!("{before}{secret}{after}");
            let shown = Scrubbed(&said).to_string();
            for part in parts {
                prop_assert!(!shown.contains(&part), "{part:?} of {said:?} is shown: {shown:?}");
            }
        }

        #[test]
        fn words_and_short_numbers_stay(said in "[a-z]{1,9}( [a-z]{1,9}| [0-9]{1,5} [a-z]{1,9}){0,6}") {
            prop_assert_eq!(Scrubbed(&said).to_string(), said);
        }

        #[test]
        fn any_text_becomes_one_line(said in any::<String>()) {
            prop_assert!(!Scrubbed(&said).to_string().chars().any(char::is_control));
        }
    }

    #[test]
    fn personal_text_is_compared_and_lent_as_text_and_never_shown() {
        let text = String::from("canary");
        let personal = Personal::from(&text);
        assert_eq!(personal, *"canary");
        assert_ne!(personal, *"other");
        assert_ne!(personal, "other");
        assert_eq!(Personal::from(&personal), personal);
        let lent: &str = personal.as_ref();
        assert_eq!(lent, "canary");
        assert_eq!(format!("{personal:?}"), HIDDEN);
    }

    #[test]
    fn what_is_neither_text_nor_a_whole_number_is_not_read() {
        for json in ["null", "true", "1.5", "[]", "{}"] {
            let refused = crate::read_json::<Personal>(json.as_bytes()).unwrap_err();
            let told = refused.problem().to_string();
            assert!(told.starts_with("expected text, found "), "{told}");
        }
    }

    #[test]
    fn a_number_is_somebodys_from_six_digits_on_and_over_five_characters_between_them() {
        for (said, shown) in [
            ("no 12345 here", "no 12345 here"),
            ("no 123456 here", "no [redacted] here"),
            ("no 123 - - 456 here", "no [redacted] here"),
            ("no 123-----456 here", "no [redacted] here"),
            ("no 123 456", "no [redacted]"),
            ("123 --- -- 456", "123 --- -- 456"),
            ("12345 and 1", "12345 and 1"),
            ("1234 and 5678", "1234 and 5678"),
        ] {
            assert_eq!(Scrubbed(said).to_string(), shown);
        }
        assert_eq!(Scrubbed("no 12345 here").all_or_nothing(), "no 12345 here");
        assert_eq!(Scrubbed("no 123456 here").all_or_nothing(), HIDDEN);
    }
}
