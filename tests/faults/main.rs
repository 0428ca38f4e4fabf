//! Every kind of fault, times every operation, times a fresh and a reused connection: what the error
//! says, how often it was tried and how long it took. Over streams in memory, in virtual time.
//!
//! `FAULTS_WRITE=1 cargo test -p paystack-tests --test faults` writes `docs/faults.md` anew. `FAULTS_SEED`
//! is the seed of the waits between attempts: the table holds for any. `.ci/deep faults` tries twenty.

mod dropped;
mod faulty;
mod http2;
mod kinds;
mod operations;
#[path = "../over_ureq/mod.rs"]
mod over_ureq;
mod server;
mod tls;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use hyper_rustls::HttpsConnectorBuilder;
use paystack_client::customers::FetchCustomer;
use paystack_client::{Api, Client, CustomerCode, Domain, Error, ErrorKind, Pace, SecretKey};
use paystack_hyper::{HyperTransport, TransportErrorKind};
use tokio::time::Instant;

use self::kinds::{Expected, Fault};
use self::operations::Sending;
use self::server::{Act, Server, Then, Use};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");

const HEAD: &str = "\
# Faults

What a call ends with under each fault, over HTTP/1.1 unless it says HTTP/2; every attempt meets the same fault. Written and checked by
`tests/faults`: each line holds for all operations, on a first connection and after one that has carried an answer. *Safe* are
those that may always be sent again: the reads, update and set risk action. *Unsafe* are the others. The settings are the default
ones, but for a body limit of 64 KiB and no rate limit of the client's own. Times are virtual and in whole seconds, rounded down.

| fault | error | sent | attempts, safe | attempts, unsafe | time, safe | time, unsafe |
| --- | --- | --- | --- | --- | --- | --- |
";

/// What is asserted of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ended {
    error: String,
    sent: String,
    attempts: u32,
    seconds: u64,
}

#[test]
fn each_fault_ends_each_call_as_the_table_says() {
    let seed = std::env::var("FAULTS_SEED").map_or(7, |seed| seed.parse().unwrap());
    let mut table = String::from(HEAD);
    let mut cells = 0;
    let mut wrong = Vec::new();
    for fault in kinds::all() {
        let mut seen = [BTreeSet::new(), BTreeSet::new()];
        for sending in operations::all() {
            for connection in [Use::Fresh, Use::Reused] {
                let ended = run(&fault, &sending, connection, seed);
                let expected = fault.expected.of(&sending);
                let cell = format!(
                    "{}, {}, {connection:?}, seed {seed}",
                    fault.name, sending.name
                );
                if ended != expected {
                    wrong.push(format!("{cell}: {ended:?}, not {expected:?}"));
                }
                seen[usize::from(!sending.is_safe)].insert(ended);
                cells += 1;
            }
        }
        let [safe, other] = seen.map(|seen| seen.into_iter().next().unwrap());
        writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} s | {} s |",
            fault.name,
            if safe.error == other.error {
                safe.error
            } else {
                format!("{}; unsafe: {}", safe.error, other.error)
            },
            fault.expected.sent_in_words(),
            safe.attempts,
            other.attempts,
            safe.seconds,
            other.seconds,
        )
        .unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    writeln!(table, "\n{cells} cells.").unwrap();
    if std::env::var_os("FAULTS_WRITE").is_some() {
        std::fs::write(TABLE, &table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(TABLE).unwrap(), table);
}

fn run(fault: &Fault, sending: &Sending, connection: Use, seed: u64) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = Server::new(fault.act.clone(), connection);
        let client = client(&server, Pace::new(Domain::Test, seed).without_limit());
        if let Use::Reused = connection {
            operations::warm_up(&client).await;
        }
        // From here on, since a ping of HTTP/2 is due so long after the last frame.
        let began = Instant::now();
        if let Use::Reused = connection {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let (requests, opened) = (server.requests(), server.opened());
        let result = (sending.send)(client).await;
        let took = began.elapsed();
        let Err(error) = result else {
            return Ended {
                error: "none".into(),
                sent: "Yes".into(),
                attempts: 0,
                seconds: took.as_secs(),
            };
        };
        let attempts = u64::from(error.attempts());
        let arrived = server.requests() - requests;
        let told = if fault.act.is_asked() { attempts } else { 0 };
        assert_eq!(arrived, told, "{}: {arrived} arrived", fault.name);
        if let (Use::Reused, true) = (connection, fault.act.keeps_connections()) {
            // Each attempt opens one at most, and the first none.
            let opened = server.opened() - opened;
            assert!(opened < attempts, "{}: {opened} opened", fault.name);
        }
        Ended {
            error: kind(&error),
            sent: format!("{:?}", error.was_sent()),
            attempts: error.attempts(),
            seconds: took.as_secs(),
        }
    })
}

#[test]
fn a_storm_of_server_errors_is_met_with_a_hundred_retries_and_no_more() {
    const CALLS: u64 = 500;
    dropped::paused().block_on(async {
        let unavailable = kinds::answer("503 Service Unavailable", "", "");
        let server = Server::new(Act::Answer(unavailable, Then::GoOn), Use::Fresh);
        let client = client(&server, Pace::new(Domain::Test, 7).without_limit());
        for _ in 0..CALLS {
            let fetch = FetchCustomer::new(CustomerCode::new("CUS_x").unwrap());
            client.send(fetch).await.unwrap_err();
        }
        assert_eq!(server.requests(), CALLS + 100);
        server.mend();
        operations::warm_up(&client).await;
    });
}

fn client(server: &Server, pace: Pace) -> Client<operations::Transport> {
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
        .with_base_url(server.url())
        .unwrap();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls::trusting())
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(server.clone());
    let transport = HyperTransport::with_connector(connector).body_limit(kinds::BODY_LIMIT);
    Client::with_pace(api, transport, pace)
}

fn kind(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Transport(lost) => match lost.kind() {
            TransportErrorKind::Connect => "Transport: Connect",
            TransportErrorKind::Timeout => "Transport: Timeout",
            TransportErrorKind::Io => "Transport: Io",
            TransportErrorKind::TooLarge => "Transport: TooLarge",
            _ => "Transport: another",
        }
        .into(),
        ErrorKind::Api(refused) => format!("Api: {}", refused.status().as_u16()),
        ErrorKind::Decode(_) => "Decode".into(),
        ErrorKind::Deadline => "Deadline".into(),
        _ => "another".into(),
    }
}

impl Expected {
    fn sent_in_words(&self) -> String {
        if self.sent == self.sent_without_body {
            return self.sent.into();
        }
        format!("{}; without a body: {}", self.sent, self.sent_without_body)
    }

    fn of(&self, sending: &Sending) -> Ended {
        let (error, attempts, seconds) = if sending.is_safe {
            &self.safe
        } else {
            &self.other
        };
        Ended {
            error: (*error).into(),
            sent: if sending.has_body {
                self.sent
            } else {
                self.sent_without_body
            }
            .into(),
            attempts: *attempts,
            seconds: *seconds,
        }
    }
}
