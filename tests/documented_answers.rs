//! Bodies of the shapes that Paystack documents, each read by the operation that it answers.

use paystack_core::customers::{
    BankAccount, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, RiskAction,
    SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    Api, ApiError, AuthorizationCode, CustomerCode, Domain, Email, ErrorCode, ErrorKind, ErrorType,
    Operation, Reply, SecretKey, bytes::Bytes, http,
};
use serde_json::{Value, json};
use time::macros::datetime;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn answer(status: u16, body: &'static str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

fn read<O: Operation>(operation: &O, body: &'static str) -> Reply<O::Output> {
    api().read(operation, answer(200, body)).unwrap()
}

fn refused(status: u16, body: &'static str) -> ApiError {
    let fetch = FetchCustomer::new(code());
    match api()
        .read(&fetch, answer(status, body))
        .unwrap_err()
        .into_kind()
    {
        ErrorKind::Api(error) => error,
        other => panic!("{other:?}"),
    }
}

fn code() -> CustomerCode {
    CustomerCode::new("CUS_4fjw92kq0xzb7ty").unwrap()
}

fn email() -> Email {
    Email::new("ngozi@example.com").unwrap()
}

#[test]
fn create() {
    let ngozi = read(
        &CreateCustomer::new(email()),
        include_str!("fixtures/create.json"),
    )
    .data;
    assert_eq!(ngozi.id.get(), 5214);
    assert_eq!(ngozi.customer_code, code());
    assert_eq!(ngozi.email, email());
    assert_eq!(ngozi.integration, Some(100_071));
    assert_eq!(ngozi.domain, Some(Domain::Test));
    assert_eq!(ngozi.identified, Some(false));
    assert_eq!(
        ngozi.created_at,
        Some(datetime!(2026-03-02 08:15:30.417 UTC))
    );
    assert_eq!(ngozi.risk_action, None, "not told");
    assert_eq!(
        ngozi.authorizations, None,
        "not told, which is not the same as none"
    );
}

#[test]
fn fetch() {
    let kwame = read(
        &FetchCustomer::new(email()),
        include_str!("fixtures/fetch.json"),
    )
    .data;
    assert_eq!(kwame.id.get(), 9_387_490_384, "ids outgrow 32 bits");
    assert_eq!(kwame.created_at, Some(datetime!(2026-03-02 08:15:30 UTC)));
    assert_eq!(kwame.updated_at, Some(datetime!(2026-03-04 21:00:09 UTC)));
    assert_eq!(kwame.risk_action, Some(RiskAction::Default));
    assert_eq!(
        (kwame.phone, kwame.metadata, kwame.identifications),
        (None, None, None)
    );
    assert_eq!(kwame.transactions.as_deref(), Some(&[][..]));
    assert_eq!(kwame.total_transactions, Some(0));
    assert_eq!(kwame.total_transaction_value.as_deref(), Some(&[][..]));
    let card = &kwame.authorizations.unwrap()[0];
    assert_eq!(
        card.authorization_code,
        Some(AuthorizationCode::new("AUTH_p3k8d0vnq2").unwrap())
    );
    assert_eq!(card.card_type.as_deref(), Some("visa"));
    assert_eq!(card.exp_month.as_deref(), Some("07"));
    assert_eq!(card.reusable, Some(true));
    assert_eq!(card.account_name, None);
}

#[test]
fn list_by_page() {
    let reply = read(
        &ListCustomers::new(),
        include_str!("fixtures/list_by_page.json"),
    );
    assert_eq!(reply.data.len(), 2);
    assert_eq!(reply.data[1].first_name.as_deref(), Some("Wanjiru"));
    assert_eq!(reply.data[1].risk_action, Some(RiskAction::Allow));
    assert!(reply.data[1].metadata.as_ref().unwrap().is_empty());
    let meta = reply.meta.unwrap();
    assert_eq!(
        (meta.total, meta.page_count, meta.per_page),
        (Some(7316), Some(3658), Some(2))
    );
    assert_eq!(
        meta.decode::<Value>().unwrap()["total_volume"],
        json!(397_800)
    );
}

#[test]
fn list_by_cursor() {
    let reply = read(
        &ListCustomers::new(),
        include_str!("fixtures/list_by_cursor.json"),
    );
    let meta = reply.meta.unwrap();
    assert_eq!(meta.next.unwrap().as_str(), "Y3VzdG9tZXI6OTA3NTEwMTA=");
    assert_eq!(meta.previous, None, "the word null is none");
}

#[test]
fn update() {
    let ngozi = read(
        &UpdateCustomer::new(code()),
        include_str!("fixtures/update.json"),
    )
    .data;
    let metadata: Value = ngozi.metadata.unwrap().get().unwrap();
    assert_eq!(metadata["photos"][0]["isPrimary"], json!(true));
    assert_eq!(ngozi.authorizations.as_deref(), Some(&[][..]));
}

#[test]
fn validate() {
    let account = BankAccount {
        country: "NG".into(),
        bank_code: "007".into(),
        account_number: "0111111111".into(),
        bvn: "222222222221".into(),
        first_name: "Uchenna".into(),
        last_name: "Okoro".into(),
    };
    let validate = ValidateCustomer::new(code(), account);
    let reply = api()
        .read(
            &validate,
            answer(202, include_str!("fixtures/validate.json")),
        )
        .unwrap();
    assert_eq!(reply.status(), 202);
    assert_eq!(reply.message, "Customer Identification in progress");
}

#[test]
fn set_risk_action() {
    let set = SetRiskAction::new(code(), RiskAction::Allow);
    let thandi = read(&set, include_str!("fixtures/set_risk_action.json")).data;
    assert_eq!(thandi.risk_action, Some(RiskAction::Allow));
    assert_eq!(thandi.last_name.unwrap(), "Nkosi");
}

#[test]
fn deactivate_authorization() {
    let deactivate =
        DeactivateAuthorization::new(AuthorizationCode::new("AUTH_p3k8d0vnq2").unwrap());
    let reply = read(
        &deactivate,
        include_str!("fixtures/deactivate_authorization.json"),
    );
    assert_eq!(reply.message, "Authorization has been deactivated");
}

#[test]
fn an_error_with_everything() {
    let error = refused(400, include_str!("fixtures/error_missing_params.json"));
    assert_eq!(error.error_type(), Some(&ErrorType::ValidationError));
    assert_eq!(error.code(), Some(&ErrorCode::MissingParams));
    assert_eq!(
        error.next_step(),
        Some("Provide all required params"),
        "without its odd space"
    );
    assert_eq!(
        error.to_string(),
        "400 validation_error/missing_params: Email Address is required \
         (Provide all required params)"
    );
}

#[test]
fn an_error_with_its_next_step_under_metadata() {
    let error = refused(404, include_str!("fixtures/error_metadata_next_step.json"));
    assert_eq!(error.code(), Some(&ErrorCode::Unknown));
    assert_eq!(error.next_step(), Some("Try again later"));
}

#[test]
fn an_error_of_the_rate_limit() {
    let error = refused(429, include_str!("fixtures/error_rate_limited.json"));
    assert_eq!(error.code(), Some(&ErrorCode::RateLimited));
}

#[test]
fn errors_of_the_older_kind_have_only_a_message() {
    for (status, body, shown) in [
        (
            401,
            r#"{"status":false,"message":"Invalid key"}"#,
            "401: Invalid key",
        ),
        (
            403,
            r#"{"status":false,"message":"You cannot modify risk level of customers on this integration"}"#,
            "403: You cannot modify risk level of customers on this integration",
        ),
        (
            400,
            r#"{"status":"false","message":"Invalid BVN","data":[]}"#,
            "400: Invalid BVN",
        ),
    ] {
        assert_eq!(refused(status, body).to_string(), shown);
    }
}
