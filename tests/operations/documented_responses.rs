//! Each operation decodes the response body that Paystack documents.

use paystack_core::customers::direct_debit::{
    InitializeAuthorization, InitializeDirectDebit, ListMandateAuthorizations, MandateStatus,
    VerifyAuthorization,
};
use paystack_core::customers::{
    BankAccount, Channel, CreateCustomer, Customer, FetchCustomer, IdentificationType,
    ListCustomers, RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    ApiError, AuthorizationCode, CustomerCode, CustomerId, Email, ErrorCode, ErrorKind, ErrorType,
    Mode, Operation, Reference, Reply, bytes::Bytes, http,
};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation, names};
use paystack_tests::values::{Values, account, address, api};
use serde_json::{Value, json};
use time::macros::datetime;

/// Decodes the documented response bodies of each operation.
struct Documented(usize);

impl Visitor for Documented {
    fn visit<O: Example>(
        &mut self,
        Entry {
            small, documented, ..
        }: Entry<O>,
    ) {
        assert!(
            !documented.is_empty(),
            "{} has no documented response",
            O::NAME
        );
        for body in documented {
            let reply = read(&small, body);
            assert!(reply.ignored_fields().is_empty(), "{}: {body}", O::NAME);
            assert!(reply.odd_rows().is_empty(), "{}: {body}", O::NAME);
            self.0 += 1;
        }
    }
}

