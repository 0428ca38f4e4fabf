//! The error messages of the workspace in one list: the fault, then the fix; lower case; no full stop.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use paystack_core::customers::direct_debit::TriggerActivationCharge;
use paystack_core::customers::{ListBound, ListCustomers};
use paystack_core::http::{Method, Response, StatusCode};
use paystack_core::{
    Call, Cursor, CustomerCode, Email, Metadata, Mode, NoData, Operation, Paginator, PagingError,
    Path, RateLimiter, RawJson, RetryRule, SavedWait, SecretKey, Sent, Settings, Step,
    TransportError, TransportErrorKind, Waiter, read_json,
};
use paystack_hyper::HyperTransport;
use paystack_sandbox::{Fault, Sandbox, State};
use paystack_tests::values::api;
use paystack_transport::ResumePoint;
use paystack_transport::testing::Replay;
use paystack_ureq::UreqTransport;
use paystack_webhook::VerifyError;
use time::OffsetDateTime;

/// The message of an error.
fn message<T, E: Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => panic!("must be an error"),
        Err(error) => error.to_string(),
    }
}

fn inputs() -> Vec<String> {
    let mut messages: Vec<_> = [
        "sk_test_a\n",
        "sk_test_a b",
        "sk_test_ä",
        "pk_test_a",
        "key",
    ]
    .map(|key| message(SecretKey::new(key)))
    .into();
    messages.extend(["", ".", "..", "\n"].map(|code| message(CustomerCode::new(code))));
    messages.extend(["a @b", "a@b@c"].map(|address| message(Email::new(address))));
    messages.extend([
        message(RawJson::encode(&BTreeMap::from([([1], 1)]))),
        message(Metadata::new(&1)),
        message(Cursor::new("null")),
        message(TriggerActivationCharge::new([])),
        message("x".parse::<ResumePoint>()),
        message("x".parse::<SavedWait>()),
        message(Replay::new("x")),
    ]);
    messages.extend(
        [
            "x",
            "ftp://a",
            "https://a:b@c",
            "https://a/?b",
            "http://shop",
        ]
        .map(|url| message(api().with_base_url(url))),
    );
    messages.push(message(api().with_application("\n")));
    messages.push(message(api().with_header("host", "a")));
    messages.push(message(api().with_header("a", "ä")));
    messages.push(message(serde_json::from_str::<ListBound>(r#""yesterday""#)));
    let (list, other) = (ListCustomers::new(), ListCustomers::new().per_page(7));
    let body = r#"{"status":true,"data":[{"id":1,"customer_code":"CUS_x","email":"a@b.c"}],"meta":{"next":"x"}}"#;
    let reply = api().read(&list, Response::new(body.into())).unwrap();
    let page = Paginator::new(list).on_reply(reply).unwrap().unwrap();
    messages.push(message(Paginator::resume(other, page.resume().unwrap())));
    messages.extend(["/", "/a/{b}", "/a/."].map(|path| message(api().request(&Own { path }))));
    messages
}

/// An operation of a user.
#[derive(Clone)]
struct Own {
    path: &'static str,
}

impl Operation for Own {
    const NAME: &'static str = "own";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/";
    const RETRY: RetryRule = RetryRule::Never;
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(self.path)
    }
}

fn settings() -> Vec<String> {
    vec![
        message(HyperTransport::builder().proxy("x").build()),
        message(HyperTransport::builder().root_certificates("x").build()),
        message(
            HyperTransport::builder()
                .client_certificate("x", "x")
                .build(),
        ),
        message(
            HyperTransport::builder()
                .client(Client::builder(TokioExecutor::new()).build_http())
                .http1_only()
                .build(),
        ),
        message(UreqTransport::builder().proxy("x").build()),
        message(UreqTransport::builder().root_certificates("x").build()),
    ]
}

fn json() -> Vec<String> {
    [
        r#"{"#,
        r#"{"a":1}x"#,
        r#"{"a":"b"}"#,
        r#"{}"#,
        r#"{"a":1,"a":2}"#,
        "[",
        "x",
    ]
    .map(|text| {
        #[derive(serde::Deserialize)]
        struct A {
            #[allow(dead_code, reason = "only its type counts")]
            a: u8,
        }
        message(read_json::<A>(text.as_bytes()))
    })
    .into()
}

fn calls() -> Vec<String> {
    use TransportErrorKind::{
        Connect, ConnectionRefused, Io, NameLookup, Other, Timeout, TooLarge, UntrustedCertificate,
    };
    let kinds = [
        NameLookup,
        ConnectionRefused,
        UntrustedCertificate,
        Connect,
        Timeout,
        Io,
        TooLarge,
        Other,
    ];
    let mut messages: Vec<_> = kinds
        .map(|kind| TransportError::new(kind, Sent::Maybe).to_string())
        .into();
    let list = ListCustomers::new();
    for (status, body) in [
        (
            401,
            r#"{"status":false,"message":"Invalid key","type":"validation_error","code":"invalid_Key"}"#,
        ),
        (502, "<html><title>502 Bad Gateway</title></html>"),
        (500, ""),
        (200, "x"),
        (200, r#"{"status":true,"message":"","data":{}}"#),
    ] {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        messages.push(message(api().read(&list, response)));
    }
    let mut limiter = RateLimiter::new(Mode::Test, 7);
    let late = Duration::from_secs(60);
    let settings = Settings::new().deadline(Duration::from_secs(9));
    for error in [None, Some(TransportError::new(Io, Sent::Maybe))] {
        let mut call = Call::new(&api(), ListCustomers::new(), settings);
        assert!(matches!(
            call.step(&mut limiter, Duration::ZERO),
            Step::Send { .. }
        ));
        if let Some(error) = error {
            call.handle_error(1, error);
        }
        for _ in 0..2 {
            match call.step(&mut limiter, late) {
                Step::Done(result) => messages.push(message(result)),
                _ => panic!("must be the end"),
            }
        }
    }
    let mut waiter = Waiter::new(
        &api(),
        Own { path: "/a" },
        |_: &NoData| true,
        Duration::ZERO,
    );
    match waiter.step(&mut limiter, Duration::ZERO) {
        Step::Done(result) => messages.push(message(result)),
        _ => panic!("must be the end"),
    }
    messages.extend(
        [
            PagingError::RepeatedCursor,
            PagingError::WrongPage {
                requested: 2,
                returned: 1,
            },
            PagingError::NoCursors { pages: 2 },
            PagingError::NoList,
            PagingError::Unsupported,
        ]
        .map(|error| error.to_string()),
    );
    messages
}

fn webhooks() -> Vec<String> {
    use VerifyError::{
        BodyTooLarge, SignatureMissing, SignatureNotHex, SignatureRepeated, SignatureTooLong,
        SignatureTooShort, SignatureWrong,
    };
    [
        SignatureMissing,
        SignatureRepeated,
        SignatureTooShort,
        SignatureTooLong,
        SignatureNotHex,
        SignatureWrong,
        BodyTooLarge,
    ]
    .map(|error| error.to_string())
    .into()
}

fn sandbox() -> Vec<String> {
    let fault = |json| message(serde_json::from_str::<Fault>(json));
    let state = |customers| {
        let json = format!(r#"{{"test":{{"customers":[{customers}]}}}}"#);
        message(Sandbox::new(1).load(
            serde_json::from_str(&json).unwrap(),
            OffsetDateTime::UNIX_EPOCH,
        ))
    };
    vec![
        fault(r#"{"fault":"status","status":99}"#),
        fault(r#"{"fault":"gzip","probability":2}"#),
        fault(r#"{"fault":"gzip","on":"x"}"#),
        message(serde_json::from_str::<State>(r#"{"version":9}"#)),
        state(r#"{"email":"a"}"#),
        state(r#"{"email":"a@b.c","metadata":[]}"#),
        state(r#"{"email":"a@b.c","risk_action":"never"}"#),
        state(r#"{"email":"a@b.c"},{"email":"a@b.c"}"#),
    ]
}

#[test]
fn message_is_lower_case_without_a_full_stop() {
    let lists = [inputs(), settings(), json(), calls(), webhooks(), sandbox()];
    let messages = lists.concat();
    for message in &messages {
        let word = message.split(' ').next().unwrap_or_default();
        let is_acronym = word.chars().all(|letter| !letter.is_lowercase());
        let is_lower = !word.starts_with(char::is_uppercase);
        assert!(is_lower || is_acronym, "{message}");
        assert!(!message.ends_with('.'), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    insta::assert_snapshot!(messages.join("\n"), @r#"
    secret key must not contain control characters
    secret key must not contain white space
    secret key must contain ASCII characters only
    secret key must be a secret key (sk_test_… or sk_live_…), not a public key (pk_…)
    secret key must begin with sk_test_ or sk_live_, followed by more characters
    customer code must not be empty
    customer code must not be `.`, which changes the route
    customer code must not be `..`, which changes the route
    customer code must not contain control characters
    e-mail address must not contain white space
    e-mail address must contain exactly one `@`
    value must serialize to JSON
    metadata must serialize to a JSON object: use a struct or a map, and a list for `custom_fields`
    cursor must not be empty or `null`: there is no further page
    customer ids must contain at least one id
    resume point must be the unchanged text of an earlier one
    saved wait must be the unchanged text of an earlier one
    recording must begin with `paystack-recording 1` and have a request and a result in each part
    base URL must be an absolute URL with a host, such as http://127.0.0.1:4010
    base URL must be https or http
    base URL must not contain a user or a password
    base URL must not contain a query or a fragment
    base URL must be https, or http to localhost or a loopback address: the key would travel unencrypted (`with_insecure_base_url` accepts a test key)
    application name must be visible ASCII, such as shop/2.1
    header name must be the name of a header that neither the SDK nor the transport sets
    header value must be visible ASCII
    bound of the creation time must be a date or an RFC 3339 time, in the years 0 to 9999
    resume point must belong to this list, with the same filters and page size
    own: path must not be the root; the request was not processed
    own: path must have a value for each placeholder; the request was not processed
    own: path segment must not be `.`, which changes the route; the request was not processed
    proxy URL must be http://, https://, socks5:// or socks5h:// with a host, a valid port and no path; its user and password must be percent-encoded UTF-8, of at most 255 bytes for SOCKS
    root certificates must be one or more certificates in PEM
    client certificate must be one or more certificates in PEM
    HTTP version must not be combined with a connector or client of your own
    proxy URL must be http://, https://, socks5:// or socks5h:// with a host, a valid port and no path; its user and password must be percent-encoded UTF-8, of at most 255 bytes for SOCKS
    root certificates must be one or more certificates in PEM
    JSON ends too early (line 1, column 1)
    JSON is not valid (line 1, column 8)
    a: expected u8, found a string (line 1, column 8)
    a is missing (line 1, column 2)
    a is repeated (line 1, column 10)
    JSON ends too early (line 1, column 1)
    JSON is not valid (line 1, column 1)
    name look-up failed
    connection refused
    untrusted certificate
    no connection
    timed out
    connection lost
    the response is larger than the limit
    the transport failed
    customers.list: 401 validation_error/invalid_Key: Invalid key; the request was not processed
    customers.list: 502: 502 Bad Gateway; the request may have been processed
    customers.list: 500: Internal Server Error; the request may have been processed
    customers.list: cannot decode the response with status 200: JSON is not valid (line 1, column 1); the request may have been processed
    customers.list: cannot decode the response with status 200: data: expected a sequence, found an object (line 1, column 36); the request was processed
    customers.list: deadline exceeded; the request may have been processed
    customers.list: the call has already ended; the request may have been processed
    customers.list: connection lost; the request may have been processed
    customers.list: the call has already ended; the request may have been processed
    own: operation to wait for must be a GET; the request was not processed
    the cursor leads to a page that was received before
    the server returned page 1 instead of page 2
    the server has 2 pages and returned no cursor: list by page number
    the data of the response is not a list
    the operation cannot start at the next page
    missing or empty header `x-paystack-signature`
    repeated header `x-paystack-signature`: expected exactly one
    signature too short: expected 128 hex digits
    signature too long: expected 128 hex digits
    invalid character in signature: expected lower-case hex digits
    signature does not match the body: check the secret key and pass the raw bytes of the body
    body too large: expected at most 262144 bytes
    `status` must be from 200 to 999
    `probability` must be from 0 to 1
    `on` must name an operation or an event that the fault can affect
    `version` must be 1 at line 1 column 13
    test.customers[0]: e-mail address must contain exactly one `@`
    test.customers[0]: metadata must be an object without repeated names and with at most 128 levels
    test.customers[0]: risk_action must be default, allow or deny
    test.customers[1]: email must be unique
    "#);
}
