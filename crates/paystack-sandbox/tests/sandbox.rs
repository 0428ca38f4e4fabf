//! What the sandbox promises beyond the operations themselves.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use paystack_client::{Domain, SecretKey};
use paystack_sandbox::{Sandbox, SandboxTransport};
use paystack_webhook::Verifier;
use serde_json::Value;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

fn request(method: &str, path: &str, key: &str, body: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {key}"))
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

fn test(sandbox: &mut Sandbox, now: OffsetDateTime, line: &str, body: &str) -> Value {
    let (method, path) = line.split_once(' ').unwrap();
    let response = sandbox.handle(now, request(method, path, "sk_test_x", body));
    serde_json::from_slice(response.body()).unwrap()
}

fn create(sandbox: &mut Sandbox, now: OffsetDateTime, email: &str) -> Value {
    test(
        sandbox,
        now,
        "POST /customer",
        &format!(r#"{{"email":"{email}"}}"#),
    )
}

const CREDENTIAL: &str = r#"{"type":"bank_account","country":"NG","bank_code":"007",
    "account_number":"0111111111","bvn":"222222222221","first_name":"Uchenna","last_name":"Okoro"}"#;

/// A day's work: every kind of answer, as bytes.
fn transcript(seed: u64) -> Vec<(Response<Bytes>, usize)> {
    let mut sandbox = Sandbox::new(seed);
    sandbox.seed_customers(&Domain::Test, 3, NOW);
    let mut transcript = Vec::new();
    for (seconds, line, body) in [
        (0, "POST /customer", r#"{"email":"ada@example.com"}"#),
        (1, "GET /customer/ada@example.com", ""),
        (
            2,
            "POST /customer/ada@example.com/identification",
            CREDENTIAL,
        ),
        (
            3,
            "POST /customer/authorization/initialize",
            r#"{"email":"ada@example.com","channel":"direct_debit"}"#,
        ),
        (60, "GET /customer/ada@example.com", ""),
        (61, "GET /customer?use_cursor=true&perPage=2", ""),
        (62, "GET /nowhere", ""),
    ] {
        let now = NOW + Duration::seconds(seconds);
        let (method, path) = line.split_once(' ').unwrap();
        let response = sandbox.handle(now, request(method, path, "sk_test_x", body));
        transcript.push((response, sandbox.take_webhooks(now).len()));
    }
    transcript
}

#[test]
fn the_same_seed_times_and_requests_give_the_same_bytes() {
    let shown = |seed| format!("{:?}", transcript(seed));
    assert_eq!(shown(1), shown(1));
    assert_ne!(shown(1), shown(2));
}

#[test]
fn live_mode_allows_600_requests_a_minute_and_test_mode_100() {
    for (key, limit) in [("sk_live_x", 600), ("sk_test_x", 100)] {
        let mut sandbox = Sandbox::new(1);
        let mut status = || {
            sandbox
                .handle(NOW, request("GET", "/customer", key, ""))
                .status()
        };
        let admitted = (0..limit).filter(|_| status() == 200).count();
        assert_eq!(admitted, limit);
        assert_eq!(status(), 429);
    }
}

#[test]
fn without_rate_limits_everything_is_let_in_and_nothing_is_said() {
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    for _ in 0..200 {
        let response = sandbox.handle(NOW, request("GET", "/customer", "sk_test_x", ""));
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("x-ratelimit-limit"), None);
    }
}

#[test]
fn times_are_shown_in_utc_wherever_the_clock_is() {
    let mut sandbox = Sandbox::new(1);
    let created = create(
        &mut sandbox,
        datetime!(2026-01-01 01:00 +1),
        "ada@example.com",
    );
    assert_eq!(created["data"]["createdAt"], "2026-01-01T00:00:00.000Z");
}

#[test]
fn a_customer_is_found_by_code_by_address_and_by_id() {
    let mut sandbox = Sandbox::new(1);
    let created = create(&mut sandbox, NOW, "ada@example.com");
    let data = &created["data"];
    for name in [
        data["customer_code"].as_str().unwrap(),
        "ada@example.com",
        "ada%40example.com",
        &data["id"].to_string(),
    ] {
        let found = test(&mut sandbox, NOW, &format!("GET /customer/{name}"), "");
        assert_eq!(found["data"]["id"], data["id"], "{name}");
    }
}

#[test]
fn an_update_takes_no_address_for_a_code() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let update = "PUT /customer/ada@example.com";
    let refused = test(&mut sandbox, NOW, update, r#"{"first_name":"Ada"}"#);
    assert_eq!(refused["code"], "customer_not_found");
    let fetched = test(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    assert_eq!(fetched["data"]["first_name"], Value::Null);
}

#[test]
fn customers_stay_in_the_order_of_their_creation_whatever_is_seeded_when() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "first@example.com");
    sandbox.seed_customers(&Domain::Test, 3, NOW);
    create(&mut sandbox, NOW - Duration::hours(1), "late@example.com");
    sandbox.seed_customers(&Domain::Test, 2, NOW + Duration::hours(1));
    let listed = test(&mut sandbox, NOW, "GET /customer", "");
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
    assert_eq!(emails.len(), 7, "each address once");
}

