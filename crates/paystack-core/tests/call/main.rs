//! The rules of `Call`: one test for each, and generated calls that check all of them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests, and an environment variable sets the number of generated calls"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use paystack_core::customers::{CreateCustomer, FetchCustomer};
use paystack_core::{
    Api, Call, CustomerCode, Email, ErrorKind, Mode, Operation, Outcome, Query, RateLimiter,
    RetryRule, SecretKey, Sent, Settings, Step, TransportError, TransportErrorKind, WaitReason,
};
use paystack_core::{bytes, http};
use serde::de::IgnoredAny;

use crate::events::{Event, response};

mod events;
mod rate_limit;
mod retries;
mod sequences;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

fn limiter() -> RateLimiter {
    RateLimiter::new(Mode::Test, 7)
}

#[test]
fn a_timeout_makes_the_outcome_unknown() {
    let settings = Settings::new()
        .attempts(2)
        .attempt_timeout(Duration::from_secs(1));
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    now += Duration::from_secs(1);
    let Step::Wait(pause) = call.step(&mut limiter, now) else {
        panic!()
    };
    now += pause;
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    call.handle_error(
        2,
        TransportError::new(TransportErrorKind::Connect, Sent::No),
    );
    let Step::Done(Err(error)) = call.step(&mut limiter, now) else {
        panic!()
    };
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 2));
}

#[test]
fn boxed_call_reports_the_state_of_its_call() {
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
    let mut call = Call::new(&api(), create, Settings::new()).boxed(drop);
    assert_eq!(
        (call.outcome(), call.attempts()),
        (Outcome::NotProcessed, 0)
    );
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    assert_eq!((call.outcome(), call.attempts()), (Outcome::Unknown, 1));
    // The limiter admits a few calls at once.
    let calls = (0..100).map(|_| Call::new(&api(), fetch(), Settings::new()).boxed(drop));
    let queued = calls.map(|mut call| (call.step(&mut limiter, now), call));
    let mut queued = queued.filter(|(step, _)| matches!(step, Step::Wait(_)));
    let (_, mut call) = queued.next().unwrap();
    while let Step::Wait(wait) = call.step(&mut limiter, now) {
        now += wait;
    }
    assert_eq!((call.attempts(), call.queued_for()), (1, now));
}

#[test]
fn boxed_call_retries_and_passes_its_result_on() {
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    let (done, results) = std::sync::mpsc::channel();
    let call = Call::new(&api(), fetch(), Settings::new());
    let debug = format!("{call:?}");
    let mut call = call.boxed(move |result| done.send(result).unwrap());
    assert_eq!(format!("{call:?}"), debug);
    call.prepare();
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    call.handle_error(1, TransportError::new(TransportErrorKind::Io, Sent::Maybe));
    let Step::Wait(pause) = call.step(&mut limiter, now) else {
        panic!()
    };
    assert_eq!(call.wait_reason(), WaitReason::Retry);
    now += pause;
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    call.handle_response(2, response(200, true, None).to_http());
    assert!(results.try_recv().is_err(), "the call has not ended");
    assert!(matches!(call.step(&mut limiter, now), Step::Done(Ok(()))));
    assert_eq!(results.try_recv().unwrap().unwrap().attempts(), 2);
}

/// Counts how often it is encoded.
struct Counted(Arc<AtomicU32>);

impl Operation for Counted {
    const NAME: &'static str = "test.counted";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/customer";
    type Output = IgnoredAny;

