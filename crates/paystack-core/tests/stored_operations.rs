//! An operation that is stored as JSON and read again sends the same request.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::fmt::Debug;

use paystack_core::bytes::Bytes;
use paystack_core::customers::direct_debit::{
    Account, Address, AuthorizationId, ChargeActivation, InitializeAuthorization,
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    MandateStatus, VerifyAuthorization,
};
use paystack_core::customers::{
    BankAccount, Channel, CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers,
    RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    Api, AuthorizationCode, Cursor, CustomerCode, CustomerId, Email, Metadata, Operation, Position,
    Reference, RequestSnapshot, SecretKey, read_json,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::macros::{date, datetime};

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// The request as text, and its body byte by byte.
fn request(operation: &impl Operation) -> (String, Bytes) {
    let request = api().request(operation).unwrap();
    (
        RequestSnapshot(&request).to_string(),
        request.body().clone(),
    )
}

/// `type` is the usual name of a tag, so no operation may have a field of that name.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
enum InternallyTagged<O> {
    Send(O),
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", content = "operation")]
enum AdjacentlyTagged<O> {
    Send(O),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged<O> {
    Pause(u64),
    Send(O),
}

/// Serializes the value to text and to a `Value`, and deserializes it from both.
fn through_json<T: Serialize + DeserializeOwned>(value: &T) -> [T; 2] {
    let text = serde_json::to_string(value).unwrap();
    let tree = serde_json::to_value(value).unwrap();
    [
        read_json(text.as_bytes()).unwrap(),
        serde_json::from_value(tree).unwrap(),
    ]
}

/// Checks the stored form, which queues contain, and that the operation read from it, alone or in an enum,
/// sends the same request.
fn round_trips<O>(operation: &O, stored: &str)
where
    O: Operation + Clone + Debug + Serialize + DeserializeOwned,
{
    assert_eq!(serde_json::to_string(operation).unwrap(), stored);
    let expected = request(operation);
    let same = |read: O, form: &str| {
        assert_eq!(request(&read), expected, "{form}");
        assert_eq!(serde_json::to_string(&read).unwrap(), stored, "{form}");
    };

    for read in through_json(operation) {
        same(read, "alone");
    }
    for InternallyTagged::Send(read) in through_json(&InternallyTagged::Send(operation.clone())) {
        same(read, "internally tagged");
    }
    for AdjacentlyTagged::Send(read) in through_json(&AdjacentlyTagged::Send(operation.clone())) {
        same(read, "adjacently tagged");
    }
    let tag_last = format!(r#"{{"operation":{stored},"type":"Send"}}"#);
    let AdjacentlyTagged::Send(read) = read_json(tag_last.as_bytes()).unwrap();
    same(read, "adjacently tagged, tag last");
    for read in through_json(&Untagged::Send(operation.clone())) {
        let sent = match read {
            Untagged::Send(read) => Some(read),
            Untagged::Pause(_) => None,
        };
        same(sent.unwrap(), "untagged");
    }
}

fn ada() -> Email {
    Email::new("ada@example.com").unwrap()
}

fn code() -> CustomerCode {
    CustomerCode::new("CUS_x").unwrap()
}

/// Its keys are sorted, because a `Value` sorts them.
fn metadata() -> Metadata {
    Metadata::new(&json!({"list": [1.5, true, null], "plan": "gold", "seats": 3})).unwrap()
}

fn account() -> Account {
    Account::new("0123456789", "058")
}

fn address() -> Address {
    Address::new("1 Main Street", "Ikeja", "Lagos")
}

#[test]
fn create_without_metadata_round_trips() {
    let create = CreateCustomer::new(ada());
    round_trips(&create, r#"{"email":"ada@example.com"}"#);
    round_trips(
        &create.first_name("Ada").last_name("Obi").phone("0812"),
        r#"{"email":"ada@example.com","first_name":"Ada","last_name":"Obi","phone":"0812"}"#,
    );
}

#[test]
fn create_with_all_fields_round_trips() {
    let create = CreateCustomer::new(ada())
        .first_name("Ada")
        .last_name("Obi")
        .phone("+2348123456789")
        .metadata(metadata());
    let stored = concat!(
        r#"{"email":"ada@example.com","first_name":"Ada","last_name":"Obi","#,
        r#""phone":"+2348123456789","#,
        r#""metadata":{"list":[1.5,true,null],"plan":"gold","seats":3}}"#
    );
    round_trips(&create, stored);
}

#[test]
fn list_round_trips() {
    round_trips(&ListCustomers::new(), "{}");
    let list = ListCustomers::new()
        .per_page(100)
        .start(Position::Page(3))
        .created_from(date!(2026 - 01 - 01))
        .created_to(datetime!(2026-01-31 23:59:59.123456789 +1));
    let stored = concat!(
        r#"{"per_page":100,"start":{"by":"page","at":3},"created_from":"2026-01-01","#,
        r#""created_to":"2026-01-31T23:59:59.123456789+01:00"}"#
    );
    round_trips(&list, stored);
}

#[test]
fn list_at_any_position_round_trips() {
    let cursor = || Cursor::new("a+b/c==").unwrap();
    for (start, stored) in [
        (Position::Cursor, r#"{"start":{"by":"cursor"}}"#),
        (
            Position::After(cursor()),
            r#"{"start":{"by":"after","at":"a+b/c=="}}"#,
        ),
        (
            Position::Before(cursor()),
            r#"{"start":{"by":"before","at":"a+b/c=="}}"#,
        ),
    ] {
        round_trips(&ListCustomers::new().start(start), stored);
    }
}

#[test]
fn fetch_round_trips() {
    round_trips(&FetchCustomer::new(code()), r#"{"customer":"CUS_x"}"#);
    round_trips(
        &FetchCustomer::new(ada()),
        r#"{"customer":"ada@example.com"}"#,
    );
}

#[test]
fn update_without_metadata_round_trips() {
    let update = || UpdateCustomer::new(code());
    round_trips(&update(), r#"{"customer":"CUS_x"}"#);
    let by_id = UpdateCustomer::new(CustomerId::new(u64::MAX));
    round_trips(&by_id, r#"{"customer":18446744073709551615}"#);
    round_trips(
        &update().first_name("Ada").clear_phone(),
        r#"{"customer":"CUS_x","first_name":{"change":"set","to":"Ada"},"phone":{"change":"clear"}}"#,
    );
}

#[test]
fn update_with_all_fields_round_trips() {
    let update = UpdateCustomer::new(code())
        .first_name("Ada")
        .last_name("Obi")
        .phone("0812")
        .metadata(metadata());
    let stored = concat!(
        r#"{"customer":"CUS_x","first_name":{"change":"set","to":"Ada"},"last_name":{"change":"set","to":"Obi"},"#,
        r#""phone":{"change":"set","to":"0812"},"#,
        r#""metadata":{"change":"set","to":{"list":[1.5,true,null],"plan":"gold","seats":3}}}"#
    );
    round_trips(&update, stored);
}

#[test]
fn update_with_all_fields_cleared_round_trips() {
    let update = UpdateCustomer::new(code())
        .clear_first_name()
        .clear_last_name()
        .clear_phone()
        .clear_metadata();
    let stored = concat!(
        r#"{"customer":"CUS_x","first_name":{"change":"clear"},"last_name":{"change":"clear"},"#,
        r#""phone":{"change":"clear"},"metadata":{"change":"clear"}}"#
    );
    round_trips(&update, stored);
}

#[test]
fn validate_round_trips() {
    let validate = ValidateCustomer::new(code(), BankAccount::test_credential());
    let account = concat!(
        r#"{"country":"NG","bank_code":"007","account_number":"0111111111","#,
        r#""bvn":"222222222221","first_name":"Uchenna","last_name":"Okoro"}"#
    );
    let stored = format!(
        r#"{{"customer":"CUS_x","identification":{{"by":"bank_account","with":{account}}}}}"#
    );
    round_trips(&validate, &stored);

    let validate = ValidateCustomer::bvn(ada(), "NG", "222222222221", "Uchenna", "Okoro");
    let bvn =
        r#"{"country":"NG","value":"222222222221","first_name":"Uchenna","last_name":"Okoro"}"#;
    let stored = format!(
        r#"{{"customer":"ada@example.com","identification":{{"by":"bvn","with":{bvn}}},"middle_name":"Emeka"}}"#
    );
    round_trips(&validate.middle_name("Emeka"), &stored);
}

#[test]
fn set_risk_action_round_trips() {
    round_trips(
        &SetRiskAction::new(code(), RiskAction::Deny),
        r#"{"customer":"CUS_x","risk_action":"deny"}"#,
    );
    round_trips(
        &SetRiskAction::new(ada(), RiskAction::from("tomorrows_word")),
        r#"{"customer":"ada@example.com","risk_action":"tomorrows_word"}"#,
    );
}

#[test]
fn deactivate_authorization_round_trips() {
    let code = AuthorizationCode::new("AUTH_x").unwrap();
    round_trips(
        &DeactivateAuthorization::new(code),
        r#"{"authorization_code":"AUTH_x"}"#,
    );
}

#[test]
fn initialize_authorization_round_trips() {
    let initialize = InitializeAuthorization::new(ada());
    round_trips(
        &initialize,
        r#"{"email":"ada@example.com","channel":"direct_debit"}"#,
    );
    let initialize = initialize
        .channel(Channel::Card)
        .callback_url("https://shop.example/mandates?from=mail")
        .account(account())
        .address(address());
    let stored = concat!(
        r#"{"email":"ada@example.com","channel":"card","#,
        r#""callback_url":"https://shop.example/mandates?from=mail","#,
        r#""account":{"number":"0123456789","bank_code":"058"},"#,
        r#""address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#
    );
    round_trips(&initialize, stored);
}

#[test]
fn verify_authorization_round_trips() {
    let verify = VerifyAuthorization::new(Reference::new("dfbz").unwrap());
    round_trips(&verify, r#"{"reference":"dfbz"}"#);
}

#[test]
fn initialize_direct_debit_round_trips() {
    let customer = CustomerId::new(9_387_490_384);
    let stored = concat!(
        r#"{"customer":9387490384,"#,
        r#""account":{"number":"0123456789","bank_code":"058"},"#,
        r#""address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#
    );
    round_trips(
        &InitializeDirectDebit::new(customer, account(), address()),
        stored,
    );
}

#[test]
fn charge_activation_round_trips() {
    let charge = ChargeActivation::new(CustomerId::new(u64::MAX), AuthorizationId::new(7));
    round_trips(
        &charge,
        r#"{"customer":18446744073709551615,"authorization_id":7}"#,
    );
}

#[test]
fn list_mandate_authorizations_round_trips() {
    let list = ListMandateAuthorizations::new(CustomerId::new(7));
    round_trips(&list, r#"{"customer":7}"#);
    round_trips(
        &list.after(Cursor::new("bWFu").unwrap()),
        r#"{"customer":7,"after":"bWFu"}"#,
    );
}

#[test]
fn list_integration_mandate_authorizations_round_trips() {
    let list = ListIntegrationMandateAuthorizations::new();
    round_trips(&list, "{}");
    let list = list
        .per_page(20)
        .after(Cursor::new("bWFu").unwrap())
        .status(MandateStatus::Active);
    round_trips(&list, r#"{"per_page":20,"after":"bWFu","status":"active"}"#);
}

#[test]
fn operation_with_another_output_type_round_trips() {
    /// It does not serialize, and need not.
    #[derive(Deserialize)]
    struct Slim {}

    let fetch = FetchCustomer::new(code()).decode_as::<Slim>();
    round_trips(&fetch, r#"{"customer":"CUS_x"}"#);
}

#[test]
fn entry_without_metadata_is_read() {
    let create: CreateCustomer = read_json(br#"{"email":"ada@example.com"}"#).unwrap();
    assert_eq!(request(&create), request(&CreateCustomer::new(ada())));
    let null = br#"{"email":"ada@example.com","metadata":null}"#;
    let create: CreateCustomer = read_json(null).unwrap();
    assert_eq!(request(&create), request(&CreateCustomer::new(ada())));
    let update: UpdateCustomer = read_json(br#"{"customer":"CUS_x"}"#).unwrap();
    assert_eq!(request(&update), request(&UpdateCustomer::new(code())));
}

#[test]
fn stored_metadata_keeps_order_and_digits() {
    let json = r#"{"z":12345678901234567890123,"a":1.00}"#;
    let metadata: Metadata = serde_json::from_str(json).unwrap();
    let create = CreateCustomer::new(ada()).metadata(metadata);
    let stored = serde_json::to_string(&create).unwrap();
    assert!(stored.contains(json), "{stored}");
    let read: CreateCustomer = read_json(stored.as_bytes()).unwrap();
    assert_eq!(request(&read), request(&create));
}

#[test]
fn stored_metadata_that_is_no_object_is_not_sent() {
    let create = r#"{"email":"ada@example.com","metadata":"canary"}"#;
    let create: CreateCustomer = read_json(create.as_bytes()).unwrap();
    let update = r#"{"customer":"CUS_x","metadata":{"change":"set","to":"canary"}}"#;
    let update: UpdateCustomer = read_json(update.as_bytes()).unwrap();
    for refused in [api().request(&create), api().request(&update)] {
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("request body"), "{refused}");
        assert!(!refused.contains("canary"), "{refused}");
    }
}

#[test]
fn stored_code_that_changes_the_route_is_not_sent() {
    for text in ["", ".", "..", "a\r\nb"] {
        let entry = json!({"customer": text, "reference": text}).to_string();
        assert!(read_json::<FetchCustomer>(entry.as_bytes()).is_err());
        assert!(read_json::<UpdateCustomer>(entry.as_bytes()).is_err());
        let verify: VerifyAuthorization = read_json(entry.as_bytes()).unwrap();
        assert!(api().request(&verify).is_err(), "{text:?}");
    }
}

#[test]
fn invalid_cursor_in_an_entry_is_rejected() {
    for entry in [
        r#"{"start":{"by":"after","at":""}}"#,
        r#"{"start":{"by":"before","at":"null"}}"#,
        r#"{"start":{"last":1}}"#,
        r#"{"start":{"by":"page","at":-1}}"#,
    ] {
        assert!(read_json::<ListCustomers>(entry.as_bytes()).is_err());
    }
}

#[test]
fn stored_update_has_no_null() {
    let update = UpdateCustomer::new(code()).clear_phone().first_name("Ada");
    let stored = serde_json::to_value(&update).unwrap();
    let fields = stored.as_object().unwrap();
    assert!(!fields.values().any(Value::is_null), "{stored}");
    assert_eq!(request(&update).1, r#"{"first_name":"Ada","phone":null}"#);
}