#[test]
fn a_day_as_a_bound_stands_for_its_first_moment() {
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
        let answer = test(&mut sandbox, NOW, &format!("GET /customer?{query}"), "");
        let rows = answer["data"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["email"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("to=2026-03-01"), ["before@example.com"]);
    assert_eq!(listed("from=2026-03-01"), ["after@example.com"]);
    assert_eq!(
        listed("from=2026-03-01%2000:01:00.000000"),
        ["after@example.com"]
    );
}

#[test]
fn the_first_page_has_none_before_it_and_the_word_null_is_no_cursor() {
    let mut sandbox = Sandbox::new(1);
    sandbox.seed_customers(&Domain::Test, 3, NOW);
    for query in [
        "use_cursor=true&perPage=2",
        "use_cursor=True&perPage=2&next=null&previous=null",
    ] {
        let listed = test(&mut sandbox, NOW, &format!("GET /customer?{query}"), "");
        assert_eq!(listed["meta"]["previous"], Value::Null);
        assert!(listed["meta"]["next"].is_string());
    }
}

#[test]
fn a_fetch_has_both_spellings_of_the_times_and_a_change_moves_one() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let later = NOW + Duration::minutes(1);
    let update = format!(
        "PUT /customer/{}",
        ada["data"]["customer_code"].as_str().unwrap()
    );
    test(&mut sandbox, later, &update, r#"{"first_name":"Ada"}"#);
    let fetched = test(&mut sandbox, later, "GET /customer/ada@example.com", "");
    let data = &fetched["data"];
    assert_eq!(data["createdAt"], data["created_at"]);
    assert_eq!(data["updatedAt"], data["updated_at"]);
    assert_eq!(data["created_at"], "2026-03-01T12:00:00.000Z");
    assert_eq!(data["updated_at"], "2026-03-01T12:01:00.000Z");
}

#[test]
fn a_cards_type_ends_in_a_space() {
    let mut sandbox = Sandbox::new(1);
    let created = create(&mut sandbox, NOW, "ada@example.com");
    let code = created["data"]["customer_code"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let card = "AUTH_x".parse().unwrap();
    assert!(sandbox.seed_authorization(&Domain::Test, &code, &card));
    assert!(
        !sandbox.seed_authorization(&Domain::Live, &code, &card),
        "no such customer there"
    );
    let fetched = test(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    assert_eq!(fetched["data"]["authorizations"][0]["card_type"], "visa ");
}

#[test]
fn validations_take_their_number_from_where_each_type_has_it() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
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
        let line = "POST /customer/ada@example.com/identification";
        let said = test(&mut sandbox, NOW, line, &body);
        assert_eq!(said["status"], true, "{said}");
        assert_eq!(sandbox.take_webhooks(NOW), [], "not yet");
        let told = sandbox.take_webhooks(NOW + Duration::seconds(2));
        assert_eq!(
            told.iter().map(|webhook| webhook.event).collect::<Vec<_>>(),
            [event]
        );
    }
}

#[test]
fn webhooks_of_validations_have_the_fields_of_paystacks_examples() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let person = r#""country":"NG","first_name":"Uchenna","last_name":"Okoro""#;
    let by_bvn = format!(r#"{{"type":"bvn","value":"222222222221",{person}}}"#);
    let wrong = CREDENTIAL.replace("0111111111", "0111111112");
    let account = ["account_number", "bank_code", "bvn", "country", "type"];
    for (body, fields, id_is_text) in [
        (CREDENTIAL, &account[..], true),
        (by_bvn.as_str(), &["country", "type", "value"], true),
        (wrong.as_str(), &account, false),
    ] {
        let line = "POST /customer/ada@example.com/identification";
        test(&mut sandbox, NOW, line, body);
        let told = sandbox.take_webhooks(NOW + Duration::seconds(2));
        let event: Value = serde_json::from_slice(&told[0].body).unwrap();
        let identification = event["data"]["identification"].as_object().unwrap();
        let mut names: Vec<_> = identification.keys().collect();
        names.sort();
        assert_eq!(names, fields);
        assert_eq!(event["data"]["customer_id"].is_string(), id_is_text);
    }
}

#[test]
fn webhooks_come_in_the_order_of_their_time_from_both_modes() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let path = "/customer/ada@example.com/identification";
    let ada = r#"{"email":"ada@example.com"}"#;
    sandbox.handle(NOW, request("POST", "/customer", "sk_live_x", ada));
    sandbox.handle(NOW, request("POST", path, "sk_live_x", CREDENTIAL));
    test(
        &mut sandbox,
        NOW + Duration::seconds(1),
        &format!("POST {path}"),
        CREDENTIAL,
    );
    let told = sandbox.take_webhooks(NOW + Duration::minutes(1));
    let order: Vec<_> = told
        .iter()
        .map(|webhook| (webhook.domain.as_str(), webhook.due))
        .collect();
    let due = |seconds| NOW + Duration::seconds(seconds);
    assert_eq!(order, [("live", due(2)), ("test", due(3))]);
}

