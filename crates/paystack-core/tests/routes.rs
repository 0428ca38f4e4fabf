//! Identifiers, cursors and texts arrive unchanged in the path, the query and the body.
//!
//! `tests/operations/identifiers.rs` checks the paths of all operations.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use paystack_core::Position;
use paystack_core::customers::{CreateCustomer, FetchCustomer, ListCustomers};
use paystack_core::{Api, Cursor, CustomerCode, Email, SecretKey, Sensitive};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::Url;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// Checks that a text is rejected, or that `url::Url` reads it back from its own path segment.
fn stays_in_its_segment(text: &str) {
    let Ok(code) = CustomerCode::new(text) else {
        return;
    };
    let request = api().request(&FetchCustomer::new(code)).unwrap();
    let url = Url::parse(&request.uri().to_string()).unwrap();
    assert_eq!((url.query(), url.fragment()), (None, None));
    let segments = url.path_segments().unwrap();
    let decode = |segment| percent_decode_str(segment).decode_utf8().unwrap();
    let segments: Vec<_> = segments.map(decode).collect();
    assert_eq!(segments, ["customer", text]);
}

#[test]
fn path_too_long_for_a_uri_is_rejected() {
    let code = CustomerCode::new("x".repeat(70_000)).unwrap();
    let error = api().request(&FetchCustomer::new(code)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "customers.fetch: path and query must be at most 64 KiB long; the request was not processed"
    );
    assert_eq!(error.attempts(), 0);
}

#[test]
fn base_path_is_kept() {
    let api = api()
        .with_base_url("https://proxy.example/paystack/v1/")
        .unwrap();
    let code = CustomerCode::new("CUS_x").unwrap();
    let request = api.request(&FetchCustomer::new(code)).unwrap();
    assert_eq!(
        request.uri(),
        "https://proxy.example/paystack/v1/customer/CUS_x"
    );
    let request = api.request(&ListCustomers::new()).unwrap();
    assert_eq!(request.uri(), "https://proxy.example/paystack/v1/customer");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

    #[test]
    fn any_identifier_stays_in_its_segment(text in ".{0,40}|[./%?#@\\\\ -]{0,12}|\\PC{0,200}") {
        stays_in_its_segment(&text);
    }

    #[test]
    fn any_cursor_stays_in_its_query_pair(text in "\\PC{1,80}|[&=?#%+ /]{1,12}") {
        let Ok(cursor) = Cursor::new(&*text) else { return Ok(()) };
        let list = ListCustomers::new().per_page(50).start(Position::After(cursor));
        let request = api().request(&list).unwrap();
        let url = Url::parse(&request.uri().to_string()).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        prop_assert_eq!(
            pairs,
            [pair("perPage", "50"), pair("use_cursor", "true"), pair("next", &text)]
        );
    }

    #[test]
    fn any_text_arrives_in_the_body(first in ".{0,40}", phone in proptest::option::of(".{0,20}")) {
        let mut create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        create = create.first_name(Sensitive::from(first.as_str()));
        if let Some(phone) = &phone {
            create = create.phone(phone);
        }
        let request = api().request(&create).unwrap();
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        prop_assert_eq!(body["first_name"].as_str(), Some(first.as_str()));
        prop_assert_eq!(body.get("phone").map(|phone| phone.as_str()), phone.as_deref().map(Some));
        prop_assert_eq!(body.get("last_name"), None);
    }
}
