//! Each fault, for each operation, on a fresh and on a reused connection.
//!
//! Checks the error, the number of attempts and the time. The connections are in memory, and the
//! clock is virtual.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use paystack_tests::network::paused;
use paystack_transport::{Error, ErrorKind, Mode, RateLimiter};
use tokio::time::Instant;

use crate::kinds::{self, Expected, Fault};
use crate::sending::{self, Sending};
use crate::server::{Server, Use};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/maintainers/faults.md");

const HEAD: &str = "\
# Faults

The result of a call under each fault, over HTTP/1.1 unless the fault names HTTP/2. Every attempt meets the same fault. `tests/faults`
writes and checks this table: each line holds for all operations, on a new connection and on a reused one. *Safe* operations are
idempotent: the reads, update and set risk action. *Unsafe* are the others. The settings are the defaults, with a body limit of
64 KiB and without a rate limit. Times are virtual, in whole seconds, rounded down.

| fault | error | outcome | attempts, safe | attempts, unsafe | time, safe | time, unsafe |
| --- | --- | --- | --- | --- | --- | --- |
";

/// The checked result of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ended {
    error: String,
    outcome: String,
    attempts: u32,
    seconds: u64,
}

#[test]
fn fault_ends_each_call_as_the_table_states() {
    let seed = std::env::var("FAULTS_SEED").map_or(7, |seed| seed.parse().unwrap());
    let mut table = String::from(HEAD);
    let mut cells = 0;
    let mut wrong = Vec::new();
    for fault in kinds::all() {
        let mut seen = [BTreeSet::new(), BTreeSet::new()];
        for sending in sending::every_operation() {
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
            fault.expected.outcome_in_words(),
            safe.attempts,
            other.attempts,
            safe.seconds,
            other.seconds,
        )
        .unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cells > 1_000, "only {cells} cells");
    if std::env::var_os("FAULTS_WRITE").is_some() {
        std::fs::write(TABLE, &table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(TABLE).unwrap(), table);
}

fn run(fault: &Fault, sending: &Sending, connection: Use, seed: u64) -> Ended {
    paused().block_on(async {
        let server = Server::new(fault.act.clone(), connection);
        let client = crate::client(&server, RateLimiter::new(Mode::Test, seed).without_limit());
        if let Use::Reused = connection {
            sending::warm_up(&client).await;
        }
        // The interval of HTTP/2 pings starts at the last frame.
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
                outcome: "Processed".into(),
                attempts: 0,
                seconds: took.as_secs(),
            };
        };
        let attempts = u64::from(error.attempts());
        let arrived = server.requests() - requests;
        let sent = if fault.act.is_asked() { attempts } else { 0 };
        assert_eq!(arrived, sent, "{}: {arrived} arrived", fault.name);
        if let (Use::Reused, true) = (connection, fault.act.keeps_connections()) {
            // The first attempt reuses a connection. Each further one opens at most one.
            let opened = server.opened() - opened;
            assert!(opened < attempts, "{}: {opened} opened", fault.name);
        }
        Ended {
            error: kind(&error),
            outcome: format!("{:?}", error.outcome()),
            attempts: error.attempts(),
            seconds: took.as_secs(),
        }
    })
}

fn kind(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Transport(lost) => format!("Transport: {:?}", lost.kind()),
        ErrorKind::Api(refused) => format!("Api: {}", refused.status().as_u16()),
        ErrorKind::Decode(_) => "Decode".into(),
        ErrorKind::Deadline => "Deadline".into(),
        _ => "another".into(),
    }
}

impl Expected {
    fn outcome_in_words(&self) -> String {
        if self.outcome == self.outcome_without_body {
            return self.outcome.into();
        }
        format!(
            "{}; without a body: {}",
            self.outcome, self.outcome_without_body
        )
    }

    fn of(&self, sending: &Sending) -> Ended {
        let (error, attempts, seconds) = if sending.is_safe {
            &self.safe
        } else {
            &self.other
        };
        Ended {
            error: (*error).into(),
            outcome: if sending.has_body {
                self.outcome
            } else {
                self.outcome_without_body
            }
            .into(),
            attempts: *attempts,
            seconds: *seconds,
        }
    }
}
