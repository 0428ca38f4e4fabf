//! Operations, calls, replies, errors and pages.

use std::fmt::Debug;
use std::time::Duration;

use paystack_tests::operations::{Entry, Example, Visitor, each_operation};
use paystack_transport::Position;
use paystack_transport::customers::direct_debit::InitializeAuthorization;
use paystack_transport::customers::{FetchCustomer, ListCustomers};
use paystack_transport::{
    Api, Call, CustomField, EmailOrCode, Mode, Operation, Paginator, RateLimiter, RequestSnapshot,
    SecretKey, Settings, Step, bytes::Bytes, http,
};
use serde_json::{Value, json};

use crate::{ACCOUNT, AUTHORIZATION, BVN, EMAIL, KEY, NAME, PHONE, Shown, email, failed, values};

fn api() -> Api {
    Api::new(SecretKey::new(KEY).unwrap())
}

/// Responses with all secrets: as data, as errors, as data of wrong types, and without JSON.
fn responses() -> Vec<(u16, String)> {
    let said =
        format!("{EMAIL} {PHONE} {BVN} {ACCOUNT} {AUTHORIZATION} {KEY} canary%40example.com");
    // A field of an open enum may hold personal data. Banks, brands and countries are plain text.
    let authorization = json!({
        "authorization_code": AUTHORIZATION, "account_name": NAME, "bank": "Zenith Bank", "brand": "visa",
        "card_type": "visa", "country_code": "NG", "channel": PHONE, "signature": AUTHORIZATION,
        "bin": BVN, "last4": ACCOUNT, "exp_month": BVN, "exp_year": BVN
    });
    let person = json!({
        "id": 7, "customer_code": "CUS_x", "email": EMAIL, "first_name": NAME, "last_name": NAME,
        "phone": PHONE, "metadata": {"canary": EMAIL},
        "authorizations": [authorization],
        "identifications": [{"bvn": BVN, "type": PHONE, "value": BVN, "account_number": ACCOUNT,
            "name": NAME}],
        "dedicated_account": {"account_number": ACCOUNT, "account_name": NAME, "name": NAME,
            "currency": PHONE, "bank": {"name": PHONE, "slug": PHONE, "x": NAME},
            "assignment": {"assignee_type": EMAIL, "account_type": BVN, "x": NAME}},
        "redirect_url": format!("https://x.example/{EMAIL}"), "access_code": AUTHORIZATION,
        "reference": PHONE, "authorization_code": AUTHORIZATION, "status": "active",
        "domain": BVN, "risk_action": said, "bank": "Zenith Bank", "bank_name": "Zenith Bank", "bank_code": "057",
        "channel": EMAIL, "account_number": ACCOUNT,
        "total_transaction_value": [{"currency": NAME, "amount": 1}],
        "authorization_id": 1, "customer": {"code": "CUS_x", "id": 7, "customer_code": "CUS_x", "email": EMAIL}
    });
    let error = |status: u16, body: Value| (status, body.to_string());
    let wrong = |field: &str| {
        let mut person = person.clone();
        person[field] = json!({"canary": said});
        json!({"status": true, "message": said, "data": person}).to_string()
    };
    let mut responses = vec![
        (
            200,
            json!({"status": true, "message": said, "data": person}).to_string(),
        ),
        (
            200,
            json!({"status": true, "message": said, "data": [person], "meta": {"next": PHONE}})
                .to_string(),
        ),
        (
            200,
            json!({"status": false, "message": said, "data": person}).to_string(),
        ),
        (
            200,
            json!({"status": true, "message": said, "data": said}).to_string(),
        ),
        (200, json!({"status": said, "data": person}).to_string()),
        (
            200,
            json!({"status": true, "data": {EMAIL: {"id": said}}}).to_string(),
        ),
        (200, format!("{{\"status\":true,\"data\":\"{said}")),
        (200, said.clone()),
        (202, String::new()),
        error(
            400,
            json!({"status": false, "message": said, "type": said, "code": said,
                          "meta": {"nextStep": said}}),
        ),
        error(
            401,
            json!({"status": false, "message": format!("Invalid key {KEY}: {said}")}),
        ),
        error(
            404,
            json!({"status": false, "message": format!("No customer {EMAIL}")}),
        ),
        error(422, json!({"message": {"a": said}, "next_step": said})),
        error(
            429,
            json!({"status": false, "message": said, "code": "rate_limited"}),
        ),
        (502, format!("<html><title>502 {said}</title></html>")),
        (503, said.clone()),
    ];
    // A decode error must name the field only.
    let fields: Vec<_> = person.as_object().unwrap().keys().collect();
    for field in fields {
        responses.push((200, wrong(field)));
    }
    responses
}

