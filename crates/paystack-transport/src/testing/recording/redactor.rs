//! The redaction of recorded texts.

use super::redaction::Redaction;
use super::sensitive_values::SensitiveValues;
use super::stand_ins::StandIns;

/// Replaces sensitive values, each by the same stand-in.
pub(in crate::testing) struct Redactor<'a> {
    rules: &'a Redaction,
    stand_ins: StandIns,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(rules: &'a Redaction) -> Self {
        let stand_ins = StandIns::of(rules);
        Self { rules, stand_ins }
    }

    /// Finds the sensitive values of a text. All texts are searched before the first is redacted, because a message may
    /// precede the field that makes a name known.
    pub(super) fn search(&mut self, text: &str) {
        self.redact(text);
    }

    /// Redacts a text. A value that was not found by the search, because known values have split the text otherwise,
    /// has a new stand-in.
    pub(super) fn redact(&mut self, text: &str) -> String {
        let known: Vec<_> = self.stand_ins.0.keys().cloned().collect();
        let sensitive = SensitiveValues::new(self.rules, &known);
        sensitive.rewrite(text, &mut |value| self.stand_ins.get_or_add(value))
    }
}
