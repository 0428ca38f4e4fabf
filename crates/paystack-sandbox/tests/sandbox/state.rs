//! The state as a document: saved, loaded, written by hand, and invalid.

use paystack_sandbox::{Fault, Sandbox, State};
use paystack_transport::{AuthorizationCode, CustomerCode, Mode};
use serde_json::{Value, json};
use time::Duration;

use super::{CREDENTIAL, NOW, create, send};

/// A sandbox with a card, a mandate that is active and one that is pending, and a validation that succeeded.
fn busy() -> Sandbox {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let code = ada["data"]["customer_code"].as_str().unwrap();
    let code = CustomerCode::new(code).unwrap();
    let card = AuthorizationCode::new("AUTH_card").unwrap();
    assert!(sandbox.seed_authorization(&Mode::Test, &code, &card));
    let initialize = r#"{"email":"ada@example.com","channel":"direct_debit","callback_url":"https://shop.example"}"#;
    let line = "POST /customer/authorization/initialize";
    send(&mut sandbox, NOW, line, initialize);
    send(
        &mut sandbox,
        NOW,
        "POST /customer/ada@example.com/identification",
        CREDENTIAL,
    );
    let later = NOW + Duration::minutes(1);
    send(&mut sandbox, later, line, initialize);
    sandbox
}

fn text(sandbox: &Sandbox) -> String {
    serde_json::to_string_pretty(&sandbox.state()).unwrap()
}

#[test]
fn loaded_state_is_the_saved_one() {
    let mut sandbox = busy();
    let saved = text(&sandbox);
    let mut loaded = Sandbox::new(1);
    let state: State = serde_json::from_str(&saved).unwrap();
    loaded.load(state, NOW).unwrap();
    assert_eq!(text(&loaded), saved);

    // The pending mandate continues, and both sandboxes answer alike.
    let later = NOW + Duration::minutes(2);
    for line in [
        "GET /customer/ada@example.com",
        "GET /customer",
        "GET /directdebit/mandate-authorizations",
    ] {
        let expected = send(&mut sandbox, later, line, "");
        assert_eq!(send(&mut loaded, later, line, ""), expected, "{line}");
    }
    assert_eq!(text(&loaded), text(&sandbox));
    let again = send(
        &mut loaded,
        later,
        "POST /customer/ada@example.com/identification",
        CREDENTIAL,
    );
    assert_eq!(
        again["message"],
        "Customer already validated using the same credentials"
    );
}

#[test]
fn codes_created_after_loading_are_new() {
    let mut sandbox = Sandbox::new(1);
    let first = create(&mut sandbox, NOW, "ada@example.com");
    let mut loaded = Sandbox::new(1);
    loaded.load(sandbox.state(), NOW).unwrap();
    let second = create(&mut loaded, NOW, "kwame@example.com");
    assert_ne!(
        first["data"]["customer_code"],
        second["data"]["customer_code"]
    );
}

#[test]
fn reset_returns_to_the_loaded_state() {
    let mut sandbox = Sandbox::new(1);
    sandbox.load(busy().state(), NOW).unwrap();
    let start = text(&sandbox);
    create(&mut sandbox, NOW, "kwame@example.com");
    sandbox.inject(Fault::garbage()).unwrap();
    sandbox.reset();
    assert_eq!(text(&sandbox), start);
    assert_eq!(sandbox.faults().count(), 0);
}

#[test]
fn added_state_keeps_the_existing_customers() {
    let mut sandbox = busy();
    let kwame = json!({"live": {}, "test": {
        "customers": [{"email": "kwame@example.com", "customer_code": "CUS_kwame"}],
        "mandates": [{"customer": "CUS_kwame", "authorization_code": "AUTH_k",
                      "status": "active", "authorized_at": "2026-01-01T00:00:00Z"}]
    }});
    sandbox
        .add(serde_json::from_value(kwame).unwrap(), NOW)
        .unwrap();
    let listed = send(&mut sandbox, NOW, "GET /customer", "");
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    let kwame = send(&mut sandbox, NOW, "GET /customer/CUS_kwame", "");
    let authorization = &kwame["data"]["authorizations"][0];
    assert_eq!(authorization["authorization_code"], "AUTH_k");
    assert_eq!(authorization["active"], true);
}

