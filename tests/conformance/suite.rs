//! The suite detects each broken transport, and reports exceptions.

use std::collections::BTreeSet;
use std::time::Duration;

use paystack_transport_test::{Clause, Suite};

use crate::broken::{self, Broken, Wrong};
use crate::broken_blocking::{Blocking, WrongBlocking};
use crate::{PATIENT, on_tokio, suite_for_attohttpc, unchecked};

#[test]
fn broken_transport_fails_exactly_its_clauses() {
    let suite = Suite::new().body_limit(broken::BODY_LIMIT);
    let patient = suite.clone().timeout(PATIENT);
    let mut detected = BTreeSet::new();
    // The transports mostly wait, so seven run at once.
    for some in broken::ALL.chunks(7) {
        let reports = std::thread::scope(|scope| {
            let check = |(wrong, _): &(Wrong, _)| {
                let suite = if wrong.waits_for_the_timeout() {
                    &suite
                } else {
                    &patient
                };
                on_tokio(suite, &Broken::new(*wrong))
            };
            let threads = some.iter().map(|broken| scope.spawn(move || check(broken)));
            let threads: Vec<_> = threads.collect();
            let reports = threads.into_iter().map(|thread| thread.join().unwrap());
            reports.collect::<Vec<_>>()
        });
        for ((wrong, expected), report) in some.iter().zip(reports) {
            let failed: Vec<_> = report.failed().collect();
            // Some machines have no resolver.
            let unchecked = unchecked(&report);
            assert!(
                unchecked.is_empty() || unchecked == [Clause::UnknownName],
                "{wrong:?}:\n{report}"
            );
            let mut expected = expected.to_vec();
            expected.retain(|clause| !unchecked.contains(clause));
            assert_eq!(failed, expected, "{wrong:?}:\n{report}");
            if *wrong == Wrong::NoticesClosesLate {
                assert!(
                    report.to_string().contains("the process was frozen"),
                    "{report}"
                );
            }
            detected.extend(failed.into_iter().chain(unchecked));
        }
    }
    assert_eq!(detected, Clause::ALL.iter().copied().collect());
}

#[test]
fn late_request_is_detected_by_a_patient_suite() {
    let suite = Suite::new().body_limit(broken::BODY_LIMIT);
    let suite = suite.timeout(Duration::from_secs(4));
    let report = on_tokio(&suite, &Broken::new(Wrong::GoesOnLate));
    assert!(
        report.failed().any(|clause| clause == Clause::Dropped),
        "{report}"
    );
}

#[test]
fn broken_blocking_transport_fails_exactly_its_clauses() {
    let failed = |wrong| {
        // The broken clauses wait for the whole timeout.
        let suite = suite_for_attohttpc().timeout(Duration::from_secs(2));
        let report = suite.check_blocking(&Blocking::new(wrong));
        report.failed().collect::<Vec<_>>()
    };
    // The transports mostly wait, so both run at once.
    let (endless, single) = std::thread::scope(|scope| {
        let endless = scope.spawn(|| failed(WrongBlocking::ForgetsTheTime));
        let single = failed(WrongBlocking::OneAtATime);
        (endless.join().unwrap(), single)
    });
    assert_eq!(endless, [Clause::TimeOuts, Clause::Dropped]);
    assert_eq!(single, [Clause::AtOnce]);
}

#[test]
fn exception_needs_a_reason_and_a_failing_clause() {
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
fn contract_and_suite_have_the_same_clauses() {
    let contract = include_str!("../../crates/paystack-transport/src/transport.rs");
    let rows = contract.lines().filter(|line| line.starts_with("/// | `"));
    let clauses = Clause::ALL.iter();
    let expected = clauses.map(|clause| format!("/// | `{clause}` | {} |", clause.text()));
    assert_eq!(rows.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}
