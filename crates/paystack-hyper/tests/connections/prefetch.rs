//! Prefetched pages, and other calls between them.

use paystack_hyper::customers::{FetchCustomer, ListCustomers};
use paystack_hyper::{Api, Client, Email, HyperTransport, HyperTransportBuilder, Mode, SecretKey};
use paystack_sandbox::{Sandbox, server::Server};
use time::OffsetDateTime;

const PAGES: usize = 20;

/// A page has about 370 kB, so 16 of them exceed the HTTP/2 window of a connection.
const ROWS: u32 = 1_000;

async fn list_with_other_calls(
    ahead: usize,
    set: fn(HyperTransportBuilder) -> HyperTransportBuilder,
) {
    let mut sandbox = Sandbox::new(1).without_rate_limits();
    let customers = ROWS * u32::try_from(PAGES).unwrap();
    sandbox.seed_customers(&Mode::Test, customers, OffsetDateTime::now_utc());
    let server = Server::start(sandbox, 0).await.unwrap();
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let api = api.with_base_url(&server.url()).unwrap();
    let transport = set(HyperTransport::builder()).build().unwrap();
    let client = Client::new(api, transport).without_rate_limit();

    let list = ListCustomers::new().per_page(ROWS);
    let mut pages = client.pages(list).ahead(ahead);
    let (mut count, mut rows) = (0, 0);
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        count += 1;
        rows += page.data.len();
        let fetch = FetchCustomer::new(Email::new(page.data[0].email.as_str()).unwrap());
        client.send(fetch).await.unwrap();
    }
    assert_eq!((count, rows), (PAGES, customers.try_into().unwrap()));
}

#[tokio::test]
async fn calls_between_prefetched_pages_succeed_over_http1() {
    for ahead in [8, 16] {
        list_with_other_calls(ahead, HyperTransportBuilder::http1_only).await;
    }
}

#[tokio::test]
async fn calls_between_prefetched_pages_succeed_over_http2() {
    for ahead in [8, 16] {
        list_with_other_calls(ahead, HyperTransportBuilder::http2_only).await;
    }
}
