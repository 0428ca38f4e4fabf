//! Walks of the clients that block or stay on their thread; those of `Client` are tested beside the
//! sandbox.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests"
)]

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use paystack_client::customers::ListCustomers;
use paystack_client::{
    Api, BlockingClient, BlockingTransport, LocalClient, LocalTimer, LocalTransport, Operation,
    Page, Paged, PagesError, Path, Query, RawJson, Resend, ResumePoint, SecretKey, Sent, Start,
    TransportError, TransportErrorKind, async_trait, bytes::Bytes, http,
};

const ROWS: [&str; 3] = [r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":3}"#];

/// Three pages by cursor, of which the second does not come the first time. Both kinds of transport, and
/// none that may leave its thread.
#[derive(Clone, Default)]
struct Book {
    queries: Rc<RefCell<Vec<String>>>,
    has_broken: Rc<Cell<bool>>,
}

impl Book {
    fn answer(
        &self,
        request: &http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let (id, next) = match query.as_str() {
            query if query.contains("next=b") => (2, r#""c""#),
            query if query.contains("next=c") => (3, "null"),
            _ => (1, r#""b""#),
        };
        self.queries.borrow_mut().push(query);
        if id == 2 && !self.has_broken.replace(true) {
            return Err(TransportError::new(TransportErrorKind::Io, Sent::Maybe));
        }
        let body = format!(
            r#"{{"status":true,"message":"","data":[{{"id":{id}}}],"meta":{{"next":{next}}}}}"#
        );
        Ok(http::Response::new(body.into()))
    }

    /// What was asked for, as the places in the list.
    fn places(&self) -> Vec<String> {
        let queries = self.queries.borrow();
        let place = |query: &String| {
            let mut pairs = query.split('&');
            let place = pairs.find(|pair| pair.starts_with("next="));
            place.unwrap_or("first").to_owned()
        };
        queries.iter().map(place).collect()
    }
}

impl BlockingTransport for Book {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.answer(&request)
    }

    fn sleep(&self, _: Duration) {}

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait(?Send)]
impl LocalTimer for Book {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait(?Send)]
impl LocalTransport for Book {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        // It takes a moment, so that requests can be out.
        tokio::task::yield_now().await;
        self.answer(&request)
    }
}

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

/// The rows that came and the errors, in their order, and where to go on after the first page.
#[derive(Default)]
struct Walked(Vec<String>, Option<ResumePoint>);

impl Walked {
    fn note(&mut self, page: Result<Page<Vec<RawJson>>, PagesError>) {
        let Walked(rows, first) = self;
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
}

#[test]
fn a_blocking_walk_goes_on_after_an_error_and_in_another_process() {
    let book = Book::default();
    let client = BlockingClient::new(api(), book.clone()).with(|settings| settings.attempts = 1);
    let list = || ListCustomers::new().answering::<Vec<RawJson>>();
    let mut walked = Walked::default();
    for page in client.pages(list()) {
        walked.note(page);
    }
    let Walked(rows, first) = walked;
    assert_eq!(rows, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
    let places = book.places();
    assert_eq!(places, ["first", "next=b", "next=b", "next=c"]);
    let mut resumed = Walked::default();
    for page in client.pages(list()).resume(&first.unwrap()).unwrap() {
        resumed.note(page);
    }
    assert_eq!(resumed.0, ROWS[1..]);
}

#[tokio::test]
async fn a_local_walk_goes_on_after_an_error_and_in_another_process() {
    let book = Book::default();
    let client = LocalClient::new(api(), book.clone()).with(|settings| settings.attempts = 1);
    let list = || ListCustomers::new().answering::<Vec<RawJson>>();
    let mut walked = Walked::default();
    // What is asked for ahead of need is silently asked for again.
    let mut pages = client.pages(list()).ahead(0);
    while let Some(page) = pages.next().await {
        walked.note(page);
    }
    let Walked(rows, first) = walked;
    assert_eq!(rows, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
    assert_eq!(book.places(), ["first", "next=b", "next=b", "next=c"]);
    let mut resumed = Walked::default();
    let mut pages = client.pages(list()).resume(&first.unwrap()).unwrap();
    while let Some(page) = pages.next().await {
        resumed.note(page);
    }
    assert_eq!(resumed.0, ROWS[1..]);
}

/// A list that is asked for by POST and must not be repeated.
#[derive(Clone)]
struct Search(ListCustomers);

impl Operation for Search {
    const NAME: &'static str = "customers.search";
    const METHOD: http::Method = http::Method::POST;
    const RESEND: Resend = Resend::Never;
    type Output = Vec<RawJson>;

    fn path(&self) -> Path {
        self.0.path()
    }

    fn query(&self, query: &mut Query) {
        self.0.query(query);
    }
}

impl Paged for Search {
    fn position(&self) -> Option<Start> {
        self.0.position()
    }

    fn at(&self, start: Start) -> Option<Self> {
        self.0.at(start).map(Self)
    }
}

#[tokio::test]
async fn a_list_that_must_not_be_repeated_is_sent_once_for_each_next() {
    let book = Book::default();
    let client = LocalClient::new(api(), book.clone());
    let mut pages = client.pages(Search(ListCustomers::new())).ahead(3);
    let mut walked = Walked::default();
    for sent in 1..=4 {
        walked.note(pages.next().await.unwrap());
        tokio::task::yield_now().await;
        assert_eq!(book.places().len(), sent, "{:?}", book.places());
    }
    assert!(pages.next().await.is_none());
    assert_eq!(walked.0, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
}

#[tokio::test]
async fn a_callers_rule_keeps_a_list_from_being_repeated_as_well() {
    let book = Book::default();
    let client = LocalClient::new(api(), book.clone());
    let client = client.with(|settings| settings.resend = Some(Resend::OnlyIfUnsent));
    let list = ListCustomers::new().answering::<Vec<RawJson>>();
    let mut pages = client.pages(list);
    let mut walked = Walked::default();
    while let Some(page) = pages.next().await {
        walked.note(page);
    }
    assert_eq!(walked.0, [ROWS[0], "an error", ROWS[1], ROWS[2]]);
    assert_eq!(book.places().len(), 4);
}
