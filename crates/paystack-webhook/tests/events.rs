//! What events are read as.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use paystack_core::customers::{FetchCustomer, IdentificationType};
use paystack_core::http::HeaderMap;
use paystack_core::{Domain, JsonProblem, Operation, SecretKey};
use paystack_webhook::{Event, SIGNATURE_HEADER, VerifiedEvent, Verifier, sign};
use serde_json::{Value, json};

const SUCCEEDED: &str = include_str!("fixtures/identification_succeeded.json");
const SUCCEEDED_BY_BVN: &str = include_str!("fixtures/identification_succeeded_by_bvn.json");
const FAILED: &str = include_str!("fixtures/identification_failed.json");
const CREATED: &str = include_str!("fixtures/authorization_created.json");
const ACTIVE: &str = include_str!("fixtures/authorization_active.json");

fn verified(body: impl AsRef<[u8]>) -> VerifiedEvent {
    let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, sign(&key, body.as_ref()))]);
    Verifier::new(&key)
        .verify_parts(&headers, body.as_ref())
        .unwrap()
}

fn read(body: impl AsRef<[u8]>) -> Event {
    verified(body).event().unwrap()
}

/// A body with something else at a pointer, or with nothing there.
fn changed(body: &str, pointer: &str, value: Option<Value>) -> String {
    let mut body: Value = serde_json::from_str(body).unwrap();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(field.into(), value),
        None => parent.remove(field),
    };
    body.to_string()
}

#[test]
fn an_identification_that_succeeded() {
    let Event::CustomerIdentificationSucceeded(event) = read(SUCCEEDED) else {
        panic!()
    };
    assert_eq!(event.customer_id.unwrap().get(), 4_294_967_310);
    assert_eq!(event.customer_code.as_str(), "CUS_q7w2e9r4t1y8u3i");
    assert_eq!(event.email.unwrap().as_str(), "ada.obi@example.com");
    let identification = event.identification.unwrap();
    assert_eq!(identification.country.as_deref(), Some("NG"));
    assert_eq!(
        identification.identification_type,
        Some(IdentificationType::BankAccount)
    );
    assert_eq!(identification.bvn.as_deref(), Some("223*****918"));
    assert_eq!(identification.account_number.as_deref(), Some("030****271"));
    assert_eq!(identification.bank_code.as_deref(), Some("058"));
    assert_eq!(identification.value, None);
}

#[test]
fn an_identification_by_bvn_has_its_number_as_a_value() {
    let Event::CustomerIdentificationSucceeded(event) = read(SUCCEEDED_BY_BVN) else {
        panic!()
    };
    let identification = event.identification.unwrap();
    assert_eq!(
        identification.identification_type,
        Some(IdentificationType::Bvn)
    );
    assert_eq!(identification.value.as_deref(), Some("224*****305"));
    assert_eq!(identification.account_number, None);
}

#[test]
fn an_identification_that_failed_says_why() {
    let Event::CustomerIdentificationFailed(event) = read(FAILED) else {
        panic!()
    };
    assert_eq!(
        event.customer_id.unwrap().get(),
        4_294_967_312,
        "a number here, a string of digits elsewhere"
    );
    assert_eq!(
        event.reason.as_deref(),
        Some("Account number or BVN is incorrect")
    );
    assert_eq!(event.customer_code.as_str(), "CUS_p3o9i4u0y5t6r1e");
    assert_eq!(event.email.unwrap().as_str(), "ngozi@example.com");
    assert_eq!(
        event.identification.unwrap().bank_code.as_deref(),
        Some("033")
    );
}

#[test]
fn a_mandate_that_was_agreed_to() {
    let Event::DirectDebitAuthorizationCreated(event) = read(CREATED) else {
        panic!()
    };
    let authorization = event.authorization;
    assert_eq!(
        authorization.authorization_code.unwrap().as_str(),
        "AUTH_k2j8h5g1f7"
    );
    assert_eq!(authorization.active, Some(false));
    assert_eq!(authorization.exp_month.as_deref(), Some("11"));
    let customer = event.customer.unwrap();
    assert_eq!(
        customer.customer_code.unwrap().as_str(),
        "CUS_q7w2e9r4t1y8u3i",
        "under the name `code`"
    );
    assert_eq!(customer.first_name.as_deref(), Some("Ada"));
    assert_eq!(customer.id, None);
}

