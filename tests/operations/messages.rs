//! The error messages of the workspace in one list, but for those that need a server. Each states the fault, then the
//! fix, in lower case and without a full stop.

mod calls;
mod conformance;
mod inputs;
mod json;
mod sandbox;
mod settings;
mod webhooks;

use std::collections::BTreeSet;
use std::fmt::Display;

use paystack_core::http::Method;
use paystack_core::{NoData, Operation, Path, RetryRule};

/// The message of an error.
fn message<T, E: Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => panic!("must be an error"),
        Err(error) => error.to_string(),
    }
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

/// The reason of a status, which the HTTP standard writes.
const REASON: &str = "Internal Server Error";

#[test]
fn message_is_lower_case_without_a_full_stop() {
    let lists = [
        inputs::messages(),
        settings::messages(),
        json::messages(),
        calls::messages(),
        webhooks::messages(),
        sandbox::messages(),
        conformance::messages(),
    ];
    let messages = lists.concat();
    let mut seen = BTreeSet::new();
    for message in &messages {
        for part in message.split(": ").filter(|part| !part.starts_with(REASON)) {
            let word = part.split(' ').next().unwrap_or_default();
            let is_acronym = word.chars().all(|letter| !letter.is_lowercase());
            let is_lower = !word.starts_with(char::is_uppercase);
            assert!(is_lower || is_acronym, "{message}");
        }
        assert!(!message.ends_with('.'), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(seen.insert(message), "{message}");
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
    e-mail address must not be empty
    e-mail address must not be `.`, which changes the route
    e-mail address must not be `..`, which changes the route
    e-mail address must not contain control characters
    e-mail address must not contain white space
    e-mail address must contain exactly one `@`
    authorization code must not be empty
    authorization code must not be `.`, which changes the route
    authorization code must not be `..`, which changes the route
    authorization code must not contain control characters
    reference must not be empty
    reference must not be `.`, which changes the route
    reference must not be `..`, which changes the route
    reference must not contain control characters
    value must serialize to JSON
    metadata must serialize to a JSON object: use a struct or a map, and a list for `custom_fields`
    cursor must not be empty or `null`: there is no further page
    customer ids must contain at least one id
    resume point must be the unchanged text of an earlier one
    saved wait must be the unchanged text of an earlier one
    recording must begin with `paystack-recording 1` and have a request and a result in each part
    bound of the creation time must be a date or an RFC 3339 time, in the years 0 to 9999
    base URL must be an absolute URL with a host, such as http://127.0.0.1:4010
    base URL must be https or http
    base URL must not contain a user or a password
    base URL must not contain a query or a fragment
    base URL must have a path of at most 64 KiB
    base URL must be https, or http to localhost or a loopback address: the key would travel unencrypted (`with_insecure_base_url` accepts a test key)
    base URL must be set with `with_base_url`: only a test key may travel unencrypted
    application name must be words of visible ASCII with single spaces between them, such as shop/2.1
    header name must be the name of a header that neither the SDK nor the transport sets
    header value must be visible ASCII
    own: path must not be the root; the request was not processed
    own: path must have a value for each placeholder; the request was not processed
    own: path segment must not be empty; the request was not processed
    own: path segment must not be `.`, which changes the route; the request was not processed
    own: path segment must not be `..`, which changes the route; the request was not processed
    own: path segment must not contain control characters; the request was not processed
    customers.fetch: path and query must be at most 64 KiB long; the request was not processed
    customers.update: request body must serialize to JSON, and its metadata to an object; the request was not processed
    resume point must belong to this list, with the same filters and page size
    saved wait must belong to this operation, with the same identifiers and filters
    root certificates must be one or more certificates in PEM
    client certificate must be one or more certificates in PEM
    client certificate must have a private key in PEM
    client certificate must belong to its private key, which must be RSA, ECDSA or Ed25519
    proxy URL must be http://, https://, socks5:// or socks5h:// with a host, a valid port and no path; its user and password must be percent-encoded UTF-8, of at most 255 bytes for SOCKS
    HTTP version must not be combined with a connector or client of your own
    connect timeout must not be combined with a connector or client of your own
    idle timeout must not be combined with a connector or client of your own
    TCP keep-alive must not be combined with a connector or client of your own
    local address must not be combined with a connector or client of your own
    proxy must not be combined with a connector or client of your own
    root certificates must not be combined with a connector or client of your own
    client certificate must not be combined with a connector or client of your own
    connect timeout must not be combined with a configuration or connector of your own
    idle timeout must not be combined with a configuration or connector of your own
    proxy must not be combined with a configuration or connector of your own
    root certificates must not be combined with a configuration or connector of your own
    client certificate must not be combined with a configuration or connector of your own
    PAYSTACK_SECRET_KEY must be set to a secret key (sk_test_… or sk_live_…)
    PAYSTACK_SECRET_KEY must be a secret key (sk_test_… or sk_live_…), not a public key (pk_…)
    PAYSTACK_BASE_URL must be an absolute URL with a host, such as http://127.0.0.1:4010
    HTTPS_PROXY must be http://, https://, socks5:// or socks5h:// with a host, a valid port and no path; its user and password must be percent-encoded UTF-8, of at most 255 bytes for SOCKS
    ALL_PROXY must be http://, https://, socks5:// or socks5h:// with a host, a valid port and no path; its user and password must be percent-encoded UTF-8, of at most 255 bytes for SOCKS
    no tokio runtime: send from within one
    connecting timed out
    JSON ends too early (line 1, column 1)
    JSON is not valid (line 1, column 8)
    a is missing (line 1, column 2)
    a is repeated (line 1, column 10)
    a: expected u8, found a string (line 1, column 8)
    a: expected u8, found a number (line 1, column 8)
    a: expected u8, found a boolean (line 1, column 9)
    a: expected u8, found null (line 1, column 9)
    a: expected u8, found a list (line 1, column 5)
    a: expected u8, found an object (line 1, column 5)
    a: expected u8, found another number (line 1, column 8)
    [0] is nested more than 127 levels deep (line 1, column 128)
    expected a character, found another string (line 1, column 4)
    expected an array of length 2, found a list of another length (line 1, column 3)
    expected `A`, found another word (line 1, column 3)
    JSON is rejected by the type that decodes it
    a: expected no list, found a list (line 1, column 8)
    expected a whole number, found another string (line 1, column 3)
    expected a customer code or a numeric id, found null (line 1, column 4)
    expected an object, found a list (line 1, column 0)
    expected a word, found a number (line 1, column 1)
    expected text, found a boolean (line 1, column 4)
    value: expected text, a number, a boolean or null, found a list (line 1, column 51)
    event is missing
    cannot decode: JSON is not valid (line 1, column 1)
    data.identified: expected true or false, found another number
    data.authorizations: expected a list, found another number
    name look-up failed
    connection refused
    untrusted certificate
    no connection
    timed out
    connection lost
    the response is larger than the limit: request fewer rows, or raise the limit
    the transport failed
    customers.list: 401 validation_error/invalid_Key: no; the request was not processed
    customers.list: 400 api_error: no; the request was not processed
    customers.list: 400 unknown: no; the request was not processed
    customers.list: 422 unknown: no (go); the request was not processed
    customers.list: 502: 502 Bad Gateway; the request may have been processed
    customers.list: 500: Internal Server Error; the request may have been processed
    customers.list: 599: no reason given; the request may have been processed
    customers.list: cannot decode the response with status 200: JSON is not valid (line 1, column 1); the request may have been processed
    customers.list: cannot decode the response with status 200: status is missing; the request may have been processed
    customers.list: cannot decode the response with status 200: status: expected true, found another value; the request may have been processed
    customers.list: cannot decode the response with status 200: data is missing; the request was processed
    customers.list: cannot decode the response with status 200: data: expected a list, found an object (line 1, column 36); the request was processed
    customers.list: cannot decode the response with status 200: data has more than 10,000 rows (line 1, column 23); the request was processed
    customers.list: cannot decode the response with status 200: data has too many fields that do not decode (line 1, column 23); the request was processed
    customers.list: cannot decode a row: data[0].customer_code is missing; the request was processed
    customers.list: connection lost; the request may have been processed
    customers.list: the call has already ended: start a new one; the request may have been processed
    customers.list: deadline exceeded; the request may have been processed
    customers.list: deadline exceeded after 2 attempts (last: connection lost); the request may have been processed
    own: operation to wait for must be a GET; the request was not processed
    the cursor leads to a page that was received before
    the server returned page 1 instead of page 2
    the server has 2 pages and returned no cursor: list by page number
    the data of the response is not a list
    the operation cannot start at the next page: `Paginate::at` must return it
    missing or empty header `x-paystack-signature`
    repeated header `x-paystack-signature`: expected exactly one
    signature too short: expected 128 hex digits
    signature too long: expected 128 hex digits
    invalid character in signature: expected lower-case hex digits
    signature does not match the body: check the secret key and pass the raw bytes of the body
    body too large: expected at most 256 KiB
    missing field `fault`
    unknown variant `x`, expected one of `status`, `rate_limited`, `server_error`, `cloudflare`, `delay`, `truncated`, `garbage`, `connection_closed`, `request_lost`, `answer_lost`, `gzip`, `webhook_dropped`, `webhook_duplicated`, `webhook_held`
    unknown field `time`, expected `on`, `times`, `after`, `probability`, `processed` or a field of this kind of fault
    `times`: invalid value: integer `-1`, expected u64
    `status` must be from 200 to 999
    `status` must be from 400 to 999
    `status` must be from 500 to 999
    `content_type` must be the value of a header
    `probability` must be from 0 to 1
    `on` must name an operation or an event that the fault can affect
    `processed` must be omitted, unless the fault replaces the response
    unknown field `x`, expected one of `version`, `test`, `live` at line 1 column 4
    invalid value: integer `9`, expected version 1 at line 1 column 13
    test.scheduled[0]: event must name an existing record
    test.customers[0]: e-mail address must contain exactly one `@`
    test.customers[0]: email must not end with .test, .local or .invalid
    test.customers[1]: email must be unique
    test.customers[1]: createdAt must not precede the customer before it
    test.customers[0]: id must be omitted, or be the id that follows from the position
    test.customers[0]: customer code must not be `..`, which changes the route
    test.customers[1]: customer_code must be unique
    test.customers[0]: metadata must be an object without repeated names and with at most 128 levels
    test.customers[0]: risk_action must be default, allow or deny
    test.customers[0]: authorization code must not be empty
    test.customers[0]: authorization_code must be unique
    test.mandates[0]: customer must be the code of a customer
    test.mandates[0]: reference must not be empty
    test.mandates[1]: reference must be unique
    test.mandates[0]: bank_code must be the code of a bank that supports direct debit
    test.mandates[0]: status must be pending, active or revoked
    test.mandates[0]: authorized_at must be set in an active mandate
    email must not end with .test, .local or .invalid
    email must be unique
    customer_code must be unique
    status must be from 200 to 999
    probability must be from 0 to 1
    on must name an operation or an event that the fault can affect
    paystack-sandbox: invalid option '--x'; see --help
    paystack-sandbox: unexpected argument "x"; see --help
    paystack-sandbox: missing argument for option '--port'; see --help
    paystack-sandbox: unexpected argument for option '--page': "x"; see --help
    paystack-sandbox: --port: cannot parse argument "x": invalid digit found in string; see --help
    paystack-sandbox: --listen: cannot parse argument "x": invalid IP address syntax; see --help
    paystack-sandbox: --webhook-key: secret key must begin with sk_test_ or sk_live_, followed by more characters
    paystack-sandbox: webhook URL must be http, with a host and without a user
    paystack-sandbox: operations/main.rs: expected value at line 1 column 1
    passed
    FAILED: fault
    not applicable: reason
    passed, though declared not applicable: reason
    not checked: cause
    "#);
}
