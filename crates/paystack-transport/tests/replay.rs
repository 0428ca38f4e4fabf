//! Recordings of each kind of client, and their replays.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod pinned;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::customers::direct_debit::{
    ListMandateAuthorizations, TriggerActivationCharge,
};
use paystack_transport::customers::{CreateCustomer, Customer, FetchCustomer, ListCustomers};
use paystack_transport::local::{LocalClient, LocalTransport};
use paystack_transport::testing::{
    Answer, LocalRecording, Recording, Redaction, Replay, Scripted, VirtualClock,
};
use paystack_transport::{
    Api, BlockingClient, BlockingTransport, Client, CustomerCode, CustomerId, Email, Error,
    ErrorKind, NoData, Operation, Outcome, SecretKey, Sent, Settings, Timer, Transport,
    TransportError, TransportErrorKind, http,
};

use self::pinned::Pinned;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch(code: &str) -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new(code).unwrap())
}

fn create(email: &str) -> CreateCustomer {
    CreateCustomer::new(Email::new(email).unwrap())
}

fn customer() -> Answer {
    Answer::data(Customer::example())
}

fn once() -> Settings {
    Settings::new().attempts(1)
}

/// The text of a recording of these answers, to one request for each.
fn recorded(answers: impl IntoIterator<Item = Answer>) -> String {
    let answers: Vec<_> = answers.into_iter().collect();
    let requests = answers.len();
    let scripted = answers.into_iter().fold(Scripted::new(), Scripted::then);
    let client = BlockingClient::new(api(), Recording::new(scripted)).with_settings(once());
    for _ in 0..requests {
        let _ = client.send(create("ada@example.com"));
    }
    client.transport().to_string()
}

fn replay(text: &str) -> Replay {
    Replay::new(text).unwrap()
}

/// The message of a panic.
fn panic_of(act: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(act)).unwrap_err();
    payload.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn local_recording_replays_in_each_kind_of_client() {
    let scripted = Scripted::new().then(Answer::not_sent()).then(customer());
    let pinned = Pinned::new(scripted);
    let rules = || Redaction::new().value("1173");
    let recording = Recording::new(pinned).with_redaction(rules());
    let client = LocalClient::new(api(), LocalRecording(recording));
    let created = client.send(create("ada@example.com")).await.unwrap();
    assert_eq!(created.attempts(), 2);
    let LocalRecording(recording) = client.transport();
    let text = recording.to_string();
    assert!(!text.contains("1173") && !text.contains("ada@"), "{text}");

    let new = || replay(&text).with_redaction(rules());
    let client = LocalClient::new(api(), new());
    let local = client.send(create("obi@example.com")).await.unwrap();
    let client = Client::new(api(), new());
    let shared = client.send(create("obi@example.com")).await.unwrap();
    let client = BlockingClient::new(api(), new());
    let blocking = client.send(create("obi@example.com")).unwrap();
    client.transport().assert_finished();
    for reply in [local, shared, blocking] {
        assert_eq!(reply.attempts(), 2);
        assert_eq!(reply.data.email.as_str(), "obi@example.com");
        assert_eq!(
            reply.data.id.get(),
            1173,
            "a value of the rules is restored"
        );
    }
}

#[tokio::test]
async fn recording_without_requests_replays() {
    let text = recorded([]);
    assert_eq!(text, "paystack-recording 1\n");
    let empty = replay(&text);
    empty.assert_finished();
    let message = panic_of(|| {
        let client = BlockingClient::new(api(), empty);
        drop(client.send(create("ada@example.com")));
    });
    assert!(
        message.starts_with("the recording has no further request"),
        "{message}"
    );
}

#[test]
fn transport_errors_replay_as_recorded() {
    let errors = [
        (TransportErrorKind::NameLookup, Sent::No),
        (TransportErrorKind::UntrustedCertificate, Sent::No),
        (TransportErrorKind::TooLarge, Sent::Maybe),
        (TransportErrorKind::Other, Sent::Maybe),
    ];
    let text = recorded(errors.map(|(kind, sent)| Answer::error(kind, sent)));
    let client = BlockingClient::new(api(), replay(&text)).with_settings(once());
    for (kind, sent) in errors {
        let error = client.send(create("ada@example.com")).unwrap_err();
        let ErrorKind::Transport(error) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((error.kind(), error.sent()), (kind, sent));
    }
}

/// A recording of a request that the client dropped.
const DROPPED: &str =
    "paystack-recording 1\n\n--- request 1\nGET https://example.com/\n--- nothing 1\n";

