//! Lists pages of customers over a far line, with several clients. Prints the tables, and fails if a ratio is beyond
//! the limit.
//!
//! It writes the private authority of its server to the file in `SSL_CERT_FILE`. paystack-rs, whose client has no
//! settings, trusts the certificates that OpenSSL reads from there.

mod clients;
mod line;
mod prefetch;
mod server;
mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use self::clients::{Client, Kind};
use self::server::{Authority, Protocol};

const PROTOCOLS: [Protocol; 2] = [Protocol::Http1, Protocol::Http2];

/// The numbers of customers on a page.
const SIZES: [usize; 4] = [10, 100, 300, 1_000];

/// The round trips of a line in milliseconds, and the rounds of a series.
const LINES: [(u64, usize); 3] = [(1, 120), (60, 3), (150, 3)];

/// The number of series. The least of their medians counts, because other load on the machine only adds.
const SERIES: usize = 3;

/// The pause after a call, in which the client reads the rest of the response, such as session tickets.
const PAUSE: Duration = Duration::from_millis(5);

/// The line on which round trips are counted, in milliseconds.
const LONG: u64 = 300;

const SILENCE: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let authority = Authority::new();
    let file = std::env::var("SSL_CERT_FILE").expect("a file for the authority");
    fs::write(file, authority.pem()).unwrap();
    let servers = PROTOCOLS.map(|protocol| (protocol, server::start(protocol, &authority)));
    let bench = Bench {
        authority: authority.pem(),
        servers: servers.into(),
    };
    let mut times = Times::new();
    for (round_trip, rounds) in LINES {
        bench.measure(round_trip, rounds, &mut times).await;
    }
    let prefetch = prefetch::measure(&bench).await;
    let round_trips = bench.round_trips().await;
    print!(
        "{}\n{}\n{}",
        tables::times(&times),
        tables::prefetch(&prefetch),
        tables::round_trips(&round_trips)
    );
    let beyond = tables::beyond(&times) + &tables::prefetch_beyond(&prefetch);
    if beyond.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("beyond the limit:\n{beyond}");
    ExitCode::FAILURE
}

/// A page over a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    pub protocol: Protocol,
    pub round_trip: u64,
    pub customers: usize,
}

/// The calls of a new client: the first makes the connection.
pub const CALLS: [&str; 2] = ["cold", "warm"];

/// The times of both calls in each round, in order.
pub type Times = BTreeMap<(Cell, Kind), Vec<[Duration; 2]>>;

/// The round trips of a first call, of a second, and of one after the silence.
pub type RoundTrips = BTreeMap<(Protocol, Kind), [f64; 3]>;

pub struct Bench {
    authority: String,
    servers: BTreeMap<Protocol, SocketAddr>,
}

impl Bench {
    /// Starts a line, and returns its base URL.
    fn line(&self, protocol: Protocol, round_trip: u64) -> String {
        let round_trip = Duration::from_millis(round_trip);
        let port = line::start(self.servers[&protocol], round_trip);
        format!("https://localhost:{port}")
    }

    /// Measures all pages over one line. The clients alternate.
    async fn measure(&self, round_trip: u64, rounds: usize, times: &mut Times) {
        let lines = PROTOCOLS.map(|protocol| (protocol, self.line(protocol, round_trip)));
        for round in 0..SERIES * rounds {
            for (protocol, url) in &lines {
                for customers in SIZES {
                    let cell = Cell {
                        protocol: *protocol,
                        round_trip,
                        customers,
                    };
                    for kind in order(round) {
                        if kind.supports(*protocol, customers) {
                            let client = Client::new(kind, url, &self.authority);
                            let calls = [
                                list(&client, customers).await,
                                list(&client, customers).await,
                            ];
                            times.entry((cell, kind)).or_default().push(calls);
                        }
                    }
                }
            }
        }
    }

    /// Counts the round trips of calls, for all clients at the same time.
    async fn round_trips(&self) -> RoundTrips {
        let mut calls = JoinSet::new();
        for protocol in PROTOCOLS {
            let url = self.line(protocol, LONG);
            for kind in Kind::ALL {
                if !kind.supports(protocol, SIZES[0]) {
                    continue;
                }
                let client = Client::new(kind, &url, &self.authority);
                calls.spawn(async move {
                    let first = list(&client, SIZES[0]).await;
                    let second = list(&client, SIZES[0]).await;
                    sleep(SILENCE).await;
                    let third = list(&client, SIZES[0]).await;
                    let count = |time: Duration| time.as_secs_f64() * 1_000.0 / LONG as f64;
                    ((protocol, kind), [first, second, third].map(count))
                });
            }
        }
        calls.join_all().await.into_iter().collect()
    }
}

/// The order of the clients in a round. Each client follows each other one equally often, because it is faster after
/// one whose code it shares.
fn order(round: usize) -> [Kind; 5] {
    let step = 1 + round % 4;
    std::array::from_fn(|position| Kind::ALL[(round + position * step) % 5])
}

async fn list(client: &Client, customers: usize) -> Duration {
    let time = client.list(customers).await;
    sleep(PAUSE).await;
    time
}
