//! JSON, which may be cut off, invalid, or a part of other text.

use super::super::fields::{Class, normalized};
use super::super::json_string::{decode, encode, string_token};
use super::super::known_values::number;
use super::{Replace, Search, SensitiveValues};

/// The place of a value.
#[derive(Clone, Copy)]
struct Place {
    class: Class,
    /// Whether a field around the value is sensitive.
    is_inside_sensitive: bool,
    is_inside_metadata: bool,
}

impl SensitiveValues<'_> {
    /// Rewrites JSON by its tokens, whose layout stays. Any other text is a sequence of tokens, too: it stays complete,
    /// and is searched as plain text.
    pub(super) fn json(
        &self,
        text: &str,
        is_envelope: bool,
        search: Search,
        replace: &mut Replace<'_>,
    ) -> String {
        let mut rewritten = String::new();
        let mut rest = text;
        // The places of the rows of the open lists and of the fields of the open objects.
        let mut open: Vec<Place> = Vec::new();
        let mut field: Option<Place> = None;
        while let Some(first) = rest.chars().next() {
            let outer = open.last().copied().unwrap_or(Place {
                class: Class::Other,
                is_inside_sensitive: false,
                is_inside_metadata: search.is_metadata,
            });
            let place = field.unwrap_or(outer);
            let search = Search {
                is_metadata: place.is_inside_metadata,
                ..search
            };
            let length = match first {
                '"' => {
                    let (token, after) = string_token(rest).unwrap_or((rest, ""));
                    if after.trim_start().starts_with(':') {
                        let name = decode(token);
                        field = Some(self.place(&name, outer, is_envelope && open.len() == 1));
                        let key = self.name(&name, search, replace);
                        rewritten.push_str(&token_for(&key, &name, token));
                        let value = after.trim_start().strip_prefix(':').unwrap_or_default();
                        let colon = after.len().saturating_sub(value.len());
                        rewritten.push_str(after.split_at(colon).0);
                        token.len().saturating_add(colon)
                    } else {
                        rewritten.push_str(&self.string(token, place, search, replace));
                        token.len()
                    }
                }
                '{' | '[' => {
                    let is_sensitive = place.class == Class::Sensitive;
                    let is_inside_sensitive = place.is_inside_sensitive || is_sensitive;
                    let class = match first {
                        '[' => place.class,
                        _ => Class::Other,
                    };
                    open.push(Place {
                        class,
                        is_inside_sensitive,
                        ..place
                    });
                    field = None;
                    rewritten.push(first);
                    1
                }
                '}' | ']' => {
                    open.pop();
                    field = None;
                    rewritten.push(first);
                    1
                }
                ',' if !open.is_empty() => {
                    field = None;
                    rewritten.push(first);
                    1
                }
                _ => {
                    let ends: &[char] = match (open.is_empty(), field) {
                        (true, _) => &['"', '{', '}', '[', ']'],
                        (false, Some(_)) => &['"', '{', '}', '[', ']', ','],
                        (false, None) => &['"', '{', '}', '[', ']', ',', ':'],
                    };
                    let (bare, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
                    let core = bare.trim();
                    let start = bare.len().saturating_sub(bare.trim_start().len());
                    let (start, _) = bare.split_at(start);
                    let (_, end) = bare.split_at(start.len().saturating_add(core.len()));
                    rewritten.push_str(start);
                    // JavaScript and YAML write names without quotes.
                    let is_name = ends.contains(&':') && after.starts_with(':');
                    if is_name {
                        field = Some(self.place(core.trim_matches('\''), outer, false));
                    }
                    rewritten.push_str(&match (open.is_empty(), is_name) {
                        (true, _) => self.plain(core, search, replace),
                        (false, true) => {
                            inside_quotes(core, |name| self.name(name, search, replace))
                        }
                        (false, false) => self.bare(core, place, search, replace),
                    });
                    rewritten.push_str(end);
                    if is_name {
                        rewritten.push(':');
                    }
                    bare.len().saturating_add(usize::from(is_name))
                }
            };
            rest = rest.split_at(length).1;
        }
        rewritten
    }

    /// The place of the value of a field.
    fn place(&self, name: &str, outer: Place, is_envelope: bool) -> Place {
        let class = match (name, self.class(name)) {
            ("code" | "type", _) if is_envelope => Class::Word,
            (_, Class::Id | Class::Timestamp) if outer.is_inside_metadata => Class::Other,
            (_, class) => class,
        };
        let is_metadata = normalized(name).is_some_and(|name| name == "metadata");
        Place {
            class,
            is_inside_metadata: outer.is_inside_metadata || is_metadata,
            ..outer
        }
    }

    fn string(
        &self,
        token: &str,
        place: Place,
        search: Search,
        replace: &mut Replace<'_>,
    ) -> String {
        let class = match place.is_inside_sensitive {
            true => Class::Sensitive,
            false => place.class,
        };
        let text = decode(token);
        let rewritten = self.value(&text, class, search, replace);
        token_for(&rewritten, &text, token)
    }

    /// A number, a literal or invalid text.
    fn bare(&self, text: &str, place: Place, search: Search, replace: &mut Replace<'_>) -> String {
        let is_sensitive = place.is_inside_sensitive || place.class == Class::Sensitive;
        let magnitude = text.strip_prefix('-').unwrap_or(text);
        let sign = if magnitude.len() < text.len() {
            "-"
        } else {
            ""
        };
        let is_number =
            magnitude.starts_with(|c: char| c.is_ascii_digit()) && magnitude.parse::<f64>().is_ok();
        match (magnitude, number(magnitude).filter(|_| is_number)) {
            ("true" | "false", _) if is_sensitive => "false".to_owned(),
            ("" | "null" | "true" | "false", _) => text.to_owned(),
            (_, Some(digits)) => {
                let stays = matches!(place.class, Class::Amount | Class::Timestamp);
                let explicit_only = stays || !search.all_known;
                let known = self.known.with_number(&digits, explicit_only);
                let value = known.or(is_sensitive.then_some(&digits));
                let replacement = value.and_then(|value| number(&replace(value)));
                replacement.map_or_else(|| text.to_owned(), |number| format!("{sign}{number}"))
            }
            _ if is_sensitive => inside_quotes(text, replace),
            _ => self.plain(text, search, replace),
        }
    }
}

/// Rewrites a text within single quotes, if it has any.
fn inside_quotes(text: &str, rewrite: impl FnOnce(&str) -> String) -> String {
    match text.trim_matches('\'') {
        "" => text.to_owned(),
        inner => text.replacen(inner, &rewrite(inner), 1),
    }
}

/// The token, or that of another text if the text has changed.
fn token_for(rewritten: &str, text: &str, token: &str) -> String {
    match rewritten == text {
        true => token.to_owned(),
        false => encode(rewritten, token),
    }
}
