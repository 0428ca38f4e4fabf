//! Test values that many tests use.

use std::io;
use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_transport::customers::direct_debit::{
    Account, Address, AuthorizationId, InitializeDirectDebit, ListIntegrationMandateAuthorizations,
    MandateStatus,
};
use paystack_transport::customers::{BankAccount, CreateCustomer, ListCustomers, RiskAction};
use paystack_transport::{
    Api, AuthorizationCode, Cursor, CustomerCode, CustomerId, Email, Metadata, Mode, Operation,
    Position, RateLimiter, Reference, Reply, SecretKey,
};
use serde_json::json;
use time::OffsetDateTime;

/// Returns an API with a test key.
pub fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// Returns an API with a live key.
pub fn live_api() -> Api {
    Api::new(SecretKey::new("sk_live_3f2a9c").unwrap())
}

/// Returns a rate limiter without a limit.
pub fn unlimited() -> RateLimiter {
    RateLimiter::new(Mode::Test, 7).without_limit()
}

/// Parses an e-mail address.
pub fn email(address: &str) -> Email {
    Email::new(address).unwrap()
}

/// A bank account for direct debit.
pub fn account() -> Account {
    Account::new("0123456789", "058")
}

/// A postal address for direct debit.
pub fn address() -> Address {
    Address::new("1 Main Street", "Ikeja", "Lagos")
}

/// Errors that a connection reports before or after the client has sent a request.
pub const CONNECTION_ERRORS: [io::ErrorKind; 5] = [
    io::ErrorKind::ConnectionRefused,
    io::ErrorKind::HostUnreachable,
    io::ErrorKind::TimedOut,
    io::ErrorKind::BrokenPipe,
    io::ErrorKind::ConnectionReset,
];

/// The values from which [`each_operation`](crate::operations::each_operation) makes its examples.
#[derive(Clone, Debug)]
pub struct Values {
    /// The address of a customer to create.
    pub new_email: Email,
    /// The address of an existing customer.
    pub email: Email,
    pub code: CustomerCode,
    pub id: CustomerId,
    pub name: String,
    pub phone: String,
    pub metadata: Metadata,
    pub bank_account: BankAccount,
    pub risk_action: RiskAction,
    pub authorization: AuthorizationCode,
    pub authorization_id: AuthorizationId,
    pub reference: Reference,
    pub callback_url: String,
    pub account: Account,
    pub address: Address,
    pub mandate_status: MandateStatus,
    /// A cursor of the list of customers.
    pub cursor: Cursor,
    /// A cursor of a list of mandates.
    pub mandate_cursor: Cursor,
}

impl Values {
    /// Creates the customer, the card and the mandates of these values in a sandbox. Every operation on them
    /// succeeds until the second mandate becomes active, eight seconds after `now`.
    pub fn in_sandbox(self, sandbox: &mut Sandbox, now: OffsetDateTime) -> Self {
        let earlier = now - Duration::from_secs(60);
        create(sandbox, earlier, email("cleo@example.com"));
        let (id, code) = create(sandbox, earlier, self.email.clone());
        assert!(sandbox.seed_authorization(&Mode::Test, &code, &self.authorization));
        let initialize = InitializeDirectDebit::new(id, self.account.clone(), self.address.clone());
        let agreed = send(sandbox, earlier, &initialize).data;
        // The customer agrees to this mandate now, and the bank activates it later.
        send(sandbox, now - Duration::from_secs(2), &initialize);

        let customers = ListCustomers::new().per_page(1).start(Position::Cursor);
        let mandates = ListIntegrationMandateAuthorizations::new().per_page(1);
        let mandates = send(sandbox, now, &mandates);
        Self {
            code,
            id,
            authorization_id: mandates.data[0].authorization_id,
            reference: agreed.reference,
            cursor: next(send(sandbox, now, &customers)),
            mandate_cursor: next(mandates),
            ..self
        }
    }
}

fn send<O: Operation>(
    sandbox: &mut Sandbox,
    at: OffsetDateTime,
    operation: &O,
) -> Reply<O::Output> {
    let request = api().request(operation).unwrap();
    api().read(operation, sandbox.handle(at, request)).unwrap()
}

fn create(sandbox: &mut Sandbox, at: OffsetDateTime, email: Email) -> (CustomerId, CustomerCode) {
    let created = send(sandbox, at, &CreateCustomer::new(email)).data;
    (created.id, created.customer_code)
}

fn next<T>(reply: Reply<T>) -> Cursor {
    reply.meta.unwrap().next.unwrap()
}

impl Default for Values {
    fn default() -> Self {
        Self {
            new_email: email("bisi@example.com"),
            email: email("ada@example.com"),
            code: CustomerCode::new("CUS_x").unwrap(),
            id: CustomerId::new(7),
            name: "Ada".into(),
            phone: "+2348123456789".into(),
            metadata: Metadata::new(&json!({"plan": "gold", "seats": 3})).unwrap(),
            bank_account: BankAccount::test_credential(),
            risk_action: RiskAction::Deny,
            authorization: AuthorizationCode::new("AUTH_x").unwrap(),
            authorization_id: AuthorizationId::new(1),
            reference: Reference::new("dfbzfotsrbv4n5s82t4mp5b5mfn51h").unwrap(),
            callback_url: "https://shop.example/mandates?from=mail".into(),
            account: account(),
            address: address(),
            mandate_status: MandateStatus::Active,
            cursor: Cursor::new("Y3VzdG9tZXI6OTA3NTEwMTA=").unwrap(),
            mandate_cursor: Cursor::new("bWFuZGF0ZToxNjQwOTg=").unwrap(),
        }
    }
}
