//! The patterns of values that are sensitive in any text, and of dates, which are not.

use paystack_core::KNOWN_MESSAGES;

/// Numbers with fewer digits are not personal data.
pub(super) const SHORTEST_NUMBER: usize = 6;

/// A number with this many digits is one even if letters follow.
const LONG_NUMBER: usize = 10;

/// Separators in numbers, with the no-break space and the hyphens of word processors.
const SEPARATORS: [char; 8] = [' ', '-', '.', '(', ')', '\u{a0}', '\u{2011}', '\u{2013}'];

/// The prefixes of keys, the longest first.
const KEYS: [&str; 6] = ["sk_test", "sk_live", "pk_test", "pk_live", "sk", "pk"];

/// The prefixes of Paystack's codes.
const CODES: [&str; 11] = [
    "ACCT", "AUTH", "BCH", "CUS", "PLN", "PRQ", "RCP", "SIG", "SPL", "SUB", "TRF",
];

/// RFC 5321 allows 64.
const LONGEST_USER: usize = 100;

/// The length of the message at the start of a text that identifies a refusal.
pub(super) fn message_length(text: &str) -> Option<usize> {
    let is_message = |message: &str| {
        let start = text.get(..message.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(message))
    };
    let lengths = KNOWN_MESSAGES.map(|message| is_message(message).then_some(message.len()));
    lengths.into_iter().flatten().next()
}

/// Whether a whole text is an e-mail address, even if other text would end in it: `obi&sons@example.org`.
pub(super) fn is_email(text: &str) -> bool {
    let is_outside = |c: char| c.is_whitespace() || ",;:\"()<>[]\\@".contains(c);
    let (user, host) = text.split_at(text.find(is_outside).unwrap_or(text.len()));
    !user.is_empty() && host_length(host) == Some(host.len())
}

/// The length of the e-mail address, key or code at the start of a text.
pub(super) fn word_length(text: &str) -> Option<usize> {
    email_length(text).or_else(|| code_length(text))
}

fn email_length(text: &str) -> Option<usize> {
    let is_edge = |c: char| c.is_alphanumeric() || "_+".contains(c);
    let is_outside = |c: char| c.is_whitespace() || ",;:\"()<>[]\\=?&".contains(c);
    if !text.starts_with(is_edge) {
        return None;
    }
    let user = text
        .chars()
        .take(LONGEST_USER)
        .take_while(|c| !is_outside(*c) && *c != '@');
    let user_length: usize = user.map(char::len_utf8).sum();
    let host_length = host_length(text.split_at(user_length).1)?;
    Some(user_length.saturating_add(host_length))
}

/// The length of the `@` and the host at the start of a text.
fn host_length(text: &str) -> Option<usize> {
    let host = text.strip_prefix('@')?;
    let end = host.find(|c: char| !(c.is_alphanumeric() || ".-_".contains(c)));
    let host = host.split_at(end.unwrap_or(host.len())).0;
    let length = host.trim_end_matches(['.', '-', '_']).len();
    (length > 0).then_some(length.saturating_add(1))
}

/// The length of a key, or of a code: at least three capital letters, a low line and more.
fn code_length(text: &str) -> Option<usize> {
    let prefix = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    if !prefix.starts_with('_') {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || ",;:\"'()<>[]{}|`=&?/\\".contains(c));
    let word = text.split_at(end.unwrap_or(text.len())).0;
    let word = word.trim_end_matches(['.', '-']);
    code_prefix(word).map(|_| word.len())
}

/// The prefix of the stand-in for a key or a code: that of Paystack's, or `CODE`. Any other prefix may be a name.
pub(super) fn code_prefix(word: &str) -> Option<&'static str> {
    let has_prefix = |prefix: &&str| {
        let rest = word.strip_prefix(*prefix);
        rest.is_some_and(|rest| rest.starts_with('_'))
    };
    if let Some(prefix) = KEYS.into_iter().find(has_prefix) {
        return Some(prefix);
    }
    let (prefix, rest) = word.split_once('_')?;
    let is_prefix = prefix.len() >= 3 && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
    let known = CODES.into_iter().find(|known| *known == prefix);
    (is_prefix && rest.len() >= 3).then_some(known.unwrap_or("CODE"))
}

/// The length of the phone, account or other number at the start of a text. It may contain blanks, points, hyphens and
/// parentheses.
pub(super) fn number_length(text: &str) -> Option<usize> {
    let mut rest = text.strip_prefix(['+', '(']).unwrap_or(text);
    rest = rest.strip_prefix('+').unwrap_or(rest);
    let (mut end, mut digits) = (0, 0_usize);
    while end == 0 || date_length(rest).is_none() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let group = rest.len().saturating_sub(after.len());
        let is_time = after.starts_with(':');
        let is_word = after.starts_with(char::is_alphabetic) && group < LONG_NUMBER;
        if group == 0 || is_time || is_word {
            break;
        }
        digits = digits.saturating_add(group);
        end = text.len().saturating_sub(after.len());
        rest = after;
        for _ in 0..3 {
            rest = rest.strip_prefix(SEPARATORS).unwrap_or(rest);
        }
    }
    (digits >= SHORTEST_NUMBER).then_some(end)
}

