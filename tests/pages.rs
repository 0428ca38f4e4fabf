//! Lists walked page after page, over a sandbox that is some time away, in virtual time.

mod distant;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use distant::{Distant, Fate, START};
use futures_core::Stream;
use paystack_client::bytes::Bytes;
use paystack_client::customers::direct_debit::{
    Account, Address, InitializeDirectDebit, ListIntegrationMandateAuthorizations,
    ListMandateAuthorizations,
};
use paystack_client::customers::{CreateCustomer, ListCustomers};
use paystack_client::{
    Api, Client, Domain, Email, Meta, Operation, Pace, Page, Paged, Pages, PagesError, PagingError,
    Path, Query, RawJson, Resend, ResumePoint, SecretKey, Start, Timer, Transport, TransportError,
    async_trait, http,
};
use paystack_sandbox::Sandbox;
use tokio::time::Instant;

/// A client that no pace slows down.
fn client(transport: &Distant) -> Client<Distant> {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let pace = Pace::new(Domain::Test, 7).without_limit();
    Client::with_pace(api, transport.clone(), pace)
}

fn list(per_page: u32) -> ListCustomers {
    ListCustomers::new().per_page(per_page)
}

fn by_number(per_page: u32) -> ListCustomers {
    list(per_page).start(Start::Page(1))
}

/// The ids that a seeded sandbox has, newest first.
fn all(customers: u64) -> Vec<u64> {
    let first = 4_294_967_296;
    (first..first + customers).rev().collect()
}

fn ids(page: &Page<Vec<paystack_client::customers::Customer>>) -> Vec<u64> {
    page.data.iter().map(|customer| customer.id.get()).collect()
}

/// All ids that come, and how often a page did not. After such an error the walk goes on.
async fn walk(mut pages: Pages<Distant, ListCustomers>) -> (Vec<u64>, usize) {
    let (mut came, mut errors) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => came.extend(ids(&page)),
            Err(error) => {
                assert!(error.is_retryable(), "{error}");
                errors += 1;
            }
        }
    }
    assert!(pages.next().await.is_none(), "an end is an end");
    (came, errors)
}

