//! The sensitive values in the text of a request or a response.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::redaction::Redaction;
use paystack_core::{RawJson, read_json};

/// All characters but the unreserved ones of RFC 3986, as the SDK encodes paths.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Shorter values are found in their own fields only.
const SHORTEST_KNOWN: usize = 3;

/// Numbers with fewer digits are no personal data.
const SHORTEST_NUMBER: usize = 6;

/// Finds the sensitive values of texts: those of sensitive fields, those of a pattern, and known ones.
pub(in crate::testing) struct SensitiveValues<'a> {
    rules: &'a Redaction,
    /// The longest first.
    known: Vec<&'a str>,
}

/// Returns the replacement of a value.
type Replace<'a> = dyn FnMut(&str) -> String + 'a;

impl<'a> SensitiveValues<'a> {
    pub(in crate::testing) fn new(rules: &'a Redaction, known: &'a [String]) -> Self {
        let known = known.iter().map(String::as_str);
        let mut known: Vec<_> = known
            .filter(|value| value.len() >= SHORTEST_KNOWN)
            .collect();
        known.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { rules, known }
    }

    /// Replaces each sensitive value of a snapshot: in the URL, the headers and the body.
    pub(in crate::testing) fn rewrite(&self, text: &str, replace: &mut Replace<'_>) -> String {
        let (head, body) = match text.split_once("\n\n") {
            Some((head, body)) => (head, Some(body)),
            None => (text, None),
        };
        let mut lines = Vec::new();
        for (number, line) in head.lines().enumerate() {
            lines.push(match (number, line.split_once(' ')) {
                (0, Some((method, url))) if url.contains("://") => {
                    format!("{method} {}", self.url(url, replace))
                }
                (0, _) => line.to_owned(),
                (_, Some((name, value))) => format!("{name} {}", self.words(value, replace)),
                (_, None) => line.to_owned(),
            });
        }
        if let Some(body) = body {
            lines.push(String::new());
            match body.starts_with(['{', '[']) {
                true => self.json(body, &mut lines, replace),
                false => lines.extend(body.lines().map(|line| self.words(line, replace))),
            }
        }
        let mut rewritten = lines.join("\n");
        if text.ends_with('\n') {
            rewritten.push('\n');
        }
        rewritten
    }

