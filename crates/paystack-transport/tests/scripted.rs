//! Scripted answers in virtual time, for each kind of client and on several executors.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use paystack_transport::customers::direct_debit::{
    InitializeAuthorization, ListMandateAuthorizations,
};
use paystack_transport::customers::{CreateCustomer, Customer, FetchCustomer, ListCustomers};
use paystack_transport::local::LocalClient;
use paystack_transport::testing::{Answer, Scripted, VirtualClock};
use paystack_transport::{
    Api, BlockingClient, Client, CustomerCode, Email, ErrorKind, NoData, Operation, Outcome, Path,
    SecretKey, Settings, TransportErrorKind, http,
};
use tokio::runtime::Builder;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

fn create() -> CreateCustomer {
    CreateCustomer::new(Email::new("ada@example.com").unwrap())
}

/// A fetch without an answer for 30 s, and a creation that is answered after 1 s.
fn silent_and_slow() -> Scripted {
    Scripted::new()
        .on::<FetchCustomer>(Answer::silence())
        .on::<CreateCustomer>(Answer::data(Customer::example()).after(Duration::from_secs(1)))
}

fn once(scripted: &Scripted) -> Client<Scripted> {
    Client::new(api(), scripted.clone()).with_settings(Settings::new().attempts(1))
}

/// Asserts when the two calls of [`silent_and_slow`] ended.
fn assert_ended(fetched: Duration, created: Duration) {
    assert_eq!((fetched.as_secs(), created.as_secs()), (30, 1));
}

