//! Our transports keep the contract, and the suite that says so bites: each of a row of broken ones
//! fails its own clauses, and no others.
//!
//! `CONFORMANCE_WRITE=1 cargo test -p paystack-tests --test conformance` writes the table of
//! `docs/conformance.md` anew.

mod blocking;
mod broken;
#[path = "../transports/compio.rs"]
mod compio;
#[path = "../transports/exchange.rs"]
mod exchange;
mod failing_streams;
#[path = "../transports/local_tokio.rs"]
mod local_tokio;
#[path = "../transports/origin.rs"]
mod origin;
#[path = "attohttpc.rs"]
mod own;
#[path = "../transports/smol.rs"]
mod smol;
#[expect(dead_code, reason = "a router in process is out of the suite's reach")]
#[path = "../transports/tower.rs"]
mod tower;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use paystack_client::customers::{CreateCustomer, FetchCustomer, UpdateCustomer};
use paystack_client::{Api, BlockingClient, Email, LocalTransport, SecretKey};
use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use paystack_transport_test::{Clause, Outcome, Report, Suite};
use paystack_ureq::UreqTransport;

use crate::blocking::{Blocking, WrongBlocking};
use crate::broken::{Broken, Wrong};
use crate::own::AttoHttpc;

/// Of the layers and clients that have one of their own.
const LIMIT: Duration = Duration::from_secs(5);

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/conformance.md");

#[test]
fn our_transports_keep_the_contract_as_the_page_says() {
    let suite = Suite::new();
    let opaque = "without `classify`, an error of any service says nothing";
    let with_layers = Suite::new()
        .not_applicable(Clause::RequestHeaders, "this stack adds `x-shop`")
        .not_applicable(Clause::Refused, opaque)
        .not_applicable(Clause::UnknownName, opaque);
    let attohttpc = AttoHttpc(Instant::now());
    let smol = smol::SmolTransport::new();
    let compio = compio::CompioTransport::new();
    let compio_runtime = ::compio::runtime::Runtime::new().unwrap();
    let reports = [
        ("hyper", on_tokio(&suite, &HyperTransport::new())),
        ("reqwest", on_tokio(&suite, &tower::reqwest(LIMIT))),
        (
            "layers",
            on_tokio(&with_layers, &tower::hyper_with_layers(LIMIT)),
        ),
        (
            "local tokio",
            on_tokio(&suite, &local_tokio::LocalTokio::new()),
        ),
        ("smol", ::smol::block_on(suite.check(&smol))),
        ("compio", compio_runtime.block_on(suite.check(&compio))),
        ("ureq", suite.check_blocking(&UreqTransport::new())),
        (
            "attohttpc",
            suite_for_attohttpc().check_blocking(&attohttpc),
        ),
    ];
    for (name, report) in &reports {
        assert!(report.is_passed(), "{name}:\n{report}");
        // A resolver may answer for every name, and then no name is unknown.
        let unchecked = unchecked(report);
        let is_known = |clause: &Clause| *clause == Clause::UnknownName;
        assert!(unchecked.iter().all(is_known), "{name}: {unchecked:?}");
    }
    let (before, rest) = page().split_once("<!-- table -->\n").map(own).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let written = format!(
        "{before}<!-- table -->\n{}<!-- end -->{after}",
        table(&reports)
    );
    if std::env::var_os("CONFORMANCE_WRITE").is_some() {
        for (name, report) in &reports {
            let unchecked = unchecked(report);
            assert_eq!(unchecked, [], "{name}: a machine that can tell writes");
        }
        std::fs::write(PAGE, &written).unwrap();
    }
    assert!(
        page() == written,
        "the table of docs/conformance.md is another: see the top of this file"
    );
}

