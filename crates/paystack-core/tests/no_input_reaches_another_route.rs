//! Whatever an identifier holds, the request goes where it should: both `http::Uri` and `url::Url`
//! read the same text back from the same one segment.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use paystack_core::customers::direct_debit::VerifyAuthorization;
use paystack_core::customers::{
    BankAccount, CreateCustomer, FetchCustomer, ListCustomers, Start, UpdateCustomer,
    ValidateCustomer,
};
use paystack_core::{
    Api, Cursor, CustomerCode, Email, IdentifierProblem, Operation, Personal, Reference, SecretKey,
};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::Url;

/// What has tripped other SDKs, and what else a path can be attacked with.
const HOSTILE: [&str; 26] = [
    "a/b?c#d",
    "%2e%2e",
    "%2E",
    ".%2e",
    "%",
    "%%",
    "%00",
    "...",
    ". .",
    "..;",
    "../../transaction",
    "..\\..\\transaction",
    "/",
    "//evil.example",
    "\\",
    "?page=1",
    "#",
    "é",
    "e\u{301}",
    "\u{202e}",
    "\u{2028}",
    "+",
    " ",
    "a b",
    "&=;:@!$'()*,[]",
    "set_risk_action",
];

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// The decoded segments as both libraries see them.
fn segments(operation: &impl Operation) -> [Vec<String>; 2] {
    let request = api().request(operation).unwrap();
    let uri = request.uri();
    assert_eq!(uri.query(), None);
    assert_eq!(uri.authority().unwrap(), "api.paystack.co");
    let url = Url::parse(&uri.to_string()).unwrap();
    assert_eq!((url.query(), url.fragment()), (None, None));
    let decode = |segment: &str| {
        percent_decode_str(segment)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    [
        uri.path().split('/').skip(1).map(decode).collect(),
        url.path_segments().unwrap().map(decode).collect(),
    ]
}

/// Either the text is refused for one of the reasons there are, or it stays in its segment.
fn stays_in_its_segment(text: &str) {
    let code = match CustomerCode::new(text) {
        Ok(code) => code,
        Err(refused) => {
            let dots = matches!(text, "" | "." | "..");
            let control = text.chars().any(char::is_control);
            assert_eq!(
                control,
                refused.problem() == IdentifierProblem::ControlCharacter
            );
            assert!(dots || control, "{text:?} was refused");
            return;
        }
    };
    for read in segments(&FetchCustomer::new(&code)) {
        assert_eq!(read, ["customer", text]);
    }
    for read in segments(&UpdateCustomer::new(&code)) {
        assert_eq!(read, ["customer", text]);
    }
    for read in segments(&ValidateCustomer::new(
        &code,
        BankAccount::test_credential(),
    )) {
        assert_eq!(read, ["customer", text, "identification"]);
    }
    let verify = VerifyAuthorization::new(Reference::new(text).unwrap());
    for read in segments(&verify) {
        assert_eq!(read, ["customer", "authorization", "verify", text]);
    }
    let email = Email::new(text);
    let is_address = !text.contains(char::is_whitespace) && text.matches('@').count() == 1;
    assert_eq!(email.is_ok(), is_address, "{text:?}");
    if let Ok(email) = email {
        for read in segments(&FetchCustomer::new(email)) {
            assert_eq!(read, ["customer", text]);
        }
    }
}

#[test]
fn hostile_identifiers_stay_in_their_segment() {
    for text in HOSTILE {
        stays_in_its_segment(text);
        stays_in_its_segment(&format!("{text}@example.com"));
    }
    stays_in_its_segment(&"é".repeat(5_000));
    stays_in_its_segment(&"x".repeat(10_000));
}

#[test]
fn what_would_change_the_route_is_refused() {
    for text in [
        "",
        ".",
        "..",
        "\n",
        "a\r\nHost: evil.example",
        "\u{0}",
        "\u{7f}",
        "\u{85}",
    ] {
        assert!(CustomerCode::new(text).is_err(), "{text:?}");
        assert!(Email::new(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_path_that_is_too_long_for_a_uri_is_refused_and_not_cut() {
    let code = CustomerCode::new("x".repeat(70_000)).unwrap();
    let error = api().request(&FetchCustomer::new(code)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "customers.fetch: the request cannot be made: path and query are longer than 64 KiB"
    );
    assert_eq!(error.attempts(), 0);
}

#[test]
fn a_base_path_is_kept() {
    let api = api()
        .with_base_url("https://proxy.example/paystack/v1/")
        .unwrap();
    let code = CustomerCode::new("CUS_x").unwrap();
    let request = api.request(&FetchCustomer::new(code)).unwrap();
    assert_eq!(
        request.uri(),
        "https://proxy.example/paystack/v1/customer/CUS_x"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(5_000) })]

    #[test]
    fn any_identifier_stays_in_its_segment(text in ".{0,40}|[./%?#@\\\\ -]{0,12}|\\PC{0,200}") {
        stays_in_its_segment(&text);
    }

    #[test]
    fn any_cursor_stays_in_its_pair(text in "\\PC{1,80}|[&=?#%+ /]{1,12}") {
        let Ok(cursor) = Cursor::new(&*text) else { return Ok(()) };
        let list = ListCustomers::new().per_page(50).start(Start::After(cursor));
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
    fn any_text_is_read_back_from_the_body(first in ".{0,40}", phone in proptest::option::of(".{0,20}")) {
        let mut create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
        create = create.first_name(Personal::from(first.as_str()));
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
