//! Pages and items of each kind of client. More tests of `Client`'s pages use the sandbox.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use paystack_transport::customers::ListCustomers;
use paystack_transport::local::LocalClient;
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{
    Api, BlockingClient, Client, Error, Operation, Page, Paginate, Path, Position, Query, RawJson,
    ResumePoint, RetryRule, SecretKey, Settings, http,
};

const ROWS: [&str; 3] = [r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":3}"#];

/// Three pages by cursor. The second one fails the first time. Each takes a moment, so that requests can be in flight
/// together.
fn three_pages() -> Scripted {
    let has_failed = AtomicBool::new(false);
    Scripted::new().otherwise(move |request| {
        let (id, next) = match request.uri().query().unwrap_or_default() {
            query if query.contains("next=b") => (2, r#""c""#),
            query if query.contains("next=c") => (3, "null"),
            _ => (1, r#""b""#),
        };
        if id == 2 && !has_failed.swap(true, Ordering::Relaxed) {
            return Answer::lost().after(MOMENT);
        }
        let body = format!(
            r#"{{"status":true,"message":"","data":[{{"id":{id}}}],"meta":{{"next":{next}}}}}"#
        );
        Answer::body(body).after(MOMENT)
    })
}

const MOMENT: Duration = Duration::from_millis(1);

/// The cursors that were requested.
fn cursors(scripted: &Scripted) -> Vec<String> {
    let sent = scripted.sent().into_iter();
    let cursor = |request: http::Request<_>| {
        let mut pairs = request.uri().query().unwrap_or_default().split('&');
        let cursor = pairs.find(|pair| pair.starts_with("next="));
        cursor.unwrap_or("first").to_owned()
    };
    sent.map(cursor).collect()
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// The rows and the errors in the order they arrived, and the resume point of the first page.
#[derive(Default)]
struct Received(Vec<String>, Option<ResumePoint>);

impl Received {
    fn page(&mut self, page: Result<Page<Vec<RawJson>>, Error>) {
        let Received(rows, first) = self;
        match page {
            Ok(page) => {
                rows.extend(page.data.iter().map(|row| row.as_str().to_owned()));
                if first.is_none() {
                    *first = page.resume().cloned();
                }
            }
            Err(error) => {
                assert!(error.is_retryable());
                rows.push("an error".to_owned());
            }
        }
    }

    fn item(&mut self, item: Result<RawJson, Error>) {
        self.0.push(match item {
            Ok(row) => row.as_str().to_owned(),
            Err(_) => "an error".to_owned(),
        });
    }
}

#[test]
fn blocking_pages_continue_after_an_error_and_resume() {
    let transport = three_pages();
    let client = BlockingClient::new(api(), transport.clone())
        .without_rate_limit()
        .with_settings(Settings::new().attempts(1));
    let list = || ListCustomers::new().decode_as::<Vec<RawJson>>();
    let mut received = Received::default();
    for page in client.pages(list()) {
        received.page(page);
    }
    let Received(rows, first) = received;
    assert_eq!(rows, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
    let cursors = cursors(&transport);
    assert_eq!(cursors, ["first", "next=b", "next=b", "next=c"]);
    let mut resumed = Received::default();
    for page in client.pages(list()).resume(&first.unwrap()).unwrap() {
        resumed.page(page);
    }
    assert_eq!(resumed.0, ROWS[1..]);
}

#[tokio::test]
async fn local_pages_continue_after_an_error_and_resume() {
    let transport = three_pages();
    let client = LocalClient::new(api(), transport.clone())
        .without_rate_limit()
        .with_settings(Settings::new().attempts(1));
    let list = || ListCustomers::new().decode_as::<Vec<RawJson>>();
    let mut received = Received::default();
    // A prefetched page that failed is requested again without an error.
    let mut pages = client.pages(list()).ahead(0);
    while let Some(page) = pages.next().await {
        received.page(page);
    }
    let Received(rows, first) = received;
    assert_eq!(rows, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
    assert_eq!(cursors(&transport), ["first", "next=b", "next=b", "next=c"]);
    let mut resumed = Received::default();
    let mut pages = client.pages(list()).resume(&first.unwrap()).unwrap();
    while let Some(page) = pages.next().await {
        resumed.page(page);
    }
    assert_eq!(resumed.0, ROWS[1..]);
}

#[tokio::test]
async fn items_are_the_rows_of_all_pages_and_an_error_is_one_item() {
    let expected = [ROWS[0], "an error", ROWS[1], ROWS[2]];
    let list = || ListCustomers::new().decode_as::<Vec<RawJson>>();
    let once = Settings::new().attempts(1);

    let client = Client::new(api(), three_pages())
        .without_rate_limit()
        .with_settings(once);
    let mut received = Received::default();
    let mut items = client.pages(list()).ahead(0).items();
    while let Some(item) = items.next().await {
        received.item(item);
    }
    assert_eq!(received.0, expected);

    let client = LocalClient::new(api(), three_pages())
        .without_rate_limit()
        .with_settings(once);
    let mut received = Received::default();
    let mut items = client.pages(list()).ahead(0).items();
    while let Some(item) = items.next().await {
        received.item(item);
    }
    assert_eq!(received.0, expected);

    let client = BlockingClient::new(api(), three_pages())
        .without_rate_limit()
        .with_settings(once);
    let mut received = Received::default();
    for item in client.pages(list()).items() {
        received.item(item);
    }
    assert_eq!(received.0, expected);
}

#[cfg(feature = "stream")]
#[tokio::test]
async fn items_are_a_stream() {
    use futures_core::Stream;

    let once = Settings::new().attempts(1);
    let client = Client::new(api(), three_pages())
        .without_rate_limit()
        .with_settings(once);
    let list = ListCustomers::new().decode_as::<Vec<RawJson>>();
    let mut items = Box::pin(client.pages(list).ahead(0).items());
    let mut received = Received::default();
    while let Some(item) = std::future::poll_fn(|context| items.as_mut().poll_next(context)).await {
        received.item(item);
    }
    assert_eq!(received.0, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
}

/// A list that is requested by POST and must not be repeated.
#[derive(Clone)]
struct Search(ListCustomers);

impl Operation for Search {
    const NAME: &'static str = "customers.search";
    const METHOD: http::Method = http::Method::POST;
    const PATH: &'static str = ListCustomers::PATH;
    const RETRY: RetryRule = RetryRule::Never;
    type Output = Vec<RawJson>;

    fn path(&self) -> Path {
        self.0.path()
    }

    fn query(&self, query: &mut Query) {
        self.0.query(query);
    }
}

impl Paginate for Search {
    fn position(&self) -> Option<Position> {
        self.0.position()
    }

    fn at(&self, position: Position) -> Option<Self> {
        self.0.at(position).map(Self)
    }
}

#[tokio::test]
async fn a_list_that_must_not_be_repeated_is_not_prefetched() {
    let transport = three_pages();
    let client = LocalClient::new(api(), transport.clone()).without_rate_limit();
    let mut pages = client.pages(Search(ListCustomers::new())).ahead(3);
    let mut received = Received::default();
    for sent in 1..=4 {
        received.page(pages.next().await.unwrap());
        tokio::task::yield_now().await;
        assert_eq!(cursors(&transport).len(), sent, "{:?}", cursors(&transport));
    }
    assert!(pages.next().await.is_none());
    assert_eq!(received.0, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
}

#[tokio::test]
async fn a_callers_retry_rule_disables_prefetching() {
    let transport = three_pages();
    let client = LocalClient::new(api(), transport.clone()).without_rate_limit();
    let client = client.with_settings(Settings::new().retry_rule(Some(RetryRule::IfNotProcessed)));
    let list = ListCustomers::new().decode_as::<Vec<RawJson>>();
    let mut pages = client.pages(list);
    let mut received = Received::default();
    while let Some(page) = pages.next().await {
        received.page(page);
    }
    assert_eq!(received.0, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
    assert_eq!(cursors(&transport).len(), 4);
}