#[tokio::test]
async fn silence_without_a_time_out_ends_after_a_day() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let request = || {
        http::Request::get("https://example.com/")
            .body(Bytes::new())
            .unwrap()
    };
    let scripted = || Scripted::new().then(Answer::silence());
    let assert_ended = |result: Result<_, TransportError>, now: Duration| {
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::Timeout, Sent::Maybe)
        );
        assert_eq!(now, DAY);
    };
    let transport = scripted();
    assert_ended(
        Transport::send(&transport, request()).await,
        transport.now(),
    );
    let transport = scripted();
    assert_ended(
        LocalTransport::send(&transport, request()).await,
        transport.now(),
    );
    let transport = scripted();
    assert_ended(
        BlockingTransport::send(&transport, request(), None),
        transport.now(),
    );

    let transport = replay(DROPPED);
    assert_ended(
        Transport::send(&transport, request()).await,
        Timer::now(&transport),
    );
    let transport = replay(DROPPED);
    assert_ended(
        LocalTransport::send(&transport, request()).await,
        Timer::now(&transport),
    );
    let transport = replay(DROPPED);
    assert_ended(
        BlockingTransport::send(&transport, request(), None),
        Timer::now(&transport),
    );
}

#[tokio::test]
async fn dropped_request_replays_until_the_time_out() {
    let silent = Scripted::new().then(Answer::silence());
    let client = Client::new(api(), Recording::new(silent)).with_settings(once());
    client.send(create("ada@example.com")).await.unwrap_err();
    let text = client.transport().to_string();
    assert!(text.ends_with("--- nothing 1\n"), "{text}");
    let client = Client::new(api(), replay(&text)).with_settings(once());
    let error = client.send(create("ada@example.com")).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(Timer::now(client.transport()), Duration::from_secs(30));
    let client = BlockingClient::new(api(), replay(&text)).with_settings(once());
    let error = client.send(create("ada@example.com")).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(Timer::now(client.transport()), Duration::from_secs(30));
}

#[tokio::test]
async fn scripts_on_one_clock_share_the_time() {
    let clock = VirtualClock::new();
    let slow = || {
        let answer = customer().after(Duration::from_secs(2));
        Scripted::new().then(answer).with_clock(clock.clone())
    };
    let (one, other) = (Client::new(api(), slow()), Client::new(api(), slow()));
    let calls = tokio::join!(one.send(fetch("CUS_x")), other.send(fetch("CUS_x")));
    assert!(calls.0.is_ok() && calls.1.is_ok());
    assert_eq!(clock.now(), Duration::from_secs(2));
    other.transport().assert_finished();
}

#[test]
fn recording_with_other_line_ends_replays() {
    let html = "<p>\r\n--- request 7\r\n\r\n\\o/ \r\n</p>\n";
    let mut response = http::Response::new(Bytes::from(html));
    *response.status_mut() = http::StatusCode::BAD_GATEWAY;
    let text = recorded([Answer::response(response), customer()]);
    let windows = text.replace('\n', "\r\n");
    for text in [text, windows] {
        let client = BlockingClient::new(api(), replay(&text)).with_settings(once());
        let error = client.send(create("ada@example.com")).unwrap_err();
        let body = error.response().unwrap().body().clone();
        assert_eq!(body, html.replace("\r\n", "\n"));
        client.send(create("ada@example.com")).unwrap();
        client.transport().assert_finished();
    }
}

/// Asserts that a recording and its replay state the rate limit of this answer.
#[track_caller]
fn assert_keeps_rate_limit(limited: Answer, retry_after: Duration) {
    let text = recorded([limited.clone()]);
    let errors = [
        BlockingClient::new(api(), Scripted::new().then(limited))
            .with_settings(once())
            .send(create("ada@example.com")),
        BlockingClient::new(api(), replay(&text))
            .with_settings(once())
            .send(create("ada@example.com")),
    ];
    let [original, replayed] = errors.map(Result::unwrap_err);
    assert_eq!(original.retry_after(), Some(retry_after));
    assert_eq!(original.retry_after(), replayed.retry_after());
    assert_eq!(original.to_string(), replayed.to_string());
    let status = |error: &Error| error.response().unwrap().rate_limit();
    assert_eq!(status(&original), status(&replayed));
}