/// Whether a long number begins inside a word, as in `tel08031234567`.
pub(super) fn starts_with_long_number(previous: Option<char>, text: &str) -> bool {
    let digits = text.split_at_checked(LONG_NUMBER);
    let is_long =
        digits.is_some_and(|(digits, _)| digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_long && previous.is_some_and(char::is_alphabetic)
}

/// The length of the date or the time at the start of a text, such as `2026-01-01T10:00:00.000Z` or `10:00`.
pub(super) fn date_length(text: &str) -> Option<usize> {
    let after_date = year_first(text).or_else(|| day_first(text));
    let after_time = match after_date {
        Some(rest) => rest.strip_prefix(['T', 't', ' ']).and_then(time),
        None => time(text),
    };
    let rest = after_time.or(after_date)?;
    let is_longer = rest.starts_with(|c: char| c.is_ascii_digit());
    (!is_longer).then(|| text.len().saturating_sub(rest.len()))
}

fn year_first(text: &str) -> Option<&str> {
    let rest = date_separator(digits(text, 4, 1900..=2099)?)?;
    let rest = date_separator(digits(rest, 2, 1..=12)?)?;
    digits(rest, 2, 1..=31)
}

fn day_first(text: &str) -> Option<&str> {
    let rest = date_separator(digits(text, 2, 1..=31)?)?;
    let rest = date_separator(digits(rest, 2, 1..=31)?)?;
    digits(rest, 4, 1900..=2099)
}

fn date_separator(text: &str) -> Option<&str> {
    text.strip_prefix(['-', '/', '.'])
}

/// Returns the text after a time with its fraction and its zone.
fn time(text: &str) -> Option<&str> {
    let rest = digits(text, 2, 0..=23)?.strip_prefix(':')?;
    let mut rest = digits(rest, 2, 0..=59)?;
    let seconds = rest.strip_prefix(':');
    if let Some(after) = seconds.and_then(|text| digits(text, 2, 0..=60)) {
        let fraction = after.strip_prefix(['.', ',']);
        let fraction = fraction.map(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()));
        rest = fraction.unwrap_or(after);
    }
    if let Some(rest) = rest.strip_prefix(['Z', 'z']) {
        return Some(rest);
    }
    let zone = rest.strip_prefix(['+', '-']);
    let Some(after) = zone.and_then(|text| digits(text, 2, 0..=23)) else {
        return Some(rest);
    };
    let minutes = after.strip_prefix(':').unwrap_or(after);
    Some(digits(minutes, 2, 0..=59).unwrap_or(after))
}

/// Returns the text after this many digits, if their number is in the range.
fn digits(text: &str, count: usize, range: std::ops::RangeInclusive<u32>) -> Option<&str> {
    let (digits, rest) = text.split_at_checked(count)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && range.contains(&digits.parse().ok()?)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_may_contain_an_apostrophe_or_a_slash() {
        for email in [
            "o'brien@example.org",
            "a/b+c@example.org",
            "ünal@example.org",
            "a@b",
        ] {
            assert_eq!(word_length(&format!("{email}, hello")), Some(email.len()));
        }
        for text in ["@ada", "ada@", "'ada@example.org'", "ada obi@example.org"] {
            assert_eq!(word_length(text), None, "{text}");
        }
    }

    #[test]
    fn number_ends_before_other_words() {
        let length = |text| number_length(text).unwrap_or(0);
        assert_eq!(length("0803 123-4567, or"), 13);
        assert_eq!(length("+234 (803) 123.4567"), 19);
        assert_eq!(length("0803 123 4567 10:30"), 13);
        assert_eq!(length("0803 123 4567 2026-01-01"), 13);
        assert_eq!(length("0803 123 4567 8th"), 13);
        assert_eq!(length("0803\u{a0}123\u{2011}4567"), 16);
        assert_eq!(length("08031234567x"), 11);
        assert_eq!(length(" 123456"), 0);
        assert_eq!(length("123456x"), 0);
        assert_eq!(length("12345"), 0);
    }

    #[test]
    fn dates_and_times_are_recognized_whole() {
        for date in [
            "2026-01-01",
            "2026-01-01T10:00:00.000000Z",
            "2026-01-01 10:00:00+01:00",
            "31/12/2026",
            "10:00:00.123456",
            "00:00",
        ] {
            assert_eq!(date_length(date), Some(date.len()), "{date}");
            assert_eq!(date_length(&format!("{date} GMT")), Some(date.len()));
        }
        for text in ["0803-12-12", "2026-13-01", "12-12-20267", "2026"] {
            assert_eq!(date_length(text), None, "{text}");
        }
    }
}
