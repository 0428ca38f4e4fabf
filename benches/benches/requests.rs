//! What it costs to write a request: time, and allocations beyond the operation itself.
//!
//! `cargo bench --bench requests` in this folder. Growing and shrinking are counted apart from
//! allocating.

use divan::{AllocProfiler, Bencher, black_box};
use paystack_hyper::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, Start, UpdateCustomer, ValidateCustomer,
};
use paystack_hyper::{Api, AuthorizationCode, CustomerCode, Email, Metadata, Operation, SecretKey};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Only writing is measured: neither making the operation nor dropping the request.
fn bench(bencher: Bencher<'_, '_>, operation: impl Operation + Sync) {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    bencher.bench(|| api.request(black_box(&operation)));
}

fn code() -> CustomerCode {
    CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap()
}

#[divan::bench]
fn create(bencher: Bencher) {
    let metadata = Metadata::new(&serde_json::json!({"plan": "gold"})).unwrap();
    let create = CreateCustomer::new(Email::new("ada@example.com").unwrap())
        .first_name("Ada")
        .last_name("Obi")
        .phone("+2348123456789")
        .metadata(metadata);
    bench(bencher, create);
}

#[divan::bench]
fn deactivate_authorization(bencher: Bencher) {
    let code = AuthorizationCode::new("AUTH_xxxIjkZVj5").unwrap();
    bench(bencher, DeactivateAuthorization::new(code));
}

#[divan::bench]
fn fetch(bencher: Bencher) {
    bench(bencher, FetchCustomer::new(code()));
}

#[divan::bench]
fn list(bencher: Bencher) {
    bench(
        bencher,
        ListCustomers::new().per_page(100).start(Start::Page(3)),
    );
}

#[divan::bench]
fn set_risk_action(bencher: Bencher) {
    bench(bencher, SetRiskAction::new(code(), RiskAction::Deny));
}

#[divan::bench]
fn update(bencher: Bencher) {
    bench(
        bencher,
        UpdateCustomer::new(code()).first_name("Ada").clear_phone(),
    );
}

#[divan::bench]
fn validate(bencher: Bencher) {
    let account = BankAccount::test_credential();
    bench(bencher, ValidateCustomer::new(code(), account));
}
