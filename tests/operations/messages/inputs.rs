//! Inputs that the core rejects.

use std::collections::BTreeMap;
use std::time::Duration;

use paystack_core::customers::direct_debit::TriggerActivationCharge;
use paystack_core::customers::{FetchCustomer, ListBound, ListCustomers, UpdateCustomer};
use paystack_core::http::Response;
use paystack_core::{
    AuthorizationCode, Cursor, CustomerCode, CustomerId, Email, Metadata, NoData, Paginator,
    RawJson, Reference, SavedWait, SecretKey, Waiter,
};
use paystack_tests::values::{api, live_api};
use paystack_transport::ResumePoint;
use paystack_transport::testing::Replay;

use super::{Own, message};

pub(super) fn messages() -> Vec<String> {
    [identifiers(), texts(), settings(), requests(), lists()].concat()
}

fn identifiers() -> Vec<String> {
    const SEGMENTS: [&str; 4] = ["", ".", "..", "\n"];
    let keys = [
        "sk_test_a\n",
        "sk_test_a b",
        "sk_test_ä",
        "pk_test_a",
        "key",
    ];
    let mut messages: Vec<_> = keys.map(|key| message(SecretKey::new(key))).into();
    messages.extend(SEGMENTS.map(|text| message(CustomerCode::new(text))));
    messages.extend(SEGMENTS.map(|text| message(Email::new(text))));
    messages.extend(["a @b", "a@b@c"].map(|address| message(Email::new(address))));
    messages.extend(SEGMENTS.map(|text| message(AuthorizationCode::new(text))));
    messages.extend(SEGMENTS.map(|text| message(Reference::new(text))));
    messages
}

fn texts() -> Vec<String> {
    vec![
        message(RawJson::encode(&BTreeMap::from([([1], 1)]))),
        message(Metadata::new(&1)),
        message(Cursor::new("null")),
        message(TriggerActivationCharge::new([])),
        message("x".parse::<ResumePoint>()),
        message("x".parse::<SavedWait>()),
        message(Replay::new("x")),
        message(serde_json::from_str::<ListBound>(r#""yesterday""#)),
    ]
}

fn settings() -> Vec<String> {
    let long = format!("https://a/{}", "a".repeat(70_000));
    let urls = [
        "x",
        "ftp://a",
        "https://a:b@c",
        "https://a/?b",
        &long,
        "http://shop",
    ];
    let mut messages: Vec<_> = urls.map(|url| message(api().with_base_url(url))).into();
    messages.extend([
        message(live_api().with_insecure_base_url("http://a")),
        message(api().with_application("\n")),
        message(api().with_header("host", "a")),
        message(api().with_header("a", "ä")),
    ]);
    messages
}

fn requests() -> Vec<String> {
    let paths = ["/", "/a/{b}", "/a/", "/a/.", "/a/..", "/a/\n"];
    let mut messages: Vec<_> = paths
        .map(|path| message(api().request(&Own { path })))
        .into();
    let code = CustomerCode::new("a".repeat(70_000)).unwrap();
    let no_object = serde_json::from_str("[1]").unwrap();
    let update = UpdateCustomer::new(CustomerId::new(1)).metadata(no_object);
    messages.extend([
        message(api().request(&FetchCustomer::new(code))),
        message(api().request(&update)),
    ]);
    messages
}

fn lists() -> Vec<String> {
    let (list, other) = (ListCustomers::new(), ListCustomers::new().per_page(7));
    let body = r#"{"status":true,"data":[{"id":1,"customer_code":"CUS_x","email":"a@b.c"}],"meta":{"next":"x"}}"#;
    let reply = api().read(&list, Response::new(body.into())).unwrap();
    let page = Paginator::new(list).on_reply(reply).unwrap().unwrap();
    let saved: SavedWait = "wait:00000000:0:0".parse().unwrap();
    let (own, is_done) = (Own { path: "/a" }, |_: &NoData| true);
    vec![
        message(Paginator::resume(other, page.resume().unwrap())),
        message(Waiter::resume(&api(), own, is_done, &saved, Duration::ZERO)),
    ]
}