#[test]
fn agreement_to_an_authorized_or_revoked_mandate_is_ignored() {
    for status in ["pending", "active", "revoked"] {
        let state = json!({"test": {
            "customers": [{"email": "ada@example.com", "customer_code": "CUS_ada"}],
            "mandates": [{"customer": "CUS_ada", "status": status,
                          "authorized_at": "2026-01-01T00:00:00Z"}],
            "scheduled": [{"due": "2026-01-01T00:00:00Z", "event": "customer_agrees",
                           "mandate": 164_098}]
        }});
        let mut sandbox = Sandbox::new(1);
        sandbox
            .load(serde_json::from_value(state).unwrap(), NOW)
            .unwrap();
        let fetched = send(&mut sandbox, NOW, "GET /customer/CUS_ada", "");
        assert_eq!(sandbox.take_webhooks(NOW), []);
        let authorizations = fetched["data"]["authorizations"].as_array().unwrap();
        assert_eq!(authorizations.len(), usize::from(status != "revoked"));
    }
}

#[test]
fn invalid_state_is_rejected_and_changes_nothing() {
    let twice = json!([{"email": "a@example.com"}, {"email": "a@example.com"}]);
    let backwards = json!([
        {"email": "a@example.com", "createdAt": "2026-02-01T00:00:00Z"},
        {"email": "b@example.com", "createdAt": "2026-01-01T00:00:00Z"},
    ]);
    let customers = |customers: Value| json!({"test": {"customers": customers}});
    let card = json!({"authorization_code": "AUTH_x"});
    for (state, message) in [
        (
            customers(json!([{"email": "a"}])),
            "test.customers[0]: e-mail address",
        ),
        (customers(twice), "test.customers[1]: email must be unique"),
        (
            customers(backwards),
            "test.customers[1]: createdAt must not precede",
        ),
        (
            customers(json!([{"email": "a@example.com", "cards": [card, card]}])),
            "test.customers[0]: authorization_code must be unique",
        ),
        (
            customers(json!([{"email": "a@example.com", "id": 7}])),
            "test.customers[0]: id must be omitted",
        ),
        (
            customers(json!([{"email": "a@example.com", "metadata": [1]}])),
            "test.customers[0]: metadata must be an object",
        ),
        (
            customers(json!([{"email": "a@example.com", "risk_action": "ban"}])),
            "test.customers[0]: risk_action must be default",
        ),
        (
            customers(json!([{"email": "a@example.com", "customer_code": ".."}])),
            "test.customers[0]: customer code",
        ),
        (
            customers(json!([{"email": "a@shop"}])),
            "test.customers[0]: email must have a local part",
        ),
        (
            customers(json!([{"email": "a@shop.test"}])),
            "test.customers[0]: email must not end with .test, .local or .invalid",
        ),
        (
            json!({"test": {"customers": [{"email": "m@example.com", "customer_code": "CUS_m"}],
                "mandates": [{"customer": "CUS_m", "status": "paused"}]}}),
            "test.mandates[0]: status must be pending",
        ),
        (
            json!({"live": {"mandates": [{"customer": "CUS_x"}]}}),
            "live.mandates[0]: customer must be the code of a customer",
        ),
        (
            json!({"live": {"scheduled": [
                {"due": "2026-01-01T00:00:00Z", "event": "bank_activates", "mandate": 1}
            ]}}),
            "live.scheduled[0]: event must name an existing record",
        ),
    ] {
        let mut sandbox = busy();
        let before = text(&sandbox);
        let state: State = serde_json::from_value(state).unwrap();
        for error in [
            sandbox.load(state.clone(), NOW).expect_err(message),
            sandbox.add(state.clone(), NOW).expect_err(message),
        ] {
            let error = error.to_string();
            // The records that exist precede those that are added.
            let (mode, rest) = message.split_once('[').unwrap();
            let (_, problem) = rest.split_once("]: ").unwrap();
            assert!(
                error.starts_with(mode) && error.contains(problem),
                "{error}"
            );
        }
        assert_eq!(text(&sandbox), before);
    }
    for (state, message) in [
        (r#"{"version":2}"#, "expected version 1"),
        (r#"{"tests":{}}"#, "unknown field `tests`"),
        (r#"{"test":{"customers":[{}]}}"#, "missing field `email`"),
        (
            r#"{"test":{"customers":[{"email":"a@example.com","createdAt":"9999-12-31T23:59:59-01:00"}]}}"#,
            "must be in a year",
        ),
        (
            r#"{"test":{"customers":[{"email":"a@example.com","createdAt":"0000-01-01T00:00:00+01:00"}]}}"#,
            "must be in a year",
        ),
    ] {
        let error = serde_json::from_str::<State>(state)
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error}");
    }
}
