//! Bodies of the shapes that Paystack documents, each read by the operation that it answers.

use paystack_core::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    MandateStatus, VerifyAuthorization,
};
use paystack_core::customers::{
    BankAccount, Channel, CreateCustomer, Customer, DeactivateAuthorization, FetchCustomer,
    ListCustomers, RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    Api, ApiError, AuthorizationCode, CustomerCode, CustomerId, Domain, Email, ErrorCode,
    ErrorKind, ErrorType, Operation, Reference, Reply, SecretKey, bytes::Bytes, http,
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
    let account = BankAccount::test_credential();
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
fn initialize_authorization() {
    let initialize = InitializeAuthorization::new(email());
    let link = read(
        &initialize,
        include_str!("fixtures/initialize_authorization.json"),
    )
    .data;
    assert_eq!(link.reference.as_str(), "h3pz8rtnv6w2y7kq2m9x4b1n0c5d");
    assert_eq!(
        link.redirect_url,
        "https://checkout.paystack.com/7kq2m9x4b1n0c5d"
    );
    assert_eq!(link.access_code.unwrap(), "7kq2m9x4b1n0c5d");
}

#[test]
fn verify_authorization() {
    let verify = VerifyAuthorization::new(Reference::new("h3pz8rtnv6w2y7kq2m9x4b1n0c5d").unwrap());
    let verified = read(&verify, include_str!("fixtures/verify_authorization.json")).data;
    assert_eq!(verified.authorization_code.as_str(), "AUTH_w5Tn2kQz8e");
    assert_eq!(verified.channel, Some(Channel::DirectDebit));
    assert_eq!(verified.active, Some(true));
    assert_eq!(verified.customer.unwrap().customer_code, Some(code()));
}

#[test]
fn initialize_direct_debit() {
    let link = read(
        &initialize_debit(),
        include_str!("fixtures/initialize_direct_debit.json"),
    )
    .data;
    assert_eq!(link.reference.as_str(), "2a4c6e8g0i2k4m6");
}

#[test]
fn charge_activation() {
    let charge = ChargeActivation::new(CustomerId::new(5214), AuthorizationId::new(110_058_821));
    let reply = read(&charge, include_str!("fixtures/charge_activation.json"));
    assert_eq!(reply.message, "Mandate is queued for retry");
}

#[test]
fn list_mandate_authorizations() {
    let list = ListMandateAuthorizations::new(CustomerId::new(5214));
    let reply = read(
        &list,
        include_str!("fixtures/list_mandate_authorizations.json"),
    );
    let mandate = &reply.data[0];
    assert_eq!(mandate.status, MandateStatus::Active);
    assert_eq!(mandate.authorization_id.get(), 110_058_821);
    assert_eq!(
        mandate.customer.as_ref().unwrap().first_name.as_deref(),
        Some("Ngozi")
    );
    assert_eq!(
        mandate.authorized_at,
        Some(datetime!(2026-03-05 10:57:53.824 UTC))
    );
    assert_eq!(mandate.bank_name, None);
    let meta = reply.meta.unwrap();
    assert_eq!(
        (meta.per_page, meta.count, meta.total),
        (Some(50), Some(1), None)
    );
}

fn initialize_debit() -> InitializeDirectDebit {
    let account = Account {
        number: "0123456789".into(),
        bank_code: "058".into(),
    };
    let address = Address {
        street: "1 Main Street".into(),
        city: "Ikeja".into(),
        state: "Lagos".into(),
    };
    InitializeDirectDebit::new(CustomerId::new(5214), account, address)
}

/// The paths to all values in a body, as errors write them, and as pointers into it.
fn paths(value: &Value, path: String, pointer: String) -> Vec<(String, String)> {
    let below: Vec<_> = match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                let dot = if path.is_empty() { "" } else { "." };
                paths(
                    value,
                    format!("{path}{dot}{name}"),
                    format!("{pointer}/{name}"),
                )
            })
            .collect(),
        Value::Array(rows) => rows
            .iter()
            .enumerate()
            .flat_map(|(n, value)| paths(value, format!("{path}[{n}]"), format!("{pointer}/{n}")))
            .collect(),
        _ => Vec::new(),
    };
    std::iter::once((path, pointer)).chain(below).collect()
}

/// The same body without one value, or with another in its place, over and over.
fn changed(body: &str) -> Vec<(String, String)> {
    let whole: Value = serde_json::from_str(body).unwrap();
    let others = [
        json!(null),
        json!(true),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("null"),
        json!("text"),
        json!([]),
        json!([7]),
        json!([[]]),
        json!({}),
        json!({"a": 1}),
    ];
    let mut bodies = Vec::new();
    for (path, pointer) in paths(&whole, String::new(), String::new()) {
        for other in &others {
            let mut body = whole.clone();
            *body.pointer_mut(&pointer).unwrap() = other.clone();
            bodies.push((path.clone(), body.to_string()));
        }
        if let Some((parent, name)) = pointer.rsplit_once('/') {
            let mut body = whole.clone();
            if let Value::Object(fields) = body.pointer_mut(parent).unwrap() {
                fields.remove(name);
                bodies.push((path, body.to_string()));
            }
        }
    }
    bodies
}

