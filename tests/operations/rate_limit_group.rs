//! The rate limit group of each operation.

use paystack_core::RateLimitGroup;
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::Values;

struct Groups(usize);

impl Visitor for Groups {
    fn visit<O: Example>(&mut self, _: Entry<O>) {
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