/// Shows an operation, its call, and the result of each response.
fn show<O: Operation + Debug>(shown: &mut Shown, operation: O)
where
    O::Output: Debug,
{
    let api = &api();
    shown.debug(&operation);
    shown.debug(&operation.path());
    let mut call = Call::new(api, &operation, Settings::default());
    let step = call.step(&mut RateLimiter::new(Mode::Test, 7), Duration::ZERO);
    assert!(matches!(step, Step::Send { .. }));
    shown.debug(&step);
    shown.debug(&call);
    // A request snapshot shows the caller's data, but never the key.
    let wire = RequestSnapshot(&api.request(&operation).unwrap()).to_string();
    assert!(!wire.contains("canary7f3a"), "{wire}");
    for (status, body) in responses() {
        let response = http::Response::builder()
            .status(status)
            .header("x-request-id", EMAIL)
            .header("cf-ray", PHONE)
            .header("retry-after", PHONE)
            .body(Bytes::from(body))
            .unwrap();
        match api.read(&operation, response) {
            Ok(reply) => shown.debug(&reply),
            Err(error) => failed(shown, &error),
        }
    }
    // A refused call that retries and exceeds its deadline.
    let settings = Settings::new()
        .retry_rule(paystack_transport::RetryRule::Idempotent)
        .deadline(Duration::from_secs(10));
    let mut call = Call::new(api, &operation, settings);
    let (mut limiter, mut now) = (RateLimiter::new(Mode::Test, 7), Duration::ZERO);
    let error = loop {
        match call.step(&mut limiter, now) {
            Step::Send { attempt: 1, .. } => {
                let said = format!("{EMAIL} {PHONE} {KEY}");
                let unavailable = http::Response::builder().status(503).body(said.into());
                call.handle_response(1, unavailable.unwrap());
            }
            Step::Send { .. } => now += Duration::from_secs(10),
            Step::Wait(wait) => now += wait,
            Step::Done(result) => break result.err().unwrap(),
        }
    };
    assert!(error.last_failure().is_some());
    failed(shown, &error);
}

impl Visitor for Shown {
    fn visit<O: Example>(&mut self, Entry { small, full, .. }: Entry<O>) {
        show(self, small);
        show(self, full);
    }
}

#[test]
fn operations_replies_and_errors_show_no_secret() {
    let mut shown = Shown::default();
    shown.debug(&SecretKey::new(KEY).unwrap());
    shown.debug(&api());
    shown.debug(&values().bank_account);
    shown.debug(&CustomField::new(NAME, EMAIL, PHONE));
    each_operation(&values(), &mut shown);

    show(&mut shown, ListCustomers::new().start(Position::Page(1)));
    // A phone number in place of a customer code, and an e-mail address in place of a channel.
    let typed: EmailOrCode = PHONE.parse().unwrap();
    show(&mut shown, FetchCustomer::new(&typed));
    let wrong_channel = InitializeAuthorization::new(email()).channel(EMAIL.into());
    show(&mut shown, wrong_channel);
    assert!(
        shown.renderings >= 500,
        "only {} renderings",
        shown.renderings
    );
}

#[test]
fn page_shows_no_row() {
    let api = api();
    let mut shown = Shown::default();
    let mut pages = 0;
    for (status, body) in responses() {
        let mut paginator = Paginator::new(ListCustomers::new());
        let list = paginator.next_request(0).unwrap();
        let response = http::Response::builder().status(status);
        let response = response.body(Bytes::from(body)).unwrap();
        let reply = api.read(&list, response);
        let page = reply.and_then(|reply| paginator.on_reply(reply));
        match page {
            Ok(page) => {
                pages += usize::from(page.is_some());
                shown.debug(&page);
                shown.debug(&paginator);
            }
            Err(error) => shown.error(&error),
        }
    }
    assert!(pages > 0 && shown.renderings > 10);
}
