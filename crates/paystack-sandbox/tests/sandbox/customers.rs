//! Customers, validations and mandates.

use paystack_sandbox::Sandbox;
use paystack_transport::{CustomerCode, Email, Mode};
use serde_json::Value;
use time::Duration;
use time::macros::datetime;

use super::{CREDENTIAL, NOW, create, send};

#[test]
fn response_times_are_in_utc_for_any_clock_offset() {
    let mut sandbox = Sandbox::new(1);
    let created = create(
        &mut sandbox,
        datetime!(2026-01-01 01:00 +1),
        "ada@example.com",
    );
    assert_eq!(created["data"]["createdAt"], "2026-01-01T00:00:00.000Z");
}

#[test]
fn fetch_finds_a_customer_by_code_or_email() {
    let mut sandbox = Sandbox::new(1);
    let created = create(&mut sandbox, NOW, "ada@example.com");
    let data = &created["data"];
    for name in [
        data["customer_code"].as_str().unwrap(),
        "ada@example.com",
        "ada%40example.com",
    ] {
        let found = send(&mut sandbox, NOW, &format!("GET /customer/{name}"), "");
        assert_eq!(found["data"]["id"], data["id"], "{name}");
    }
}

#[test]
fn customer_id_is_rejected_where_a_code_or_email_is_needed() {
    let mut sandbox = Sandbox::new(1);
    let id = create(&mut sandbox, NOW, "ada@example.com")["data"]["id"].to_string();
    for (line, body) in [
        (format!("GET /customer/{id}"), ""),
        (format!("POST /customer/{id}/identification"), CREDENTIAL),
        (
            "POST /customer/set_risk_action".to_owned(),
            &format!(r#"{{"customer":"{id}","risk_action":"deny"}}"#),
        ),
    ] {
        let refused = send(&mut sandbox, NOW, &line, body);
        assert_eq!(refused["code"], "customer_not_found", "{line}");
    }
}

#[test]
fn update_by_email_is_rejected() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let update = "PUT /customer/ada@example.com";
    let refused = send(&mut sandbox, NOW, update, r#"{"first_name":"Ada"}"#);
    assert_eq!(
        refused["message"],
        "Customer code/email specified is invalid"
    );
    let fetched = send(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    assert_eq!(fetched["data"]["first_name"], Value::Null);
}

#[test]
fn customers_keep_creation_order_when_the_clock_goes_back() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "first@example.com");
    sandbox.seed_customers(&Mode::Test, 3, NOW);
    create(&mut sandbox, NOW - Duration::hours(1), "late@example.com");
    sandbox.seed_customers(&Mode::Test, 2, NOW + Duration::hours(1));
    let listed = send(&mut sandbox, NOW, "GET /customer", "");
    let rows = listed["data"].as_array().unwrap();
    let times: Vec<_> = rows
        .iter()
        .map(|row| row["createdAt"].as_str().unwrap())
        .collect();
    assert!(
        times.is_sorted_by(|newer, older| newer >= older),
        "{times:?}"
    );
    let mut emails: Vec<_> = rows
        .iter()
        .map(|row| row["email"].as_str().unwrap())
        .collect();
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(emails.len(), 7, "duplicate address");
}

#[test]
fn seeded_customers_skip_an_address_that_exists() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "customer-2@example.com");
    sandbox.seed_customers(&Mode::Test, 2, NOW);
    let listed = send(&mut sandbox, NOW, "GET /customer", "");
    let rows = listed["data"].as_array().unwrap();
    let emails: Vec<_> = rows.iter().rev().map(|row| &row["email"]).collect();
    let expected = [
        "customer-2@example.com",
        "customer-3@example.com",
        "customer-4@example.com",
    ];
    assert_eq!(emails, expected);
}

