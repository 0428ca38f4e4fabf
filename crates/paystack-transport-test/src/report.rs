//! The report of the suite: the outcome of each clause.

use std::fmt;

use crate::clause::Clause;

/// The outcome of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The transport keeps the clause.
    Passed,
    /// The transport breaks the clause: the expected and the actual behaviour.
    Failed(String),
    /// The clause is [declared](crate::Suite::not_applicable) not applicable and did not pass: the declared
    /// reason.
    NotApplicable(String),
    /// The clause is declared not applicable, but the transport keeps it. Remove the declaration.
    UnexpectedlyPassed(String),
    /// The suite could not check the clause on this machine: the cause.
    Unchecked(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Failed(fault) => write!(f, "FAILED: {fault}"),
            Self::NotApplicable(reason) => write!(f, "not applicable: {reason}"),
            Self::UnexpectedlyPassed(reason) => {
                write!(f, "passed, though declared not applicable: {reason}")
            }
            Self::Unchecked(cause) => write!(f, "not checked: {cause}"),
        }
    }
}

/// The outcomes of all clauses.
///
/// `Display` prints one line per clause, and the text of each clause that failed.
///
/// ```text
/// statuses          passed
/// redirects         FAILED: 302 to /moved after GET: expected 302, got 200
///                   Follows no redirect, so that no other host receives the key.
/// unknown-name      not applicable: the client has one error for all causes
/// …
/// 25 passed, 1 failed, 1 not applicable, 0 not checked
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    outcomes: Vec<(Clause, Outcome)>,
}

impl Report {
    pub(crate) fn new(outcomes: Vec<(Clause, Outcome)>) -> Self {
        Self { outcomes }
    }

    /// Returns each clause and its outcome, in the order of [`Clause::ALL`].
    pub fn outcomes(&self) -> impl Iterator<Item = (Clause, &Outcome)> {
        self.outcomes
            .iter()
            .map(|(clause, outcome)| (*clause, outcome))
    }

    /// Returns the clauses that failed and are not declared not applicable.
    pub fn failed(&self) -> impl Iterator<Item = Clause> {
        self.outcomes().filter_map(|(clause, outcome)| {
            let is_failed = matches!(outcome, Outcome::Failed(_));
            is_failed.then_some(clause)
        })
    }

    /// Returns whether no undeclared clause failed and no declared clause passed. Unchecked clauses do not count.
    pub fn is_passed(&self) -> bool {
        let is_passed = |outcome| {
            !matches!(
                outcome,
                &Outcome::Failed(_) | &Outcome::UnexpectedlyPassed(_)
            )
        };
        self.outcomes().all(|(_, outcome)| is_passed(outcome))
    }

    /// Asserts that the report [passed](Self::is_passed).
    ///
    /// # Panics
    ///
    /// Panics with the whole report if a clause [failed](Self::failed) or
    /// [unexpectedly passed](Outcome::UnexpectedlyPassed).
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(
            self.is_passed(),
            "the transport does not conform to the contract:\n{self}"
        );
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (clause, outcome) in self.outcomes() {
            writeln!(f, "{clause:<18}{outcome}")?;
            if let Outcome::Failed(_) = outcome {
                writeln!(f, "{:<18}{}", "", clause.text())?;
            }
        }
        let count = |matches: fn(&Outcome) -> bool| {
            self.outcomes()
                .filter(|(_, outcome)| matches(outcome))
                .count()
        };
        write!(
            f,
            "{} passed, {} failed, {} not applicable, {} not checked",
            count(|outcome| matches!(outcome, Outcome::Passed | Outcome::UnexpectedlyPassed(_))),
            count(|outcome| matches!(outcome, Outcome::Failed(_))),
            count(|outcome| matches!(outcome, Outcome::NotApplicable(_))),
            count(|outcome| matches!(outcome, Outcome::Unchecked(_))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_prints_the_outcome_of_each_clause() {
        let report = Report::new(vec![
            (Clause::Statuses, Outcome::Passed),
            (Clause::Redirects, Outcome::Failed("302: followed".into())),
            (Clause::Refused, Outcome::NotApplicable("opaque".into())),
            (
                Clause::Timer,
                Outcome::UnexpectedlyPassed("no clock".into()),
            ),
            (
                Clause::UnknownName,
                Outcome::Unchecked("no resolver".into()),
            ),
        ]);
        let expected = "\
statuses          passed
redirects         FAILED: 302: followed
                  Follows no redirect, so that no other host receives the key.
refused           not applicable: opaque
timer             passed, though declared not applicable: no clock
unknown-name      not checked: no resolver
2 passed, 1 failed, 1 not applicable, 1 not checked";
        assert_eq!(report.to_string(), expected);
        assert_eq!(report.failed().collect::<Vec<_>>(), [Clause::Redirects]);
        assert!(!report.is_passed());
    }

    #[test]
    #[should_panic(expected = "redirects         FAILED: 302: followed")]
    fn assert_passed_panics_if_a_clause_failed() {
        let failed = Outcome::Failed("302: followed".into());
        Report::new(vec![(Clause::Redirects, failed)]).assert_passed();
    }

    #[test]
    #[should_panic(expected = "timer             passed, though declared not applicable: no clock")]
    fn assert_passed_panics_if_a_declared_clause_passed() {
        let needless = Outcome::UnexpectedlyPassed("no clock".into());
        Report::new(vec![(Clause::Timer, needless)]).assert_passed();
    }

    #[test]
    fn assert_passed_accepts_unchecked_and_declared_clauses() {
        let outcomes = [
            (Clause::Refused, Outcome::NotApplicable("opaque".into())),
            (
                Clause::UnknownName,
                Outcome::Unchecked("no resolver".into()),
            ),
        ];
        Report::new(outcomes.into()).assert_passed();
    }
}
