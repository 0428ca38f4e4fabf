//! JSON that does not fit a type.

use paystack_core::customers::{Customer, FetchCustomer};
use paystack_core::http::Response;
use paystack_core::{
    CodeOrId, Cursor, CustomField, CustomerCode, CustomerId, Error, Mode, NoData, Sensitive,
    optional_value, read_event, read_json,
};
use paystack_tests::values::api;
use serde::Deserialize;

use super::message;

#[derive(Deserialize)]
struct A {
    #[allow(dead_code, reason = "only its type counts")]
    a: u8,
}

#[derive(Deserialize)]
enum Word {
    A,
}

#[derive(Deserialize)]
struct Numbers {
    #[serde(deserialize_with = "optional_value")]
    #[allow(dead_code, reason = "only its type counts")]
    a: Option<Vec<u8>>,
}

pub(super) fn messages() -> Vec<String> {
    let texts = [
        "[",
        r#"{"a":1}x"#,
        "{}",
        r#"{"a":1,"a":2}"#,
        r#"{"a":"b"}"#,
        r#"{"a":1.5}"#,
        r#"{"a":true}"#,
        r#"{"a":null}"#,
        r#"{"a":[1]}"#,
        r#"{"a":{}}"#,
        r#"{"a":300}"#,
    ];
    let mut messages: Vec<_> = texts
        .map(|text| message(read_json::<A>(text.as_bytes())))
        .into();
    let deep = message(read_json::<serde_json::Value>("[".repeat(128).as_bytes()));
    let field = r#"{"display_name":"a","variable_name":"b","value":[]}"#;
    messages.extend([
        deep.replacen("[0]", "", 126),
        message(read_json::<char>(br#""ab""#)),
        message(read_json::<[u8; 2]>(b"[1]")),
        message(read_json::<Word>(br#""B""#).map(|Word::A| ())),
        message(read_json::<Cursor>(br#""""#)),
        message(read_json::<Numbers>(br#"{"a":[1]}"#)),
        message(read_json::<CustomerId>(br#""x""#)),
        message(read_json::<CodeOrId>(b"null")),
        message(read_json::<Customer>(b"[]")),
        message(read_json::<Mode>(b"1")),
        message(read_json::<Sensitive>(b"true")),
        message(read_json::<CustomField>(field.as_bytes())),
        message(read_event::<NoData>(b"{}")),
        Error::from(read_json::<u8>(b"x").unwrap_err()).to_string(),
    ]);
    messages.extend(ignored_fields());
    messages
}

/// The optional fields that a success is read without.
fn ignored_fields() -> Vec<String> {
    let body = r#"{"status":true,"data":{"id":1,"customer_code":"c","email":"a@b","identified":7,"authorizations":7}}"#;
    let fetch = FetchCustomer::new(CustomerCode::new("c").unwrap());
    let reply = api().read(&fetch, Response::new(body.into())).unwrap();
    let ignored = reply.ignored_fields().iter();
    ignored.map(ToString::to_string).collect()
}
