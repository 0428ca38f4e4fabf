//! The sensitive values in the text of a request or a response.

mod json;
mod plain;
mod url;

use super::fields::{self, Class, normalized};
use super::known_values::KnownValues;
use super::patterns::is_email;
use super::redaction::Redaction;
use super::stand_ins::StandIns;

/// Finds the sensitive values of texts: those of sensitive fields, those of a pattern, and known ones.
pub(in crate::testing) struct SensitiveValues<'a> {
    rules: &'a Redaction,
    known: KnownValues,
}

/// Returns the replacement of a value.
type Replace<'a> = dyn FnMut(&str) -> String + 'a;

/// The headers of a request in which only patterns and the caller's values are replaced. Numbers stay.
const TECHNICAL: [&str; 5] = [
    "accept",
    "accept-encoding",
    "content-length",
    "content-type",
    "user-agent",
];

/// How a text is searched.
#[derive(Clone, Copy)]
struct Search {
    /// Whether all known values are replaced, or only those of the caller.
    all_known: bool,
    /// Whether long numbers are replaced.
    numbers: bool,
    /// Whether the text is a part of metadata, whose names are the caller's.
    is_metadata: bool,
    /// The number of encodings around the text, such as a JSON string.
    depth: u8,
}

impl Search {
    const TEXT: Self = Self {
        all_known: true,
        numbers: true,
        is_metadata: false,
        depth: 0,
    };

    /// For names, and for words of a list.
    const NAME: Self = Self {
        all_known: false,
        ..Self::TEXT
    };

    /// For the host and for technical headers.
    const TECHNICAL: Self = Self {
        numbers: false,
        ..Self::NAME
    };

    /// The search of an encoded text, up to a limit.
    fn inner(self) -> Option<Self> {
        let depth = self.depth.saturating_add(1);
        (depth < 8).then_some(Self { depth, ..self })
    }
}

impl<'a> SensitiveValues<'a> {
    pub(in crate::testing) fn new(rules: &'a Redaction, known: &[String]) -> Self {
        // The stand-ins, too: a replay restores the values.
        let mut explicit = rules.values.clone();
        explicit.extend(StandIns::of(rules).0.into_values());
        let known = KnownValues::new(known, &explicit);
        Self { rules, known }
    }

    /// Replaces each sensitive value of a snapshot: in the URL, the headers and the body. The headers of a response
    /// stay, as the client needs them.
    pub(in crate::testing) fn rewrite(&self, text: &str, replace: &mut Replace<'_>) -> String {
        let (head, body) = match text.split_once("\n\n") {
            Some((head, body)) => (head, Some(body)),
            None => (text, None),
        };
        let mut lines = head.split('\n');
        let first = lines.next().unwrap_or_default();
        let request = first.split_once(' ').filter(|(_, url)| url.contains("://"));
        let Some((method, url)) = request else {
            let body = body.map(|body| self.json(body, true, Search::TEXT, replace));
            return joined(head.to_owned(), body);
        };
        let mut rewritten = format!("{method} {}", self.url(url, replace));
        for line in lines {
            rewritten.push('\n');
            rewritten.push_str(&self.header(line, replace));
        }
        let body = body.map(|body| self.json(body, false, Search::TEXT, replace));
        joined(rewritten, body)
    }

    fn header(&self, line: &str, replace: &mut Replace<'_>) -> String {
        match line.split_once(": ") {
            None | Some(("authorization", _)) => line.to_owned(),
            Some((name, value)) => {
                let value = match TECHNICAL.contains(&name) {
                    true => self.plain(value, Search::TECHNICAL, replace),
                    false => self.value(value, self.class(name), Search::TEXT, replace),
                };
                format!("{name}: {value}")
            }
        }
    }

    fn class(&self, field: &str) -> Class {
        let normalized_field = normalized(field);
        let is_added = |name: &String| {
            name == field || (normalized_field.is_some() && normalized(name) == normalized_field)
        };
        match self.rules.fields.iter().any(is_added) {
            true => Class::Sensitive,
            false => fields::class(field),
        }
    }