#[test]
fn each_operation_decodes_its_documented_responses() {
    let mut documented = Documented(0);
    each_operation(&Values::default(), &mut documented);
    assert!(documented.0 > names().len());
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

pub(crate) fn code() -> CustomerCode {
    CustomerCode::new("CUS_4fjw92kq0xzb7ty").unwrap()
}

pub(crate) fn email() -> Email {
    Email::new("ngozi@example.com").unwrap()
}

#[test]
fn create_decodes_the_documented_response() {
    let ngozi = read(
        &CreateCustomer::new(email()),
        include_str!("../fixtures/create.json"),
    )
    .data;
    assert_eq!(ngozi.id.get(), 5214);
    assert_eq!(ngozi.customer_code, code());
    assert_eq!(ngozi.email, email());
    assert_eq!(ngozi.integration, Some(100_071));
    assert_eq!(ngozi.mode, Some(Mode::Test));
    assert_eq!(ngozi.identified, Some(false));
    assert_eq!(
        ngozi.created_at,
        Some(datetime!(2026-03-02 08:15:30.417 UTC))
    );
    assert_eq!(ngozi.risk_action, None, "the response omits it");
    assert_eq!(
        ngozi.authorizations, None,
        "an omitted list is not an empty list"
    );
}

#[test]
fn fetch_decodes_the_documented_response() {
    let kwame = read(
        &FetchCustomer::new(email()),
        include_str!("../fixtures/fetch.json"),
    )
    .data;
    assert_eq!(kwame.id.get(), 9_387_490_384, "an id may exceed 32 bits");
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
fn identification_and_dedicated_account_decode() {
    let body = include_str!("../fixtures/fetch_with_dedicated_account.json");
    let ngozi = read(&FetchCustomer::new(email()), body).data;
    let [identification] = &ngozi.identifications.as_deref().unwrap() else {
        panic!("{ngozi:?}")
    };
    let identified_by = identification.identification_type.as_ref();
    assert_eq!(identified_by, Some(&IdentificationType::Bvn));
    assert_eq!(identification.value.as_deref(), Some("223*****992"));

    let account = ngozi.dedicated_account.as_deref().unwrap();
    assert_eq!(account.account_number.as_deref(), Some("9930000737"));
    assert_eq!((account.id, account.active), (Some(253), Some(true)));
    let bank = account.bank.as_deref().unwrap();
    assert_eq!(bank.name.as_deref(), Some("Wema Bank"));
    let assignment = account.assignment.as_deref().unwrap();
    assert_eq!(assignment.assignee_id, Some(5214));
    let written = serde_json::to_value(account).unwrap();
    let received: Value = serde_json::from_str(body).unwrap();
    // The time zone and the seconds of a time may have another form.
    for field in ["bank", "account_name", "split_config", "active", "currency"] {
        let received = &received["data"]["dedicated_account"][field];
        assert_eq!(&written[field], received, "{field}");
    }
}

#[test]
fn list_by_page_decodes_the_documented_response() {
    let reply = read(
        &ListCustomers::new(),
        include_str!("../fixtures/list_by_page.json"),
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
fn list_by_cursor_decodes_the_documented_response() {
    let reply = read(
        &ListCustomers::new(),
        include_str!("../fixtures/list_by_cursor.json"),
    );
    let meta = reply.meta.unwrap();
    assert_eq!(meta.next.unwrap().as_str(), "Y3VzdG9tZXI6OTA3NTEwMTA=");
    assert_eq!(
        meta.previous, None,
        "the text `null` means that there is no page"
    );
}

#[test]
fn update_decodes_the_documented_response() {
    let ngozi = read(
        &UpdateCustomer::new(code()),
        include_str!("../fixtures/update.json"),
    )
    .data;
    let metadata: Value = ngozi.metadata.unwrap().get().unwrap();
    assert_eq!(metadata["photos"][0]["isPrimary"], json!(true));
    assert_eq!(ngozi.authorizations.as_deref(), Some(&[][..]));
}

#[test]
fn validate_decodes_the_documented_response() {
    let account = BankAccount::test_credential();
    let validate = ValidateCustomer::new(code(), account);
    let reply = api()
        .read(
            &validate,
            answer(202, include_str!("../fixtures/validate.json")),
        )
        .unwrap();
    assert_eq!(reply.status(), 202);
    assert_eq!(reply.message, "Customer Identification in progress");
}

#[test]
fn set_risk_action_decodes_the_documented_response() {
    let set = SetRiskAction::new(code(), RiskAction::Allow);
    let thandi = read(&set, include_str!("../fixtures/set_risk_action.json")).data;
    assert_eq!(thandi.risk_action, Some(RiskAction::Allow));
    assert_eq!(thandi.last_name.unwrap(), "Nkosi");
}

#[test]
fn initialize_authorization_decodes_the_response() {
    let initialize = InitializeAuthorization::new(email());
    let link = read(
        &initialize,
        include_str!("../fixtures/initialize_authorization.json"),
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
fn verify_authorization_decodes_the_response() {
    let verify = VerifyAuthorization::new(Reference::new("h3pz8rtnv6w2y7kq2m9x4b1n0c5d").unwrap());
    let verified = read(
        &verify,
        include_str!("../fixtures/verify_authorization.json"),
    )
    .data;
    assert_eq!(verified.authorization_code.as_str(), "AUTH_w5Tn2kQz8e");
    assert_eq!(verified.channel, Some(Channel::DirectDebit));
    assert_eq!(verified.active, Some(true));
    assert_eq!(verified.customer.unwrap().customer_code, Some(code()));
}

#[test]
fn initialize_direct_debit_decodes_the_response() {
    let link = read(
        &initialize_debit(),
        include_str!("../fixtures/initialize_direct_debit.json"),
    )
    .data;
    assert_eq!(link.reference.as_str(), "2a4c6e8g0i2k4m6");
}

#[test]
fn list_mandate_authorizations_decodes_the_response() {
    let list = ListMandateAuthorizations::new(CustomerId::new(5214));
    let reply = read(
        &list,
        include_str!("../fixtures/list_mandate_authorizations.json"),
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

pub(crate) fn initialize_debit() -> InitializeDirectDebit {
    InitializeDirectDebit::new(CustomerId::new(5214), account(), address())
}

#[test]
fn serialized_customer_deserializes_to_an_equal_one() {
    for body in [
        include_str!("../fixtures/create.json"),
        include_str!("../fixtures/fetch.json"),
        include_str!("../fixtures/fetch_with_dedicated_account.json"),
        include_str!("../fixtures/update.json"),
        include_str!("../fixtures/set_risk_action.json"),
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
fn refusal_with_all_fields_decodes() {
    let error = refused(400, include_str!("../fixtures/error_missing_params.json"));
    assert_eq!(error.error_type(), Some(&ErrorType::ValidationError));
    assert_eq!(error.code(), Some(&ErrorCode::MissingParams));
    assert_eq!(
        error.next_step(),
        Some("Provide all required params"),
        "without surrounding space"
    );
    assert_eq!(
        error.to_string(),
        "400 validation_error/missing_params: Email Address is required \
         (Provide all required params)"
    );
}

#[test]
fn refusal_with_next_step_under_metadata_decodes() {
    let error = refused(
        404,
        include_str!("../fixtures/error_metadata_next_step.json"),
    );
    assert_eq!(error.code(), Some(&ErrorCode::Unknown));
    assert_eq!(error.next_step(), Some("Try again later"));
}

#[test]
fn refusal_of_the_rate_limit_decodes() {
    let error = refused(429, include_str!("../fixtures/error_rate_limited.json"));
    assert_eq!(error.code(), Some(&ErrorCode::RateLimited));
}

#[test]
fn refusal_in_the_older_format_has_only_a_message() {
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
