//! What a request takes from the allocator. A test of its own, since the allocator counts for the whole
//! process.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::alloc::System;
use std::hint::black_box;

use paystack_core::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    VerifyAuthorization,
};
use paystack_core::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    Api, AuthorizationCode, CustomerCode, CustomerId, Email, Metadata, Operation, Reference,
    SecretKey,
};
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The path, and the headers, which are two; the body.
#[test]
fn a_request_takes_three_allocations_and_four_with_a_body() {
    let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
    let email = Email::new("ada@example.com").unwrap();
    let id = CustomerId::new(9_387_490_384);
    let metadata = Metadata::new(&json!({"plan": "gold", "seats": 3})).unwrap();
    let account = Account {
        number: "0123456789".into(),
        bank_code: "058".into(),
    };
    let address = Address {
        street: "1 Main Street".into(),
        city: "Ikeja".into(),
        state: "Lagos".into(),
    };

    takes(3, FetchCustomer::new(&code));
    takes(3, FetchCustomer::new(&email));
    takes(3, ListCustomers::new().per_page(100).start(Start::Page(3)));
    takes(
        3,
        VerifyAuthorization::new(Reference::new("dfbzfotsrbv4n5s82t4mp5b5mfn51h").unwrap()),
    );
    takes(3, ListMandateAuthorizations::new(id));
    takes(3, ListIntegrationMandateAuthorizations::new().per_page(20));

    let create = CreateCustomer::new(&email)
        .first_name("Ada")
        .last_name("Obi")
        .phone("+2348123456789")
        .metadata(metadata.clone());
    takes(4, create);
    takes(
        4,
        UpdateCustomer::new(&code).metadata(metadata).clear_phone(),
    );
    takes(
        4,
        ValidateCustomer::new(&code, BankAccount::test_credential()),
    );
    takes(4, SetRiskAction::new(&email, RiskAction::Deny));
    takes(
        4,
        DeactivateAuthorization::new(AuthorizationCode::new("AUTH_ekk8t49ogj").unwrap()),
    );
    let initialize = InitializeAuthorization::new(&email)
        .callback_url("https://shop.example/mandates?from=mail")
        .account(account.clone())
        .address(address.clone());
    takes(4, initialize);
    takes(4, InitializeDirectDebit::new(id, account, address));
    takes(
        4,
        ChargeActivation::new(id, AuthorizationId::new(1_069_309_917)),
    );
}

#[track_caller]
fn takes<O: Operation>(expected: usize, operation: O) {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let once = || {
        let region = Region::new(ALLOCATOR);
        let request = api.request(&operation).unwrap();
        let counted = region.change().allocations;
        drop(black_box(request));
        counted
    };
    // The thread that waits for this one may allocate now and then.
    let least = (0..10).map(|_| once()).min();
    assert_eq!(least, Some(expected), "{}", O::NAME);
}
