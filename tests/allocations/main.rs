//! How many allocations does a request take?
//!
//! The allocator counts for the whole process, so this target has one test.

use std::alloc::System;
use std::hint::black_box;

use paystack_core::Operation;
use paystack_core::Position;
use paystack_core::customers::{ListCustomers, UpdateCustomer};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::{Values, api};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The headers take two allocations, and a body one. Path and query take one, unless they are a constant.
#[test]
fn request_takes_at_most_four_allocations() {
    let values = Values::default();
    each_operation(&values, &mut Allocations);

    takes(
        3,
        ListCustomers::new().per_page(100).start(Position::Page(3)),
    );
    let update = UpdateCustomer::new(&values.code).metadata(values.metadata);
    takes(4, update.clear_phone());
}

struct Allocations;

impl Visitor for Allocations {
    fn visit<O: Example>(&mut self, Entry { small, full, .. }: Entry<O>) {
        for operation in [small, full] {
            let is_constant = operation.path().as_str() == O::PATH
                && api().request(&operation).unwrap().uri().query().is_none();
            let body = usize::from(operation.body().is_some());
            takes(3 + body - usize::from(is_constant), operation);
        }
    }
}

#[track_caller]
fn takes<O: Operation>(expected: usize, operation: O) {
    let api = api();
    let once = || {
        let region = Region::new(ALLOCATOR);
        let request = api.request(&operation).unwrap();
        let counted = region.change().allocations;
        drop(black_box(request));
        counted
    };
    // The test harness's own thread may allocate now and then.
    let least = (0..10).map(|_| once()).min();
    assert_eq!(least, Some(expected), "{}", O::NAME);
}
