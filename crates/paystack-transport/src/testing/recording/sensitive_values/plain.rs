//! Plain text.

use percent_encoding::percent_decode_str;

use super::super::fields::Class;
use super::super::patterns::{
    date_length, message_length, number_length, starts_with_long_number, word_length,
};
use super::url::percent_encoded;
use super::{Replace, Search, SensitiveValues};

/// The start of a text.
enum Start<'t> {
    /// It stays.
    Keep(usize),
    /// A value, and its length in the text.
    Value(&'t str, usize),
    /// A sensitive parameter, such as `email=…`.
    Parameter(usize),
    /// A text with percent signs.
    Encoded(usize),
}

impl SensitiveValues<'_> {
    /// Plain text: known values, values of a pattern, and sensitive parameters of URLs and forms.
    pub(super) fn plain(&self, text: &str, search: Search, replace: &mut Replace<'_>) -> String {
        let mut rewritten = String::new();
        let mut rest = text;
        let mut previous = None;
        // The rest of a message that identifies a refusal.
        let mut message = 0_usize;
        while let Some(first) = rest.chars().next() {
            message = message.max(message_length(rest).unwrap_or(0));
            let search = Search {
                all_known: search.all_known && message == 0,
                ..search
            };
            let start = self.start(previous, rest, search);
            let length = match start {
                Start::Keep(length)
                | Start::Value(_, length)
                | Start::Parameter(length)
                | Start::Encoded(length) => length,
            };
            let length = length.max(first.len_utf8());
            let (part, after) = rest.split_at(length);
            match start {
                Start::Keep(_) => rewritten.push_str(part),
                Start::Value(value, _) => rewritten.push_str(&replace(value)),
                Start::Parameter(_) => {
                    let (name, value) = part.split_once('=').unwrap_or((part, ""));
                    rewritten.push_str(&self.parameter_name(name, search, replace));
                    rewritten.push('=');
                    rewritten.push_str(&self.parameter_value(value, search, replace));
                }
                Start::Encoded(_) => {
                    rewritten.push_str(&self.encoded(part, Class::Other, search, replace));
                }
            }
            message = message.saturating_sub(length);
            previous = part.chars().next_back();
            rest = after;
        }
        rewritten
    }

    /// Percent-encoded text. It stays as it is encoded if nothing changes.
    pub(super) fn encoded(
        &self,
        text: &str,
        class: Class,
        search: Search,
        replace: &mut Replace<'_>,
    ) -> String {
        let Some(search) = search.inner() else {
            return replace(text);
        };
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        let rewritten = self.value(&decoded, class, search, replace);
        match rewritten == decoded {
            true => text.to_owned(),
            false => percent_encoded(&rewritten),
        }
    }

    fn start<'t>(&'t self, previous: Option<char>, text: &'t str, search: Search) -> Start<'t> {
        let is_word_start = !previous.is_some_and(char::is_alphanumeric);
        let is_end = |c: char| c.is_whitespace() || "\"'<>/&=?#:;,".contains(c);
        let known = self.known.at_start(previous, text, !search.all_known);
        let date = is_word_start.then(|| date_length(text)).flatten();
        if previous.is_none_or(is_end)
            && known.is_none()
            && let Some(parameter) = self.parameter(text)
        {
            return parameter;
        }
        if previous.is_none_or(is_end) {
            let run = text.split_at(text.find(is_end).unwrap_or(text.len())).0;
            let is_known = known.is_some_and(|(_, length)| length >= run.len());
            if !is_known && run.as_bytes().windows(3).any(is_escape) {
                return Start::Encoded(run.len());
            }
        }
        if let Some(date) = date {
            // A known date may have a time behind it.
            return match known {
                Some((value, length)) if length >= date.min("2026-01-01".len()) => {
                    Start::Value(value, length)
                }
                _ => Start::Keep(date),
            };
        }
        let number = || number_length(text).filter(|_| search.numbers);
        let pattern = match is_word_start {
            true => word_length(text).or_else(number),
            false if starts_with_long_number(previous, text) => number(),
            false => None,
        };
        match (known, pattern) {
            // A name may be the start of an e-mail address.
            (Some((value, length)), pattern) if pattern.is_none_or(|other| length >= other) => {
                Start::Value(value, length)
            }
            (_, Some(length)) => Start::Value(text.split_at(length).0, length),
            (_, None) => Start::Keep(0),
        }
    }

    /// A sensitive parameter at the start of a text.
    fn parameter(&self, text: &str) -> Option<Start<'static>> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-[]%.".contains(c);
        let (name, _) = text.split_at(text.find(|c| !is_name(c))?);
        let value = text.split_at(name.len()).1.strip_prefix('=')?;
        let decoded = percent_decode_str(name).decode_utf8_lossy();
        let is_end = |c: char| c.is_whitespace() || "\"'<>&;#".contains(c);
        let length = value.find(is_end).unwrap_or(value.len());
        let is_sensitive = self.class(&decoded) == Class::Sensitive && length > 0;
        is_sensitive.then(|| {
            let name = name.len().saturating_add(1);
            Start::Parameter(name.saturating_add(length))
        })
    }
}

fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}
