//! Every response matches the OpenAPI description.

use std::cell::RefCell;
use std::collections::BTreeSet;

use bytes::Bytes;
use http::Request;
use paystack_sandbox::Sandbox;
use paystack_transport::Mode;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use time::Duration;

use super::NOW;
use super::openapi_description::Description;

/// One request, and the seconds before it.
#[derive(Clone, Debug)]
struct Step {
    seconds: i64,
    method: &'static str,
    path: String,
    query: String,
    key: &'static str,
    is_form: bool,
    fields: Vec<(&'static str, &'static str)>,
    garbage: Option<Vec<u8>>,
}

const CUSTOMERS: [&str; 7] = [
    "customer-1@example.com",
    "customer-2%40example.com",
    "4294967296",
    "4294967297",
    "4294967296",
    "CUS_unknown",
    "%ff",
];

/// Names and JSON values of body fields, most of them valid.
const FIELDS: [(&str, &str); 39] = [
    ("email", r#""customer-1@example.com""#),
    ("email", r#""ada@example.com""#),
    ("email", r#""ada@shop.test""#),
    ("email", "7"),
    ("first_name", r#""Ada""#),
    ("first_name", r#""Uchenna""#),
    ("first_name", "null"),
    ("last_name", r#""Okoro""#),
    ("last_name", "[]"),
    ("phone", r#""+2348123456789""#),
    ("phone", "null"),
    ("metadata", r#"{"plan":"gold","a":[1,{"b":null}]}"#),
    ("metadata", "null"),
    ("metadata", r#""{}""#),
    ("country", r#""NG""#),
    ("country", r#""Nigeria""#),
    ("type", r#""bank_account""#),
    ("type", r#""bvn""#),
    ("type", r#""passport""#),
    ("value", r#""222222222221""#),
    ("bvn", r#""222222222221""#),
    ("bvn", r#""1""#),
    ("account_number", r#""0111111111""#),
    ("account_number", r#""\u00e4\u00f6""#),
    ("bank_code", r#""007""#),
    ("customer", r#""customer-1@example.com""#),
    ("customer", r#""CUS_unknown""#),
    ("risk_action", r#""deny""#),
    ("risk_action", r#""banish""#),
    ("authorization_code", r#""AUTH_x""#),
    ("authorization_code", r#""AUTH_unknown""#),
    ("channel", r#""direct_debit""#),
    ("callback_url", r#""https://shop.example/""#),
    ("account", r#"{"number":"0123456789","bank_code":"058"}"#),
    ("account", r#"{"number":"","bank_code":"999"}"#),
    (
        "address",
        r#"{"street":"1 Main Street","city":"Ikeja","state":"Lagos"}"#,
    ),
    ("authorization_id", "1069309917"),
    ("customer_ids", "[4294967296,4294967297]"),
    ("customer_ids", r#"["x"]"#),
];

/// Bodies that succeed on some route.
const VALID: [&[&str]; 5] = [
    &["email", "first_name", "last_name", "phone", "metadata"],
    &[
        "country",
        "type",
        "first_name",
        "last_name",
        "bvn",
        "account_number",
        "bank_code",
    ],
    &["customer", "risk_action"],
    &["email", "channel", "callback_url", "account", "address"],
    &[
        "authorization_code",
        "authorization_id",
        "customer_ids",
        "account",
        "address",
    ],
];

fn fields() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let first = |name: &&'static str| *FIELDS.iter().find(|(known, _)| known == name).unwrap();
    let valid = select(&VALID[..]).prop_map(move |names| names.iter().map(first).collect());
    let any = prop::collection::vec(select(&FIELDS[..]), 0..8);
    prop_oneof![2 => valid, 1 => any]
}

fn path() -> impl Strategy<Value = String> {
    let templates = vec![
        "/customer",
        "/customer/",
        "/customer/{}",
        "/customer/{}/identification",
        "/customer/set_risk_action",
        "/customer/deactivate_authorization",
        "/customer/authorization/deactivate",
        "/customer/authorization/initialize",
        "/customer/authorization/verify/{reference}",
        "/customer/{}/initialize-direct-debit",
        "/customer/{}/directdebit-activation-charge",
        "/customer/{}/directdebit-mandate-authorizations",
        "/directdebit/activation-charge",
        "/directdebit/mandate-authorizations",
        "/bank",
        "/",
    ];
    let path = (select(templates), select(&CUSTOMERS[..]))
        .prop_map(|(template, customer)| template.replace("{}", customer));
    prop_oneof![20 => path, 1 => "/[a-z%/]{0,20}"]
}

fn query() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        "perPage=2",
        "perPage=0&page=x",
        "page=2&perPage=1",
        "page=1&page=1",
        "use_cursor=true&perPage=1",
        "use_cursor=maybe",
        "next=Y3VzdG9tZXI6NDI5NDk2NzI5Nw==",
        "previous=null&next[]=1",
        "from=2020-01-01&to=2099-12-31%2010:00:00",
        "status=pending&per_page=1",
        "status=AAA",
        "cursor=x",
        "cursor=bWFuZGF0ZToxNjQwOTk=",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => "[a-z%&=\\[\\]]{0,20}"]
}

fn step() -> impl Strategy<Value = Step> {
    let request = (
        prop_oneof![5 => Just(0), 1 => 0..8_i64],
        select(vec![
            "GET", "GET", "POST", "POST", "PUT", "PUT", "DELETE", "HEAD",
        ]),
        path(),
        query(),
        select(vec![
            "sk_test_x",
            "sk_test_x",
            "sk_test_x",
            "sk_test_x",
            "sk_live_x",
            "pk_test_x",
        ]),
        any::<bool>(),
        fields(),
        prop::option::weighted(0.1, prop::collection::vec(any::<u8>(), 0..40)),
    );
    request.prop_map(
        |(seconds, method, path, query, key, is_form, fields, garbage)| Step {
            seconds,
            method,
            path,
            query,
            key,
            is_form,
            fields,
            garbage,
        },
    )
}

impl Step {
    fn body(&self) -> Vec<u8> {
        if let Some(garbage) = &self.garbage {
            return garbage.clone();
        }
        if self.is_form {
            let pairs = self.fields.iter().flat_map(|(name, json)| {
                let value: Value = serde_json::from_str(json).unwrap();
                let mut pairs = Vec::new();
                flatten(name, &value, &mut pairs);
                pairs
            });
            let pairs: Vec<_> = pairs.collect();
            return pairs.join("&").into_bytes();
        }
        let members = self.fields.iter();
        let members: Vec<_> = members
            .map(|(name, json)| format!("{name:?}:{json}"))
            .collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    }

    fn request(&self, reference: &str) -> Option<Request<Bytes>> {
        let kind = match self.is_form {
            true => "application/x-www-form-urlencoded",
            false => "application/json",
        };
        let path = self.path.replace("{reference}", reference);
        Request::builder()
            .method(self.method)
            .uri(format!("{path}?{}", self.query))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", kind)
            .body(self.body().into())
            .ok()
    }
}

/// Writes a value as PHP's `http_build_query` does.
fn flatten(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(member, value)| flatten(&format!("{name}[{member}]"), value, pairs)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| flatten(&format!("{name}[{index}]"), value, pairs)),
        Value::Null => {}
        Value::String(text) => pairs.push(format!("{name}={}", text.replace('+', "%2B"))),
        value => pairs.push(format!("{name}={value}")),
    }
}

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new(1);
    sandbox.seed_customers(&Mode::Test, 3, NOW);
    let listed = sandbox.handle(NOW, super::request("GET", "/customer", "sk_test_x", ""));
    let listed: Value = serde_json::from_slice(listed.body()).unwrap();
    let code = listed["data"][0]["customer_code"].as_str().unwrap();
    let card = "AUTH_x".parse().unwrap();
    assert!(sandbox.seed_authorization(&Mode::Test, &code.parse().unwrap(), &card));
    let initialize = "POST /customer/authorization/initialize";
    let body = r#"{"email":"customer-1@example.com","channel":"direct_debit"}"#;
    super::send(&mut sandbox, NOW, initialize, body);
    sandbox
}

#[test]
fn any_response_matches_the_description() {
    let description = Description::new();
    let seen = RefCell::new(BTreeSet::new());
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(1000)
    };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let steps = prop::collection::vec(step(), 1..40);
    let result = runner.run(&steps, |steps| {
        let (mut sandbox, mut now) = (sandbox(), NOW);
        let mut reference = "unknown".to_owned();
        for step in steps {
            now += Duration::seconds(step.seconds);
            let Some(request) = step.request(&reference) else {
                continue;
            };
            let path = request.uri().path().to_owned();
            let response = sandbox.handle(now, request);
            if step.method == "HEAD" {
                prop_assert!(response.body().is_empty());
                continue;
            }
            let body: Value = serde_json::from_slice(response.body()).unwrap();
            let status = response.status();
            if let Some(described) = description.check(step.method, &path, status.as_str(), &body) {
                seen.borrow_mut().insert(described.clone());
            }
            if let Some(new) = body["data"]["reference"].as_str() {
                reference = new.to_owned();
            }
        }
        Ok(())
    });
    result.unwrap();
    let seen = seen.into_inner();
    let reachable = description
        .responses
        .iter()
        .filter(|((_, path, status), _)| {
            !matches!(status.as_str(), "403" | "408" | "413" | "429")
                && !path.starts_with("/sandbox")
        });
    for (described, _) in reachable {
        assert!(seen.contains(described), "never seen: {described:?}");
    }
}