/// Shorter than the suite waits, so that it passes, also where the body has begun.
#[test]
fn a_limit_of_time_of_a_layer_or_of_a_client_is_a_time_out() {
    let limit = Duration::from_millis(60);
    let suite = Suite::new();
    for report in [
        on_tokio(&suite, &tower::hyper_with_layers(limit)),
        on_tokio(&suite, &tower::reqwest(limit)),
    ] {
        // A busy machine may take longer with other clauses.
        let mut outcomes = report.outcomes();
        let (_, outcome) = outcomes
            .find(|(clause, _)| *clause == Clause::TimeOuts)
            .unwrap();
        assert_eq!(*outcome, Outcome::Passed);
    }
}

#[test]
fn each_broken_transport_fails_its_own_clauses_and_no_others() {
    let suite = Suite::new().body_limit(broken::BODY_LIMIT);
    let mut bitten = BTreeSet::new();
    // They mostly wait, so some at a time.
    for some in broken::ALL.chunks(7) {
        let reports = std::thread::scope(|scope| {
            let check = |(wrong, _): &_| on_tokio(&suite, &Broken::new(*wrong));
            let threads = some.iter().map(|broken| scope.spawn(move || check(broken)));
            let threads: Vec<_> = threads.collect();
            let reports = threads.into_iter().map(|thread| thread.join().unwrap());
            reports.collect::<Vec<_>>()
        });
        for ((wrong, expected), report) in some.iter().zip(reports) {
            let failed: Vec<_> = report.failed().collect();
            // Not every machine has a resolver.
            let unchecked = unchecked(&report);
            assert!(unchecked.is_empty() || unchecked == [Clause::UnknownName]);
            let mut expected = expected.to_vec();
            expected.retain(|clause| !unchecked.contains(clause));
            assert_eq!(failed, expected, "{wrong:?}:\n{report}");
            bitten.extend(failed.into_iter().chain(unchecked));
        }
    }
    assert_eq!(bitten, Clause::ALL.iter().copied().collect());
}

#[test]
fn a_transport_that_goes_on_late_is_found_out_however_patient_the_suite_is() {
    let suite = Suite::new().body_limit(broken::BODY_LIMIT);
    let suite = suite.patience(Duration::from_secs(4));
    let report = on_tokio(&suite, &Broken::new(Wrong::GoesOnLate));
    assert!(
        report.failed().any(|clause| clause == Clause::Dropped),
        "{report}"
    );
}

#[test]
fn a_broken_blocking_transport_fails_its_own_clauses_and_no_others() {
    let failed = |wrong| {
        let report = suite_for_attohttpc().check_blocking(&Blocking::new(wrong));
        report.failed().collect::<Vec<_>>()
    };
    let endless = failed(WrongBlocking::ForgetsTheTime);
    assert_eq!(endless, [Clause::TimeOuts, Clause::Dropped]);
    assert_eq!(failed(WrongBlocking::OneAtATime), [Clause::AtOnce]);
}

#[test]
fn what_cannot_leave_its_thread_is_not_checked_for_many_calls_at_once() {
    let attohttpc = AttoHttpc(Instant::now());
    let report = suite_for_attohttpc().check_on_one_thread(&attohttpc);
    report.assert_passed();
    let mut outcomes = report.outcomes();
    let at_once = outcomes.find(|(clause, _)| *clause == Clause::AtOnce);
    assert!(matches!(at_once, Some((_, Outcome::Unchecked(_)))));
}

#[test]
fn the_adapter_of_the_page_is_this_one_and_carries_operations() {
    let adapter = include_str!("attohttpc.rs");
    assert!(page().contains(&format!("```rust\n{adapter}```\n")));
    assert!(adapter.lines().count() <= 60);

    let mut runtime = ::tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(Sandbox::new(1), 0)).unwrap();
    let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
    let api = api.with_base_url(&server.url()).unwrap();
    let client = BlockingClient::new(api, AttoHttpc(Instant::now()));
    let email = Email::new("a+b/c?d#e%@example.com").unwrap();
    let create = CreateCustomer::new(email.clone()).first_name("Adé");
    let ada = client.send(create).unwrap().data;
    assert_eq!(ada.first_name.as_deref(), Some("Adé"));
    let update = UpdateCustomer::new(&ada.customer_code).last_name("Obi");
    client.send(update).unwrap();
    let fetched = client.send(FetchCustomer::new(email)).unwrap().data;
    assert_eq!(fetched.last_name.as_deref(), Some("Obi"));
    let nobody = FetchCustomer::new(Email::new("nobody@example.com").unwrap());
    assert!(client.send(nobody).unwrap_err().is_not_found());
}

