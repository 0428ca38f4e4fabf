//! Decoding a model uses at most 32 times the size of the body. A body below 256 KiB uses at most 8 MiB.

use paystack_core::customers::direct_debit::{ListMandateAuthorizations, VerifyAuthorization};
use paystack_core::customers::{FetchCustomer, ListCustomers};
use paystack_core::{CustomerCode, CustomerId, Operation, Reference, bytes::Bytes, http};
use paystack_tests::values::api;

use crate::{ALLOCATOR, alone};

const TIMES: usize = 32;
/// Ten thousand rows at most fit into 32 times this size.
const SMALL: usize = 256 * 1024;
const LARGE: usize = 8 * 1024 * 1024;

/// A body of this size: a beginning, a repeated part, and an end.
fn body(size: usize, (begins, part, ends): (&str, &str, &str)) -> Bytes {
    let parts = size.saturating_sub(begins.len() + ends.len()) / (part.len() + 1);
    let parts = vec![part; parts.max(1)].join(",");
    Bytes::from(format!("{begins}{parts}{ends}"))
}

/// Decodes a small body, and compares the memory with the limit. Returns whether the body decodes.
fn assert_bounded<O: Operation>(operation: &O, shape: (&str, &str, &str)) -> bool {
    assert_bounded_at(SMALL, operation, shape)
}

fn assert_bounded_at<O: Operation>(size: usize, operation: &O, shape: (&str, &str, &str)) -> bool {
    let body = body(size, shape);
    let (length, before) = (body.len(), ALLOCATOR.current_usage());
    ALLOCATOR.reset_peak_usage();
    let result = api().read(operation, http::Response::new(body));
    let used = ALLOCATOR.peak_usage() - before;
    let result = result.map(|_| ());
    assert!(
        used <= TIMES * length.max(SMALL),
        "{used} bytes for {length}: {shape:?}, {result:?}"
    );
    result.is_ok()
}

const CUSTOMER: &str = r#"{"status":true,"data":{"id":1,"customer_code":"C","email":"a@b""#;

#[test]
fn customer_with_long_lists_is_bounded() {
    let _alone = alone();
    let fetch = FetchCustomer::new(CustomerCode::new("CUS_x").unwrap());
    let fields = [
        "authorizations",
        "subscriptions",
        "transactions",
        "identifications",
        "dedicated_accounts",
        "total_transaction_value",
        "metadata",
        "dedicated_account",
        "first_name",
        "unknown",
    ];
    let rows = [
        "{}",
        "[]",
        "null",
        "0",
        r#""""#,
        "[[]]",
        r#"{"a":1}"#,
        r#"{"bin":0}"#,
        r#"{"bin":"\n"}"#,
        r#"{"bin":{}}"#,
        r#"{"bin":0,"bin":0}"#,
        r#"{"channel":"a"}"#,
        r#"{"type":"a"}"#,
        r#"{"id":0}"#,
        r#"{"bank":{"id":0}}"#,
        r#"{"bank":{"a":0}}"#,
        r#"{"assignment":{"a":0}}"#,
        r#"{"a":0,"b":0,"c":0}"#,
        r#"{"card_type":0}"#,
        r#"{"currency":"","amount":0}"#,
        r#"{"currency":"A","amount":0}"#,
    ];
    let mut any_decodes = false;
    for field in fields {
        for row in rows {
            let begins = format!("{CUSTOMER},\"{field}\":[");
            any_decodes |= assert_bounded(&fetch, (&begins, row, "]}}"));
        }
    }
    assert!(any_decodes);
}

#[test]
fn body_of_eight_mebibytes_is_bounded() {
    let _alone = alone();
    let fetch = FetchCustomer::new(CustomerCode::new("CUS_x").unwrap());
    for (field, row) in [
        ("authorizations", "{}"),
        ("authorizations", "0"),
        ("subscriptions", "0"),
    ] {
        let begins = format!("{CUSTOMER},\"{field}\":[");
        assert_bounded_at(LARGE, &fetch, (&begins, row, "]}}"));
    }
    for row in ["0", r#"{"id":1,"customer_code":"C","email":"a"}"#] {
        let shape = (r#"{"status":true,"data":["#, row, "]}");
        assert_bounded_at(LARGE, &ListCustomers::new(), shape);
    }
}

#[test]
fn customer_with_long_text_is_bounded() {
    let _alone = alone();
    let fetch = FetchCustomer::new(CustomerCode::new("CUS_x").unwrap());
    let mut any_decodes = false;
    for field in ["first_name", "email", "metadata", "createdAt", "unknown"] {
        for part in ["x", r"\n", r"\u0000", r"\ud800"] {
            let begins = format!("{CUSTOMER},\"{field}\":\"");
            any_decodes |= assert_bounded(&fetch, (&begins, part, r#""}}"#));
        }
    }
    assert!(any_decodes);
    let mut any_decodes = false;
    for part in [r#""a":0"#, r#""phone":0"#, r#""phone":{}"#] {
        any_decodes |= assert_bounded(&fetch, (&format!("{CUSTOMER},"), part, "}}"));
    }
    assert!(any_decodes);
}

#[test]
fn list_of_small_rows_is_bounded() {
    let _alone = alone();
    let rows = [
        "0",
        "{}",
        r#"{"id":1}"#,
        r#"{"id":1,"customer_code":"C","email":"a"}"#,
        r#"{"id":1,"customer_code":"C","email":"a","phone":{}}"#,
        r#"{"id":1,"customer_code":"C","email":"a","phone":1,"phone":2}"#,
        r#"{"id":1,"status":"a","authorization_id":1}"#,
        r#"{"id":1,"status":"a","authorization_id":1,"customer":{"id":{}}}"#,
    ];
    let list = (r#"{"status":true,"data":["#, "]}");
    let mandates = ListMandateAuthorizations::new(CustomerId::new(1));
    let (mut customers_decode, mut mandates_decode) = (false, false);
    for row in rows {
        let shape = (list.0, row, list.1);
        customers_decode |= assert_bounded(&ListCustomers::new(), shape);
        mandates_decode |= assert_bounded(&mandates, shape);
    }
    assert!(customers_decode && mandates_decode);
}

#[test]
fn parts_of_the_envelope_are_bounded() {
    let _alone = alone();
    let verify = VerifyAuthorization::new(Reference::new("x").unwrap());
    let data = r#""data":{"authorization_code":"x"}"#;
    let mut any_decodes = false;
    for part in [
        r#""a":0"#,
        r#""message":"x""#,
        r#""meta":{}"#,
        r#""status":true"#,
    ] {
        let ends = format!(",\"status\":true,{data}}}");
        any_decodes |= assert_bounded(&verify, ("{", part, &ends));
    }
    assert!(any_decodes);
    let mut any_decodes = false;
    for (part, field) in [
        ("0", "message"),
        (r#""a":0"#, "meta"),
        (r#""next":"x""#, "meta"),
    ] {
        let (open, close) = if part == "0" { ("[", "]") } else { ("{", "}") };
        let begins = format!(r#"{{"status":true,{data},"{field}":{open}"#);
        any_decodes |= assert_bounded(&verify, (&begins, part, &format!("{close}}}")));
        // The same as a refusal.
        let begins = format!(r#"{{"status":false,{data},"{field}":{open}"#);
        assert_bounded(&verify, (&begins, part, &format!("{close}}}")));
    }
    assert!(any_decodes);
}
