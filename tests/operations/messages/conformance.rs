//! Outcomes of the conformance suite.

use paystack_transport_test::Outcome;

pub(super) fn messages() -> Vec<String> {
    let outcomes = [
        Outcome::Passed,
        Outcome::Failed("fault".into()),
        Outcome::NotApplicable("reason".into()),
        Outcome::UnexpectedlyPassed("reason".into()),
        Outcome::Unchecked("cause".into()),
    ];
    outcomes.map(|outcome| outcome.to_string()).into()
}