#[test]
fn a_mandate_that_can_be_charged() {
    let Event::DirectDebitAuthorizationActive(event) = read(ACTIVE) else {
        panic!()
    };
    assert_eq!(event.authorization.active, Some(true));
    assert_eq!(event.reference.unwrap().as_str(), "q2w8e3r9t4y7u1");
    assert_eq!(event.domain, Domain::Test, "of the key, not of the body");
    let code = event.customer.unwrap().customer_code.unwrap();
    assert_eq!(code.as_str(), "CUS_q7w2e9r4t1y8u3i");
}

#[test]
fn a_holder_of_the_test_key_forges_no_live_event() {
    let [live, test] = ["sk_live_3f2a9c", "sk_test_3f2a9c"].map(|key| SecretKey::new(key).unwrap());
    let both = Verifier::new(&live).with_key(&test);
    for (key, domain) in [(&live, Domain::Live), (&test, Domain::Test)] {
        for claimed in [json!("live"), json!("test"), Value::Null] {
            let body = changed(ACTIVE, "/data/domain", Some(claimed));
            let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, sign(key, body.as_bytes()))]);
            let event = both.verify_parts(&headers, body.as_bytes()).unwrap();
            let Ok(Event::DirectDebitAuthorizationActive(active)) = event.event() else {
                panic!()
            };
            assert_eq!((&active.domain, event.domain()), (&domain, &domain));
        }
    }
}

#[test]
fn the_raw_data_of_every_event_is_at_hand() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let whole: Value = serde_json::from_str(body).unwrap();
        let webhook = verified(body);
        assert_eq!(webhook.name(), whole["event"].as_str());
        assert_eq!(webhook.name(), Some(webhook.event().unwrap().name()));
        let data = webhook.data().unwrap();
        assert!(body.contains(data.as_str()), "as it came");
        assert_eq!(data.get::<Value>().unwrap(), whole["data"]);
    }
}

#[test]
fn the_customer_is_what_a_fetch_takes() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let customer = read(body).customer().unwrap();
        assert!(customer.as_str().starts_with("CUS_"));
        let _: FetchCustomer = FetchCustomer::new(customer);
    }
    let by_address = changed(CREATED, "/data/customer/code", Some(Value::Null));
    let customer = read(by_address).customer().unwrap();
    assert_eq!(customer.as_str(), "ada.obi@example.com");
    for nobody in [json!([]), json!({}), json!(null), json!({"email": ""})] {
        let body = changed(ACTIVE, "/data/customer", Some(nobody));
        assert_eq!(read(body).customer(), None);
    }
}

#[test]
fn a_customer_code_that_would_change_the_route_is_not_read() {
    for code in ["", ".", "..", "CUS\n"] {
        let body = changed(SUCCEEDED, "/data/customer_code", Some(json!(code)));
        let unread = verified(body).event().unwrap_err();
        assert_eq!(unread.path(), "data.customer_code");
    }
    let odd = changed(
        SUCCEEDED,
        "/data/customer_code",
        Some(json!("../balance?x#y")),
    );
    let fetch = FetchCustomer::new(read(odd).customer().unwrap());
    assert_eq!(fetch.path().as_str(), "/customer/..%2Fbalance%3Fx%23y");
}

