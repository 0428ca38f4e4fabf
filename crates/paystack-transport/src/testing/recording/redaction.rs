//! The rules of a redaction.

use std::fmt;

/// The rules by which a recording replaces secrets and personal data.
///
/// A recording replaces:
///
/// - The whole values of sensitive fields in bodies, forms and queries, and all values below them. Their names end with
///   `name`, `email`, `phone`, `number`, `address`, `street`, `url`, `token` and so on. Others are `reference`,
///   `customer_code`, `bvn`, `nin`, `dob`, `last4`, `value` and `zip`. Plurals, letter case and separators are ignored.
///   [`field`](Self::field) adds names.
/// - In every path, query, header, key and text: e-mail addresses, keys, codes such as `AUTH_…`, and numbers of six or
///   more digits.
/// - Each text that [`value`](Self::value) adds, and each replaced value of three or more characters, in any letter case.
///   One of up to seven characters is only replaced as a whole word. JSON numbers that equal such a value count from six
///   digits on.
///
/// Percent-encoding, JSON in strings, and JSON that is invalid or cut off are searched, too. Base64, HTML entities and
/// compressed data are not decoded: add such texts with [`value`](Self::value).
///
/// These stay:
///
/// - dates and times
/// - numbers of fields such as `amount`, `total` and `perPage`
/// - single words of fields such as `status` and `currency`
/// - the words of routes, the envelope's `code` and `type`, and the headers of responses
/// - literals of JSON, names of fields outside `metadata` that are small words, and names such as `city` in `metadata`
///   that decide about their values
/// - messages that identify a refusal, such as [`is_already_validated`](paystack_core::Error::is_already_validated)
/// - other JSON numbers, unless they equal a value above: a long id in a path is replaced everywhere, other ids stay
///
/// The same value has the same stand-in everywhere, so the requests of a replay fit its responses. A stand-in has the form
/// of its value: an e-mail address, an `https` URL, a code or digits. Keys and Paystack's codes keep their prefixes. Below a
/// sensitive field, booleans become `false`.
///
/// Read a recording before you commit it: metadata may contain personal data in fields that only you know.
///
/// ```
/// use paystack_transport::testing::Redaction;
///
/// let rules = Redaction::new().field("member").value("canary 7");
/// ```
#[derive(Clone, Default)]
pub struct Redaction {
    pub(super) fields: Vec<String>,
    pub(super) values: Vec<String>,
}

impl Redaction {
    /// The default rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the whole value of each field with this name, such as a field of your metadata.
    #[must_use]
    pub fn field(mut self, name: &str) -> Self {
        self.fields.push(name.to_owned());
        self
    }

    /// Replaces this text wherever it occurs, even if it is short or in a field that stays. A short text must be a whole
    /// word or a whole number.
    ///
    /// Its stand-in depends only on the rules. A replay with the same rules restores it in all responses.
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
