//! The documented bodies with one change each: what is optional costs nothing, what is wrong is named.

use std::collections::BTreeSet;

use paystack_core::customers::direct_debit::{
    AuthorizationId, AuthorizationLink, AuthorizationOwner, ChargeActivation,
    InitializeAuthorization, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    MandateAuthorization, VerifiedAuthorization, VerifyAuthorization,
};
use paystack_core::customers::{
    Authorization, BankAccount, CreateCustomer, CurrencyAmount, Customer, DeactivateAuthorization,
    FetchCustomer, ListCustomers, RiskAction, SetRiskAction, UpdateCustomer, ValidateCustomer,
};
use paystack_core::{
    AuthorizationCode, CustomerId, ErrorKind, JsonError, JsonProblem, Operation, Reference,
    bytes::Bytes, http,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{api, code, email, initialize_debit};

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
fn changed(body: &str) -> Vec<(String, String, Value)> {
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
            bodies.push((path.clone(), pointer.clone(), body));
        }
        if let Some((parent, name)) = pointer.rsplit_once('/') {
            let mut body = whole.clone();
            if let Value::Object(fields) = body.pointer_mut(parent).unwrap() {
                fields.remove(name);
                bodies.push((path, pointer.clone(), body));
            }
        }
    }
    bodies
}

/// Whether the error names the very value that was changed: the value itself, or what stands or is
/// missing within the other value that took its place.
fn names(error: &JsonError, path: &str, pointer: &str, body: &Value) -> bool {
    let named = error.path();
    let within = paths(
        body.pointer(pointer).unwrap_or(&Value::Null),
        String::new(),
        String::new(),
    );
    let mut within = within.into_iter().map(|(below, _)| {
        let dot = if path.is_empty() || below.is_empty() || below.starts_with('[') {
            ""
        } else {
            "."
        };
        format!("{path}{dot}{below}")
    });
    match error.problem() {
        JsonProblem::Missing { field } => {
            named == path
                || within.any(|whole| {
                    let dot = if whole.is_empty() { "" } else { "." };
                    named == format!("{whole}{dot}{field}")
                })
        }
        _ => within.any(|whole| named == whole),
    }
}

/// Whatever becomes of one value, the answer is read, or the error names that very value.
fn one_change_is_named<O: Operation>(operation: &O, body: &str) -> usize {
    let bodies = changed(body);
    for (path, pointer, body) in &bodies {
        let response = http::Response::new(Bytes::from(body.to_string()));
        let Err(error) = api().read(operation, response) else {
            continue;
        };
        match error.into_kind() {
            ErrorKind::Decode(error) => {
                let json = error.json();
                assert!(
                    names(json, path, pointer, body),
                    "{json} for {path} in {body}"
                );
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
        one_change_is_named(
            &ValidateCustomer::new(code(), BankAccount::test_credential()),
            include_str!("fixtures/validate.json"),
        ),
        one_change_is_named(
            &DeactivateAuthorization::new(AuthorizationCode::new("AUTH_x").unwrap()),
            include_str!("fixtures/deactivate_authorization.json"),
        ),
    ];
    assert!(
        changes.iter().sum::<usize>() > 2_000,
        "only {changes:?} changes were tried"
    );
}

/// The fields of a body's data (of its first row, if it is a list) that may not be absent, null or
/// empty text.
fn needed<O: Operation>(operation: &O, body: &str) -> BTreeSet<String> {
    let whole: Value = serde_json::from_str(body).unwrap();
    let data = whole.pointer("/data/0").map_or("/data", |_| "/data/0");
    let fields = whole.pointer(data).unwrap().as_object().unwrap();
    let nothing = [Some(json!(null)), Some(json!("")), None];
    let mut needed = BTreeSet::new();
    for (field, nothing) in fields
        .keys()
        .flat_map(|field| nothing.iter().map(move |one| (field, one)))
    {
        let mut body = whole.clone();
        let changed = body.pointer_mut(data).unwrap().as_object_mut().unwrap();
        match nothing {
            Some(nothing) => drop(changed.insert(field.clone(), nothing.clone())),
            None => drop(changed.remove(field)),
        }
        let response = http::Response::new(Bytes::from(body.to_string()));
        match api()
            .read(operation, response)
            .map_err(|error| error.into_kind())
        {
            Ok(_) => {}
            Err(ErrorKind::Decode(error)) => {
                let path = data.replace("/0", "[0]").replace('/', "");
                assert_eq!(error.json().path(), format!("{path}.{field}"));
                needed.insert(field.clone());
            }
            Err(other) => panic!("{other}"),
        }
    }
    needed
}

#[test]
fn what_is_optional_never_costs_an_answer() {
    let of = |fields: &[&str]| {
        fields
            .iter()
            .map(|field| field.to_string())
            .collect::<BTreeSet<_>>()
    };
    let customer = of(&["id", "customer_code", "email"]);
    let fetch = FetchCustomer::new(email());
    for body in [
        include_str!("fixtures/create.json"),
        include_str!("fixtures/fetch.json"),
        include_str!("fixtures/update.json"),
        include_str!("fixtures/set_risk_action.json"),
    ] {
        assert_eq!(needed(&fetch, body), customer);
    }
    let list = include_str!("fixtures/list_by_page.json");
    assert_eq!(needed(&ListCustomers::new(), list), customer);
    assert_eq!(
        needed(
            &ListMandateAuthorizations::new(CustomerId::new(5214)),
            include_str!("fixtures/list_mandate_authorizations.json")
        ),
        of(&["id", "status", "authorization_id"])
    );
    assert_eq!(
        needed(
            &VerifyAuthorization::new(Reference::new("x").unwrap()),
            include_str!("fixtures/verify_authorization.json")
        ),
        of(&["authorization_code"])
    );
    assert_eq!(
        needed(
            &initialize_debit(),
            include_str!("fixtures/initialize_direct_debit.json")
        ),
        of(&["redirect_url", "reference"])
    );
}

/// What serde derives would take the fields in their order, without their names.
#[test]
fn nothing_is_read_from_a_list_by_position() {
    fn refuses<T: DeserializeOwned>(list: Value) {
        let list = list.to_string();
        assert!(serde_json::from_str::<T>(&list).is_err(), "{list}");
        assert!(serde_json::from_str::<T>("[]").is_err());
    }
    let mut customer = vec![json!(1), json!("CUS_x"), json!("ada@example.com")];
    customer.resize(23, Value::Null);
    refuses::<Customer>(customer.into());
    refuses::<Authorization>(json!([
        null, null, null, null, null, null, null, null, null, null, null, null, null, null
    ]));
    refuses::<CurrencyAmount>(json!(["NGN", 1]));
    refuses::<AuthorizationLink>(json!(["https://x.example", "x", "x"]));
    refuses::<VerifiedAuthorization>(json!(["AUTH_x", "card", null, true, null]));
    refuses::<MandateAuthorization>(json!([
        1, "active", 1, 1, "AUTH_x", 1, "1", "1", "x", null, null
    ]));
    refuses::<AuthorizationOwner>(json!([1, "CUS_x", "CUS_x", "a@b", "Ada", "Obi"]));
}
