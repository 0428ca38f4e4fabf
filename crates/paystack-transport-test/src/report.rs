//! What came of each clause.

use std::fmt;

use crate::Clause;

/// What came of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The transport keeps it.
    Passed,
    /// The transport does not: what was expected, and what was seen.
    Failed(String),
    /// The transport does not, or this machine could not tell; and the author says why it need not.
    NotApplicable(String),
    /// The author says that it does not apply, but the transport keeps it: take the exception out.
    PassedAllTheSame(String),
    /// This machine could not tell, and why.
    Unchecked(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("passed"),
            Self::Failed(why) => write!(f, "FAILED: {why}"),
            Self::NotApplicable(reason) => write!(f, "not applicable: {reason}"),
            Self::PassedAllTheSame(reason) => {
                write!(f, "passed, though declared not applicable: {reason}")
            }
            Self::Unchecked(reason) => write!(f, "not checked: {reason}"),
        }
    }
}

/// What came of all clauses. `Display` is a table with a line a clause, and what one says that failed.
///
/// ```text
/// statuses          passed
/// redirects         FAILED: 302 to /moved after GET: expected 302, seen 200
///                   No redirect is followed: the key goes to no other host.
/// unknown-name      not applicable: the client's error might be any other
/// …
/// 24 passed, 1 failed, 1 not applicable, 0 not checked
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    outcomes: Vec<(Clause, Outcome)>,
}

impl Report {
    pub(crate) fn new(outcomes: Vec<(Clause, Outcome)>) -> Self {
        Self { outcomes }
    }

    /// Each clause and what came of it, in the order of [`Clause::ALL`].
    pub fn outcomes(&self) -> impl Iterator<Item = (Clause, &Outcome)> {
        self.outcomes
            .iter()
            .map(|(clause, outcome)| (*clause, outcome))
    }

    /// The clauses that failed and were not declared.
    pub fn failed(&self) -> impl Iterator<Item = Clause> {
        self.outcomes().filter_map(|(clause, outcome)| {
            let is_failed = matches!(outcome, Outcome::Failed(_));
            is_failed.then_some(clause)
        })
    }

    /// Whether no clause failed but declared ones, and those did.
    pub fn is_passed(&self) -> bool {
        let is_passed = |one| !matches!(one, &Outcome::Failed(_) | &Outcome::PassedAllTheSame(_));
        self.outcomes().all(|(_, outcome)| is_passed(outcome))
    }

    /// For tests.
    ///
    /// # Panics
    ///
    /// If a clause [failed](Self::failed), or was declared [for nothing](Outcome::PassedAllTheSame):
    /// with the whole report.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(
            self.is_passed(),
            "the transport is not as it should be:\n{self}"
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
        let count = |is: fn(&Outcome) -> bool| self.outcomes().filter(|(_, one)| is(one)).count();
        write!(
            f,
            "{} passed, {} failed, {} not applicable, {} not checked",
            count(|one| matches!(one, Outcome::Passed | Outcome::PassedAllTheSame(_))),
            count(|one| matches!(one, Outcome::Failed(_))),
            count(|one| matches!(one, Outcome::NotApplicable(_))),
            count(|one| matches!(one, Outcome::Unchecked(_))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_came_of_each_clause() {
        let report = Report::new(vec![
            (Clause::Statuses, Outcome::Passed),
            (Clause::Redirects, Outcome::Failed("302: followed".into())),
            (Clause::Refused, Outcome::NotApplicable("opaque".into())),
            (Clause::Timer, Outcome::PassedAllTheSame("no clock".into())),
            (
                Clause::UnknownName,
                Outcome::Unchecked("no resolver".into()),
            ),
        ]);
        let expected = "\
statuses          passed
redirects         FAILED: 302: followed
                  No redirect is followed: the key goes to no other host.
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
    fn a_failed_one_stops_a_test() {
        let failed = Outcome::Failed("302: followed".into());
        Report::new(vec![(Clause::Redirects, failed)]).assert_passed();
    }

    #[test]
    #[should_panic(expected = "timer             passed, though declared not applicable: no clock")]
    fn a_needless_exception_stops_a_test() {
        let needless = Outcome::PassedAllTheSame("no clock".into());
        Report::new(vec![(Clause::Timer, needless)]).assert_passed();
    }

    #[test]
    fn what_this_machine_cannot_tell_and_what_does_not_apply_stop_no_test() {
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
