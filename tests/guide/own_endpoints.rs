//! The endpoints of `docs/own-endpoints.md` run against canned responses.

mod initialize_transaction;
#[expect(dead_code, reason = "the tests do not read each field")]
mod list_banks;
#[expect(dead_code, reason = "the tests do not read each field")]
mod verify_transaction;

use paystack_hyper::testing::{Answer, Scripted};
use paystack_hyper::{Client, Outcome, RateLimitGroup, Reference};
use paystack_tests::values::{api, email};

use self::initialize_transaction::check_out;
use self::verify_transaction::{VerifyTransaction, is_paid};
use crate::pages::assert_program_equals;

/// A client that receives these bodies in order. An empty one is a server error. After the last body, each response is
/// lost.
fn canned(bodies: &[&'static str]) -> (Client<Scripted>, Scripted) {
    let answer = |body: &&'static str| match *body {
        "" => Answer::status(502),
        body => Answer::body(body).header("x-ratelimit-limit", "3000"),
    };
    let scripted = bodies
        .iter()
        .map(answer)
        .fold(Scripted::new(), Scripted::then);
    let scripted = scripted.then(Answer::lost().always());
    (Client::new(api(), scripted.clone()), scripted)
}

/// The request lines so far.
fn requests(scripted: &Scripted) -> Vec<String> {
    let sent = scripted.sent().into_iter();
    sent.map(|request| format!("{} {}", request.method(), request.uri()))
        .collect()
}

#[tokio::test]
async fn banks_are_listed_page_by_page() {
    let (client, scripted) = canned(&[
        r#"{"status":true,"message":"Banks retrieved","data":[{"name":"Abbey Mortgage Bank",
            "slug":"abbey-mortgage-bank","code":"801","longcode":"","gateway":null,"pay_with_bank":false,
            "active":true,"is_deleted":false,"country":"Nigeria","currency":"NGN","type":"nuban","id":174,
            "createdAt":"2020-12-07T16:19:09.000Z","updatedAt":"2020-12-07T16:19:19.000Z"}],
            "meta":{"next":"YmFuazoxNjk=","previous":null,"perPage":1}}"#,
        r#"{"status":true,"message":"Banks retrieved","data":[{"name":"Coronation Merchant Bank",
            "slug":"coronation-merchant-bank","code":"559","country":"Nigeria","currency":"NGN","id":173}],
            "meta":{"next":null,"previous":"YmFuazoxNzQ=","perPage":1}}"#,
    ]);
    let names = list_banks::names(client.clone()).await.unwrap();
    assert_eq!(names, ["Abbey Mortgage Bank", "Coronation Merchant Bank"]);
    let first = "GET https://api.paystack.co/bank?country=nigeria&perPage=100&use_cursor=true";
    let second = format!("{first}&next=YmFuazoxNjk%3D");
    assert_eq!(requests(&scripted), [first, &second]);
}

fn reference() -> Reference {
    Reference::new("re4lyvq3s3").unwrap()
}

#[tokio::test]
async fn initialized_transaction_has_a_link() {
    let (client, _) = canned(&[
        r#"{"status":true,"message":"Authorization URL created","data":{
            "authorization_url":"https://checkout.paystack.com/3ni8kdavz62431k",
            "access_code":"3ni8kdavz62431k","reference":"re4lyvq3s3"}}"#,
    ]);
    let checkout = check_out(&client, email("ada@example.com"), reference());
    let checkout = checkout.await.unwrap();
    assert_eq!(checkout.reference, reference());
    assert_eq!(checkout.access_code, "3ni8kdavz62431k");
    assert!(checkout.authorization_url.ends_with("/3ni8kdavz62431k"));
}

#[tokio::test]
async fn lost_initialization_is_not_repeated() {
    for bodies in [&[][..], &[""]] {
        let (client, scripted) = canned(bodies);
        let checkout = check_out(&client, email("ada@example.com"), reference());
        let error = checkout.await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(requests(&scripted).len(), 1);
    }
}

/// Paystack's example, with another amount.
const VERIFIED: &str = r#"{"status":true,"message":"Verification successful","data":{"id":4099260516,
    "domain":"test","status":"success","reference":"re4lyvq3s3","receipt_number":null,"amount":500000,
    "message":null,"gateway_response":"Successful","paid_at":"2024-08-22T09:15:02.000Z","channel":"card",
    "currency":"NGN","ip_address":"197.210.54.33","metadata":"","fees":10283,
    "authorization":{"authorization_code":"AUTH_uh8bcl3zbn","bin":"408408","last4":"4081",
    "exp_month":"12","exp_year":"2030","channel":"card","card_type":"visa ","bank":"TEST BANK",
    "country_code":"NG","brand":"visa","reusable":true,"signature":"SIG_yEXu7dLBeqG0kU7g95Ke"},
    "customer":{"id":181873746,"first_name":null,"last_name":null,"email":"demo@test.com",
    "customer_code":"CUS_1rkzaqsv4rrhqo6","phone":null,"metadata":null,"risk_action":"default"}}}"#;

#[tokio::test]
async fn verification_is_repeated_after_a_server_error() {
    let (client, scripted) = canned(&["", VERIFIED]);
    assert!(is_paid(&client, reference()).await.unwrap());
    let line = "GET https://api.paystack.co/transaction/verify/re4lyvq3s3";
    assert_eq!(requests(&scripted), [line, line]);
}

#[tokio::test]
async fn verified_transaction_is_decoded() {
    let (client, _) = canned(&[VERIFIED]);
    let verify = VerifyTransaction {
        reference: reference(),
    };
    let reply = client.send(verify).await.unwrap();
    assert_eq!(reply.ignored_fields().len(), 0);
    let customer = reply.data.customer.unwrap();
    assert_eq!(customer.customer_code.as_str(), "CUS_1rkzaqsv4rrhqo6");
    let card = reply.data.authorization.unwrap();
    assert_eq!(card.reusable, Some(true));
}

#[tokio::test]
async fn verification_has_a_rate_limit_of_its_own() {
    let (client, _) = canned(&[VERIFIED]);
    is_paid(&client, reference()).await.unwrap();
    let now = client.transport().now();
    let limit = |group| client.rate_limiter().status(group, now).limit;
    let group = RateLimitGroup::new("transactions.verify");
    assert_eq!(limit(group), Some(3_000));
    assert_ne!(limit(RateLimitGroup::DEFAULT), Some(3_000));
}

#[test]
fn list_in_the_guide_equals_the_tested_file() {
    let page = include_str!("../../docs/own-endpoints.md");
    let file = include_str!("own_endpoints/list_banks.rs");
    assert_program_equals(page, "## A list: ", file);
}