#[test]
fn any_field_but_the_customers_code_may_be_null_or_absent() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let whole: Value = serde_json::from_str(body).unwrap();
        let data = whole["data"].as_object().unwrap();
        let inner = ["identification", "customer"]
            .into_iter()
            .filter_map(|name| {
                let fields = data.get(name)?.as_object()?;
                Some(
                    fields
                        .keys()
                        .map(move |field| format!("/data/{name}/{field}")),
                )
            });
        let pointers = data
            .keys()
            .map(|field| format!("/data/{field}"))
            .chain(inner.flatten());
        for pointer in pointers {
            for value in [None, Some(Value::Null)] {
                let event = verified(changed(body, &pointer, value)).event();
                let needed = pointer == "/data/customer_code";
                assert_eq!(event.is_err(), needed, "{pointer}");
            }
        }
    }
}

#[test]
fn objects_that_are_empty_may_come_as_lists() {
    for (body, pointer) in [
        (SUCCEEDED, "/data/identification"),
        (FAILED, "/data/identification"),
        (CREATED, "/data/customer"),
        (ACTIVE, "/data/customer"),
        (ACTIVE, "/data"),
    ] {
        read(changed(body, pointer, Some(json!([]))));
        let wrong = changed(body, pointer, Some(json!(["CUS_x"])));
        let unread = verified(wrong).event().unwrap_err();
        assert_eq!(unread.path(), pointer[1..].replace('/', "."));
    }
}

#[test]
fn odd_forms_are_read_as_what_they_mean() {
    for (body, pointer, value) in [
        (SUCCEEDED, "/data/customer_id", json!(4_294_967_310_u64)),
        (FAILED, "/data/customer_id", json!("4294967312")),
        (SUCCEEDED, "/data/identification/bank_code", json!(58)),
        (
            SUCCEEDED,
            "/data/identification/type",
            json!("palm_reading"),
        ),
        (FAILED, "/data/reason", json!(17)),
        (ACTIVE, "/data/reusable", json!(1)),
        (ACTIVE, "/data/active", json!("true")),
        (ACTIVE, "/data/last4", json!(8821)),
        (ACTIVE, "/data/exp_year", json!("2031")),
        (ACTIVE, "/data/channel", json!("carrier_pigeon")),
        (ACTIVE, "/data/domain", json!("dream")),
        (CREATED, "/status", json!("true")),
        (CREATED, "/message", Value::Null),
        (CREATED, "/data/customer/metadata", json!("")),
        (CREATED, "/data/new_field", json!([{"a": [1]}])),
    ] {
        read(changed(body, pointer, Some(value)));
    }
    let spaced = changed(ACTIVE, "/data/card_type", Some(json!("visa ")));
    let Event::DirectDebitAuthorizationActive(event) = read(spaced) else {
        panic!()
    };
    assert_eq!(event.authorization.card_type.as_deref(), Some("visa"));
}

#[test]
fn nothing_may_be_an_empty_text_or_an_empty_list() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let whole: Value = serde_json::from_str(body).unwrap();
        let data = whole["data"].as_object().unwrap();
        let fields = data.iter().flat_map(|(name, value)| {
            let inner = value.as_object().into_iter().flat_map(|inner| inner.keys());
            let inner = inner.map(move |field| format!("/data/{name}/{field}"));
            inner.chain([format!("/data/{name}")])
        });
        for pointer in fields.filter(|pointer| pointer != "/data/customer_code") {
            // In place of a text of an authorization no list has been seen.
            let of_authorization = !body.contains("customeridentification");
            for nothing in [json!(""), json!([])] {
                let of_customer = pointer.starts_with("/data/customer");
                if of_authorization && !of_customer && nothing.is_array() {
                    continue;
                }
                let shown = format!("{pointer} {nothing}");
                let read = verified(changed(body, &pointer, Some(nothing))).event();
                assert!(read.is_ok(), "{shown}: {read:?}");
            }
        }
    }
}