    /// The decoded text of a field.
    fn value(&self, text: &str, class: Class, search: Search, replace: &mut Replace<'_>) -> String {
        let is_number = text.bytes().all(|byte| b"+-.,0123456789".contains(&byte));
        let search = match class {
            Class::Sensitive if !text.is_empty() => return replace(text),
            Class::Amount if is_number => Search {
                all_known: false,
                numbers: false,
                ..search
            },
            Class::Word if is_word(text.trim_end()) => Search {
                all_known: false,
                ..search
            },
            Class::Timestamp => Search {
                all_known: false,
                numbers: false,
                ..search
            },
            Class::Id => Search {
                numbers: false,
                ..search
            },
            _ => search,
        };
        let known = self.known.at_start(None, text, !search.all_known);
        let object = text.split_once('{');
        let has_field = object.is_some_and(|(_, fields)| fields.contains(':'));
        let has_string = text.contains(['{', '[']) && text.contains('"');
        let is_json = has_string || (has_field && !self.known.has_punctuated(text));
        match (known, search.inner()) {
            (Some((value, length)), _) if length == text.len() => replace(value),
            _ if is_email(text) && !text.contains(['/', '=', '?']) => replace(text),
            (_, Some(inner)) if is_json => self.json(text, false, inner, replace),
            _ => self.plain(text, search, replace),
        }
    }

    /// The name of a field.
    fn name(&self, name: &str, search: Search, replace: &mut Replace<'_>) -> String {
        let class = self.class(name);
        let is_field = match search.is_metadata {
            // In a replay, too, the name must have the class of its value.
            true => class != self.class(&self.plain(name, search, &mut |_| "recorded".to_owned())),
            false => fields::is_small_word(name) || (class != Class::Other && !name.contains(' ')),
        };
        let search = match is_field {
            true => Search {
                all_known: false,
                ..search
            },
            false => search,
        };
        self.plain(name, search, replace)
    }
}

fn joined(mut head: String, body: Option<String>) -> String {
    if let Some(body) = body {
        head.push_str("\n\n");
        head.push_str(&body);
    }
    head
}

fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || b"_.-".contains(&byte);
    text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pseudo-random texts of pieces that the search reads in a special way.
    fn texts() -> impl Iterator<Item = String> {
        const PIECES: [&str; 34] = [
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\"",
            "\"",
            ",",
            ":",
            "\\",
            "\\u00",
            "\\ud800",
            " ",
            "\n",
            "%4",
            "%40",
            "803123",
            "-1",
            "flag",
            "null",
            "@",
            "ada@example.org",
            ".",
            "AUTH_x1y",
            "sk_",
            "=",
            "&",
            "email",
            "Ada",
            "é",
            "\u{feff}",
            "2026-01-01",
            "10:30",
            "/",
        ];
        let mut state = 7_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(state >> 16).unwrap()
        };
        (0..5_000).map(move |_| {
            let count = random() % 24;
            let pieces = (0..count).map(|_| PIECES[random() % 34]);
            pieces.collect()
        })
    }

    #[test]
    fn text_without_changes_keeps_each_byte() {
        let rules = Redaction::new();
        let known = ["Ada".to_owned(), "2026-01-01".to_owned()];
        let sensitive = SensitiveValues::new(&rules, &known);
        for text in texts() {
            for head in ["200 OK\n\n", "POST https://example.com/a?b=c\nx: y\n\n"] {
                let snapshot = format!("{head}{text}");
                let rewritten = sensitive.rewrite(&snapshot, &mut str::to_owned);
                assert_eq!(rewritten, snapshot);
            }
            let snapshot = format!(
                "GET https://example.com/{}\nx-a: b\n",
                text.replace('\n', "")
            );
            let rewritten = sensitive.rewrite(&snapshot, &mut str::to_owned);
            assert_eq!(rewritten, snapshot);
        }
    }

    #[test]
    fn long_texts_keep_their_layout() {
        let rules = Redaction::new();
        let known: Vec<_> = (0..1_000).map(|number| format!("value {number}")).collect();
        let sensitive = SensitiveValues::new(&rules, &known);
        for piece in [
            "a-", "+b/", "%25", "\\", "\"", "{\"a\":", "1 ", "a@", "AUT_",
        ] {
            let text = format!("200 OK\n\n{}", piece.repeat(5_000));
            let rewritten = sensitive.rewrite(&text, &mut str::to_owned);
            assert_eq!(rewritten, text);
        }
    }
}
