//! The rules of `Waiter`, in virtual time.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use paystack_core::customers::{Customer, FetchCustomer, UpdateCustomer};
use paystack_core::{
    Api, CustomerCode, Email, Error, ErrorKind, Mode, Operation, Query, RateLimiter, RetryRule,
    SavedWait, SecretKey, Sent, Step, TransportError, TransportErrorKind, WaitEnd, Waited, Waiter,
    bytes::Bytes, http,
};
use serde::de::IgnoredAny;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The wall-clock time of the first step.
const STARTED: Duration = Duration::from_secs(1_764_412_345);

type Fetch = Waiter<FetchCustomer, fn(&Customer) -> bool>;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(Email::new("ada@example.com").unwrap())
}

fn waiter() -> Fetch {
    Waiter::new(&api(), fetch(), is_identified, STARTED)
}

fn limiter() -> RateLimiter {
    RateLimiter::new(Mode::Test, 7)
}

fn is_identified(customer: &Customer) -> bool {
    customer.identified == Some(true)
}

fn response(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    let mut response = http::Response::new(body.into());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    response
}

fn customer(is_identified: bool) -> http::Response<Bytes> {
    response(
        200,
        format!(
            r#"{{"status":true,"message":"","data":{{"id":1,"customer_code":"CUS_x",
                "email":"ada@example.com","identified":{is_identified}}}}}"#
        ),
    )
}

fn refusal(status: u16) -> http::Response<Bytes> {
    response(status, r#"{"status":false,"message":"No"}"#)
}

/// Steps until the wait ends, or until the virtual time `stop`. `server` responds at a time.
fn run(
    waiter: &mut Fetch,
    now: &mut Duration,
    stop: Duration,
    mut server: impl FnMut(Duration) -> http::Response<Bytes>,
) -> Option<Result<Waited<Customer>, Error>> {
    let mut limiter = limiter();
    while *now < stop {
        match waiter.step(&mut limiter, *now) {
            Step::Send { attempt, .. } => {
                let response = server(*now);
                waiter.handle_response(attempt, response);
            }
            Step::Wait(pause) => *now += pause,
            Step::Done(result) => return Some(result),
        }
    }
    None
}

#[test]
fn wait_of_a_day_survives_refusals_and_a_restart() {
    let settled = 23 * HOUR + HOUR / 2;
    let mut reads = Vec::new();
    let mut server = |now: Duration| {
        reads.push(now);
        match (reads.len() % 5, now >= settled) {
            (1, _) => refusal(429),
            (2 | 3, _) => response(502, "<html>"),
            (_, is_identified) => customer(is_identified),
        }
    };
    let mut now = Duration::ZERO;
    let mut waiter = waiter().deadline(24 * HOUR);
    assert!(run(&mut waiter, &mut now, 7 * HOUR, &mut server).is_none());
    let saved = waiter.saved().to_string();
    drop(waiter);

    // The new process starts an hour later, with a clock of its own.
    let saved: SavedWait = saved.parse().unwrap();
    let start = now + HOUR;
    let waiter = Waiter::resume(&api(), fetch(), is_identified as _, &saved, STARTED + start);
    let mut waiter: Fetch = waiter.unwrap().deadline(24 * HOUR);
    // The schedule goes on where it was.
    let mut now = Duration::ZERO;
    let mut limiter = limiter();
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    waiter.handle_response(attempt, customer(false));
    let Step::Wait(pause) = waiter.step(&mut limiter, now) else {
        panic!()
    };
    assert!(pause >= Duration::from_secs(240), "{pause:?}");

    let result = run(&mut waiter, &mut now, 48 * HOUR, |now| server(start + now));
    let waited = result.unwrap().unwrap();
    assert_eq!(waited.end, WaitEnd::ConditionMet);
    assert!(start + now < 24 * HOUR, "{now:?}");
}

#[test]
fn pauses_grow_from_two_seconds_to_five_minutes() {
    let mut times = Vec::new();
    let mut waiter = waiter().deadline(3 * HOUR);
    let mut now = Duration::ZERO;
    run(&mut waiter, &mut now, 2 * HOUR, |now| {
        times.push(now);
        customer(false)
    });
    let pauses: Vec<_> = times
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).as_secs_f64())
        .collect();
    for (pause, least) in pauses.iter().zip([2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0]) {
        assert!((least..least * 1.25).contains(pause), "{pauses:?}");
    }
    let longest = &pauses[7..];
    assert!(longest.len() > 20);
    assert!(longest.iter().all(|pause| (240.0..=300.0).contains(pause)));
    assert!(longest.windows(2).any(|pair| pair[0] != pair[1]), "jitter");
}