/// The mode of each webhook that is due, and whether the key signed it.
fn signed_by(sandbox: &mut Sandbox, key: &str) -> Vec<(String, bool)> {
    let verifier = Verifier::new(&SecretKey::new(key).unwrap());
    let due = sandbox.take_webhooks(NOW + Duration::minutes(1));
    let verified = due.into_iter().map(|webhook| {
        let request = webhook.request(&"http://localhost/paystack".parse().unwrap());
        (
            webhook.domain.to_string(),
            verifier.verify(&request).is_ok(),
        )
    });
    verified.collect()
}

#[test]
fn webhooks_are_signed_with_the_key_of_the_modes_last_request() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    let line = "POST /customer/ada@example.com/identification";
    test(&mut sandbox, NOW, line, CREDENTIAL);
    for key in ["sk_test_rotated", "sk_live_other", "no key"] {
        sandbox.handle(NOW, request("GET", "/customer", key, ""));
    }
    let signed = signed_by(&mut sandbox, "sk_test_rotated");
    assert_eq!(signed, [("test".to_owned(), true)]);
}

#[test]
fn webhooks_are_signed_with_the_key_that_was_set_for_their_mode() {
    let key = SecretKey::new("sk_test_webhooks").unwrap();
    let mut sandbox = Sandbox::new(1).with_webhook_key(key);
    let path = "/customer/ada@example.com/identification";
    for key in ["sk_test_x", "sk_live_x"] {
        let ada = r#"{"email":"ada@example.com"}"#;
        sandbox.handle(NOW, request("POST", "/customer", key, ada));
        sandbox.handle(NOW, request("POST", path, key, CREDENTIAL));
    }
    let signed = signed_by(&mut sandbox, "sk_test_webhooks");
    assert_eq!(
        signed,
        [("test".to_owned(), true), ("live".to_owned(), false)]
    );
}

