//! Stored and read back: every model and operation, in every format and every shape of serde's.

use std::collections::BTreeMap;
use std::fmt::Debug;

use paystack_core::customers::direct_debit::{
    AuthorizationLink, MandateAuthorization, VerifiedAuthorization,
};
use paystack_core::customers::{
    Authorization, Channel, CurrencyAmount, Customer, DedicatedAccount, Identification, ListBound,
    RiskAction,
};
use paystack_core::{
    CodeOrId, CustomField, EmailOrCode, Metadata, Paginator, Position, RawJson, RequestSnapshot,
    bytes::Bytes, http,
};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation, names};
use paystack_tests::values::{Values, api};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Serializes and deserializes a value.
trait RoundTrip {
    const NAME: &'static str;

    fn round_trip<T: Serialize + DeserializeOwned>(value: &T) -> T;
}

/// Defines the formats: a name, a serializer and a deserializer.
macro_rules! formats {
    ($( $format:ident: |$value:ident| $write:expr, |$stored:ident| $read:expr; )+) => {
        $(
            struct $format;

            impl RoundTrip for $format {
                const NAME: &'static str = stringify!($format);

                fn round_trip<T: Serialize + DeserializeOwned>($value: &T) -> T {
                    let $stored = $write.unwrap_or_else(|error| panic!("{}: {error}", Self::NAME));
                    $read.unwrap_or_else(|error| panic!("{}: {error}", Self::NAME))
                }
            }
        )+

        /// Stores a value in each format.
        fn through_formats<T>(value: &T, check: impl Fn(T, &str))
        where
            T: Serialize + DeserializeOwned,
        {
            $( check($format::round_trip(value), $format::NAME); )+
        }
    };
}

formats! {
    Json: |value| serde_json::to_vec(value), |stored| serde_json::from_slice(&stored);
    JsonReader: |value| serde_json::to_vec_pretty(value), |stored| serde_json::from_reader(&*stored);
    JsonValue: |value| serde_json::to_value(value), |stored| serde_json::from_value(stored);
    MessagePack: |value| rmp_serde::to_vec_named(value), |stored| rmp_serde::from_slice(&stored);
    Cbor: |value| cbor(value), |stored| ciborium::from_reader(&*stored);
    Yaml: |value| serde_norway::to_string(value), |stored| serde_norway::from_str(&stored);
    Toml: |value| toml::to_string(value), |stored| toml::from_str(&stored);
}

fn cbor<T: Serialize>(value: &T) -> Result<Vec<u8>, ciborium::ser::Error<std::io::Error>> {
    let mut stored = Vec::new();
    ciborium::into_writer(value, &mut stored)?;
    Ok(stored)
}

