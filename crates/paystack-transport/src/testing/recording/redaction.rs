//! The replacement of secrets and personal data in recorded texts.

use std::collections::BTreeMap;

use super::sensitive_values::SensitiveValues;

/// The fields whose whole value is replaced.
const FIELDS: [&str; 25] = [
    "access_code",
    "account_name",
    "account_number",
    "authorization_code",
    "authorization_url",
    "bin",
    "bvn",
    "city",
    "customer_code",
    "email",
    "first_name",
    "ip_address",
    "last4",
    "last_name",
    "middle_name",
    "name",
    "number",
    "phone",
    "redirect_url",
    "reference",
    "secret",
    "signature",
    "state",
    "street",
    "value",
];

/// The rules by which a recording replaces secrets and personal data.
///
/// These values are replaced:
///
/// - the value of each field in bodies and queries that holds an e-mail address, a name, a phone or an account
///   number, a card's digits, an address, a code, a reference or a link, and of each field that
///   [`field`](Self::field) adds;
/// - e-mail addresses, keys, codes such as `AUTH_…`, and numbers of six or more digits, in every path, query, header
///   and text;
/// - each text that [`value`](Self::value) adds, and every replaced value of three or more characters, wherever it
///   occurs.
///
/// The same value has the same stand-in everywhere, also if it is percent-encoded or inside a JSON string. So a replayed
/// flow stays linked. A stand-in has the form of its value: an address is an address, and digits are digits.
///
/// Numeric ids stay, and metadata is only searched for the values and patterns above: add the fields in which
/// you keep personal data.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    fields: Vec<String>,
    values: Vec<String>,
}

impl Redaction {
    /// The rules above.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the whole value of each field of this name, such as a field of your metadata.
    #[must_use]
    pub fn field(mut self, name: &str) -> Self {
        self.fields.push(name.to_owned());
        self
    }

    /// Replaces this text wherever it occurs.
    #[must_use]
    pub fn value(mut self, text: &str) -> Self {
        self.values.push(text.to_owned());
        self
    }

    pub(super) fn is_sensitive(&self, field: &str) -> bool {
        FIELDS.contains(&field) || self.fields.iter().any(|name| name == field)
    }
}

/// Replaces sensitive values, each by the same stand-in.
pub(in crate::testing) struct Redactor<'a> {
    rules: &'a Redaction,
    stand_ins: BTreeMap<String, String>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(rules: &'a Redaction) -> Self {
        let mut redactor = Self {
            rules,
            stand_ins: BTreeMap::new(),
        };
        for value in &rules.values {
            redactor.learn(value);
        }
        redactor
    }

    /// Finds the sensitive values of a text. All texts are searched before the first is redacted, because a message may
    /// precede the field that makes a name known.
    pub(super) fn search(&mut self, text: &str) {
        let mut found = Vec::new();
        let known: Vec<_> = self.stand_ins.keys().cloned().collect();
        SensitiveValues::new(self.rules, &known).rewrite(text, &mut |value| {
            found.push(value.to_owned());
            value.to_owned()
        });
        for value in found {
            self.learn(&value);
        }
    }

    pub(super) fn redact(&self, text: &str) -> String {
        let known: Vec<_> = self.stand_ins.keys().cloned().collect();
        SensitiveValues::new(self.rules, &known).rewrite(text, &mut |value| {
            let stand_in = self.stand_ins.get(value);
            stand_in.cloned().unwrap_or_else(|| value.to_owned())
        })
    }

    fn learn(&mut self, value: &str) {
        let number = self.stand_ins.len().saturating_add(1);
        if !self.stand_ins.contains_key(value) {
            let stand_in = stand_in(value, number);
            self.stand_ins.insert(value.to_owned(), stand_in);
        }
    }
}

/// A stand-in of the same form as the value.
fn stand_in(value: &str, number: usize) -> String {
    if value.starts_with("https://") {
        return format!("https://example.com/recorded{number}");
    }
    if value.contains('@') {
        return format!("person{number}@example.com");
    }
    let digits = value.strip_prefix('+').unwrap_or(value);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let plus = if digits.len() < value.len() { "+" } else { "" };
        // A number in JSON must not begin with a zero.
        let (first, rest) = match digits.starts_with('0') {
            true => ("0", digits.len().saturating_sub(1)),
            false => ("9", digits.len().saturating_sub(1)),
        };
        return format!("{plus}{first}{number:0>rest$}");
    }
    match value.rsplit_once('_') {
        Some((prefix, _))
            if prefix
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'_') =>
        {
            format!("{prefix}_recorded{number}")
        }
        _ => format!("recorded{number}"),
    }
}