    fn query(&self, _query: &mut Query) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn prepared_boxed_call_is_not_encoded_again() {
    let encoded = Arc::default();
    let counted = Counted(Arc::clone(&encoded));
    let mut call = Call::new(&api(), counted, Settings::new()).boxed(drop);
    call.prepare();
    assert_eq!(encoded.load(Ordering::Relaxed), 1);
    let step = call.step(&mut limiter(), Duration::ZERO);
    assert!(matches!(step, Step::Send { .. }));
    assert_eq!(encoded.load(Ordering::Relaxed), 1);
}

#[test]
fn wait_of_a_call_reports_its_reason() {
    let (mut limiter, now) = (limiter(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), Settings::new());
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    assert!(matches!(call.step(&mut limiter, now), Step::Wait(_)));
    assert_eq!(call.wait_reason(), WaitReason::Response);
    call.handle_response(1, response(502, false, None).to_http());
    assert!(matches!(call.step(&mut limiter, now), Step::Wait(_)));
    assert_eq!(call.wait_reason(), WaitReason::Retry);
    // The limiter admits a few calls at once.
    let calls = (0..100).map(|_| Call::new(&api(), fetch(), Settings::new()));
    let mut queued = calls.filter_map(|mut call| match call.step(&mut limiter, now) {
        Step::Wait(_) => Some(call),
        _ => None,
    });
    assert_eq!(queued.next().unwrap().wait_reason(), WaitReason::RateLimit);
}

#[test]
fn a_late_response_is_ignored() {
    let settings = Settings::new().attempt_timeout(Duration::from_secs(1));
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    assert!(matches!(
        call.step(&mut limiter, now),
        Step::Send { attempt: 1, .. }
    ));
    now += Duration::from_secs(1);
    let Step::Wait(pause) = call.step(&mut limiter, now) else {
        panic!()
    };
    now += pause;
    assert!(matches!(
        call.step(&mut limiter, now),
        Step::Send { attempt: 2, .. }
    ));
    call.handle_response(1, response(404, true, None).to_http());
    call.handle_error(1, TransportError::new(TransportErrorKind::Io, Sent::Maybe));
    assert!(
        matches!(call.step(&mut limiter, now), Step::Wait(_)),
        "the second attempt is still in flight"
    );
    call.handle_response(2, response(200, true, None).to_http());
    assert!(matches!(call.step(&mut limiter, now), Step::Done(Ok(_))));
}

#[test]
fn a_deadline_keeps_the_last_failure() {
    let settings = Settings::new().deadline(Duration::from_secs(10));
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    call.handle_response(1, response(502, false, None).to_http());
    let Step::Wait(pause) = call.step(&mut limiter, now) else {
        panic!()
    };
    now += pause;
    let Step::Send {
        within: Some(within),
        ..
    } = call.step(&mut limiter, now)
    else {
        panic!()
    };
    let Step::Done(Err(error)) = call.step(&mut limiter, now + within) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    let last = error.last_failure().unwrap();
    assert_eq!(last.status().unwrap(), 502);
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), last.to_string());
    assert!(error.to_string().contains("(last: 502"), "{error}");
}

#[test]
fn a_deadline_error_names_its_operation() {
    let settings = Settings::new().deadline(Duration::from_secs(10));
    let mut limiter = limiter();
    let mut call = Call::new(&api(), fetch(), settings);
    let Step::Send { within, .. } = call.step(&mut limiter, Duration::ZERO) else {
        panic!()
    };
    let Step::Done(Err(error)) = call.step(&mut limiter, within.unwrap()) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!(error.operation(), Some("customers.fetch"));
}

#[test]
fn a_wait_beyond_the_deadline_ends_the_call_at_once() {
    let mut call = Call::new(&api(), fetch(), Settings::default());
    let mut limiter = limiter();
    assert!(matches!(
        call.step(&mut limiter, Duration::ZERO),
        Step::Send { .. }
    ));
    call.handle_response(1, response(429, true, Some(90)).to_http());
    let Step::Done(Err(error)) = call.step(&mut limiter, Duration::ZERO) else {
        panic!()
    };
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
}

#[test]
fn an_attempt_without_time_does_not_start() {
    let (api, mut limiter) = (api(), limiter().without_limit());
    let settings = Settings::new()
        .deadline(Duration::from_secs(10))
        .backoff(Duration::ZERO, Duration::ZERO);
    let mut call = Call::new(&api, fetch(), settings);
    let now = Duration::ZERO;
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    call.handle_error(
        1,
        TransportError::new(TransportErrorKind::Connect, Sent::No),
    );
    let now = Duration::from_millis(8_999);
    assert!(matches!(call.step(&mut limiter, now), Step::Wait(_)));
    let late = Duration::from_millis(9_001);
    let Step::Done(Err(error)) = call.step(&mut limiter, late) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!(
        (error.outcome(), error.attempts()),
        (Outcome::NotProcessed, 1)
    );
}

