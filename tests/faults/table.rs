//! Each fault, for each operation, on a fresh and on a reused connection.
//!
//! Checks the error, the number of attempts and the time. The connections are in memory, and the
//! clock is virtual.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};
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

`tests/faults` runs each operation under each fault, on a new and on a reused connection, and writes this table:
`FAULTS_WRITE=1 cargo test -p paystack-tests --test faults`. Every attempt of a call meets the same fault. A cell *safe; unsafe* differs:
reads, update and set risk action are safe to repeat. The settings are the defaults, with a body limit of 64 KiB and no rate limit. Times
are virtual, rounded down. A fault without *HTTP/2* is one of HTTP/1.1.

| faults | error | outcome | attempts | seconds |
| --- | --- | --- | --- | --- |
";

/// The checked result of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ended {
    error: String,
    outcome: String,
    attempts: u32,
    seconds: u64,
}

impl Ended {
    /// Without the status, which the name of the fault has.
    fn error_in_words(&self) -> &str {
        match self.error.split_once(": ") {
            Some(("Transport", kind)) => kind,
            Some((kind, _)) => kind,
            None => &self.error,
        }
    }
}

#[test]
fn fault_ends_each_call_as_the_table_states() {
    let seed = std::env::var("FAULTS_SEED").map_or(7, |seed| seed.parse().unwrap());
    let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
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
        let result = format!(
            "{} | {} | {} | {}",
            both(safe.error_in_words(), other.error_in_words()),
            fault.expected.outcome_in_words(),
            both(safe.attempts, other.attempts),
            both(safe.seconds, other.seconds),
        );
        match rows.iter_mut().find(|(other, _)| *other == result) {
            Some((_, faults)) => faults.push(fault.name),
            None => rows.push((result, vec![fault.name])),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cells > 1_000, "only {cells} cells");
    let mut table = String::from(HEAD);
    for (result, faults) in rows {
        writeln!(table, "| {} | {result} |", faults.join("; ")).unwrap();
    }
    if std::env::var_os("FAULTS_WRITE").is_some() {
        std::fs::write(TABLE, &table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(TABLE).unwrap(), table);
}

/// The cell of safe and unsafe operations.
fn both<T: Display + PartialEq>(safe: T, other: T) -> String {
    if safe == other {
        return safe.to_string();
    }
    format!("{safe}; {other}")
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
