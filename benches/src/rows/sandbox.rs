//! Many mandates in the sandbox: the growth with their number.

use std::hint::black_box;

use paystack_hyper::customers::CreateCustomer;
use paystack_hyper::customers::direct_debit::{
    Account, Address, InitializeDirectDebit, ListMandateAuthorizations,
};
use paystack_hyper::{Api, Email, SecretKey};
use paystack_sandbox::Sandbox;
use time::{Duration, OffsetDateTime};

use super::Row;

/// The numbers of mandates.
const SIZES: [usize; 2] = [250, 2_000];

pub(super) fn rows() -> Vec<Row> {
    let row = |mandates| Row::new(format!("mandates/{mandates}"), move || settle(mandates));
    SIZES.into_iter().map(row).collect()
}

/// Initializes mandates of one customer each second, activates them, and lists them once.
fn settle(mandates: usize) -> impl Fn() {
    move || {
        let api = Api::new(SecretKey::new("sk_test_any").unwrap());
        let mut sandbox = Sandbox::new(1).without_rate_limits();
        let mut now = OffsetDateTime::UNIX_EPOCH;
        let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        let created = sandbox.handle(now, api.request(&create).unwrap());
        let customer = api.read(&create, created).unwrap().data.id;
        let account = Account::new("0123456789", "058");
        let address = Address::new("1 Main Street", "Ikeja", "Lagos");
        let initialize = InitializeDirectDebit::new(customer, account, address);
        for _ in 0..mandates {
            now += Duration::SECOND;
            sandbox.handle(now, api.request(&initialize).unwrap());
        }
        let later = now + Duration::MINUTE;
        assert_eq!(sandbox.take_webhooks(later).len(), 2 * mandates);
        let list = ListMandateAuthorizations::new(customer);
        black_box(sandbox.handle(later, api.request(&list).unwrap()));
    }
}