#[test]
fn an_attempt_with_a_tenth_of_its_time_starts() {
    let (api, mut limiter) = (api(), limiter().without_limit());
    let settings = Settings::new()
        .deadline(Duration::from_secs(10))
        .backoff(Duration::ZERO, Duration::ZERO);
    let mut call = Call::new(&api, fetch(), settings);
    assert!(matches!(
        call.step(&mut limiter, Duration::ZERO),
        Step::Send { .. }
    ));
    let now = Duration::from_secs(9);
    call.handle_error(
        1,
        TransportError::new(TransportErrorKind::Connect, Sent::No),
    );
    assert!(matches!(call.step(&mut limiter, now), Step::Wait(_)));
    let Step::Send { within, .. } = call.step(&mut limiter, now) else {
        panic!()
    };
    assert_eq!(within, Some(Duration::from_secs(1)));
}

/// The step after a first attempt with this result: "retry", "done" or "at once".
fn next_step(event: Event, rule: RetryRule) -> &'static str {
    let (api, mut limiter, now) = (api(), limiter().without_limit(), Duration::ZERO);
    let settings = Settings::new()
        .retry_rule(rule)
        .attempt_timeout(Duration::from_secs(1));
    let mut call = Call::new(&api, fetch(), settings);
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    let now = match event {
        Event::Nothing => now + Duration::from_secs(1),
        Event::Lost(kind, sent) => {
            call.handle_error(1, TransportError::new(kind, sent));
            now
        }
        received => {
            call.handle_response(1, received.to_http());
            now
        }
    };
    match call.step(&mut limiter, now) {
        Step::Wait(_) => "retry",
        Step::Done(_) => "done",
        Step::Send { .. } => "at once",
    }
}

#[test]
fn the_result_of_an_attempt_decides_on_a_retry() {
    use TransportErrorKind::{Connect, Io, Other, Timeout, TooLarge, UntrustedCertificate};
    // For each result, the step under `Idempotent`, `IfNotProcessed` and `Never`.
    for (event, expected) in [
        (Event::Nothing, ["retry", "done", "done"]),
        (Event::Lost(Connect, Sent::No), ["retry", "retry", "done"]),
        (Event::Lost(Connect, Sent::Maybe), ["retry", "done", "done"]),
        (Event::Lost(Io, Sent::No), ["retry", "retry", "done"]),
        (Event::Lost(Timeout, Sent::No), ["retry", "retry", "done"]),
        (Event::Lost(TooLarge, Sent::No), ["done", "done", "done"]),
        (
            Event::Lost(UntrustedCertificate, Sent::No),
            ["done", "done", "done"],
        ),
        (Event::Lost(Other, Sent::No), ["retry", "retry", "done"]),
        (Event::Lost(Io, Sent::Maybe), ["retry", "done", "done"]),
        (Event::Lost(Timeout, Sent::Maybe), ["retry", "done", "done"]),
        (Event::Lost(TooLarge, Sent::Maybe), ["done", "done", "done"]),
        (Event::Lost(Other, Sent::Maybe), ["done", "done", "done"]),
        (response(200, true, None), ["done", "done", "done"]),
        (response(200, false, None), ["done", "done", "done"]),
        (response(400, true, None), ["done", "done", "done"]),
        (response(404, true, None), ["done", "done", "done"]),
        (response(429, true, None), ["retry", "retry", "done"]),
        (response(429, false, None), ["retry", "done", "done"]),
        (response(500, true, None), ["retry", "done", "done"]),
        (response(502, false, None), ["retry", "done", "done"]),
        (response(503, true, None), ["retry", "done", "done"]),
        (response(504, false, None), ["retry", "done", "done"]),
        (response(521, false, None), ["retry", "done", "done"]),
        (response(501, true, None), ["done", "done", "done"]),
    ] {
        let rules = [
            RetryRule::Idempotent,
            RetryRule::IfNotProcessed,
            RetryRule::Never,
        ];
        assert_eq!(
            rules.map(|rule| next_step(event, rule)),
            expected,
            "{event:?}"
        );
    }
}