#[tokio::test(start_paused = true)]
async fn every_customer_comes_once_and_in_order() {
    for customers in [1, 99, 100, 101, 5_000] {
        let distant = Distant::seeded(customers);
        for list in [list(100), by_number(100)] {
            for ahead in [0, 1, 8] {
                let pages = client(&distant).pages(list.clone()).ahead(ahead);
                assert_eq!(walk(pages).await, (all(u64::from(customers)), 0));
            }
        }
        let requests = distant.state().asked.len();
        assert_eq!(
            requests,
            6 * customers.div_ceil(100) as usize,
            "none too many"
        );
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "takes 650 MB, and is slow without --release: -p paystack-tests --test pages -- --ignored"]
async fn a_million_customers_come_once_and_in_order() {
    let distant = Distant::seeded(1_000_000);
    let mut expected = all(1_000_000).into_iter();
    let mut pages = client(&distant).pages(list(100));
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        let here: Vec<_> = expected.by_ref().take(100).collect();
        assert_eq!(ids(&page), here);
        // The test's own list of what was asked.
        distant.state().asked.clear();
    }
    assert_eq!(expected.next(), None);
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_has_no_pages() {
    let distant = Distant::seeded(0);
    for list in [list(100), by_number(100)] {
        assert_eq!(walk(client(&distant).pages(list)).await, (vec![], 0));
    }
}

#[tokio::test(start_paused = true)]
async fn eight_pages_ahead_are_six_and_a_half_times_as_fast_as_one_by_one() {
    let mut took = Vec::new();
    for ahead in [1, 8] {
        let distant = Distant::seeded(1_000);
        let started = Instant::now();
        let walked = walk(client(&distant).pages(by_number(10)).ahead(ahead)).await;
        took.push(started.elapsed());
        assert_eq!(walked, (all(1_000), 0));
        assert_eq!(distant.state().asked.len(), 100);
        assert_eq!(distant.state().most_out, ahead);
    }
    let times = took[0].as_secs_f64() / took[1].as_secs_f64();
    println!("{took:?}: {times:.2} times as fast");
    assert!(times >= 6.5, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_walk_by_number_uses_the_quota_up_and_never_runs_into_it() {
    let mut sandbox = Sandbox::new(1);
    sandbox.seed_customers(&Domain::Live, 6_000, START);
    let distant = Distant::new(sandbox);
    let api = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
    let pace = Pace::new(Domain::Live, 7);
    let client = Client::with_pace(api, distant.clone(), pace);
    let started = Instant::now();
    let walked = walk(client.pages(by_number(1)).ahead(8)).await;
    let rate = 6_000.0 / started.elapsed().as_secs_f64() / 10.0;
    println!("{:.1} % of the quota", rate * 100.0);
    assert_eq!(walked, (all(6_000), 0));
    assert_eq!(distant.state().refused, 0);
    assert!(rate >= 0.98, "{rate}");
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_no_page_is_lost_or_repeated() {
    let wrong = [
        Fate::Status(502),
        Fate::RateLimited,
        Fate::Lost,
        Fate::Hangs,
    ];
    for (kind, wrong) in wrong.into_iter().enumerate() {
        for list in [list(10), by_number(10)] {
            for ahead in [0, 1, 8] {
                for seed in 0..5 {
                    let mut random = fastrand::Rng::with_seed(seed);
                    let distant = Distant::seeded(200).fated(move |_| {
                        if random.u8(..3) == 0 {
                            wrong
                        } else {
                            Fate::Delivered
                        }
                    });
                    let once = client(&distant).with(|settings| settings.attempts = 1);
                    let pages = once.pages(list.clone()).ahead(ahead);
                    let (came, errors) = walk(pages).await;
                    assert_eq!(came, all(200), "{kind} {ahead} {seed}");
                    // With nothing ahead of need, each fault is told.
                    assert!(ahead > 0 || errors > 0, "{kind} {ahead} {seed}");
                    assert_eq!(distant.state().out, 0);
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_is_told_when_the_page_is_needed_and_does_not_come() {
    // The second page fails when it is asked for ahead of need, and again when it is needed.
    let distant = Distant::seeded(30).fated(|number| match number {
        1 | 2 => Fate::Status(502),
        _ => Fate::Delivered,
    });
    let once = client(&distant).with(|settings| settings.attempts = 1);
    let mut pages = once.pages(list(10));
    let first = pages.next().await.unwrap().unwrap();
    let Some(Err(PagesError::Call(error))) = pages.next().await else {
        panic!("it failed twice")
    };
    assert_eq!(error.status(), Some(http::StatusCode::BAD_GATEWAY));
    let second = pages.next().await.unwrap().unwrap();
    assert_eq!([ids(&first), ids(&second)].concat(), all(30)[..20]);
    let asked = &distant.state().asked;
    assert_eq!(asked[1], asked[3]);
}

#[tokio::test(start_paused = true)]
async fn what_will_not_get_better_is_told_at_once() {
    let distant = Distant::seeded(30).fated(|number| match number {
        1 => Fate::Status(401),
        _ => Fate::Delivered,
    });
    let mut pages = client(&distant).pages(list(10));
    pages.next().await.unwrap().unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(distant.state().asked.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn after_an_error_nothing_is_out_and_one_page_is_tried_before_others_are_asked_for() {
    let distant = Distant::seeded(200).fated(|number| match number {
        0 | 6 => Fate::Delivered,
        1 | 5 => Fate::Status(401),
        _ => Fate::Hangs,
    });
    let mut pages = client(&distant).pages(by_number(10)).ahead(4);
    pages.next().await.unwrap().unwrap();
    for asked in [5, 6] {
        pages.next().await.unwrap().unwrap_err();
        let state = distant.state();
        assert_eq!((state.asked.len(), state.out), (asked, 0));
    }
    let second = pages.next().await.unwrap().unwrap();
    assert_eq!(ids(&second), all(200)[10..20]);
    assert_eq!(distant.state().out, 4);
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_asked_for_before_one_is_handed_over() {
    for (ahead, asked) in [(0, 1), (1, 2), (8, 9)] {
        let distant = Distant::seeded(200);
        let mut pages = client(&distant).pages(by_number(10)).ahead(ahead);
        pages.next().await.unwrap().unwrap();
        assert_eq!(distant.state().asked.len(), asked, "{ahead}");
        assert_eq!(distant.state().out, ahead);
        drop(pages);
        assert_eq!(distant.state().out, 0, "dropped, they are given up");
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_takes_minutes_over_a_page_sees_no_errors() {
    for list in [list(10), by_number(10)] {
        let distant = Distant::seeded(200);
        let mut pages = client(&distant).pages(list).ahead(4);
        let mut came = Vec::new();
        while let Some(page) = pages.next().await {
            came.extend(ids(&page.unwrap()));
            tokio::time::sleep(Duration::from_secs(300)).await;
        }
        assert_eq!(came, all(200));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_to_next_that_is_dropped_loses_nothing() {
    for list in [list(10), by_number(10)] {
        let distant = Distant::seeded(200);
        let mut pages = client(&distant).pages(list).ahead(3);
        let mut came = Vec::new();
        loop {
            match tokio::time::timeout(Duration::from_millis(30), pages.next()).await {
                Err(_) => {}
                Ok(Some(page)) => came.extend(ids(&page.unwrap())),
                Ok(None) => break,
            }
        }
        assert_eq!(came, all(200));
        assert_eq!(
            distant.state().asked.len(),
            20,
            "nor asks for anything twice"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn from_each_page_another_process_goes_on() {
    let distant = Distant::seeded(45);
    for list in [list(10), by_number(10), by_number(10).start(Start::Page(2))] {
        let mut pages = client(&distant).pages(list.clone());
        let mut points = Vec::new();
        let mut came = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            came.extend(ids(&page));
            points.push((came.len(), page.resume().map(ResumePoint::to_string)));
        }
        let (last, others) = points.split_last().unwrap();
        assert_eq!(last.1, None, "after the last there is nothing");
        for (so_far, point) in others {
            let point = point.as_ref().unwrap().parse().unwrap();
            let resumed = client(&distant).pages(list.clone()).resume(&point).unwrap();
            let (rest, _) = walk(resumed).await;
            assert_eq!([&came[..*so_far], &rest].concat(), came);
        }
    }
    let point: ResumePoint = "page:00000000:2".parse().unwrap();
    assert!(client(&distant).pages(list(10)).resume(&point).is_err());
}

/// Creates a customer before each further page.
async fn walk_while_it_grows(list: ListCustomers) -> (Vec<u64>, usize) {
    let distant = Distant::seeded(50);
    let client = client(&distant);
    let mut pages = client.pages(list);
    let (mut came, mut shifts) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        came.extend(ids(&page));
        shifts += usize::from(page.shift.is_some());
        let email = Email::new(format!("new-{}@example.com", came.len())).unwrap();
        client.send(CreateCustomer::new(email)).await.unwrap();
    }
    (came, shifts)
}

#[tokio::test(start_paused = true)]
async fn a_list_that_grows_repeats_rows_by_number_and_says_so_and_not_by_cursor() {
    assert_eq!(walk_while_it_grows(list(10)).await, (all(50), 0));
    let (mut came, shifts) = walk_while_it_grows(by_number(10)).await;
    assert!(shifts > 0, "the caller is told");
    let rows = came.len();
    came.dedup();
    assert!(
        came.len() < rows,
        "the second page begins with a row of the first"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_comes_again_is_an_error_and_no_loop() {
    let canned = Canned(|query| {
        let next = if query.contains("next=b") { "c" } else { "b" };
        format!(r#"{{"status":true,"data":[{{"id":1}}],"meta":{{"next":"{next}"}}}}"#)
    });
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let pace = Pace::new(Domain::Test, 7).without_limit();
    let client = Client::with_pace(api, canned, pace);
    let mut pages = client.pages(list(10).answering::<Vec<RawJson>>());
    let mut came = 0;
    let error = loop {
        match pages.next().await.unwrap() {
            Ok(_) => came += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(came, 2);
    let repeated = matches!(error, PagesError::Paging(PagingError::RepeatedCursor));
    assert!(repeated && !error.is_retryable());
    assert_eq!(
        error.to_string(),
        "the list cannot be walked on: the cursor leads back to a page that came already"
    );
}

/// Answers a query with a body, at once.
struct Canned(fn(&str) -> String);

#[async_trait]
impl Timer for Canned {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Transport for Canned {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let body = (self.0)(request.uri().query().unwrap_or_default());
        Ok(http::Response::new(body.into()))
    }
}

#[tokio::test(start_paused = true)]
async fn mandates_are_walked_by_customer_and_in_all() {
    let distant = Distant::seeded(2);
    let client = client(&distant);
    let mut customers = Vec::new();
    let mut pages = client.pages(list(1));
    while let Some(page) = pages.next().await {
        customers.extend(page.unwrap().data);
    }
    for number in 0..120 {
        let account = Account {
            number: "0123456789".into(),
            bank_code: "058".into(),
        };
        let address = Address {
            street: "1 Main Street".into(),
            city: "Ikeja".into(),
            state: "Lagos".into(),
        };
        let initialize = InitializeDirectDebit::new(customers[number % 2].id, account, address);
        client.send(initialize).await.unwrap();
    }
    let of_one = client.pages(ListMandateAuthorizations::new(customers[0].id));
    let of_all = client.pages(ListIntegrationMandateAuthorizations::new().per_page(7));
    assert_eq!(mandates(of_one).await, 60);
    assert_eq!(mandates(of_all).await, 120);
}

/// How many mandates come, each once and newest first.
async fn mandates<O>(mut pages: Pages<Distant, O>) -> usize
where
    O: Paged<Output = Vec<paystack_client::customers::direct_debit::MandateAuthorization>>
        + Send
        + 'static,
{
    let mut came = Vec::new();
    while let Some(page) = pages.next().await {
        came.extend(page.unwrap().data.into_iter().map(|mandate| mandate.id));
    }
    assert!(came.is_sorted_by(|newer, older| newer > older));
    came.len()
}

/// A list of the user's own, of every other page.
#[derive(Clone)]
struct EveryOther(ListCustomers);

impl Operation for EveryOther {
    const NAME: &'static str = "customers.every_other";
    const METHOD: http::Method = http::Method::GET;
    const RESEND: Resend = Resend::Always;
    type Output = <ListCustomers as Operation>::Output;

    fn path(&self) -> Path {
        self.0.path()
    }

    fn query(&self, query: &mut Query) {
        self.0.query(query);
    }
}

impl Paged for EveryOther {
    fn position(&self) -> Option<Start> {
        self.0.position()
    }

    fn at(&self, start: Start) -> Option<Self> {
        self.0.at(start).map(Self)
    }

    fn next_page(&self, meta: Option<&Meta>, rows: usize) -> Result<Option<Self>, PagingError> {
        Ok(
            match self
                .0
                .next_page(meta, rows)?
                .and_then(|next| next.position())
            {
                Some(Start::Page(page)) => self.at(Start::Page(page + 1)),
                _ => None,
            },
        )
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_ahead_is_taken_for_no_other_page() {
    let distant = Distant::seeded(60);
    let mut pages = client(&distant).pages(EveryOther(by_number(10))).ahead(4);
    let mut came = Vec::new();
    while let Some(page) = pages.next().await {
        came.extend(ids(&page.unwrap()));
    }
    let all = all(60);
    assert_eq!(came, [&all[..10], &all[20..30], &all[40..50]].concat());
}

/// Code that knows neither the transport nor the list walks it in another task.
async fn spawned<T, O>(client: Client<T>, list: O) -> usize
where
    T: Transport + 'static,
    O: Paged + Send + 'static,
    O::Output: Send,
{
    let mut pages = client.pages(list);
    let walk = async move {
        let mut came = 0;
        while let Some(page) = pages.next().await {
            page.unwrap();
            came += 1;
        }
        came
    };
    tokio::spawn(walk).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn pages_are_walked_in_other_tasks_by_dyn_transports_and_as_a_type_of_the_callers() {
    let distant = Distant::seeded(25);
    let rows = list(10).answering::<Vec<RawJson>>();
    assert_eq!(spawned(client(&distant), rows).await, 3);
    let transport: Arc<dyn Transport> = Arc::new(distant);
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let chosen = Client::new(api, transport);
    assert_eq!(spawned(chosen, list(10).answering::<RawJson>()).await, 3);
}

#[tokio::test(start_paused = true)]
async fn pages_are_a_stream() {
    let distant = Distant::seeded(25);
    let mut pages = client(&distant).pages(list(10));
    let mut came = Vec::new();
    while let Some(page) = poll_fn(|context| Pin::new(&mut pages).poll_next(context)).await {
        came.extend(ids(&page.unwrap()));
    }
    assert_eq!(came, all(25));
}

/// A list that first says it has four pages and then that it has three, and fails for the fourth.
struct Shrinking(Instant);

#[async_trait]
impl Timer for Shrinking {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[async_trait]
impl Transport for Shrinking {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let query = request.uri().query().unwrap();
        let page: u64 = query.rsplit_once("page=").unwrap().1.parse().unwrap();
        // The fourth takes long to fail, so that it is still awaited when the third has come.
        self.sleep(Duration::from_secs(page)).await;
        if page > 3 {
            let response = http::Response::builder().status(502).body(Bytes::new());
            return Ok(response.unwrap());
        }
        let pages = if page == 1 { 4 } else { 3 };
        let body = format!(
            r#"{{"status":true,"message":"","data":[{{"id":{page},"customer_code":"CUS_{page}",
                "email":"a@b.c"}}],"meta":{{"page":{page},"pageCount":{pages}}}}}"#
        );
        Ok(http::Response::new(body.into()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_becomes_shorter_ends_whatever_becomes_of_the_pages_that_are_no_more() {
    for ahead in [1, 2, 3, 8] {
        let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
        let pace = Pace::new(Domain::Test, 7).without_limit();
        let client = Client::with_pace(api, Shrinking(Instant::now()), pace);
        let list = ListCustomers::new().start(Start::Page(1));
        let mut pages = client.pages(list).ahead(ahead);
        for _ in 0..3 {
            pages.next().await.unwrap().unwrap();
        }
        let end = tokio::time::timeout(Duration::from_secs(3_600), pages.next()).await;
        assert!(matches!(end, Ok(None)), "{ahead}");
    }
}
