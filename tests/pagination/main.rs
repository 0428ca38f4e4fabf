//! Do pages yield each row once, under faults, with prefetch and after a restart?

mod errors;
mod prefetch;
mod rows;
mod tasks;

use paystack_tests::network::Network;
use paystack_tests::values::{api, unlimited};
use paystack_transport::customers::{Customer, ListCustomers};
use paystack_transport::{Client, Page, Pages, Position};

/// Returns a client without a rate limit.
fn client(transport: &Network) -> Client<Network> {
    Client::new(api(), transport.clone()).with_rate_limiter(unlimited())
}

fn list(per_page: u32) -> ListCustomers {
    ListCustomers::new().per_page(per_page)
}

fn by_number(per_page: u32) -> ListCustomers {
    list(per_page).start(Position::Page(1))
}

/// Returns the ids of a seeded sandbox, newest first.
fn all(customers: u64) -> Vec<u64> {
    let first = 4_294_967_296;
    (first..first + customers).rev().collect()
}

fn ids(page: &Page<Vec<Customer>>) -> Vec<u64> {
    page.data.iter().map(|customer| customer.id.get()).collect()
}

/// Returns all ids, and the number of errors. Continues after an error.
async fn walk(mut pages: Pages<Network, ListCustomers>) -> (Vec<u64>, usize) {
    let (mut received, mut errors) = (Vec::new(), 0);
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => received.extend(ids(&page)),
            Err(error) => {
                assert!(error.is_retryable(), "{error}");
                errors += 1;
            }
        }
    }
    assert!(pages.next().await.is_none(), "the end is final");
    (received, errors)
}
