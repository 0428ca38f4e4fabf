//! Bodies that differ from Paystack's documented shapes.

use paystack_core::customers::FetchCustomer;
use paystack_core::{Api, ErrorKind, JsonProblem, Operation, SecretKey};
use paystack_webhook::Event;
use serde_json::{Value, json};

use super::{ACTIVE, CREATED, FAILED, SUCCEEDED, SUCCEEDED_BY_BVN, decode, verified, with_value};

#[test]
fn customer_code_that_changes_the_route_is_not_sent() {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    for code in [".", "..", "CUS\n"] {
        let body = with_value(SUCCEEDED, "/data/customer_code", Some(json!(code)));
        let fetch = FetchCustomer::new(decode(body).customer().unwrap());
        let error = api.request(&fetch).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    }
    let escaped = with_value(
        SUCCEEDED,
        "/data/customer_code",
        Some(json!("../balance?x#y")),
    );
    let fetch = FetchCustomer::new(decode(escaped).customer().unwrap());
    assert_eq!(fetch.path().as_str(), "/customer/..%2Fbalance%3Fx%23y");
}

#[test]
fn fields_except_customer_code_may_be_null_or_absent() {
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
                let event = verified(with_value(body, &pointer, value)).event();
                let needed = pointer == "/data/customer_code";
                assert_eq!(event.is_err(), needed, "{pointer}");
            }
        }
    }
}

#[test]
fn empty_list_in_place_of_an_object_decodes() {
    for (body, pointer) in [
        (SUCCEEDED, "/data/identification"),
        (FAILED, "/data/identification"),
        (CREATED, "/data/customer"),
        (ACTIVE, "/data/customer"),
        (ACTIVE, "/data"),
    ] {
        decode(with_value(body, pointer, Some(json!([]))));
    }
    let filled = with_value(ACTIVE, "/data", Some(json!(["CUS_x"])));
    let error = verified(filled).event().unwrap_err();
    assert_eq!(error.path(), "data");
    let empty = with_value(SUCCEEDED, "/data", Some(json!([])));
    let error = verified(empty).event().unwrap_err();
    assert_eq!(error.path(), "data.customer_code");
}

#[test]
fn unusual_types_of_known_fields_decode() {
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
        decode(with_value(body, pointer, Some(value)));
    }
    let spaced = with_value(ACTIVE, "/data/card_type", Some(json!("visa ")));
    let Event::DirectDebitAuthorizationActive(event) = decode(spaced) else {
        panic!()
    };
    assert_eq!(event.authorization.card_type.as_deref(), Some("visa"));
}

#[test]
fn empty_string_or_list_in_place_of_a_value_decodes() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let whole: Value = serde_json::from_str(body).unwrap();
        let data = whole["data"].as_object().unwrap();
        let fields = data.iter().flat_map(|(name, value)| {
            let inner = value.as_object().into_iter().flat_map(|inner| inner.keys());
            let inner = inner.map(move |field| format!("/data/{name}/{field}"));
            inner.chain([format!("/data/{name}")])
        });
        for pointer in fields.filter(|pointer| pointer != "/data/customer_code") {
            for empty in [json!(""), json!([])] {
                let shown = format!("{pointer} {empty}");
                let decoded = verified(with_value(body, &pointer, Some(empty))).event();
                assert!(decoded.is_ok(), "{shown}: {decoded:?}");
            }
        }
    }
}

#[test]
fn optional_field_of_the_wrong_type_is_read_as_none() {
    for body in [SUCCEEDED, FAILED, CREATED, ACTIVE] {
        let whole: Value = serde_json::from_str(body).unwrap();
        for field in whole["data"].as_object().unwrap().keys() {
            for odd in [json!({"a": [1]}), json!(["x"]), json!(1e300), json!(-1.5)] {
                let body = with_value(body, &format!("/data/{field}"), Some(odd));
                let event = verified(&body).event();
                let is_required = field == "customer_code";
                assert_eq!(event.is_err(), is_required, "{body}: {event:?}");
            }
        }
    }
    let repeated = FAILED.replace(r#""reason":"#, r#""reason":"once","reason":"#);
    let repeated = verified(repeated).event().unwrap();
    let Event::CustomerIdentificationFailed(event) = repeated else {
        panic!()
    };
    assert_eq!(event.reason, None);
}

#[test]
fn byte_order_mark_and_invalid_bytes_are_decoded() {
    let mut body = b"\xef\xbb\xbf".to_vec();
    body.extend(
        FAILED
            .replace("incorrect", "!")
            .bytes()
            .map(|byte| match byte {
                b'!' => 0xff,
                byte => byte,
            }),
    );
    let Event::CustomerIdentificationFailed(event) = verified(body).event().unwrap() else {
        panic!()
    };
    assert!(event.reason.unwrap().ends_with('\u{fffd}'));
}

#[test]
fn lone_surrogate_is_replaced_and_the_event_decodes() {
    let reason = "Account number or BVN is incorrect";
    let body = FAILED.replace(reason, r"No \ud83d");
    let webhook = verified(&body);
    let Event::CustomerIdentificationFailed(event) = webhook.event().unwrap() else {
        panic!()
    };
    assert_eq!(event.reason.as_deref(), Some("No \u{fffd}"));
    assert_eq!(webhook.body(), body.as_bytes(), "the body, byte for byte");
    let other = decode(r#"{"event":"x","data":{"name":"\ud83d"},"\udc00":1}"#);
    let Event::Unrecognized { data, .. } = other else {
        panic!()
    };
    assert_eq!(data.unwrap().get::<Value>().unwrap()["name"], "\u{fffd}");
}

#[test]
fn event_that_fails_to_decode_keeps_its_body() {
    let body = with_value(FAILED, "/data/customer_code", Some(json!([7])));
    let webhook = verified(&body);
    let error = webhook.event().unwrap_err();
    assert_eq!(error.path(), "data.customer_code");
    assert_eq!(webhook.name(), Some("customeridentification.failed"));
    assert_eq!(
        webhook.data().unwrap().get::<Value>().unwrap()["email"],
        "ngozi@example.com"
    );
    assert_eq!(webhook.body(), body.as_bytes());
}

#[test]
fn signed_body_that_is_not_an_event_is_kept() {
    for (body, problem) in [
        (&b""[..], JsonProblem::CutOff),
        (b"event=x", JsonProblem::Syntax),
        (
            b"{}",
            JsonProblem::Missing {
                field: "event".into(),
            },
        ),
        (
            b"null",
            JsonProblem::Mismatch {
                expected: "an object".into(),
                found: "null",
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
            br#"{"event":{}}"#,
            JsonProblem::Missing {
                field: "event".into(),
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
fn last_value_of_a_repeated_field_counts() {
    for repeated in [
        SUCCEEDED.replacen('{', r#"{"event":"transfer.success","#, 1),
        SUCCEEDED.replacen('{', r#"{"data":{},"#, 1),
    ] {
        assert_eq!(decode(repeated), decode(SUCCEEDED));
    }
}

#[test]
fn deeply_nested_data_is_kept_without_recursion() {
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    let other = verified(format!(r#"{{"event":"x","data":{deep},"more":{deep}}}"#));
    assert!(other.event().is_ok());
    let body = SUCCEEDED.replacen('{', &format!(r#"{{"more":{deep},"#), 1);
    assert!(verified(body).event().is_ok());
}
