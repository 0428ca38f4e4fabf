//! The rules of a redaction.

use std::fmt;

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
#[derive(Clone, Default)]
pub struct Redaction {
    pub(super) fields: Vec<String>,
    pub(super) values: Vec<String>,
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
}

/// Shows no value: it may be personal data.
impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (fields, values) = (self.fields.len(), self.values.len());
        write!(f, "Redaction({fields} fields, {values} values)")
    }
}