#[test]
fn an_exception_is_printed_with_its_reason_and_one_that_is_needless_does_not_pass() {
    let suite = Suite::new()
        .body_limit(broken::BODY_LIMIT)
        .not_applicable(Clause::Timer, "a test's clock");
    let broken = Broken::new(Wrong::ClockStandsStill);
    let report = on_tokio(&suite, &broken);
    assert!(report.is_passed());
    let shown = report.to_string();
    assert!(shown.contains("timer             not applicable: a test's clock\n"));
    let suite = suite.not_applicable(Clause::Statuses, "no reason at all");
    let report = on_tokio(&suite, &broken);
    assert!(!report.is_passed());
    let shown = report.to_string();
    let needless = "statuses          passed, though declared not applicable: no reason at all\n";
    assert!(shown.contains(needless), "{shown}");
}

#[test]
fn the_contract_and_the_suite_have_the_same_clauses() {
    let contract = include_str!("../../crates/paystack-client/src/transport.rs");
    let rows = contract.lines().filter(|line| line.starts_with("/// | `"));
    let clauses = Clause::ALL.iter();
    let expected = clauses.map(|clause| format!("/// | `{clause}` | {} |", clause.text()));
    assert_eq!(rows.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

fn suite_for_attohttpc() -> Suite {
    let interim = "the client takes them for the last ones";
    let unknown = "the client's errors do not name the phase that failed";
    Suite::new()
        .not_applicable(Clause::Refused, unknown)
        .not_applicable(Clause::InterimAnswers, interim)
        .not_applicable(Clause::Chunked, "the client knows no trailers")
        .not_applicable(Clause::UnknownName, unknown)
}

fn unchecked(report: &Report) -> Vec<Clause> {
    let unchecked = |(clause, outcome): (_, &_)| {
        let is_unchecked = matches!(outcome, Outcome::Unchecked(_));
        is_unchecked.then_some(clause)
    };
    report.outcomes().filter_map(unchecked).collect()
}

fn on_tokio(suite: &Suite, transport: &impl LocalTransport) -> Report {
    let mut runtime = ::tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(suite.check(transport))
}

fn page() -> String {
    std::fs::read_to_string(PAGE).unwrap()
}

fn own((before, after): (&str, &str)) -> (String, String) {
    (before.into(), after.into())
}

fn table(reports: &[(&str, Report)]) -> String {
    let mut table = String::from("| clause |");
    let mut exceptions = Vec::new();
    for (name, _) in reports {
        write!(table, " {name} |").unwrap();
    }
    table.push_str(&format!("\n| --- |{}\n", " --- |".repeat(reports.len())));
    for clause in Clause::ALL {
        write!(table, "| `{clause}` |").unwrap();
        for (name, report) in reports {
            let (_, outcome) = report
                .outcomes()
                .find(|(other, _)| other == clause)
                .unwrap();
            match outcome {
                Outcome::NotApplicable(reason) => {
                    exceptions.push(format!("- `{clause}`, {name}: {reason}.\n"));
                    table.push_str(" no |");
                }
                // What a machine could not tell is told by another.
                _ => table.push_str(" yes |"),
            }
        }
        table.push('\n');
    }
    format!(
        "{table}\nDeclared exceptions, and why:\n\n{}",
        exceptions.concat()
    )
}