#[test]
fn debug_shows_neither_url_nor_body() {
    let (api, mut limiter, now) = (api(), limiter(), Duration::ZERO);
    let canary = FetchCustomer::new(paystack_core::Email::new("canary@example.com").unwrap());
    let mut call = Call::new(&api, canary, Settings::default());
    let step = call.step(&mut limiter, now);
    assert_eq!(
        format!("{step:?} {call:?}"),
        "Send { method: GET, body_bytes: 0, within: Some(30s), attempt: 1, .. } \
         Call { operation: \"customers.fetch\", attempts: 1, state: \"sent\", .. }"
    );
    let wait = call.step(&mut limiter, now);
    assert_eq!(format!("{wait:?}"), "Wait(30s)");
    call.handle_response(1, response(404, true, None).to_http());
    let done = format!("{:?}", call.step(&mut limiter, now));
    assert!(done.starts_with("Done(Err(customers.fetch: 404"), "{done}");
    assert!(!done.contains("canary"), "{done}");
}

#[test]
fn a_dropped_call_spends_no_retry_budget() {
    // The budget allows 100 retries. 150 calls are dropped before their retry.
    let (api, mut limiter, now) = (api(), limiter().without_limit(), Duration::ZERO);
    for _ in 0..150 {
        let mut call = Call::new(&api, fetch(), Settings::default());
        assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
        call.handle_response(1, response(503, true, None).to_http());
        assert!(
            matches!(call.step(&mut limiter, now), Step::Wait(_)),
            "a dropped call spent the budget"
        );
    }
}

#[test]
fn a_transport_timeout_at_the_deadline_is_a_deadline_error() {
    let settings = Settings::new().deadline(Duration::from_secs(10));
    let end = Duration::from_secs(10);
    for (kind, expected) in [
        (TransportErrorKind::Timeout, true),
        (TransportErrorKind::Io, false),
    ] {
        let mut limiter = limiter();
        let mut call = Call::new(&api(), fetch(), settings);
        let step = call.step(&mut limiter, Duration::ZERO);
        assert!(matches!(step, Step::Send { .. }));
        call.handle_error(1, TransportError::new(kind, Sent::Maybe));
        let Step::Done(Err(error)) = call.step(&mut limiter, end) else {
            panic!("the call continues after the deadline")
        };
        let is_deadline = matches!(error.kind(), ErrorKind::Deadline);
        assert_eq!(is_deadline, expected, "{kind:?}");
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    }
}

#[test]
fn a_retry_is_not_sent_early() {
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), Settings::default());
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    call.handle_response(1, response(503, true, Some(7)).to_http());
    let Step::Wait(pause) = call.step(&mut limiter, now) else {
        panic!()
    };
    assert!(pause >= Duration::from_secs(7));
    now += Duration::from_secs(6);
    let Step::Wait(rest) = call.step(&mut limiter, now) else {
        panic!("the retry is sent early")
    };
    assert_eq!(rest, pause.checked_sub(now).unwrap());
    assert!(matches!(call.step(&mut limiter, pause), Step::Send { .. }));
}

#[test]
fn debug_shows_the_state() {
    let (mut limiter, now) = (limiter(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), Settings::default());
    let state = |call: &Call<FetchCustomer>| {
        let shown = format!("{call:?}");
        let (_, state) = shown.split_once("state: ").unwrap();
        state.split(',').next().unwrap().to_owned()
    };
    assert_eq!(state(&call), r#""idle""#);
    assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
    assert_eq!(state(&call), r#""sent""#);
    call.handle_response(1, response(200, true, None).to_http());
    assert_eq!(state(&call), r#""handled""#);
    assert!(matches!(call.step(&mut limiter, now), Step::Done(Ok(_))));
    assert_eq!(state(&call), r#""finished""#);
}