#[test]
fn permanent_refusal_ends_the_wait() {
    for status in [400, 401, 403, 404] {
        let mut now = Duration::ZERO;
        let result = run(&mut waiter(), &mut now, HOUR, |_| refusal(status));
        let error = result.unwrap().unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(now, Duration::ZERO);
    }
}

#[test]
fn success_that_does_not_decode_ends_the_wait() {
    let mut now = Duration::ZERO;
    let odd = r#"{"status":true,"data":{"id":1}}"#;
    let result = run(&mut waiter(), &mut now, HOUR, |_| response(200, odd));
    let error = result.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
    assert_eq!(now, Duration::ZERO);
}

#[test]
fn temporary_failure_does_not_end_the_wait() {
    for failure in [429, 500, 501, 502, 503, 504, 520].map(|status| (status, r#"{"status":false}"#))
    {
        check_temporary(failure);
    }
    // A proxy's page does not show the state of the customer or the key.
    for failure in [(401, "<html>"), (403, "<html>"), (404, ""), (200, "<html>")] {
        check_temporary(failure);
    }
}

fn check_temporary((status, body): (u16, &'static str)) {
    let mut now = Duration::ZERO;
    let result = run(&mut waiter(), &mut now, 2 * HOUR, |now| {
        match now < HOUR / 2 {
            true => response(status, body),
            false => customer(true),
        }
    });
    assert!(result.unwrap().unwrap().is_met(), "{status} {body}");
}

#[test]
fn retry_after_is_longer_than_the_pause() {
    let (mut now, mut second) = (Duration::ZERO, None);
    let result = run(&mut waiter(), &mut now, HOUR, |now| {
        if now < Duration::from_secs(600) {
            let mut response = refusal(429);
            let after = http::HeaderValue::from_static("600");
            response.headers_mut().insert("retry-after", after);
            return response;
        }
        second.get_or_insert(now);
        customer(true)
    });
    assert!(result.unwrap().unwrap().is_met());
    assert!(second.unwrap() >= Duration::from_secs(600), "{second:?}");
}

#[test]
fn deadline_ends_the_wait_with_the_last_output() {
    let mut now = Duration::ZERO;
    let result = run(&mut waiter(), &mut now, 2 * HOUR, |now| match now {
        Duration::ZERO => customer(false),
        _ => refusal(503),
    });
    let waited = result.unwrap().unwrap();
    assert_eq!(waited.end, WaitEnd::DeadlineExceeded);
    assert_eq!(waited.reply.data.identified, Some(false));
    assert_eq!(now, HOUR);
}

#[test]
fn deadline_without_an_output_returns_the_last_error() {
    let mut now = Duration::ZERO;
    let result = run(&mut waiter(), &mut now, 2 * HOUR, |_| refusal(503));
    assert_eq!(result.unwrap().unwrap_err().status().unwrap(), 503);
    assert!(now >= HOUR);
}

#[test]
fn read_at_the_deadline_is_dropped() {
    let mut limiter = limiter();
    let mut waiter = waiter().deadline(Duration::from_secs(10));
    let Step::Send { attempt, .. } = waiter.step(&mut limiter, Duration::ZERO) else {
        panic!()
    };
    waiter.handle_response(attempt, customer(false));
    let Step::Wait(pause) = waiter.step(&mut limiter, Duration::ZERO) else {
        panic!()
    };
    let Step::Send { within, .. } = waiter.step(&mut limiter, pause) else {
        panic!()
    };
    assert_eq!(within, Some(Duration::from_secs(10) - pause));
    let Step::Done(Ok(waited)) = waiter.step(&mut limiter, Duration::from_secs(10)) else {
        panic!()
    };
    assert_eq!(waited.end, WaitEnd::DeadlineExceeded);
    assert_eq!(waiter.attempts(), 2);
    let Step::Done(Err(error)) = waiter.step(&mut limiter, HOUR) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Finished));
}

#[test]
fn finished_wait_stays_finished_after_its_deadline() {
    for last in [customer(true), refusal(404)] {
        let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
        for response in [customer(false), last] {
            let attempt = sent(&mut waiter, &mut limiter, &mut now);
            waiter.handle_response(attempt, response);
        }
        assert!(matches!(waiter.step(&mut limiter, now), Step::Done(_)));
        let Step::Done(Err(error)) = waiter.step(&mut limiter, 2 * HOUR) else {
            panic!()
        };
        assert!(matches!(error.kind(), ErrorKind::Finished));
    }
}

#[test]
fn response_just_before_the_deadline_counts() {
    let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
    for response in [customer(false), customer(true)] {
        let attempt = sent(&mut waiter, &mut limiter, &mut now);
        waiter.handle_response(attempt, response);
    }
    let Step::Done(Ok(waited)) = waiter.step(&mut limiter, HOUR) else {
        panic!()
    };
    assert!(waited.is_met());
}

#[test]
fn notified_wait_reads_after_its_deadline() {
    let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    waiter.handle_response(attempt, customer(false));
    assert!(matches!(waiter.step(&mut limiter, now), Step::Wait(_)));
    waiter.notify();
    let mut now = 2 * HOUR;
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    waiter.handle_response(attempt, customer(false));
    let Step::Done(Ok(waited)) = waiter.step(&mut limiter, now) else {
        panic!()
    };
    assert_eq!(waited.end, WaitEnd::Notified);
}

#[test]
fn notified_wait_returns_no_output_from_before() {
    let (mut waiter, mut now) = (waiter(), Duration::ZERO);
    assert!(run(&mut waiter, &mut now, HOUR / 2, |_| customer(false)).is_none());
    waiter.notify();
    let result = run(&mut waiter, &mut now, 2 * HOUR, |_| refusal(503));
    assert_eq!(result.unwrap().unwrap_err().status().unwrap(), 503);
}

#[test]
fn deadline_counts_from_the_exact_start() {
    let started = STARTED + Duration::from_millis(900);
    let waiter = Waiter::new(&api(), fetch(), is_identified as _, started);
    let mut waiter: Fetch = waiter.deadline(Duration::from_millis(500));
    let mut now = Duration::ZERO;
    run(&mut waiter, &mut now, HOUR, |_| customer(false));
    assert_eq!(now, Duration::from_millis(500));
}

#[test]
fn pauses_stay_within_their_limits() {
    for (first, longest) in [(10, 10), (10, 11), (0, 0), (u64::MAX, u64::MAX)] {
        let (first, longest) = (Duration::from_secs(first), Duration::from_secs(longest));
        let (mut limiter, mut waiter) = (limiter(), waiter().pauses(first, longest));
        let Step::Send { attempt, .. } = waiter.step(&mut limiter, Duration::ZERO) else {
            panic!()
        };
        waiter.handle_response(attempt, customer(false));
        waiter = waiter.deadline(Duration::MAX);
        let Step::Wait(pause) = waiter.step(&mut limiter, Duration::ZERO) else {
            panic!()
        };
        let day = Duration::from_secs(24 * 60 * 60);
        let least = first.clamp(Duration::from_millis(1), day);
        let most = longest.clamp(least, day);
        assert!((least..=most).contains(&pause), "{pause:?}");
    }
}

#[test]
fn wait_reports_how_long_its_read_was_queued() {
    let (mut limiter, mut now) = (limiter().with_limit(60), Duration::ZERO);
    let (mut first, mut second) = (waiter(), waiter());
    sent(&mut first, &mut limiter, &mut now);
    assert_eq!((now, first.queued_for()), (Duration::ZERO, Duration::ZERO));
    sent(&mut second, &mut limiter, &mut now);
    assert!(now > Duration::ZERO);
    assert_eq!(second.queued_for(), now);
}

#[test]
fn notified_wait_ends_with_a_read_after_the_event() {
    let mut limiter = limiter();
    let mut now = Duration::ZERO;
    for is_met in [false, true] {
        let mut waiter = waiter();
        let old = sent(&mut waiter, &mut limiter, &mut now);
        waiter.notify();
        let attempt = sent(&mut waiter, &mut limiter, &mut now);
        assert_ne!(attempt, old);
        // The old read may be older than the event.
        waiter.handle_response(old, customer(true));
        waiter.handle_response(attempt, customer(is_met));
        let Step::Done(Ok(waited)) = waiter.step(&mut limiter, now) else {
            panic!()
        };
        assert_eq!(waited.is_met(), is_met);
        if !is_met {
            assert_eq!(waited.end, WaitEnd::Notified);
        }
        assert_eq!(waiter.attempts(), 2);
    }
}

/// Steps until a request is sent, and returns its attempt.
fn sent(waiter: &mut Fetch, limiter: &mut RateLimiter, now: &mut Duration) -> u32 {
    loop {
        match waiter.step(limiter, *now) {
            Step::Send { attempt, .. } => return attempt,
            Step::Wait(pause) => *now += pause,
            Step::Done(result) => panic!("{result:?}"),
        }
    }
}

#[test]
fn notified_wait_reads_again_after_a_failure() {
    let mut now = Duration::ZERO;
    let mut waiter = waiter();
    run(&mut waiter, &mut now, HOUR / 2, |_| customer(false));
    waiter.notify();
    let mut failures = 0;
    let result = run(&mut waiter, &mut now, HOUR, |_| {
        failures += 1;
        match failures {
            ..5 => refusal(502),
            _ => customer(false),
        }
    });
    assert_eq!(result.unwrap().unwrap().end, WaitEnd::Notified);
}

#[test]
fn lost_connection_is_read_again() {
    for kind in [TransportErrorKind::Io, TransportErrorKind::Other] {
        let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
        for _ in 0..20 {
            let attempt = sent(&mut waiter, &mut limiter, &mut now);
            waiter.handle_error(attempt, TransportError::new(kind, Sent::Maybe));
        }
        assert_eq!(waiter.attempts(), 20);
    }
}

#[test]
fn untrusted_certificate_ends_the_wait() {
    let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    let untrusted = TransportErrorKind::UntrustedCertificate;
    waiter.handle_error(attempt, TransportError::new(untrusted, Sent::No));
    assert!(matches!(waiter.step(&mut limiter, now), Step::Done(Err(_))));
}

#[test]
fn wait_reports_its_state() {
    let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
    let report = |waiter: &Fetch| format!("{:?} {waiter:?}", waiter.outcome());
    let mut reports = vec![report(&waiter)];
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    reports.push(report(&waiter));
    waiter.handle_response(attempt, customer(true));
    assert!(matches!(waiter.step(&mut limiter, now), Step::Done(Ok(_))));
    reports.push(report(&waiter));
    insta::assert_snapshot!(reports.join("\n"), @r#"
    NotProcessed Waiter { operation: "customers.fetch", saved: SavedWait { operation: 2433929481, started: 1764412345, reads: 0 }, state: "paused", .. }
    Unknown Waiter { operation: "customers.fetch", saved: SavedWait { operation: 2433929481, started: 1764412345, reads: 0 }, state: "reading", .. }
    NotProcessed Waiter { operation: "customers.fetch", saved: SavedWait { operation: 2433929481, started: 1764412345, reads: 0 }, state: "finished", .. }
    "#);
}

#[test]
fn cancelled_read_is_sent_again() {
    let mut limiter = limiter();
    let mut waiter = waiter();
    assert!(matches!(
        waiter.step(&mut limiter, Duration::ZERO),
        Step::Send { .. }
    ));
    waiter.cancel_read();
    assert!(matches!(
        waiter.step(&mut limiter, Duration::ZERO),
        Step::Send { attempt: 2, .. }
    ));
}

#[test]
fn cancelling_keeps_the_pause_of_a_retry() {
    let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    let mut busy = response(503, "");
    busy.headers_mut().insert("retry-after", 20.into());
    waiter.handle_response(attempt, busy);
    for second in 0..20 {
        let now = Duration::from_secs(second);
        assert!(matches!(waiter.step(&mut limiter, now), Step::Wait(_)));
        waiter.cancel_read();
    }
    assert_eq!(sent(&mut waiter, &mut limiter, &mut now), 2);
    assert!(now >= Duration::from_secs(20), "{now:?}");
}

#[test]
fn cancelled_or_notified_read_keeps_its_place_in_the_queue() {
    for act in [Fetch::cancel_read as fn(&mut Fetch), Fetch::notify] {
        let mut limiter = limiter().with_limit(6);
        let (mut first, mut second) = (waiter(), waiter());
        let mut begin = |waiter: &mut Fetch, second| {
            let step = waiter.step(&mut limiter, Duration::from_secs(second));
            matches!(step, Step::Send { .. })
        };
        assert!(begin(&mut waiter(), 0));
        assert!(!begin(&mut first, 0));
        assert!(!begin(&mut second, 0));
        act(&mut first);
        // The second is behind the first, which asks again later.
        assert!(!begin(&mut first, 9));
        assert!(!begin(&mut second, 10));
        assert!(begin(&mut first, 10));
    }
}

#[test]
fn wait_that_continues_late_reads_at_once() {
    let mut limiter = limiter().with_limit(6);
    let (mut waiter, mut now) = (waiter(), Duration::ZERO);
    sent(&mut self::waiter(), &mut limiter, &mut now);
    assert!(matches!(waiter.step(&mut limiter, now), Step::Wait(_)));
    waiter.cancel_read();
    let late = now + Duration::from_secs(600);
    now = late;
    assert_eq!(sent(&mut waiter, &mut limiter, &mut now), 1);
    assert_eq!(now, late);
}

#[test]
fn queued_read_is_sent_up_to_its_last_start() {
    let mut limiter = limiter().with_limit(6);
    let (mut waiter, mut now) = (waiter(), Duration::ZERO);
    sent(&mut self::waiter(), &mut limiter, &mut now);
    assert!(matches!(waiter.step(&mut limiter, now), Step::Wait(_)));
    // Its deadline of 60 s, less the 3 s that an attempt needs.
    let step = waiter.step(&mut limiter, Duration::from_secs(57));
    assert!(matches!(step, Step::Send { .. }), "{step:?}");
}

#[test]
fn cancelling_keeps_a_response_that_was_handed_in() {
    let (mut limiter, mut waiter, mut now) = (limiter(), waiter(), Duration::ZERO);
    let attempt = sent(&mut waiter, &mut limiter, &mut now);
    waiter.handle_response(attempt, customer(true));
    waiter.cancel_read();
    let Step::Done(Ok(waited)) = waiter.step(&mut limiter, now) else {
        panic!()
    };
    assert!(waited.is_met());
}

#[test]
fn resumed_wait_reads_once_after_its_deadline() {
    let late = STARTED + 2 * HOUR;
    for is_met in [false, true] {
        let saved = waiter().saved();
        let waiter = Waiter::resume(&api(), fetch(), is_identified as _, &saved, late);
        let mut waiter: Fetch = waiter.unwrap();
        let mut now = Duration::ZERO;
        let result = run(&mut waiter, &mut now, HOUR, |_| customer(is_met));
        assert_eq!(result.unwrap().unwrap().is_met(), is_met);
    }
}

#[test]
fn saved_wait_fits_its_operation_only() {
    let saved = waiter().saved();
    let other = FetchCustomer::new(CustomerCode::new("CUS_x").unwrap());
    let resumed = Waiter::resume(&api(), other, is_identified, &saved, STARTED);
    let invalid = resumed.unwrap_err();
    assert_eq!(invalid.field(), "saved wait");
    assert_eq!(saved.to_string(), "wait:9112d109:1764412345:0");
}

/// Counts how often it is encoded.
#[derive(Clone)]
struct Counted(Rc<Cell<u32>>);

impl Operation for Counted {
    const NAME: &'static str = "test.counted";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/customer";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = IgnoredAny;

    fn query(&self, _query: &mut Query) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn step_after_prepare_encodes_nothing() {
    let encoded = Rc::new(Cell::new(0));
    let mut waiter = Waiter::new(&api(), Counted(encoded.clone()), |_| false, STARTED);
    let (mut limiter, mut now) = (limiter(), Duration::ZERO);
    while now < HOUR / 2 {
        waiter.prepare();
        let before = encoded.get();
        match waiter.step(&mut limiter, now) {
            Step::Send { attempt, .. } => waiter.handle_response(attempt, customer(false)),
            Step::Wait(pause) => now += pause,
            Step::Done(result) => panic!("{result:?}"),
        }
        assert_eq!(encoded.get(), before);
    }
    assert!(encoded.get() > 5);
}

#[test]
fn write_is_rejected() {
    let update = UpdateCustomer::new(CustomerCode::new("CUS_x").unwrap());
    let mut waiter = Waiter::new(&api(), update, is_identified, STARTED);
    let Step::Done(Err(error)) = waiter.step(&mut limiter(), Duration::ZERO) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
    assert_eq!(error.operation(), Some(UpdateCustomer::NAME));
}
