//! Each row arrives once, in order.

use std::time::Duration;

use paystack_tests::network::{Fate, Network};
use paystack_tests::values::{account, address};
use paystack_transport::customers::direct_debit::{
    InitializeDirectDebit, ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    MandateAuthorization,
};
use paystack_transport::customers::{CreateCustomer, ListCustomers};
use paystack_transport::{Email, Pages, Paginate, Position, ResumePoint, Settings};

use crate::{all, by_number, client, ids, list, walk};

#[tokio::test(start_paused = true)]
async fn pages_yield_each_customer_once_in_order() {
    for customers in [1, 99, 100, 101, 5_000] {
        let network = Network::seeded(customers);
        for list in [list(100), by_number(100)] {
            for ahead in [0, 1, 8] {
                let pages = client(&network).pages(list.clone()).ahead(ahead);
                assert_eq!(walk(pages).await, (all(u64::from(customers)), 0));
            }
        }
        let requests = network.state().requests.len();
        assert_eq!(
            requests,
            6 * customers.div_ceil(100) as usize,
            "there is one request for each page"
        );
    }
}

#[tokio::test(start_paused = true)]
#[ignore = "needs 650 MB and --release: -p paystack-tests --test pagination -- --ignored"]
async fn pages_yield_a_million_customers_once_in_order() {
    let network = Network::seeded(1_000_000);
    let mut expected = all(1_000_000).into_iter();
    let mut pages = client(&network).pages(list(100));
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        let here: Vec<_> = expected.by_ref().take(100).collect();
        assert_eq!(ids(&page), here);
        // Frees the memory of the recorded requests.
        network.state().requests.clear();
    }
    assert_eq!(expected.next(), None);
}

#[tokio::test(start_paused = true)]
async fn empty_list_has_no_pages() {
    let network = Network::seeded(0);
    for list in [list(100), by_number(100)] {
        assert_eq!(walk(client(&network).pages(list)).await, (vec![], 0));
    }
}

#[tokio::test(start_paused = true)]
async fn fault_neither_loses_nor_repeats_a_page() {
    let wrong = [
        Fate::status(502),
        Fate::RateLimited,
        Fate::LostBefore,
        Fate::Hangs { carried_out: false },
    ];
    for (kind, wrong) in wrong.into_iter().enumerate() {
        for list in [list(10), by_number(10)] {
            for ahead in [0, 1, 8] {
                for seed in 0..5 {
                    let mut random = fastrand::Rng::with_seed(seed);
                    let network = Network::seeded(200).with_fate(move |_| {
                        if random.u8(..3) == 0 {
                            wrong
                        } else {
                            Fate::Delivered
                        }
                    });
                    let once = client(&network).with_settings(Settings::new().attempts(1));
                    let pages = once.pages(list.clone()).ahead(ahead);
                    let (received, errors) = walk(pages).await;
                    assert_eq!(received, all(200), "{kind} {ahead} {seed}");
                    // Without a prefetch, each fault is reported.
                    assert!(ahead > 0 || errors > 0, "{kind} {ahead} {seed}");
                    assert_eq!(network.state().open, 0);
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn slow_consumer_sees_no_errors() {
    for list in [list(10), by_number(10)] {
        let network = Network::seeded(200);
        let mut pages = client(&network).pages(list).ahead(4);
        let mut received = Vec::new();
        while let Some(page) = pages.next().await {
            received.extend(ids(&page.unwrap()));
            tokio::time::sleep(Duration::from_secs(300)).await;
        }
        assert_eq!(received, all(200));
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_call_to_next_loses_no_page() {
    for list in [list(10), by_number(10)] {
        let network = Network::seeded(200);
        let mut pages = client(&network).pages(list).ahead(3);
        let mut received = Vec::new();
        loop {
            match tokio::time::timeout(Duration::from_millis(30), pages.next()).await {
                Err(_) => {}
                Ok(Some(page)) => received.extend(ids(&page.unwrap())),
                Ok(None) => break,
            }
        }
        assert_eq!(received, all(200));
        assert_eq!(
            network.state().requests.len(),
            20,
            "no page is requested twice"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn each_page_can_be_resumed_by_another_client() {
    let network = Network::seeded(45);
    for list in [
        list(10),
        by_number(10),
        by_number(10).start(Position::Page(2)),
    ] {
        let mut pages = client(&network).pages(list.clone());
        let mut points = Vec::new();
        let mut received = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            received.extend(ids(&page));
            points.push((received.len(), page.resume().map(ResumePoint::to_string)));
        }
        let (last, others) = points.split_last().unwrap();
        assert_eq!(last.1, None, "the last page has no resume point");
        for (so_far, point) in others {
            let point = point.as_ref().unwrap().parse().unwrap();
            let resumed = client(&network).pages(list.clone()).resume(&point).unwrap();
            let (rest, _) = walk(resumed).await;
            assert_eq!([&received[..*so_far], &rest].concat(), received);
        }
    }
    let point: ResumePoint = "page:00000000:2".parse().unwrap();
    assert!(client(&network).pages(list(10)).resume(&point).is_err());
}

/// Creates a customer after each page.
async fn walk_while_it_grows(list: ListCustomers) -> Vec<u64> {
    let network = Network::seeded(50);
    let client = client(&network);
    let mut pages = client.pages(list);
    let mut received = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        received.extend(ids(&page));
        let email = Email::new(format!("new-{}@example.com", received.len())).unwrap();
        client.send(CreateCustomer::new(email)).await.unwrap();
    }
    received
}

#[tokio::test(start_paused = true)]
async fn growing_list_repeats_rows_only_in_numbered_pages() {
    assert_eq!(walk_while_it_grows(list(10)).await, all(50));
    let mut received = walk_while_it_grows(by_number(10)).await;
    let rows = received.len();
    received.dedup();
    assert!(received.len() < rows, "the second page must repeat a row");
}

#[tokio::test(start_paused = true)]
async fn mandate_pages_yield_each_mandate_once() {
    let network = Network::seeded(2);
    let client = client(&network);
    let mut customers = Vec::new();
    let mut pages = client.pages(list(1));
    while let Some(page) = pages.next().await {
        customers.extend(page.unwrap().data);
    }
    for number in 0..120 {
        let customer = customers[number % 2].id;
        let initialize = InitializeDirectDebit::new(customer, account(), address());
        client.send(initialize).await.unwrap();
    }
    let of_one = client.pages(ListMandateAuthorizations::new(customers[0].id));
    let of_all = client.pages(ListIntegrationMandateAuthorizations::new().per_page(7));
    assert_eq!(mandates(of_one).await, 60);
    assert_eq!(mandates(of_all).await, 120);
}

/// Counts the mandates, and checks that each occurs once, newest first.
async fn mandates<O>(mut pages: Pages<Network, O>) -> usize
where
    O: Paginate<Output = Vec<MandateAuthorization>> + Send + 'static,
{
    let mut received = Vec::new();
    while let Some(page) = pages.next().await {
        received.extend(page.unwrap().data.into_iter().map(|mandate| mandate.id));
    }
    assert!(received.is_sorted_by(|newer, older| newer > older));
    received.len()
}