    fn url(&self, url: &str, replace: &mut Replace<'_>) -> String {
        let (path, query) = match url.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (url, None),
        };
        let (scheme, rest) = path.split_once("://").unwrap_or(("", path));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let segments = path
            .split('/')
            .map(|segment| self.encoded(segment, false, replace));
        let mut rewritten = format!(
            "{scheme}://{host}/{}",
            segments.collect::<Vec<_>>().join("/")
        );
        if let Some(query) = query {
            let pairs = query.split('&').map(|pair| match pair.split_once('=') {
                Some((name, value)) => {
                    let is_sensitive = self.rules.is_sensitive(name);
                    format!("{name}={}", self.encoded(value, is_sensitive, replace))
                }
                None => pair.to_owned(),
            });
            rewritten = format!("{rewritten}?{}", pairs.collect::<Vec<_>>().join("&"));
        }
        rewritten
    }

    /// Percent-encoded text. It stays as it is encoded if nothing changes.
    fn encoded(&self, text: &str, is_sensitive: bool, replace: &mut Replace<'_>) -> String {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        let rewritten = match is_sensitive && !decoded.is_empty() {
            true => replace(&decoded),
            false => self.words(&decoded, replace),
        };
        match rewritten == decoded {
            true => text.to_owned(),
            false => utf8_percent_encode(&rewritten, ENCODED).to_string(),
        }
    }

    /// JSON as snapshots indent it: each line has a name, a value or both.
    fn json(&self, body: &str, lines: &mut Vec<String>, replace: &mut Replace<'_>) {
        // Whether the rows of each open list are sensitive.
        let mut open = Vec::new();
        for line in body.lines() {
            let trimmed = line.trim_start();
            let (indent, _) = line.split_at(line.len().saturating_sub(trimmed.len()));
            let (name, value) = match string_token(trimmed) {
                Some((name, rest)) if rest.starts_with(": ") => {
                    (Some(name), rest.trim_start_matches(": "))
                }
                _ => (None, trimmed),
            };
            let is_sensitive = match name {
                Some(name) => self.rules.is_sensitive(&decoded(name)),
                None => open.last().copied().unwrap_or(false),
            };
            match value {
                "{" => open.push(false),
                "[" => open.push(is_sensitive),
                _ if value.starts_with(['}', ']']) => {
                    open.pop();
                }
                _ => {}
            }
            let value = self.json_value(value, is_sensitive, replace);
            lines.push(match name {
                Some(name) => format!("{indent}{name}: {value}"),
                None => format!("{indent}{value}"),
            });
        }
    }

    fn json_value(&self, value: &str, is_sensitive: bool, replace: &mut Replace<'_>) -> String {
        if let Some((token, rest)) = string_token(value) {
            let text = decoded(token);
            let rewritten = match is_sensitive && !text.is_empty() {
                true => replace(&text),
                false => self.words(&text, replace),
            };
            return match rewritten == text {
                true => value.to_owned(),
                false => format!("{}{rest}", encoded_json(&rewritten)),
            };
        }
        let (number, comma) = match value.strip_suffix(',') {
            Some(number) => (number, ","),
            None => (value, ""),
        };
        match is_sensitive && number.bytes().all(|byte| byte.is_ascii_digit()) {
            true => format!("{}{comma}", replace(number)),
            false => value.to_owned(),
        }
    }

    /// Plain text: known values, and words of a sensitive pattern.
    fn words(&self, text: &str, replace: &mut Replace<'_>) -> String {
        let mut rewritten = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_word_start = !rewritten.ends_with(|last: char| last.is_alphanumeric());
            let found = is_word_start.then(|| self.value_at_start(rest)).flatten();
            let length = match found {
                Some(value) => {
                    rewritten.push_str(&replace(value));
                    value.len()
                }
                None => {
                    rewritten.push(first);
                    first.len_utf8()
                }
            };
            rest = rest.split_at(length).1;
        }
        rewritten
    }

    /// The sensitive value at the start of a text.
    fn value_at_start<'t>(&self, text: &'t str) -> Option<&'t str> {
        for known in &self.known {
            if let Some(rest) = text.strip_prefix(known)
                && !rest.starts_with(char::is_alphanumeric)
            {
                return Some(text.split_at(known.len()).0);
            }
        }
        let end = text.find(is_separator).unwrap_or(text.len());
        let word = text.split_at(end).0.trim_end_matches(['.', '-']);
        if is_code(word) || is_email(word) {
            return Some(word);
        }
        let end = text.find(|c: char| !(c.is_ascii_digit() || " +-.()".contains(c)));
        let number = text.split_at(end.unwrap_or(text.len())).0;
        let number = number.trim_end_matches(|c: char| !c.is_ascii_digit());
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        (digits >= SHORTEST_NUMBER && !is_date(number)).then_some(number)
    }
}

/// The JSON string at the start of a text, and the rest.
fn string_token(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = inner.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })?;
    Some(text.split_at(end.saturating_add(2)))
}

fn decoded(token: &str) -> String {
    read_json(token.as_bytes()).unwrap_or_else(|_| token.to_owned())
}

fn encoded_json(text: &str) -> String {
    let json = RawJson::encode(text);
    json.map_or_else(|_| String::new(), |json| json.as_str().to_owned())
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || ",;:\"'()<>[]{}|`=&?/\\".contains(character)
}

fn is_email(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
}

/// A key, or a code of Paystack's: at least three capital letters, a low line and more.
fn is_code(word: &str) -> bool {
    let is_key = ["sk_", "pk_"].iter().any(|prefix| word.starts_with(prefix));
    let is_code = word.split_once('_').is_some_and(|(prefix, rest)| {
        prefix.len() >= 3 && prefix.bytes().all(|byte| byte.is_ascii_uppercase()) && rest.len() >= 3
    });
    is_key || is_code
}

/// A date such as `2026-01-01`.
fn is_date(number: &str) -> bool {
    let mut parts = number.split(['-', ' ']);
    let mut part = |length| parts.next().is_some_and(|part| part.len() == length);
    part(4) && part(2) && part(2)
}