#[test]
fn replayed_response_has_the_recorded_rate_limit() {
    let limited = || {
        Answer::refusal(429, "Rate limit exceeded!")
            .code("rate_limited")
            .header("x-ratelimit-limit", "1000000")
            .header("x-ratelimit-remaining", "0")
    };
    let seconds = limited()
        .header("retry-after", "1800")
        .header("x-ratelimit-reset", "60");
    assert_keeps_rate_limit(seconds, Duration::from_secs(1_800));
    let dated = || limited().header("date", "Tue, 01 Dec 2026 02:00:00 GMT");
    let date = dated().header("retry-after", "Tue, 01 Dec 2026 02:00:07 GMT");
    assert_keeps_rate_limit(date, Duration::from_secs(7));
    let since_1970 = dated().header("x-ratelimit-reset", "1796090409");
    assert_keeps_rate_limit(since_1970, Duration::from_secs(9));
}

#[tokio::test]
async fn wait_until_a_date_replays_in_each_kind_of_client() {
    const WAIT: Duration = Duration::from_secs(7);
    // Without a date, the recording adds the time of receipt, 20 s after the beginning of 2026.
    let delay = Duration::from_secs(20);
    let undated = Answer::status(503).header("retry-after", "Thu, 01 Jan 2026 00:00:27 GMT");
    let dated = Answer::status(503)
        .header("date", "Tue, 01 Dec 2026 02:00:00 GMT")
        .header("retry-after", "Tue, 01 Dec 2026 02:00:07 GMT");
    for unavailable in [undated, dated] {
        let unavailable = unavailable.after(delay);
        let scripted = || Scripted::new().then(unavailable.clone()).then(customer());
        let settings = Settings::new().backoff(Duration::ZERO, Duration::ZERO);
        let ada = || fetch("CUS_x");
        let assert_waited = |waited: Duration| {
            assert!(waited >= WAIT && waited < WAIT * 2, "{waited:?}");
        };

        let client = Client::new(api(), Recording::new(scripted())).with_settings(settings);
        client.send(ada()).await.unwrap();
        assert_waited(Timer::now(client.transport()) - delay);
        let shared = client.transport().to_string();
        let recording = LocalRecording(Recording::new(scripted()));
        let client = LocalClient::new(api(), recording).with_settings(settings);
        client.send(ada()).await.unwrap();
        let local = client.transport().0.to_string();
        let recording = Recording::new(scripted());
        let client = BlockingClient::new(api(), recording).with_settings(settings);
        client.send(ada()).unwrap();
        assert_eq!(client.transport().to_string(), shared);
        assert_eq!(local, shared);

        let client = Client::new(api(), replay(&shared)).with_settings(settings);
        client.send(ada()).await.unwrap();
        assert_waited(Timer::now(client.transport()));
        let client = BlockingClient::new(api(), replay(&shared)).with_settings(settings);
        client.send(ada()).unwrap();
        assert_waited(Timer::now(client.transport()));
    }
}

#[test]
fn old_recording_that_contains_values_replays() {
    let old = r#"paystack-recording 1

--- request 1
POST https://gw.acme.internal/customer?name=recorded2
user-agent: acme-billing/2.1

{
  "first_name": "recorded3",
  "metadata": {
    "adaeze_phone": "09000000004",
    "raw": "{'first_name': 'Chidi'}"
  }
}
--- response 1
200 OK
x-ratelimit-reset: 1796090409

{
  "name": "recorded5"
}
"#;
    let rules = Redaction::new().value("acme-billing");
    let replay = replay(old).with_redaction(rules);
    let json = r#"{"first_name":"Adaeze","metadata":{"adaeze_phone":"08031234567",
        "raw":"{'first_name': 'Chidi'}"}}"#;
    let request = http::Request::post("https://example.com/customer?name=Ada+Obi")
        .header("user-agent", "acme-billing/2.1")
        .body(Bytes::from(json))
        .unwrap();
    BlockingTransport::send(&replay, request, None).unwrap();
    replay.assert_finished();
}

/// A recording of a creation and of a fetch by the code in its response.
fn created_and_fetched() -> String {
    let scripted = Scripted::new().then(customer()).then(customer());
    let client = BlockingClient::new(api(), Recording::new(scripted));
    let ada = client.send(create("ada@example.com")).unwrap().data;
    client.send(FetchCustomer::new(ada.customer_code)).unwrap();
    client.transport().to_string()
}

