//! Do the transports keep their contract, and does the suite detect each broken transport?
//!
//! `CONFORMANCE_WRITE=1 cargo test -p paystack-tests --test conformance` writes the list of
//! `tests/conformance/README.md`.

mod broken;
mod broken_blocking;
mod failing_streams;
mod suite;

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::time::{Duration, Instant};

use paystack_hyper::HyperTransport;
use paystack_sandbox::{Sandbox, server::Server};
use paystack_tests::transports::attohttpc::AttoHttpc;
use paystack_tests::transports::{
    LIMIT, compio, fetch_at, listen, local_tokio, smol, tokio_runtime, tower,
};
use paystack_tests::values::{api, email};
use paystack_transport::customers::{CreateCustomer, FetchCustomer, UpdateCustomer};
use paystack_transport::local::LocalTransport;
use paystack_transport::{BlockingClient, Sent, Transport, TransportErrorKind};
use paystack_transport_test::{Clause, Outcome, Report, Suite};
use paystack_ureq::UreqTransport;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/README.md");

/// A timeout of the suite that a busy machine does not exceed.
const PATIENT: Duration = Duration::from_secs(6);

#[test]
fn transports_keep_the_contract_as_the_page_states() {
    let suite = Suite::new().timeout(PATIENT);
    let opaque = "without `classify`, an error of the service has no known kind";
    let with_layers = Suite::new()
        .timeout(PATIENT)
        .not_applicable(Clause::RequestHeaders, "this stack adds `x-shop`")
        .not_applicable(Clause::Refused, opaque)
        .not_applicable(Clause::UnknownName, opaque);
    let gzip = HyperTransport::builder().gzip().build().unwrap();
    let attohttpc = AttoHttpc(Instant::now());
    let smol = smol::SmolTransport::new();
    let compio = compio::CompioTransport::new();
    let compio_runtime = ::compio::runtime::Runtime::new().unwrap();
    let reports = [
        ("hyper", on_tokio(&suite, &HyperTransport::new())),
        ("hyper with gzip", on_tokio(&suite, &gzip)),
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
        // Some resolvers find every name.
        let unchecked = unchecked(report);
        let is_known = |clause: &Clause| *clause == Clause::UnknownName;
        assert!(unchecked.iter().all(is_known), "{name}: {unchecked:?}");
    }
    let (before, rest) = page().split_once("<!-- list -->\n").map(own).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let written = format!(
        "{before}<!-- list -->\n{}<!-- end -->{after}",
        list(&reports)
    );
    if std::env::var_os("CONFORMANCE_WRITE").is_some() {
        for (name, report) in &reports {
            let unchecked = unchecked(report);
            assert_eq!(
                unchecked,
                [],
                "{name}: only a machine that checks every clause may write the list"
            );
        }
        std::fs::write(PAGE, &written).unwrap();
    }
    assert!(
        page() == written,
        "the list of tests/conformance/README.md is outdated; run with CONFORMANCE_WRITE=1"
    );
}

#[test]
fn time_limit_of_a_layer_or_client_is_a_timeout() {
    let limit = Duration::from_millis(300);
    let with_layers: Box<dyn Transport> = Box::new(tower::hyper_with_layers(limit));
    for transport in [with_layers, Box::new(tower::reqwest(limit))] {
        let stalled = listen(|mut stream| {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let result = tokio_runtime().block_on(async {
            let sending = transport.send(fetch_at(stalled));
            ::tokio::time::timeout(LIMIT, sending).await
        });
        let error = result.expect("the limit must end the request").unwrap_err();
        assert_eq!(
            (error.kind(), error.sent()),
            (TransportErrorKind::Timeout, Sent::Maybe)
        );
    }
    // The suite waits longer than this limit.
    let limit = Duration::from_millis(60);
    let suite = Suite::new();
    for report in [
        on_tokio(&suite, &tower::hyper_with_layers(limit)),
        on_tokio(&suite, &tower::reqwest(limit)),
    ] {
        // Other clauses may exceed the limit on a busy machine.
        let mut outcomes = report.outcomes();
        let (_, outcome) = outcomes
            .find(|(clause, _)| *clause == Clause::TimeOuts)
            .unwrap();
        assert_eq!(*outcome, Outcome::Passed);
    }
}

#[test]
fn local_transport_is_not_checked_for_parallel_calls() {
    let attohttpc = AttoHttpc(Instant::now());
    let report = suite_for_attohttpc().check_on_one_thread(&attohttpc);
    report.assert_passed();
    let mut outcomes = report.outcomes();
    let at_once = outcomes.find(|(clause, _)| *clause == Clause::AtOnce);
    assert!(matches!(at_once, Some((_, Outcome::Unchecked(_)))));
}

#[test]
fn attohttpc_creates_updates_and_fetches_a_customer() {
    let mut runtime = ::tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(Sandbox::new(1), 0)).unwrap();
    let api = api().with_base_url(&server.url()).unwrap();
    let client = BlockingClient::new(api, AttoHttpc(Instant::now()));
    let address = email("a+b/c?d#e%@example.com");
    let create = CreateCustomer::new(&address).first_name("Adé");
    let ada = client.send(create).unwrap().data;
    assert_eq!(ada.first_name.as_deref(), Some("Adé"));
    let update = UpdateCustomer::new(&ada.customer_code).last_name("Obi");
    client.send(update).unwrap();
    let fetched = client.send(FetchCustomer::new(address)).unwrap().data;
    assert_eq!(fetched.last_name.as_deref(), Some("Obi"));
    let unknown = FetchCustomer::new(email("nobody@example.com"));
    assert!(client.send(unknown).unwrap_err().is_not_found());
}

fn suite_for_attohttpc() -> Suite {
    let interim = "the client returns them as final responses";
    let unknown = "the client's errors do not name the phase that failed";
    Suite::new()
        .timeout(PATIENT)
        .not_applicable(Clause::Refused, unknown)
        .not_applicable(Clause::InterimResponses, interim)
        .not_applicable(Clause::Chunked, "the client does not support trailers")
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
    tokio_runtime().block_on(suite.check(transport))
}

fn page() -> String {
    std::fs::read_to_string(PAGE).unwrap()
}

fn own((before, after): (&str, &str)) -> (String, String) {
    (before.into(), after.into())
}

/// The transports, and the clauses that they do not keep.
fn list(reports: &[(&str, Report)]) -> String {
    let names: Vec<_> = reports.iter().map(|(name, _)| *name).collect();
    let mut list = format!(
        "{} keep the {} clauses, except:\n\n",
        names.join(", "),
        Clause::ALL.len()
    );
    for (name, report) in reports {
        for (clause, outcome) in report.outcomes() {
            // Another machine checks a clause that this one cannot check.
            if let Outcome::NotApplicable(reason) = outcome {
                writeln!(list, "- {name}, `{clause}`: {reason}.").unwrap();
            }
        }
    }
    list
}
