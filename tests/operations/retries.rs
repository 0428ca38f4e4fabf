//! The name, method and retry rule of each operation.

use paystack_core::{RateLimitGroup, RetryRule};
use paystack_tests::operations::{Example, Visitor, each_operation};
use paystack_tests::values::Values;

type Row = (&'static str, String, RetryRule);

struct Rows(Vec<Row>);

impl Visitor for Rows {
    fn visit<O: Example>(&mut self, _: O, _: O) {
        self.0.push((O::NAME, O::METHOD.to_string(), O::RETRY));
    }
}

#[test]
fn only_idempotent_operations_are_always_retried() {
    use RetryRule::{Idempotent, IfNotProcessed};
    let expected = [
        ("customers.create", "POST", IfNotProcessed),
        ("customers.list", "GET", Idempotent),
        ("customers.fetch", "GET", Idempotent),
        ("customers.update", "PUT", Idempotent),
        ("customers.validate", "POST", IfNotProcessed),
        ("customers.set_risk_action", "POST", Idempotent),
        ("customers.deactivate_authorization", "POST", IfNotProcessed),
        ("customers.initialize_authorization", "POST", IfNotProcessed),
        ("customers.verify_authorization", "GET", Idempotent),
        ("customers.initialize_direct_debit", "POST", IfNotProcessed),
        ("customers.charge_activation", "PUT", IfNotProcessed),
        ("customers.list_mandate_authorizations", "GET", Idempotent),
        (
            "customers.list_integration_mandate_authorizations",
            "GET",
            Idempotent,
        ),
    ];
    let mut rows = Rows(Vec::new());
    each_operation(&Values::default(), &mut rows);
    for (name, method, rule) in &rows.0 {
        let row = expected.iter().find(|row| row.0 == *name);
        let row = row.unwrap_or_else(|| panic!("the table lacks {name}"));
        assert_eq!((row.1, row.2), (method.as_str(), *rule), "{name}");
    }
    assert_eq!(rows.0.len(), expected.len(), "the table has extra rows");
}

struct Groups(usize);

impl Visitor for Groups {
    fn visit<O: Example>(&mut self, _: O, _: O) {
        assert_eq!(O::RATE_LIMIT_GROUP, RateLimitGroup::DEFAULT, "{}", O::NAME);
        self.0 += 1;
    }
}

#[test]
fn every_operation_is_in_the_default_group() {
    let mut groups = Groups(0);
    each_operation(&Values::default(), &mut groups);
    assert!(groups.0 > 10);
}
