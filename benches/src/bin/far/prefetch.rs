//! Pages that are requested ahead, with another call after each page.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use paystack_hyper::Position;
use paystack_hyper::customers::ListCustomers;

use crate::clients::our_client;
use crate::server::Protocol;
use crate::{Bench, PROTOCOLS, SIZES};

/// The numbers of pages that are requested ahead.
pub const AHEAD: [usize; 4] = [1, 3, 8, 16];

/// The round trip of the line in milliseconds.
pub const ROUND_TRIP: u64 = 150;

pub const PAGES: usize = 12;
pub const CUSTOMERS: usize = SIZES[3];
pub const ROUNDS: usize = 5;

/// The times of each round by protocol and pages ahead.
pub type Times = BTreeMap<(Protocol, usize), Vec<Duration>>;

/// Measures all numbers of pages ahead, which alternate. Panics if a call fails.
pub async fn measure(bench: &Bench) -> Times {
    let lines = PROTOCOLS.map(|protocol| (protocol, bench.line(protocol, ROUND_TRIP)));
    let mut times = Times::new();
    for _ in 0..ROUNDS {
        for (protocol, url) in &lines {
            for ahead in AHEAD {
                let client = our_client(url, &bench.authority);
                let time = list(&client, ahead).await;
                times.entry((*protocol, ahead)).or_default().push(time);
            }
        }
    }
    times
}

async fn list(client: &paystack_hyper::Client, ahead: usize) -> Duration {
    let started = Instant::now();
    let list = ListCustomers::new().per_page(u32::try_from(CUSTOMERS).unwrap());
    let list = list.start(Position::Page(1));
    let mut pages = client.pages(list).ahead(ahead);
    let other = ListCustomers::new().per_page(u32::try_from(SIZES[0]).unwrap());
    let other = other.start(Position::Page(1));
    for _ in 0..PAGES {
        let page = pages.next().await.unwrap().unwrap();
        assert_eq!(page.data.len(), CUSTOMERS);
        let reply = client.send(other.clone()).await.unwrap();
        assert_eq!(reply.data.len(), SIZES[0]);
    }
    started.elapsed()
}