#[test]
fn value_from_a_response_matches_only_itself() {
    let text = created_and_fetched();
    let client = BlockingClient::new(api(), replay(&text));
    let ada = client.send(create("obi@example.com")).unwrap().data;
    client.send(FetchCustomer::new(ada.customer_code)).unwrap();
    client.transport().assert_finished();

    let client = BlockingClient::new(api(), replay(&text));
    client.send(create("obi@example.com")).unwrap();
    let message = panic_of(move || drop(client.send(fetch("CUS_other"))));
    assert!(message.contains("+GET /customer/CUS_other"), "{message}");
    assert!(message.contains("`Redaction::value`"), "{message}");
}

#[test]
fn constant_in_a_response_is_a_value_of_the_rules() {
    let code = Customer::example().customer_code;
    let rules = || Redaction::new().value(code.as_str());
    let scripted = Scripted::new().then(customer()).then(customer());
    let recording = Recording::new(scripted).with_redaction(rules());
    let client = BlockingClient::new(api(), recording);
    client.send(create("ada@example.com")).unwrap();
    client.send(FetchCustomer::new(&code)).unwrap();
    let text = client.transport().to_string();
    assert!(!text.contains(code.as_str()), "{text}");
    let client = BlockingClient::new(api(), replay(&text).with_redaction(rules()));
    let ada = client.send(create("ada@example.com")).unwrap().data;
    assert_eq!(ada.customer_code, code);
    client.send(FetchCustomer::new(&code)).unwrap();
}

#[test]
fn value_in_a_request_needs_the_form_of_the_recorded_one() {
    let scripted = Scripted::new().then(customer());
    let client = BlockingClient::new(api(), Recording::new(scripted));
    client.send(fetch("CUS_xnxdt6s1zg1f4nx")).unwrap();
    let text = client.transport().to_string();
    let client = BlockingClient::new(api(), replay(&text));
    client.send(fetch("CUS_other")).unwrap();
    let client = BlockingClient::new(api(), replay(&text));
    let by_email = FetchCustomer::new(Email::new("ada@example.com").unwrap());
    let message = panic_of(move || drop(client.send(by_email)));
    assert!(
        message.contains("-GET /customer/CUS_recorded1"),
        "{message}"
    );
}

#[test]
fn numeric_id_of_a_response_fits_a_later_request() {
    let listed = r#"{"status":true,"message":"","data":[{"id":87654321,"email":"ada@example.com",
        "customer_code":"CUS_x1y2z3"}]}"#;
    let empty = r#"{"status":true,"message":"","data":[]}"#;
    let scripted = Scripted::new()
        .then(Answer::body(listed))
        .then(Answer::body(empty));
    let client = BlockingClient::new(api(), Recording::new(scripted));
    let id = client
        .send(ListCustomers::new())
        .unwrap()
        .data
        .first()
        .unwrap()
        .id;
    client.send(ListMandateAuthorizations::new(id)).unwrap();
    let text = client.transport().to_string();
    assert!(!text.contains("87654321"), "{text}");

    let client = BlockingClient::new(api(), replay(&text));
    let id = client
        .send(ListCustomers::new())
        .unwrap()
        .data
        .first()
        .unwrap()
        .id;
    client.send(ListMandateAuthorizations::new(id)).unwrap();
    client.transport().assert_finished();
}

#[tokio::test]
async fn equal_requests_replay_in_any_order() {
    let text = recorded([customer(), Answer::refusal(400, "Invalid")]);
    let client = Client::new(api(), replay(&text).in_any_order()).with_settings(once());
    let calls = tokio::join!(
        client.send(create("ada@example.com")),
        client.send(create("ada@example.com").decode_as::<NoData>()),
    );
    assert!(calls.0.is_ok() && calls.1.is_err());
    client.transport().assert_finished();
}

/// Records these calls with these answers, and replays them.
fn assert_replays(answers: &[&str], calls: impl Fn(&dyn Fn(http::Request<Bytes>))) {
    let answers = answers.iter().map(|json| Answer::body(json.to_string()));
    let recording = Recording::new(answers.fold(Scripted::new(), Scripted::then));
    calls(&|request| drop(BlockingTransport::send(&recording, request, None).unwrap()));
    let replay = replay(&recording.to_string());
    calls(&|request| drop(BlockingTransport::send(&replay, request, None).unwrap()));
    replay.assert_finished();
}