/// Both calls in one task.
async fn joined() {
    let scripted = silent_and_slow();
    let client = once(&scripted);
    let fetched = async {
        let error = client.send(fetch()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        scripted.now()
    };
    let created = async {
        client.send(create()).await.unwrap();
        scripted.now()
    };
    let (fetched, created) = tokio::join!(fetched, created);
    assert_ended(fetched, created);
    scripted.assert_finished();
}

/// The task of the test and another one.
async fn spawned() {
    let scripted = silent_and_slow();
    let client = once(&scripted);
    // A busy machine may start the other thread late.
    let hold = scripted.clock().hold();
    let created = tokio::spawn({
        let (client, scripted) = (client.clone(), scripted.clone());
        async move {
            client.send(create()).await.unwrap();
            scripted.now()
        }
    });
    let both_sent = async {
        while scripted.sent().len() < 2 {
            tokio::task::yield_now().await;
        }
        drop(hold);
    };
    let (fetched, ()) = tokio::join!(client.send(fetch()), both_sent);
    fetched.unwrap_err();
    let fetched = scripted.now();
    assert_ended(fetched, created.await.unwrap());
}

#[test]
fn concurrent_calls_end_at_their_times_on_any_executor() {
    let started = Instant::now();
    let one_thread = Builder::new_current_thread().build().unwrap();
    let threads = Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    for _ in 0..3 {
        smol::block_on(joined());
        one_thread.block_on(joined());
        one_thread.block_on(spawned());
        threads.block_on(joined());
        threads.block_on(spawned());
        threads.block_on(async { tokio::spawn(spawned()).await.unwrap() });
    }
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn threads_with_blocking_clients_end_at_their_times() {
    let scripted = silent_and_slow();
    let client = BlockingClient::new(api(), scripted.clone());
    let client = client.with_settings(Settings::new().attempts(1));
    let hold = scripted.clock().hold();
    let (fetched, created) = std::thread::scope(|threads| {
        let fetched = threads.spawn(|| {
            client.send(fetch()).unwrap_err();
            scripted.now()
        });
        let created = threads.spawn(|| {
            client.send(create()).unwrap();
            scripted.now()
        });
        while scripted.sent().len() < 2 {
            std::thread::yield_now();
        }
        drop(hold);
        (fetched.join().unwrap(), created.join().unwrap())
    });
    assert_ended(fetched, created);
}

#[tokio::test]
async fn script_serves_each_kind_of_client() {
    let scripted = Scripted::new()
        .then(Answer::not_sent())
        .then(Answer::status(502))
        .then(Answer::data(Customer::example()))
        .then(Answer::data(Customer::example()).always());
    let client = Client::new(api(), scripted.clone());
    assert_eq!(client.send(fetch()).await.unwrap().attempts(), 3);
    let client = LocalClient::new(api(), scripted.clone());
    assert_eq!(client.send(fetch()).await.unwrap().attempts(), 1);
    let client = BlockingClient::new(api(), scripted.clone());
    assert_eq!(client.send(fetch()).unwrap().attempts(), 1);
    assert_eq!(scripted.sent().len(), 5);
    scripted.assert_finished();
}

#[tokio::test]
async fn answer_is_what_the_client_receives() {
    let garbage = http::Response::new(b"\xff".as_slice().into());
    let scripted = Scripted::new()
        .then(Answer::refusal(400, "Say \"please\"").code("missing_params"))
        .then(Answer::lost())
        .then(Answer::not_sent())
        .then(Answer::status(503).header("retry-after", "7"))
        .then(Answer::response(garbage))
        .then(Answer::body(r#"{"status":true,"message":"Hi","data":{}}"#));
    let client = once(&scripted);
    let refused = client.send(create()).await.unwrap_err();
    let ErrorKind::Api(error) = refused.kind() else {
        panic!("{refused}")
    };
    assert_eq!(error.message(), "Say \"please\"");
    assert_eq!(
        refused.to_string(),
        "customers.create: 400 missing_params: Say \"please\"; the request was not processed"
    );
    let lost = client.send(create()).await.unwrap_err();
    assert_eq!(lost.outcome(), Outcome::Unknown);
    let not_sent = client.send(create()).await.unwrap_err();
    assert_eq!(not_sent.outcome(), Outcome::NotProcessed);
    assert!(matches!(
        not_sent.kind(),
        ErrorKind::Transport(error) if error.kind() == TransportErrorKind::ConnectionRefused
    ));
    let unavailable = client.send(create()).await.unwrap_err();
    assert_eq!(unavailable.retry_after(), Some(Duration::from_secs(7)));
    let garbage = client.send(create()).await.unwrap_err();
    assert!(matches!(garbage.kind(), ErrorKind::Decode(_)));
    let empty = client.send(create().decode_as::<NoData>()).await.unwrap();
    assert_eq!(empty.message, "Hi");
    scripted.assert_finished();
}

/// An operation of the caller's whose path also fits `FetchCustomer`.
struct Search;

impl Operation for Search {
    const NAME: &'static str = "customers.search";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/customer/search";
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(Self::PATH)
    }
}

/// An operation of the caller's that ends with the path of `ListCustomers`.
struct OfTransactions;

impl Operation for OfTransactions {
    const NAME: &'static str = "transactions.customers";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/transaction/customer";
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(Self::PATH)
    }
}

#[tokio::test]
async fn path_that_ends_like_another_has_other_answers() {
    let scripted = Scripted::new()
        .on::<ListCustomers>(Answer::data([Customer::example()]))
        .then(Answer::body(r#"{"status":true,"message":"else"}"#));
    let client = Client::new(api(), scripted.clone());
    assert_eq!(client.send(OfTransactions).await.unwrap().message, "else");
    assert_eq!(
        client.send(ListCustomers::new()).await.unwrap().data.len(),
        1
    );
    scripted.assert_finished();
}

#[tokio::test]
async fn each_operation_has_its_answers() {
    let scripted = Scripted::new()
        .with_base_path("/paystack/")
        .on::<FetchCustomer>(Answer::data(Customer::example()))
        .on::<ListCustomers>(Answer::data([Customer::example()]))
        .on::<Search>(Answer::body(r#"{"status":true,"message":"found"}"#))
        .on::<ListMandateAuthorizations>(Answer::body(r#"{"status":true,"data":[]}"#))
        .on::<InitializeAuthorization>(Answer::silence())
        .then(Answer::body(r#"{"status":true,"message":"else"}"#).always());
    let api = api()
        .with_base_url("https://proxy.example/paystack")
        .unwrap();
    let client = Client::new(api, scripted);
    let mandates = ListMandateAuthorizations::new(7.into());
    assert_eq!(client.send(mandates).await.unwrap().data.len(), 0);
    assert_eq!(client.send(Search).await.unwrap().message, "found");
    assert_eq!(client.send(Search).await.unwrap().message, "else");
    let list = client.send(ListCustomers::new()).await.unwrap();
    assert_eq!(list.data, [Customer::example()]);
    let fetched = client.send(fetch()).await.unwrap();
    assert_eq!(fetched.data, Customer::example());
}

#[tokio::test]
async fn function_answers_the_other_requests() {
    let scripted = Scripted::new()
        .then(Answer::status(404))
        .otherwise(|request| match request.uri().path() {
            "/customer/CUS_x" => Answer::data(Customer::example()),
            _ => Answer::status(500),
        });
    let client = once(&scripted);
    assert!(client.send(fetch()).await.is_err());
    assert!(client.send(fetch()).await.is_ok());
    assert!(client.send(create()).await.is_err());
}

#[test]
fn clones_with_other_clocks_share_the_script() {
    let scripted = Scripted::new().then(Answer::silence());
    let clock = VirtualClock::new();
    let client = BlockingClient::new(api(), scripted.clone().with_clock(clock.clone()));
    assert!(
        client
            .with_settings(Settings::new().attempts(1))
            .send(fetch())
            .is_err()
    );
    assert_eq!(clock.now(), Duration::from_secs(30));
    assert_eq!(scripted.now(), Duration::ZERO);
    assert_eq!(scripted.sent().len(), 1);
    scripted.assert_finished();
}

/// The message of a panic.
fn panic_of(act: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(act)).unwrap_err();
    payload.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn unexpected_request_panics_with_its_snapshot() {
    let scripted = Scripted::new().on::<FetchCustomer>(Answer::silence());
    let client = BlockingClient::new(api(), scripted.clone());
    let message = panic_of(|| drop(client.send(create())));
    assert!(
        message.contains("no answer to this request")
            && message.contains("POST https://api.paystack.co/customer\naccept: ")
            && message.contains(r#""email": "ada@example.com""#),
        "{message}"
    );
    assert!(!message.contains("3f2a9c"), "{message}");
    drop(client);
    let again = panic_of(move || drop(scripted));
    assert_eq!(again, message);
}

#[test]
fn unused_answers_fail_the_assertion() {
    let scripted = Scripted::new()
        .on::<FetchCustomer>(Answer::status(404))
        .then(Answer::silence().always());
    let message = panic_of(|| scripted.assert_finished());
    assert_eq!(
        message,
        "the script has answers left: [Answer(404 Not Found)]"
    );
}
