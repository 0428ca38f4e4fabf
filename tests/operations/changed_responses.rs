//! Documented bodies with one change each: an operation decodes them, or the error names the change.

use std::collections::BTreeSet;

use paystack_core::customers::direct_debit::{ListMandateAuthorizations, VerifyAuthorization};
use paystack_core::customers::{Customer, FetchCustomer, ListCustomers};
use paystack_core::{
    CustomerId, ErrorKind, JsonError, JsonProblem, Operation, Reference, bytes::Bytes, http,
};
use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_tests::values::{Values, api};
use serde_json::{Value, json};

use crate::documented_responses::{email, initialize_debit};

/// Returns the path of each value in a body: as errors print it, and as a JSON pointer.
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

/// Returns copies of a body, each with one value removed or replaced.
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

/// Whether the error names the changed value, or a value inside the replacement.
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

/// What the decoder reports about a body.
#[derive(Default)]
struct Reported {
    /// The error of the response, or of an odd row.
    error: Option<JsonError>,
    ignored_fields: Vec<JsonError>,
}

/// Decodes a body, whose request was processed.
fn decode<O: Operation>(operation: &O, body: &Value) -> Reported {
    let response = http::Response::new(Bytes::from(body.to_string()));
    match api().read(operation, response) {
        Ok(reply) => Reported {
            error: reply.odd_rows().first().map(|row| row.error().clone()),
            ignored_fields: reply.ignored_fields().to_vec(),
        },
        Err(error) => match error.into_kind() {
            ErrorKind::Decode(error) => Reported {
                error: Some(error.json().clone()),
                ..Reported::default()
            },
            other => panic!("{other} for {body}"),
        },
    }
}

/// Decodes each changed body of each operation, and counts what is reported.
#[derive(Default)]
struct Changes {
    bodies: usize,
    ignored: usize,
    errors: usize,
}

impl Visitor for Changes {
    fn visit<O: Example>(&mut self, entry: Entry<O>) {
        for body in entry.documented {
            let mut optional = BTreeSet::new();
            for (path, pointer, body) in changed(body) {
                self.bodies += 1;
                let reported = decode(&entry.small, &body);
                let changed = format!("{}: {path} in {body}", O::NAME);
                // The first change of a value is null.
                // `data` is excluded: null decodes as an empty list, other types do not.
                let is_null = body.pointer(&pointer) == Some(&Value::Null);
                if is_null && reported.error.is_none() && path != "data" {
                    optional.insert(path.clone());
                }
                for json in &reported.ignored_fields {
                    self.ignored += 1;
                    assert!(names(json, &path, &pointer, &body), "{json} for {changed}");
                }
                if let Some(json) = reported.error {
                    self.errors += 1;
                    assert!(names(&json, &path, &pointer, &body), "{json} for {changed}");
                    assert!(!optional.contains(&path), "{json} for {changed}");
                }
            }
        }
    }
}

#[test]
fn one_changed_value_is_decoded_or_named() {
    let mut changes = Changes::default();
    each_operation(&Values::default(), &mut changes);
    let Changes {
        bodies,
        ignored,
        errors,
    } = changes;
    assert!(bodies > 2_000, "only {bodies} changes were tried");
    assert!(ignored > 500, "only {ignored} fields were ignored");
    assert!(errors > 100, "only {errors} errors were reported");
}

/// Returns the required fields of a body's data, or of its first row.
///
/// A required field must not be absent, null or empty text.
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
        if let Some(error) = decode(operation, &body).error {
            let path = data.replace("/0", "[0]").replace('/', "");
            assert_eq!(error.path(), format!("{path}.{field}"));
            needed.insert(field.clone());
        }
    }
    needed
}

#[test]
fn missing_optional_field_does_not_fail_the_response() {
    let of = |fields: &[&str]| {
        fields
            .iter()
            .map(|field| field.to_string())
            .collect::<BTreeSet<_>>()
    };
    let customer = of(&["id", "customer_code", "email"]);
    let fetch = FetchCustomer::new(email());
    for body in [
        include_str!("../fixtures/create.json"),
        include_str!("../fixtures/fetch.json"),
        include_str!("../fixtures/fetch_with_dedicated_account.json"),
        include_str!("../fixtures/update.json"),
        include_str!("../fixtures/set_risk_action.json"),
    ] {
        assert_eq!(needed(&fetch, body), customer);
    }
    let list = include_str!("../fixtures/list_by_page.json");
    assert_eq!(needed(&ListCustomers::new(), list), customer);
    assert_eq!(
        needed(
            &ListMandateAuthorizations::new(CustomerId::new(5214)),
            include_str!("../fixtures/list_mandate_authorizations.json")
        ),
        of(&["id", "status", "authorization_id"])
    );
    assert_eq!(
        needed(
            &VerifyAuthorization::new(Reference::new("x").unwrap()),
            include_str!("../fixtures/verify_authorization.json")
        ),
        of(&["authorization_code"])
    );
    assert_eq!(
        needed(
            &initialize_debit(),
            include_str!("../fixtures/initialize_direct_debit.json")
        ),
        of(&["redirect_url", "reference"])
    );
}

#[test]
fn list_in_place_of_a_customer_is_rejected() {
    // serde's derive would decode the fields by position.
    let mut customer = vec![json!(1), json!("CUS_x"), json!("ada@example.com")];
    customer.resize(23, Value::Null);
    for list in [Value::from(customer), json!([])] {
        assert!(serde_json::from_value::<Customer>(list).is_err());
    }
}