#[test]
fn plus_in_a_sensitive_parameter_is_a_space() {
    let search = |name: &str| {
        let url = format!("https://example.com/customer/search?name={name}");
        http::Request::get(url).body(Bytes::new()).unwrap()
    };
    let found = r#"{"data":{"name":"Ada Obi"},"next":"https://example.com/?name=Ada+Obi"}"#;
    let recording = Recording::new(Scripted::new().then(Answer::body(found)));
    BlockingTransport::send(&recording, search("Ada+Obi"), None).unwrap();
    let text = recording.to_string();
    let replay = replay(&text);
    let reply = BlockingTransport::send(&replay, search("Bola+Eze"), None).unwrap();
    let body = String::from_utf8_lossy(reply.body());
    assert!(body.contains(r#""name": "Bola Eze""#), "{body}");
    assert!(body.contains("name=Bola%20Eze"), "{body}");
}

#[test]
fn code_of_another_system_replays() {
    let request = || http::Request::post("https://example.com/customer");
    assert_replays(&["{}"], |send| {
        let json = r#"{"metadata":{"order":"ORDER_x1y2z3"}}"#;
        send(request().body(Bytes::from(json)).unwrap());
    });
}

#[test]
fn name_in_a_key_of_metadata_replays() {
    for json in [
        r#"{"first_name":"Adaeze","metadata":{"adaeze_phone":"Lagos","adaeze_age":4}}"#,
        r#"{"first_name":"City","metadata":{"city":"Ikeja","phone":"x y"}}"#,
        r#"{"first_name":"City","metadata":{"a":"{'city': 'Ikeja'}","b":"{city: Ikeja}"}}"#,
    ] {
        let url = "https://example.com/customer?metadata[adaeze_city]=a+b&metadata[city]=c";
        let request = || http::Request::post(url).body(Bytes::from(json)).unwrap();
        assert_replays(&["{}"; 2], |send| {
            send(request());
            send(request());
        });
    }
}

#[test]
fn text_in_place_of_a_number_differs() {
    let scripted = Scripted::new().then(customer());
    let client = BlockingClient::new(api(), Recording::new(scripted));
    let ada = || create("ada@example.com");
    client
        .send(ada().first_name("Ada").phone("08031234567"))
        .unwrap();
    let text = client.transport().to_string();
    let client = BlockingClient::new(api(), replay(&text));
    client
        .send(ada().first_name("Obi").phone("07031234567"))
        .unwrap();
    let client = BlockingClient::new(api(), replay(&text));
    let swapped = ada().first_name("08031234567").phone("Ada");
    let message = panic_of(move || drop(client.send(swapped)));
    assert!(message.starts_with("the request differs"), "{message}");
}

#[test]
fn refusal_known_by_its_message_replays() {
    type Predicate = fn(&Error) -> bool;
    let refusals: [(&str, Predicate); 3] = [
        (
            "Customer already validated using the same credentials",
            Error::is_already_validated,
        ),
        (
            "Invalid Email Address Passed",
            Error::is_invalid_email_address,
        ),
        (
            "Bank not supported for direct debit",
            Error::is_bank_not_supported,
        ),
    ];
    let named =
        r#"{"status":true,"message":"","data":[],"meta":{"names":["Customer","Invalid","Bank"]}}"#;
    for (message, is_known) in refusals {
        let scripted = Scripted::new()
            .then(Answer::body(named))
            .then(Answer::refusal(400, message));
        let client = BlockingClient::new(api(), Recording::new(scripted));
        client.send(ListCustomers::new()).unwrap();
        client.send(create("ada@example.com")).unwrap_err();
        let client = BlockingClient::new(api(), replay(&client.transport().to_string()));
        client.send(ListCustomers::new()).unwrap();
        let error = client.send(create("ada@example.com")).unwrap_err();
        assert!(is_known(&error), "{error}");
    }
}

fn request<O: Operation>(operation: &O) -> http::Request<Bytes> {
    api().request(operation).unwrap()
}

#[test]
fn value_that_only_a_later_request_marks_replays() {
    let charge =
        TriggerActivationCharge::new([87_654_321, 12_345_678].map(CustomerId::new)).unwrap();
    assert_replays(&["{}"; 3], |send| {
        send(request(&charge));
        charge.verify_with().for_each(|list| send(request(&list)));
    });
    let with = |json: &str| {
        let body = Bytes::from(json.to_owned());
        http::Request::post("https://example.com/customer?page=1")
            .body(body)
            .unwrap()
    };
    assert_replays(&["{}"; 2], |send| {
        send(with(
            r#"{"email":"ada@example.org","metadata":{"branch":"Ikeja, or Victoria Island"}}"#,
        ));
        send(with(r#"{"city":"Ikeja","state":"Victoria Island"}"#));
    });
}

#[test]
fn code_of_an_answer_without_data_panics() {
    assert!(catch_unwind(|| Answer::data(()).code("missing_params")).is_err());
}