#[test]
fn a_hook_in_process_gets_a_webhook_until_it_answers_200() {
    let mut sandbox =
        Sandbox::new(1).with_webhook_url("http://shop.example/paystack".parse().unwrap());
    let start = datetime!(2026-01-01 0:00 UTC);
    create(&mut sandbox, start, "ada@example.com");
    let line = "POST /customer/ada@example.com/identification";
    test(&mut sandbox, start, line, CREDENTIAL);
    let transport = SandboxTransport::new(sandbox);
    let verifier = Verifier::new(&SecretKey::new("sk_test_x").unwrap());
    assert_eq!(transport.deliver_webhooks(|_| StatusCode::OK), 0, "not yet");
    let mut digests = Vec::new();
    let mut deliver = |status| {
        transport.deliver_webhooks(|request| {
            assert_eq!(request.uri(), "http://shop.example/paystack");
            digests.push(verifier.verify(&request).unwrap().digest());
            status
        })
    };
    transport.advance(std::time::Duration::from_secs(2));
    assert_eq!(deliver(StatusCode::NO_CONTENT), 1);
    assert_eq!(deliver(StatusCode::OK), 0, "an hour later");
    transport.advance(std::time::Duration::from_secs(3600));
    assert_eq!(deliver(StatusCode::OK), 1);
    transport.advance(std::time::Duration::from_secs(360_000));
    assert_eq!(deliver(StatusCode::OK), 0);
    assert!(transport.with(|sandbox, now| sandbox.resend_last_webhook(now)));
    assert_eq!(deliver(StatusCode::OK), 1);
    assert_eq!(digests.len(), 3);
    assert!(digests.iter().all(|digest| digest == &digests[0]));
}

#[test]
fn an_empty_body_in_any_form_has_no_fields() {
    let mut sandbox = Sandbox::new(1);
    for body in ["", " ", "{}", "[]", "null"] {
        let said = test(&mut sandbox, NOW, "POST /customer", body);
        assert_eq!(said["message"], "Email Address is required", "{body:?}");
    }
}

#[test]
fn the_type_of_a_form_is_told_in_any_case() {
    let mut sandbox = Sandbox::new(1);
    let mut form = request("POST", "/customer", "sk_test_x", "email=ada%40example.com");
    let sort = "Application/X-WWW-Form-Urlencoded; charset=utf-8"
        .parse()
        .unwrap();
    form.headers_mut().insert("content-type", sort);
    assert_eq!(sandbox.handle(NOW, form).status(), 200);
}

#[test]
fn writes_are_counted_as_they_are_carried_out() {
    let mut sandbox = Sandbox::new(1);
    create(&mut sandbox, NOW, "ada@example.com");
    create(&mut sandbox, NOW, "ada@example.com");
    assert_eq!(sandbox.writes(), 2);
    test(&mut sandbox, NOW, "GET /customer/ada@example.com", "");
    test(&mut sandbox, NOW, "PUT /customer/nobody", "{}");
    test(&mut sandbox, NOW, "POST /customer", "{}");
    assert_eq!(sandbox.writes(), 2, "neither reads nor refusals");
}

#[test]
fn only_a_pending_mandate_is_charged_to_make_it_active() {
    let mut sandbox = Sandbox::new(1);
    let ada = create(&mut sandbox, NOW, "ada@example.com");
    let path = format!("/customer/{}", ada["data"]["id"]);
    let account = r#"{"account":{"number":"0123456789","bank_code":"058"},
        "address":{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}}"#;
    let initialize = format!("POST {path}/initialize-direct-debit");
    test(&mut sandbox, NOW, &initialize, account);
    let list = format!("GET {path}/directdebit-mandate-authorizations");
    let mandate = test(&mut sandbox, NOW, &list, "")["data"][0].clone();
    let charge = format!("PUT {path}/directdebit-activation-charge");
    let body = format!(r#"{{"authorization_id":{}}}"#, mandate["authorization_id"]);
    let pending = test(&mut sandbox, NOW, &charge, &body);
    assert_eq!(pending["status"], true);
    let later = NOW + Duration::minutes(1);
    let active = test(&mut sandbox, later, &charge, &body);
    assert_eq!(active["message"], "Mandate is already active");
    let code = mandate["authorization_code"].as_str().unwrap();
    let deactivate = format!(r#"{{"authorization_code":"{code}"}}"#);
    let line = "POST /customer/authorization/deactivate";
    test(&mut sandbox, later, line, &deactivate);
    let revoked = test(&mut sandbox, later, &charge, &body);
    assert_eq!(revoked["message"], "Mandate is already revoked");
}