#[test]
fn half_a_surrogate_pair_does_not_cost_an_event() {
    let reason = "Account number or BVN is incorrect";
    let body = FAILED.replace(reason, r"No \ud83d");
    let webhook = verified(&body);
    let Event::CustomerIdentificationFailed(event) = webhook.event().unwrap() else {
        panic!()
    };
    assert_eq!(event.reason.as_deref(), Some("No \u{fffd}"));
    assert_eq!(webhook.body(), body.as_bytes(), "the body as it came");
    let other = read(r#"{"event":"x","data":{"name":"\ud83d"},"\udc00":1}"#);
    let Event::Other { data, .. } = other else {
        panic!()
    };
    assert_eq!(data.unwrap().get::<Value>().unwrap()["name"], "\u{fffd}");
}

#[test]
fn an_unknown_event_keeps_its_name_and_its_data() {
    let Event::Other { name, data } = read(r#"{"event":"refund.failed","data":{"id": 7 }}"#) else {
        panic!()
    };
    assert_eq!(&*name, "refund.failed");
    assert_eq!(data.unwrap().as_str(), r#"{"id": 7 }"#);
    for none in [r#"{"event":""}"#, r#"{"event":"","data":null}"#] {
        assert!(matches!(read(none), Event::Other { data: None, .. }));
    }
    let strange = read(r#"{"event":"Customeridentification.success","data":[1,"x"]}"#);
    assert_eq!(strange.name(), "Customeridentification.success");
    assert_eq!(strange.customer(), None);
}

#[test]
fn an_event_that_does_not_fit_is_not_lost() {
    let body = changed(FAILED, "/data/customer_id", Some(json!("seven")));
    let webhook = verified(&body);
    let unread = webhook.event().unwrap_err();
    assert_eq!(unread.path(), "data.customer_id");
    assert_eq!(webhook.name(), Some("customeridentification.failed"));
    assert_eq!(
        webhook.data().unwrap().get::<Value>().unwrap()["email"],
        "ngozi@example.com"
    );
    assert_eq!(webhook.body(), body.as_bytes());
}

#[test]
fn what_is_signed_but_no_event_is_kept_and_told() {
    for (body, problem) in [
        (&b""[..], JsonProblem::CutOff),
        (b"event=x", JsonProblem::Syntax),
        (b"{\"event\":\"\xff\"}", JsonProblem::NotUtf8),
        (
            b"{}",
            JsonProblem::Missing {
                field: "event".into(),
            },
        ),
        (
            b"null",
            JsonProblem::Missing {
                field: "event".into(),
            },
        ),
        (
            br#"["transfer.success",{}]"#,
            JsonProblem::Mismatch {
                expected: "an object".into(),
                found: "a list",
            },
        ),
        (
            br#"{"event":7}"#,
            JsonProblem::Mismatch {
                expected: "a string".into(),
                found: "a number",
            },
        ),
    ] {
        let webhook = verified(body);
        assert_eq!(webhook.event().unwrap_err().problem(), &problem);
        assert_eq!((webhook.name(), webhook.data()), (None, None));
        assert_eq!(webhook.body(), body);
    }
}

#[test]
fn an_event_that_says_one_thing_twice_is_none() {
    let once = verified(SUCCEEDED);
    assert!(once.event().is_ok());
    for (repeated, field) in [
        (
            SUCCEEDED.replacen('{', r#"{"event":"transfer.success","#, 1),
            "event",
        ),
        (SUCCEEDED.replacen('{', r#"{"data":{},"#, 1), "data"),
    ] {
        let webhook = verified(repeated);
        let problem = JsonProblem::Repeated {
            field: field.into(),
        };
        assert_eq!(webhook.event().unwrap_err().problem(), &problem);
        assert_eq!((webhook.name(), webhook.data()), (None, None));
    }
    let code = r#""customer_code""#;
    let twice = SUCCEEDED.replacen(code, &format!(r#"{code}:"CUS_other",{code}"#), 1);
    assert!(verified(twice).event().is_err());
}

#[test]
fn what_is_nested_deeply_is_kept_and_not_followed() {
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    let other = verified(format!(r#"{{"event":"x","data":{deep},"more":{deep}}}"#));
    assert!(other.event().is_ok());
    let body = SUCCEEDED.replacen('{', &format!(r#"{{"more":{deep},"#), 1);
    assert!(verified(body).event().is_ok());
}
