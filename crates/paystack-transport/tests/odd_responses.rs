//! Odd rows as items, and dates without a `Date` header, through each kind of client.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

use std::time::Duration;

use paystack_transport::customers::{CreateCustomer, Customer, FetchCustomer, ListCustomers};
use paystack_transport::local::LocalClient;
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{
    Api, BlockingClient, Client, CustomerCode, Email, Error, ErrorKind, Outcome, Reply, SecretKey,
};

/// Two pages with odd rows for a list, and 503 with a date for anything else: 90 s after the script's time begins.
fn odd() -> Scripted {
    Scripted::new().otherwise(|request| {
        let row =
            |id: u8| format!(r#"{{"id":{id},"customer_code":"CUS_x","email":"ada@example.com"}}"#);
        let (rows, next) = match request.uri().query() {
            None => {
                return Answer::status(503).header("retry-after", "Thu, 01 Jan 2026 00:01:30 GMT");
            }
            Some(query) if query.contains("next=b") => (format!("7,{}", row(4)), "null"),
            Some(_) => (format!("{},{{}},null,{},7", row(1), row(2)), r#""b""#),
        };
        Answer::body(format!(
            r#"{{"status":true,"data":[{rows}],"meta":{{"next":{next}}}}}"#
        ))
    })
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// A customer's id, or the path to the problem of an odd row.
fn item(item: Result<Customer, Error>) -> String {
    match item {
        Ok(customer) => customer.id.to_string(),
        Err(error) => {
            assert_eq!(error.operation(), Some("customers.list"));
            assert_eq!(error.outcome(), Outcome::Processed);
            assert!(!error.is_retryable());
            match error.kind() {
                ErrorKind::OddRow(row) => format!("{}: {}", row.index(), row.error().path()),
                other => panic!("{other}"),
            }
        }
    }
}

const ITEMS: [&str; 7] = [
    "1",
    "1: data[1].id",
    "2: data[2]",
    "2",
    "4: data[4]",
    "0: data[0]",
    "4",
];

#[tokio::test]
async fn odd_row_is_an_error_in_its_place() {
    let mut items = Client::new(api(), odd())
        .pages(ListCustomers::new())
        .items();
    let mut received = Vec::new();
    while let Some(next) = items.next().await {
        received.push(item(next));
    }
    assert_eq!(received, ITEMS);
}

#[tokio::test]
async fn odd_row_is_an_error_in_a_local_client() {
    let client = LocalClient::new(api(), odd());
    let mut items = client.pages(ListCustomers::new()).items();
    let mut received = Vec::new();
    while let Some(next) = items.next().await {
        received.push(item(next));
    }
    assert_eq!(received, ITEMS);
}

#[test]
fn odd_row_is_an_error_in_a_blocking_client() {
    let client = BlockingClient::new(api(), odd());
    let items = client.pages(ListCustomers::new()).items();
    let received: Vec<_> = items.map(item).collect();
    assert_eq!(received, ITEMS);
}

#[tokio::test]
async fn page_has_the_other_rows_and_reports_the_odd_ones() {
    let mut pages = Client::new(api(), odd()).pages(ListCustomers::new());
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!((page.data.len(), page.odd_rows().len()), (2, 3));
    assert!(page.ignored_fields().is_empty());
    assert!(page.resume().is_some(), "there is a next page");
}

/// The wait that the error of a write reports.
fn asked<T>(result: Result<T, Error>) -> Option<Duration> {
    result.err().unwrap().retry_after()
}

#[tokio::test]
async fn retry_after_a_date_is_measured_without_a_date_header() {
    let create = || CreateCustomer::new(Email::new("ada@example.com").unwrap());
    let wait = Some(Duration::from_secs(90));
    assert_eq!(asked(Client::new(api(), odd()).send(create()).await), wait);
    let shared = std::sync::Arc::new(odd());
    assert_eq!(asked(Client::new(api(), shared).send(create()).await), wait);
    let local = LocalClient::new(api(), std::rc::Rc::new(odd()));
    assert_eq!(asked(local.send(create()).await), wait);
    let blocking = BlockingClient::new(api(), std::sync::Arc::new(odd()));
    assert_eq!(asked(blocking.send(create())), wait);
}

#[tokio::test]
async fn reset_of_a_success_is_measured_without_a_date_header() {
    // 90 s after the script's time begins.
    let answer = Answer::data(Customer::example()).header("x-ratelimit-reset", "1767225690");
    let script = Scripted::new().then(answer.always());
    let fetch = FetchCustomer::new(CustomerCode::new("CUS_x").unwrap());
    let reset = |reply: Result<Reply<Customer>, Error>| reply.unwrap().rate_limit().reset;
    let wait = Some(Duration::from_secs(90));
    let client = Client::new(api(), script.clone());
    assert_eq!(reset(client.send(&fetch).await), wait);
    let local = LocalClient::new(api(), script.clone());
    assert_eq!(reset(local.send(&fetch).await), wait);
    let blocking = BlockingClient::new(api(), script);
    assert_eq!(reset(blocking.send(&fetch)), wait);
}