#[test]
fn date_as_a_bound_means_the_start_of_the_day() {
    let mut sandbox = Sandbox::new(1);
    create(
        &mut sandbox,
        datetime!(2026-02-28 23:59 UTC),
        "before@example.com",
    );
    create(
        &mut sandbox,
        datetime!(2026-03-01 00:01 UTC),
        "after@example.com",
    );
    let mut listed = |query: &str| {
        let response = send(&mut sandbox, NOW, &format!("GET /customer?{query}"), "");
        let rows = response["data"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["email"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("to=2026-03-01"), ["before@example.com"]);
    assert_eq!(listed("from=2026-03-01"), ["after@example.com"]);
    for time in [
        "2026-03-01%2000:01:00.000000",
        "2026-03-01T00:01:00",
        "2026-03-01T01:00:00%2B0100",
        "2026-03-01T01:00%2B01:00",
        "2026-02-28T23:00:30-01:00",
    ] {
        assert_eq!(
            listed(&format!("from={time}")),
            ["after@example.com"],
            "{time}"
        );
    }
}

#[test]
fn first_page_has_no_previous_and_null_is_not_a_cursor() {
    let mut sandbox = Sandbox::new(1);
    sandbox.seed_customers(&Mode::Test, 3, NOW);
    for query in [
        "use_cursor=true&perPage=2",
        "use_cursor=True&perPage=2&next=null&previous=null",
    ] {
        let listed = send(&mut sandbox, NOW, &format!("GET /customer?{query}"), "");
        assert_eq!(listed["meta"]["previous"], Value::Null);
        assert!(listed["meta"]["next"].is_string());
    }
}

#[test]
fn fetch_has_both_spellings_of_times_and_update_moves_one() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let later = NOW + Duration::minutes(1);
    let update = format!(
        "PUT /customer/{}",
        ada["data"]["customer_code"].as_str().unwrap()
    );
    send(&mut sandbox, later, &update, r#"{"first_name":"Ada"}"#);
    let fetched = send(&mut sandbox, later, "GET /customer/ada@example.com", "");
    let data = &fetched["data"];
    assert_eq!(data["createdAt"], data["created_at"]);
    assert_eq!(data["updatedAt"], data["updated_at"]);
    assert_eq!(data["created_at"], "2026-03-01T12:00:00.000Z");
    assert_eq!(data["updated_at"], "2026-03-01T12:01:00.000Z");
}

#[test]
fn card_type_of_the_test_card_ends_in_a_space() {
    let mut sandbox = Sandbox::new(1);
    let created = create(&mut sandbox, NOW, "ada@example.com");
    let code = created["data"]["customer_code"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let card = "AUTH_x".parse().unwrap();
    assert!(sandbox.seed_authorization(&Mode::Test, &code, &card));
    assert!(
        !sandbox.seed_authorization(&Mode::Live, &code, &card),
        "the customer does not exist in live mode"
    );
    let fetched = send(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    assert_eq!(fetched["data"]["authorizations"][0]["card_type"], "visa ");
}

#[test]
fn seeded_authorization_with_a_code_that_exists_is_rejected() {
    let mut sandbox = Sandbox::new(1);
    let created = create(&mut sandbox, NOW, "ada@example.com");
    let code = created["data"]["customer_code"].as_str().unwrap();
    let (code, card) = (code.parse().unwrap(), "AUTH_x".parse().unwrap());
    assert!(sandbox.seed_authorization(&Mode::Test, &code, &card));
    assert!(!sandbox.seed_authorization(&Mode::Test, &code, &card));
    let fetched = send(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    let authorizations = fetched["data"]["authorizations"].as_array().unwrap();
    assert_eq!(authorizations.len(), 1);
}

#[test]
fn validation_reads_the_number_from_the_field_of_its_type() {
    let person = r#""country":"NG","first_name":"Uchenna","last_name":"Okoro""#;
    let (success, failed) = (
        "customeridentification.success",
        "customeridentification.failed",
    );
    for (body, event) in [
        (CREDENTIAL.to_owned(), success),
        (
            format!(r#"{{"type":"bvn","value":"222222222221",{person}}}"#),
            success,
        ),
        (
            format!(r#"{{"type":"bvn","bvn":"222222222221",{person}}}"#),
            success,
        ),
        (
            format!(r#"{{"type":"bvn","value":"20012345677",{person}}}"#),
            failed,
        ),
        (CREDENTIAL.replace("0111111111", "0111111112"), failed),
    ] {
        let mut sandbox = Sandbox::new(1);
        create(&mut sandbox, NOW, "ada@example.com");
        let line = "POST /customer/ada@example.com/identification";
        let response = send(&mut sandbox, NOW, line, &body);
        assert_eq!(response["status"], true, "{response}");
        assert_eq!(sandbox.take_webhooks(NOW), [], "not yet");
        let webhooks = sandbox.take_webhooks(NOW + Duration::seconds(2));
        assert_eq!(
            webhooks
                .iter()
                .map(|webhook| webhook.event)
                .collect::<Vec<_>>(),
            [event]
        );
    }
}

#[test]
fn redirect_has_the_host_of_paystacks_example() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let by_id = format!(
        "POST /customer/{}/initialize-direct-debit",
        ada["data"]["id"]
    );
    let body = r#"{"email":"ada@example.com","channel":"direct_debit",
        "account":{"number":"0123456789","bank_code":"058"},
        "address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#;
    for (line, host) in [
        ("POST /customer/authorization/initialize", "checkout"),
        (&by_id, "link"),
    ] {
        let data = send(&mut sandbox, NOW, line, body)["data"].clone();
        let access_code = data["access_code"].as_str().unwrap();
        let expected = format!("https://{host}.paystack.com/{access_code}");
        assert_eq!(data["redirect_url"], expected);
    }
}

#[test]
fn activation_charge_requires_a_pending_mandate() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let path = format!("/customer/{}", ada["data"]["id"]);
    let account = r#"{"account":{"number":"0123456789","bank_code":"058"},
        "address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#;
    let initialize = format!("POST {path}/initialize-direct-debit");
    send(&mut sandbox, NOW, &initialize, account);
    let list = format!("GET {path}/directdebit-mandate-authorizations");
    let mandate = send(&mut sandbox, NOW, &list, "")["data"][0].clone();
    let charge = format!("PUT {path}/directdebit-activation-charge");
    let body = format!(r#"{{"authorization_id":{}}}"#, mandate["authorization_id"]);
    let pending = send(&mut sandbox, NOW, &charge, &body);
    assert_eq!(pending["status"], true);
    let later = NOW + Duration::minutes(1);
    let active = send(&mut sandbox, later, &charge, &body);
    assert_eq!(active["message"], "Mandate is already active");
    let code = mandate["authorization_code"].as_str().unwrap();
    let deactivate = format!(r#"{{"authorization_code":"{code}"}}"#);
    let line = "POST /customer/authorization/deactivate";
    send(&mut sandbox, later, line, &deactivate);
    let revoked = send(&mut sandbox, later, &charge, &body);
    assert_eq!(revoked["message"], "Mandate is already revoked");
}

#[test]
fn seeded_customer_must_be_new_and_have_a_valid_address() {
    let mut sandbox = Sandbox::new(1);
    let mut seed = |code: &str, email: &str| {
        let (code, email) = (CustomerCode::new(code).unwrap(), Email::new(email).unwrap());
        let seeded = sandbox.seed_customer(&Mode::Test, &code, &email, NOW);
        seeded.map_err(|invalid| invalid.field())
    };
    assert_eq!(seed("CUS_ada", "ada@example.com"), Ok(()));
    assert_eq!(seed("CUS_ada", "ben@example.com"), Err("customer_code"));
    assert_eq!(seed("CUS_ben", "ada@example.com"), Err("email"));
    assert_eq!(seed("CUS_ben", "ben@example.test"), Err("email"));
    assert_eq!(seed("CUS_ben", "ben@example"), Err("email"));
}
