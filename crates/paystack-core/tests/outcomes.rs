//! What an answer says about the outcome of a call, over every status, body shape and operation.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use bytes::Bytes;
use paystack_core::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    VerifyAuthorization,
};
use paystack_core::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    Api, AuthorizationCode, CustomerCode, CustomerId, Email, Error, Operation, Reference,
    SecretKey, http,
};

/// Bodies, and whether each is Paystack's own refusal.
const BODIES: [(&str, bool); 14] = [
    ("", false),
    ("{}", false),
    ("[]", false),
    ("null", false),
    ("<html><title>Attention Required!</title></html>", false),
    ("error code: 1020", false),
    (r#"{"title":"Bad gateway","status":502}"#, false),
    (r#"{"status":true,"message":"Done","data":7}"#, false),
    (r#"{"status":7,"message":"No"}"#, false),
    (r#"{"status":false,"message":"N"#, false),
    (r#"{"message":"No","type":"validation_error"}"#, false),
    (r#"{"status":false,"message":"No"}"#, true),
    (
        r#"{"status":"false","message":"No","code":"rate_limited"}"#,
        true,
    ),
    (
        r#"{"status":false,"message":"No","type":"api_error","code":"unknown"}"#,
        true,
    ),
];

fn read<O: Operation>(operation: &O, status: u16, body: &'static str) -> Option<Error> {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let mut response = http::Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    api.read(operation, response).err()
}

fn check<O: Operation>(operation: &O) {
    for status in 100..=999 {
        for (body, is_own) in BODIES {
            let Some(error) = read(operation, status, body) else {
                continue; // it is a success
            };
            let cell = format!("{}: {status} {body}", O::NAME);
            if error.is_retryable() && !matches!(status, 425 | 429) && !error.is_rate_limited() {
                assert!(error.is_outcome_unknown(), "{cell}");
            }
            // Only Paystack itself can say that nothing happened.
            if !error.is_outcome_unknown() {
                let is_done = body.starts_with(r#"{"status":true"#) && status / 100 == 2;
                assert!(is_own || is_done, "{cell}");
            }
        }
    }
}

#[test]
fn what_may_succeed_later_leaves_the_outcome_unknown() {
    let code = CustomerCode::new("CUS_x").unwrap();
    let email = Email::new("ada@example.com").unwrap();
    let id = CustomerId::new(7);
    let account = Account {
        number: "0111111111".into(),
        bank_code: "007".into(),
    };
    let address = Address {
        street: "1 Marina".into(),
        city: "Lagos".into(),
        state: "Lagos".into(),
    };
    check(&CreateCustomer::new(&email));
    check(&ListCustomers::new());
    check(&FetchCustomer::new(&code));
    check(&UpdateCustomer::new(&code));
    check(&ValidateCustomer::new(
        &code,
        BankAccount::test_credential(),
    ));
    check(&SetRiskAction::new(&code, RiskAction::Deny));
    check(&DeactivateAuthorization::new(
        AuthorizationCode::new("AUTH_x").unwrap(),
    ));
    check(&InitializeAuthorization::new(&email));
    check(&VerifyAuthorization::new(Reference::new("x").unwrap()));
    check(&InitializeDirectDebit::new(id, account, address));
    check(&ChargeActivation::new(id, AuthorizationId::new(1)));
    check(&ListMandateAuthorizations::new(id));
    check(&ListIntegrationMandateAuthorizations::new());
}