#[derive(Serialize, Deserialize)]
struct Plain<T> {
    value: T,
    list: Vec<T>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum InternallyTagged<T> {
    Pause { seconds: u64 },
    Job { value: T },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", content = "content", rename_all = "snake_case")]
enum AdjacentlyTagged<T> {
    Pause(u64),
    Job(T),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged<T> {
    Pause(u64),
    Job { value: T },
}

#[derive(Serialize, Deserialize)]
struct Flattened<T> {
    queue: String,
    #[serde(flatten)]
    inner: Inner<T>,
}

#[derive(Serialize, Deserialize)]
struct Inner<T> {
    value: T,
}

/// Stores a value in each format and each shape.
fn through_shapes<T>(value: &T, check: impl Fn(&T, &str))
where
    T: Serialize + DeserializeOwned + Clone,
{
    let plain = Plain {
        value: value.clone(),
        list: vec![value.clone(); 2],
    };
    through_formats(&plain, |stored, format| {
        check(&stored.value, format);
        stored.list.iter().for_each(|value| check(value, format));
    });
    let internally = InternallyTagged::Job {
        value: value.clone(),
    };
    through_formats(&internally, |stored, format| match stored {
        InternallyTagged::Job { value } => check(&value, format),
        InternallyTagged::Pause { .. } => panic!("{format}"),
    });
    let adjacently = AdjacentlyTagged::Job(value.clone());
    through_formats(&adjacently, |stored, format| match stored {
        AdjacentlyTagged::Job(value) => check(&value, format),
        AdjacentlyTagged::Pause(_) => panic!("{format}"),
    });
    let untagged = Untagged::Job {
        value: value.clone(),
    };
    through_formats(&untagged, |stored, format| match stored {
        Untagged::Job { value } => check(&value, format),
        Untagged::Pause(_) => panic!("{format}"),
    });
    let flattened = Flattened {
        queue: "customers".to_owned(),
        inner: Inner {
            value: value.clone(),
        },
    };
    through_formats(&flattened, |stored, format| {
        check(&stored.inner.value, format);
    });
}

fn survives<T>(value: T)
where
    T: Serialize + DeserializeOwned + Clone + Debug + PartialEq,
{
    through_shapes(&value, |stored, format| {
        assert_eq!(*stored, value, "{format}");
    });
}

fn raw(json: &str) -> RawJson {
    serde_json::from_str(json).unwrap()
}

/// A customer with every field.
fn customer() -> Customer {
    let body = json!({
        "id": 9_387_490_384_u64, "customer_code": "CUS_x", "email": "ada@example.com",
        "first_name": "Ada", "last_name": "Obi", "phone": "+2348123456789", "domain": "test",
        "metadata": {"plan": "gold", "custom_fields": [
            {"display_name": "A", "variable_name": "a", "value": 7.5}], "no": null, "deep": [[{}]]},
        "integration": 463_433, "risk_action": "banish", "identified": true,
        "identifications": [
            {"country": "NG", "type": "bvn", "value": "200*****677", "level": {"tier": [3, null]}},
            {"type": "bank_account", "bvn": "200*****677", "account_number": "012****789",
             "bank_code": "007"}],
        "authorizations": [{"authorization_code": "AUTH_x", "active": true, "bin": "408408",
            "last4": "4081", "exp_month": "07", "exp_year": "2031", "channel": "card",
            "card_type": "visa", "bank": "TEST BANK", "country_code": "NG", "brand": "visa",
            "reusable": true, "signature": "SIG_x", "account_name": "Ada Obi"}],
        "subscriptions": [[], "x", 1.5], "transactions": [true], "total_transactions": 3,
        "total_transaction_value": [{"currency": "NGN", "amount": -5}],
        "dedicated_account": {"bank": {"slug": "test-bank", "name": "T", "id": 20, "more": [1.5]},
            "id": 253, "account_name": "Ada", "account_number": "9930000737", "assigned": true,
            "currency": "NGN", "active": true, "created_at": "2026-03-02T08:15:30.123Z",
            "updated_at": "2026-03-04T21:00:09Z", "split_config": {"a": {"b": null}},
            "assignment": {"integration": 1, "assignee_id": 2, "assignee_type": "Customer",
                "expired": false, "account_type": "A", "assigned_at": "2026-03-02T08:15:30Z",
                "expired_at": null}},
        "dedicated_accounts": [{"id": 1}, {"more": {}}],
        "createdAt": "2026-03-02T08:15:30.123Z", "updatedAt": "2026-03-04T21:00:09+01:00",
    });
    let customer: Customer = serde_json::from_value(body).unwrap();
    let fields = serde_json::to_value(&customer).unwrap();
    assert_eq!(
        fields.as_object().unwrap().len(),
        21,
        "every field is there"
    );
    customer
}

#[test]
fn customer_with_all_fields_round_trips() {
    survives(customer());
}

#[test]
fn customer_with_required_fields_round_trips() {
    let json = r#"{"id":1,"customer_code":"CUS_x","email":"a@b"}"#;
    survives::<Customer>(serde_json::from_str(json).unwrap());
}

#[test]
fn customer_as_the_whole_document_round_trips() {
    #[derive(Serialize, Deserialize)]
    struct Cached {
        #[serde(flatten)]
        customer: Customer,
    }

    #[derive(Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Entry {
        Customer(Customer),
    }

    let customer = customer();
    through_formats(&customer, |stored, format| {
        assert_eq!(stored, customer, "{format}");
    });
    let cached = Cached {
        customer: customer.clone(),
    };
    through_formats(&cached, |stored, format| {
        assert_eq!(stored.customer, customer, "{format}");
    });
    through_formats(&Entry::Customer(customer.clone()), |stored, format| {
        let Entry::Customer(stored) = stored;
        assert_eq!(stored, customer, "{format}");
    });
}

#[test]
fn metadata_round_trips() {
    for json in [
        r#"{"plan":"gold"}"#,
        "{}",
        r#"{"b":{"y":1,"x":[null,1.5,-3,"a"]},"a":""}"#,
        r#"{"emoji":"\ud83d\ude00"}"#,
        r#"{"cut":"\ud83d"}"#,
    ] {
        survives::<Metadata>(serde_json::from_str(json).unwrap());
    }
    // Received forms of an object that become one when they are stored.
    for json in ["null", "0", r#""{\"plan\":\"gold\"}""#] {
        let metadata: Metadata = serde_json::from_str(json).unwrap();
        through_formats(
            &Inner {
                value: metadata.clone(),
            },
            |stored, format| {
                assert_eq!(stored.value, metadata, "{format}");
            },
        );
    }
}

#[test]
fn raw_json_round_trips() {
    for json in [
        "null",
        "true",
        "7",
        "-7",
        "1.5",
        "18446744073709551615",
        r#""""#,
        r#""x\"y""#,
        "[]",
        "[[],{}]",
        "{}",
        r#"{"a":{"b":[1,null]},"c":"d"}"#,
    ] {
        survives(raw(json));
    }
}

#[test]
fn digits_and_order_survive_where_no_tree_is_built() {
    let json = r#"{"z":12345678901234567890123,"a":1.00,"a":2}"#;
    let metadata: Metadata = serde_json::from_str(json).unwrap();
    through_formats(&Inner { value: metadata }, |stored, format| match format {
        // A `Value` sorts the fields and rounds the numbers.
        "JsonValue" => assert_ne!(stored.value.as_str(), json),
        _ => assert_eq!(stored.value.as_str(), json, "{format}"),
    });
}

#[test]
fn stored_text_that_is_not_json_is_rejected() {
    let forged = BTreeMap::from([("$serde_json::private::RawValue", "{\"a\"")]);
    let stored = cbor(&forged).unwrap();
    assert!(ciborium::from_reader::<RawJson, _>(&*stored).is_err());
    assert!(ciborium::from_reader::<Metadata, _>(&*stored).is_err());
}

fn decoded<T: DeserializeOwned>(body: &str) -> T {
    let whole: serde_json::Value = serde_json::from_str(body).unwrap();
    let data = whole.pointer("/data/0").unwrap_or(&whole["data"]);
    serde_json::from_value(data.clone()).unwrap()
}

#[test]
fn other_models_round_trip() {
    survives(CustomField::new("Invoice", "invoice", "INV-1"));
    survives(customer().authorizations.unwrap().remove(0));
    survives(Authorization::default());
    survives(customer().identifications.unwrap().remove(0));
    survives(Identification::default());
    let account = *customer().dedicated_account.unwrap();
    survives(account.bank.clone());
    survives(account.assignment.clone());
    survives(account);
    survives(DedicatedAccount::default());
    survives::<CurrencyAmount>(serde_json::from_str(r#"{"currency":"NGN","amount":7}"#).unwrap());
    survives::<VerifiedAuthorization>(decoded(include_str!(
        "../fixtures/verify_authorization.json"
    )));
    survives::<AuthorizationLink>(decoded(include_str!(
        "../fixtures/initialize_direct_debit.json"
    )));
    let mandates = include_str!("../fixtures/list_mandate_authorizations.json");
    let mandate: MandateAuthorization = decoded(mandates);
    survives(mandate.customer.clone());
    survives(mandate);
}

#[test]
fn identifiers_and_positions_round_trip() {
    let values = Values::default();
    survives(values.code.clone());
    survives(values.email.clone());
    survives(EmailOrCode::from(&values.code));
    survives(EmailOrCode::from(values.email));
    survives(CodeOrId::from(values.code));
    survives(CodeOrId::from(values.id));
    survives(values.authorization);
    survives(values.reference);
    survives(values.id);
    survives(values.authorization_id);
    survives(values.cursor.clone());
    survives(RiskAction::Deny);
    survives(RiskAction::from("banish"));
    survives(Channel::DirectDebit);
    for position in [
        Position::Page(3),
        Position::Cursor,
        Position::After(values.cursor.clone()),
    ] {
        survives(position);
    }
    survives(ListBound::Day(time::macros::date!(2026 - 01 - 02)));
    survives(ListBound::Moment(
        time::macros::datetime!(2026-01-02 03:04:05.678901234 +01:00),
    ));
    survives(resume_point());
}

fn resume_point() -> paystack_core::ResumePoint {
    let list = paystack_core::customers::ListCustomers::new();
    let body = r#"{"status":true,"data":[{"id":1,"customer_code":"C","email":"a@b"}],
        "meta":{"next":"abc"}}"#;
    let response = http::Response::new(Bytes::from(body));
    let mut paginator = Paginator::new(list.clone());
    let page = paginator.on_reply(api().read(&list, response).unwrap());
    page.unwrap().unwrap().resume().unwrap().clone()
}

/// Stores each operation, also with a field that a later version may add, and compares the requests.
struct Operations(usize);

impl Visitor for Operations {
    fn visit<O: Example>(&mut self, Entry { small, full, .. }: Entry<O>) {
        for operation in [small, full] {
            let request = api().request(&operation).unwrap();
            let (snapshot, body) = (RequestSnapshot(&request).to_string(), request.body());
            through_shapes(&operation, |stored, format| {
                let request = api().request(stored).unwrap();
                assert_eq!(RequestSnapshot(&request).to_string(), snapshot, "{format}");
                assert_eq!(request.body(), body, "{}: {format}", O::NAME);
            });
            let mut longer = serde_json::to_value(&operation).unwrap();
            longer["added_later"] = json!({"x": [1]});
            let stored: O = serde_json::from_value(longer).unwrap();
            let request = api().request(&stored).unwrap();
            assert_eq!(RequestSnapshot(&request).to_string(), snapshot);
            self.0 += 1;
        }
    }
}

#[test]
fn every_operation_round_trips() {
    let mut operations = Operations(0);
    each_operation(&Values::default(), &mut operations);
    assert_eq!(operations.0, 2 * names().len());
}
