//! Each event decodes into its typed form.

use paystack_core::customers::{FetchCustomer, IdentificationType};
use paystack_core::http::HeaderMap;
use paystack_core::{Mode, SecretKey};
use paystack_webhook::{Event, SIGNATURE_HEADER, Verifier, sign};
use serde_json::{Value, json};

use super::{ACTIVE, CREATED, FAILED, SUCCEEDED, SUCCEEDED_BY_BVN, decode, verified, with_value};

#[test]
fn successful_identification_decodes() {
    let Event::CustomerIdentificationSucceeded(event) = decode(SUCCEEDED) else {
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
fn identification_by_bvn_has_its_number_in_value() {
    let Event::CustomerIdentificationSucceeded(event) = decode(SUCCEEDED_BY_BVN) else {
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
fn failed_identification_has_a_reason() {
    let Event::CustomerIdentificationFailed(event) = decode(FAILED) else {
        panic!()
    };
    assert_eq!(
        event.customer_id.unwrap().get(),
        4_294_967_312,
        "a JSON number; success events have a string of digits"
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
fn created_authorization_decodes() {
    let Event::DirectDebitAuthorizationCreated(event) = decode(CREATED) else {
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
        "decoded from the field `code`"
    );
    assert_eq!(customer.first_name.as_deref(), Some("Ada"));
    assert_eq!(customer.id, None);
}

#[test]
fn active_authorization_decodes() {
    let Event::DirectDebitAuthorizationActive(event) = decode(ACTIVE) else {
        panic!()
    };
    assert_eq!(event.authorization.active, Some(true));
    assert_eq!(event.reference.unwrap().as_str(), "q2w8e3r9t4y7u1");
    let code = event.customer.unwrap().customer_code.unwrap();
    assert_eq!(code.as_str(), "CUS_q7w2e9r4t1y8u3i");
}

#[test]
fn test_key_cannot_forge_a_live_event() {
    let [live, test] = ["sk_live_3f2a9c", "sk_test_3f2a9c"].map(|key| SecretKey::new(key).unwrap());
    let both = Verifier::new(&live).with_key(&test);
    for (key, domain) in [(&live, Mode::Live), (&test, Mode::Test)] {
        for claimed in [json!("live"), json!("test"), Value::Null] {
            let body = with_value(ACTIVE, "/data/domain", Some(claimed));
            let headers = HeaderMap::from_iter([(SIGNATURE_HEADER, sign(key, body.as_bytes()))]);
            let event = both.verify_parts(&headers, body.as_bytes()).unwrap();
            let active = event.event();
            assert!(matches!(
                active,
                Ok(Event::DirectDebitAuthorizationActive(_))
            ));
            assert_eq!(
                event.mode(),
                &domain,
                "the mode of the key, not of the body"
            );
        }
    }
}

#[test]
fn data_of_every_event_is_available_as_raw_json() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let whole: Value = serde_json::from_str(body).unwrap();
        let webhook = verified(body);
        assert_eq!(webhook.name(), whole["event"].as_str());
        assert_eq!(webhook.name(), Some(webhook.event().unwrap().name()));
        let data = webhook.data().unwrap();
        assert!(body.contains(data.as_str()), "byte for byte");
        assert_eq!(data.get::<Value>().unwrap(), whole["data"]);
    }
}

#[test]
fn customer_of_an_event_can_be_fetched() {
    for body in [SUCCEEDED, SUCCEEDED_BY_BVN, FAILED, CREATED, ACTIVE] {
        let customer = decode(body).customer().unwrap();
        assert!(customer.as_str().starts_with("CUS_"));
        let _: FetchCustomer = FetchCustomer::new(customer);
    }
    let by_address = with_value(CREATED, "/data/customer/code", Some(Value::Null));
    let customer = decode(by_address).customer().unwrap();
    assert_eq!(customer.as_str(), "ada.obi@example.com");
    for empty in [json!([]), json!({}), json!(null), json!({"email": ""})] {
        let body = with_value(ACTIVE, "/data/customer", Some(empty));
        assert_eq!(decode(body).customer(), None);
    }
}

#[test]
fn unrecognized_event_keeps_its_name_and_data() {
    let Event::Unrecognized { name, data } =
        decode(r#"{"event":"refund.failed","data":{"id": 7 }}"#)
    else {
        panic!()
    };
    assert_eq!(&*name, "refund.failed");
    assert_eq!(data.unwrap().as_str(), r#"{"id": 7 }"#);
    for none in [r#"{"event":"x"}"#, r#"{"event":"x","data":null}"#] {
        assert!(matches!(
            decode(none),
            Event::Unrecognized { data: None, .. }
        ));
    }
    let other_case = decode(r#"{"event":"Customeridentification.success","data":[1,"x"]}"#);
    assert_eq!(other_case.name(), "Customeridentification.success");
    assert_eq!(other_case.customer(), None);
}
