//! Prefetch requests pages early, within the rate limit, and never mixes them up.

use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_tests::network::{Network, START};
use paystack_tests::values::{api, live_api, unlimited};
use paystack_transport::customers::ListCustomers;
use paystack_transport::testing::{Answer, Scripted};
use paystack_transport::{
    Client, Meta, Mode, Operation, Paginate, PagingError, Path, Position, Query, RateLimiter,
    RetryRule, http,
};
use tokio::time::Instant;

use crate::{all, by_number, client, ids, walk};

#[tokio::test(start_paused = true)]
async fn eight_pages_ahead_are_six_times_as_fast_as_one() {
    let mut took = Vec::new();
    for ahead in [1, 8] {
        let network = Network::seeded(1_000);
        let started = Instant::now();
        let walked = walk(client(&network).pages(by_number(10)).ahead(ahead)).await;
        took.push(started.elapsed());
        assert_eq!(walked, (all(1_000), 0));
        assert_eq!(network.state().requests.len(), 100);
        assert_eq!(network.state().most_open, ahead);
    }
    let times = took[0].as_secs_f64() / took[1].as_secs_f64();
    println!("{took:?}: {times:.2} times as fast");
    assert!(times >= 6.5, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn numbered_pages_use_the_quota_without_refusals() {
    let mut sandbox = Sandbox::new(1);
    sandbox.seed_customers(&Mode::Live, 6_000, START);
    let network = Network::new(sandbox);
    let limiter = RateLimiter::new(Mode::Live, 7);
    let client = Client::new(live_api(), network.clone()).with_rate_limiter(limiter);
    let started = Instant::now();
    let walked = walk(client.pages(by_number(1)).ahead(8)).await;
    let rate = 6_000.0 / started.elapsed().as_secs_f64() / 10.0;
    println!("{:.1} % of the quota", rate * 100.0);
    assert_eq!(walked, (all(6_000), 0));
    assert_eq!(network.state().rate_limited(), 0);
    assert!(rate >= 0.98, "{rate}");
}

#[tokio::test(start_paused = true)]
async fn next_page_is_requested_before_the_caller_needs_it() {
    for (ahead, asked) in [(0, 1), (1, 2), (8, 9)] {
        let network = Network::seeded(200);
        let mut pages = client(&network).pages(by_number(10)).ahead(ahead);
        pages.next().await.unwrap().unwrap();
        assert_eq!(network.state().requests.len(), asked, "{ahead}");
        assert_eq!(network.state().open, ahead);
        drop(pages);
        assert_eq!(
            network.state().open,
            0,
            "dropping the pages cancels the requests"
        );
    }
}

/// A user's own list, of every other page.
#[derive(Clone)]
struct EveryOther(ListCustomers);

impl Operation for EveryOther {
    const NAME: &'static str = "customers.every_other";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = ListCustomers::PATH;
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = <ListCustomers as Operation>::Output;

    fn path(&self) -> Path {
        self.0.path()
    }

    fn query(&self, query: &mut Query) {
        self.0.query(query);
    }
}

impl Paginate for EveryOther {
    fn position(&self) -> Option<Position> {
        self.0.position()
    }

    fn at(&self, position: Position) -> Option<Self> {
        self.0.at(position).map(Self)
    }

    fn next_page(&self, meta: Option<&Meta>, rows: usize) -> Result<Option<Self>, PagingError> {
        Ok(
            match self
                .0
                .next_page(meta, rows)?
                .and_then(|next| next.position())
            {
                Some(Position::Page(page)) => self.at(Position::Page(page + 1)),
                _ => None,
            },
        )
    }
}

#[tokio::test(start_paused = true)]
async fn prefetched_page_is_not_used_for_another_position() {
    let network = Network::seeded(60);
    let mut pages = client(&network).pages(EveryOther(by_number(10))).ahead(4);
    let mut received = Vec::new();
    while let Some(page) = pages.next().await {
        received.extend(ids(&page.unwrap()));
    }
    let all = all(60);
    assert_eq!(received, [&all[..10], &all[20..30], &all[40..50]].concat());
}

/// A list that first reports four pages, then three. The fourth page fails, after the third has arrived.
fn shrinking() -> Scripted {
    Scripted::new().otherwise(|request| {
        let query = request.uri().query().unwrap();
        let page: u64 = query.rsplit_once("page=").unwrap().1.parse().unwrap();
        let answer = match page {
            4.. => Answer::status(502),
            _ => Answer::body(format!(
                r#"{{"status":true,"message":"","data":[{{"id":{page},"customer_code":"CUS_{page}",
                    "email":"a@b.c"}}],"meta":{{"page":{page},"pageCount":{}}}}}"#,
                if page == 1 { 4 } else { 3 }
            )),
        };
        answer.after(Duration::from_secs(page))
    })
}

#[tokio::test(start_paused = true)]
async fn shrinking_list_ends_despite_failed_prefetches() {
    for ahead in [1, 2, 3, 8] {
        let client = Client::new(api(), shrinking()).with_rate_limiter(unlimited());
        let list = ListCustomers::new().start(Position::Page(1));
        let mut pages = client.pages(list).ahead(ahead);
        for _ in 0..3 {
            pages.next().await.unwrap().unwrap();
        }
        let end = tokio::time::timeout(Duration::from_secs(3_600), pages.next()).await;
        assert!(matches!(end, Ok(None)), "{ahead}");
    }
}