/// Whatever becomes of one value, the answer is read, or the error names that very value.
fn one_change_is_named<O: Operation>(operation: &O, body: &str) -> usize {
    let bodies = changed(body);
    for (path, body) in &bodies {
        let response = http::Response::new(Bytes::from(body.clone()));
        let Err(error) = api().read(operation, response) else {
            continue;
        };
        match error.into_kind() {
            ErrorKind::Decode(error) => {
                let named = error.json().path();
                assert!(named.starts_with(path), "{named} for {path} in {body}");
            }
            ErrorKind::Api(_) => panic!("a refusal for {path} in {body}"),
            other => panic!("{other}"),
        }
    }
    bodies.len()
}

#[test]
fn one_strange_value_is_read_over_or_named() {
    let reference = Reference::new("h3pz8rtnv6w2y7kq2m9x4b1n0c5d").unwrap();
    let customer = CustomerId::new(5214);
    let changes = [
        one_change_is_named(
            &CreateCustomer::new(email()),
            include_str!("fixtures/create.json"),
        ),
        one_change_is_named(
            &FetchCustomer::new(email()),
            include_str!("fixtures/fetch.json"),
        ),
        one_change_is_named(
            &ListCustomers::new(),
            include_str!("fixtures/list_by_page.json"),
        ),
        one_change_is_named(
            &ListCustomers::new(),
            include_str!("fixtures/list_by_cursor.json"),
        ),
        one_change_is_named(
            &UpdateCustomer::new(code()),
            include_str!("fixtures/update.json"),
        ),
        one_change_is_named(
            &SetRiskAction::new(code(), RiskAction::Allow),
            include_str!("fixtures/set_risk_action.json"),
        ),
        one_change_is_named(
            &InitializeAuthorization::new(email()),
            include_str!("fixtures/initialize_authorization.json"),
        ),
        one_change_is_named(
            &VerifyAuthorization::new(reference),
            include_str!("fixtures/verify_authorization.json"),
        ),
        one_change_is_named(
            &initialize_debit(),
            include_str!("fixtures/initialize_direct_debit.json"),
        ),
        one_change_is_named(
            &ChargeActivation::new(customer, AuthorizationId::new(1)),
            include_str!("fixtures/charge_activation.json"),
        ),
        one_change_is_named(
            &ListMandateAuthorizations::new(customer),
            include_str!("fixtures/list_mandate_authorizations.json"),
        ),
        one_change_is_named(
            &ListIntegrationMandateAuthorizations::new(),
            include_str!("fixtures/list_mandate_authorizations.json"),
        ),
    ];
    assert!(
        changes.iter().sum::<usize>() > 2_000,
        "only {changes:?} changes were tried"
    );
}

/// What may be absent or null without costing the customer.
#[test]
fn a_customer_needs_its_id_its_code_and_its_address_and_nothing_else() {
    let body = include_str!("fixtures/fetch.json");
    let whole: Value = serde_json::from_str(body).unwrap();
    let needed = ["id", "customer_code", "email"];
    for field in whole["data"].as_object().unwrap().keys() {
        for null in [false, true] {
            let mut body = whole.clone();
            let data = body["data"].as_object_mut().unwrap();
            if null {
                data[field] = Value::Null;
            } else {
                data.remove(field);
            }
            let response = http::Response::new(Bytes::from(body.to_string()));
            let read = api().read(&FetchCustomer::new(email()), response);
            match read.map_err(|error| error.into_kind()) {
                Ok(_) => assert!(!needed.contains(&field.as_str()), "{field}"),
                Err(ErrorKind::Decode(error)) => {
                    assert!(needed.contains(&field.as_str()), "{field}");
                    assert_eq!(error.json().path(), format!("data.{field}"));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}

/// Serialized and read again, a customer is the same.
#[test]
fn a_customer_serializes_back() {
    for body in [
        include_str!("fixtures/create.json"),
        include_str!("fixtures/fetch.json"),
        include_str!("fixtures/update.json"),
        include_str!("fixtures/set_risk_action.json"),
    ] {
        let response = http::Response::new(Bytes::from(body));
        let customer = api()
            .read(&FetchCustomer::new(email()), response)
            .unwrap()
            .data;
        let written = serde_json::to_string(&customer).unwrap();
        assert_eq!(
            serde_json::from_str::<Customer>(&written).unwrap(),
            customer
        );
    }
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
