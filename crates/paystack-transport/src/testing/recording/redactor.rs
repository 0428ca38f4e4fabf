//! The redaction of recorded texts.

use super::redaction::Redaction;
use super::sensitive_values::SensitiveValues;
use super::stand_ins::StandIns;

/// Replaces sensitive values, each by the same stand-in.
pub(in crate::testing) struct Redactor<'a> {
    rules: &'a Redaction,
    stand_ins: StandIns,
    /// The search for the values, and their number.
    sensitive: Option<(SensitiveValues<'a>, usize)>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(rules: &'a Redaction) -> Self {
        Self {
            rules,
            stand_ins: StandIns::of(rules),
            sensitive: None,
        }
    }

    /// Finds the sensitive values of a text. All texts are searched before the first is redacted, because a message may
    /// precede the field that makes a name known.
    pub(super) fn search(&mut self, text: &str) {
        self.redact(text);
    }

    /// Redacts a text. A value that the search did not find, because known values now split the text differently, has a
    /// new stand-in.
    pub(super) fn redact(&mut self, text: &str) -> String {
        let Self {
            rules,
            stand_ins,
            sensitive,
        } = self;
        let count = stand_ins.0.len();
        let current = sensitive.take().filter(|(_, known)| *known == count);
        let (sensitive, _) = sensitive.insert(current.unwrap_or_else(|| {
            let known: Vec<_> = stand_ins.0.keys().cloned().collect();
            (SensitiveValues::new(rules, &known), count)
        }));
        sensitive.rewrite(text, &mut |value| stand_ins.get_or_add(value))
    }
}
