//! The call as a machine: each of its rules by itself, and all of them against generated events.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests, which are told by the environment how many to run"
)]

use std::time::Duration;

use paystack_core::customers::FetchCustomer;
use paystack_core::{
    Api, Call, CustomerCode, Domain, ErrorKind, Pace, RequestError, Resend, SecretKey, Sent,
    Settings, Step, TransportError, TransportErrorKind, http,
};

use crate::events::{Answer, Event, answer};

mod events;
mod sequences;

fn api() -> Api {
    Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
}

fn fetch() -> FetchCustomer {
    FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
}

fn pace() -> Pace {
    Pace::new(Domain::Test, 7)
}

#[test]
fn nonsense_settings_are_refused_with_the_fields_name_before_anything_is_sent() {
    let mut settings = Settings::default();
    settings.attempts = 0;
    let Step::Done(Err(error)) =
        Call::new(&api(), fetch(), settings).step(&mut pace(), Duration::ZERO)
    else {
        panic!()
    };
    let shown = "customers.fetch: the request cannot be made: attempts is zero";
    assert_eq!(
        (error.to_string().as_str(), error.was_sent()),
        (shown, Sent::No)
    );
}

#[test]
fn a_time_out_before_a_refused_connection_may_have_been_sent() {
    let mut settings = Settings::default();
    settings.attempts = 2;
    settings.attempt_timeout = Some(Duration::from_secs(1));
    let (mut pace, mut now) = (pace(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    now += Duration::from_secs(1);
    let Step::Wait(pause) = call.step(&mut pace, now) else {
        panic!()
    };
    now += pause;
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    call.failed(
        2,
        TransportError::new(TransportErrorKind::Connect, Sent::No),
    );
    let Step::Done(Err(error)) = call.step(&mut pace, now) else {
        panic!()
    };
    assert_eq!((error.was_sent(), error.attempts()), (Sent::Maybe, 2));
    assert!(error.is_outcome_unknown());
}

#[test]
fn an_answer_to_an_attempt_that_was_given_up_is_not_taken_for_the_next_ones() {
    let mut settings = Settings::default();
    settings.attempt_timeout = Some(Duration::from_secs(1));
    let (mut pace, mut now) = (pace(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    assert!(matches!(
        call.step(&mut pace, now),
        Step::Send { attempt: 1, .. }
    ));
    now += Duration::from_secs(1);
    let Step::Wait(pause) = call.step(&mut pace, now) else {
        panic!()
    };
    now += pause;
    assert!(matches!(
        call.step(&mut pace, now),
        Step::Send { attempt: 2, .. }
    ));
    call.received(1, answer(404, true, None).response());
    call.failed(1, TransportError::new(TransportErrorKind::Io, Sent::Maybe));
    assert!(
        matches!(call.step(&mut pace, now), Step::Wait(_)),
        "the second is still out"
    );
    call.received(2, answer(200, true, None).response());
    assert!(matches!(call.step(&mut pace, now), Step::Done(Ok(_))));
}

#[test]
fn a_call_that_runs_out_of_time_keeps_what_its_last_attempt_ended_with() {
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(10));
    let (mut pace, mut now) = (pace(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    call.received(1, answer(502, false, None).response());
    let Step::Wait(pause) = call.step(&mut pace, now) else {
        panic!()
    };
    now += pause;
    let Step::Send {
        within: Some(within),
        ..
    } = call.step(&mut pace, now)
    else {
        panic!()
    };
    let Step::Done(Err(error)) = call.step(&mut pace, now + within) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    let last = error.last_failure().unwrap();
    assert_eq!(last.status().unwrap(), 502);
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), last.to_string());
    assert!(!error.to_string().contains("502"), "its source says that");
}

#[test]
fn a_call_whose_turn_cannot_come_in_time_ends_at_once_and_tells_the_wait() {
    let (api, mut pace, now) = (api(), pace().with_limit(1), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(20));
    let Step::Done(Err(error)) = Call::new(&api, fetch(), settings).step(&mut pace, now) else {
        panic!("it waits for a window that begins too late")
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!((error.was_sent(), error.attempts()), (Sent::No, 0));
    settings.deadline = Some(Duration::from_secs(63));
    let step = Call::new(&api, fetch(), settings).step(&mut pace, now);
    assert!(matches!(step, Step::Wait(_)), "it may come in time");
}

#[test]
fn what_one_call_is_told_to_wait_holds_up_all() {
    let (api, mut pace) = (api(), pace());
    let mut first = Call::new(&api, fetch(), Settings::default());
    let mut now = Duration::ZERO;
    assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
    first.received(1, answer(429, true, Some(20)).response());
    let Step::Wait(_) = first.step(&mut pace, now) else {
        panic!()
    };
    let mut second = Call::new(&api, fetch(), Settings::default());
    while now < Duration::from_secs(20) {
        let Step::Wait(wait) = second.step(&mut pace, now) else {
            panic!("sent at {now:?}")
        };
        now += wait;
    }
    assert!(matches!(second.step(&mut pace, now), Step::Send { .. }));
}

#[test]
fn a_wait_beyond_the_deadline_ends_the_call_at_once_and_tells_the_wait() {
    let mut call = Call::new(&api(), fetch(), Settings::default());
    let mut pace = pace();
    assert!(matches!(
        call.step(&mut pace, Duration::ZERO),
        Step::Send { .. }
    ));
    call.received(1, answer(429, true, Some(90)).response());
    let Step::Done(Err(error)) = call.step(&mut pace, Duration::ZERO) else {
        panic!()
    };
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
}

#[test]
fn a_call_that_waits_for_its_turn_ends_at_its_deadline_unsent() {
    // Two a minute: the second is due half a minute later.
    let (api, mut pace, now) = (api(), pace().with_limit(2), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(1));
    let mut second = Call::new(&api, fetch(), settings);
    let Step::Wait(wait) = second.step(&mut pace, now) else {
        panic!()
    };
    assert!(wait <= Duration::from_secs(1));
    let Step::Done(Err(error)) = second.step(&mut pace, Duration::from_secs(1)) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!((error.was_sent(), error.attempts()), (Sent::No, 0));
}

#[test]
fn an_attempt_that_has_hardly_any_time_left_is_not_begun() {
    let (api, mut pace) = (api(), pace().without_limit());
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(10));
    settings.backoff_base = Duration::ZERO;
    let mut call = Call::new(&api, fetch(), settings);
    let now = Duration::ZERO;
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    call.failed(
        1,
        TransportError::new(TransportErrorKind::Connect, Sent::No),
    );
    let now = Duration::from_millis(8_999);
    assert!(matches!(call.step(&mut pace, now), Step::Wait(_)));
    let late = Duration::from_millis(9_001);
    let Step::Done(Err(error)) = call.step(&mut pace, late) else {
        panic!()
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!((error.was_sent(), error.attempts()), (Sent::No, 1));
}

#[test]
fn a_wait_that_leaves_hardly_any_time_is_not_waited_and_is_told() {
    // A minute, of which the last attempt begins three seconds before the end.
    let (api, now) = (api(), Duration::ZERO);
    for (seconds, ends) in [(56, false), (58, true)] {
        let mut pace = pace();
        let mut call = Call::new(&api, fetch(), Settings::default());
        assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
        call.received(1, answer(429, true, Some(seconds)).response());
        match call.step(&mut pace, now) {
            Step::Done(Err(error)) => {
                assert!(ends, "{seconds}");
                assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
            }
            Step::Wait(_) => assert!(!ends, "{seconds}"),
            other => panic!("{other:?}"),
        }
    }
    // The same for a turn that comes too late for an attempt.
    let mut pace = pace().with_limit(1);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
    let now = Duration::from_secs(2);
    let Step::Done(Err(error)) = Call::new(&api, fetch(), Settings::default()).step(&mut pace, now)
    else {
        panic!("its turn comes when hardly any time is left")
    };
    assert_eq!(error.retry_after(), Some(Duration::from_secs(58)));
}

#[test]
fn what_a_success_tells_about_the_limit_holds_for_the_next_call() {
    let (api, mut pace, now) = (api(), pace(), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
    let mut response = answer(200, true, None).response();
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-remaining", http::HeaderValue::from_static("0"));
    headers.insert("x-ratelimit-reset", http::HeaderValue::from_static("30"));
    first.received(1, response);
    assert!(matches!(first.step(&mut pace, now), Step::Done(Ok(_))));
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(20));
    let Step::Done(Err(error)) = Call::new(&api, fetch(), settings).step(&mut pace, now) else {
        panic!("the window is used up")
    };
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
}

#[test]
fn what_a_refusal_tells_about_the_limit_counts_and_what_a_proxy_tells_does_not() {
    for (own, goes_on) in [(true, false), (false, true)] {
        let (api, mut pace, now) = (api(), pace(), Duration::ZERO);
        let mut settings = Settings::default();
        settings.attempts = 1;
        let mut first = Call::new(&api, fetch(), settings);
        assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
        let refusal = Answer {
            status: 400,
            own,
            retry_after: None,
            left: Some((0, 30)),
        };
        first.received(1, refusal.response());
        assert!(matches!(first.step(&mut pace, now), Step::Done(Err(_))));
        let now = Duration::from_secs(20);
        let next = Call::new(&api, fetch(), settings).step(&mut pace, now);
        assert_eq!(matches!(next, Step::Send { .. }), goes_on, "{next:?}");
    }
}

#[test]
fn a_proxy_that_refuses_everybody_does_not_begin_a_new_window() {
    let (api, mut pace, now) = (api(), pace(), Duration::ZERO);
    let mut settings = Settings::default();
    settings.attempts = 1;
    let mut calls = [(200, true, 50), (429, false, 1)].map(|(status, own, reset)| {
        let mut call = Call::new(&api, fetch(), settings);
        let first = call.step(&mut pace, now);
        assert!(matches!(first, Step::Send { .. }), "{first:?}");
        let answer = Answer {
            status,
            own,
            retry_after: None,
            left: Some((0, reset)),
        };
        (call, answer)
    });
    for (call, answer) in &mut calls {
        call.received(1, answer.response());
        assert!(matches!(call.step(&mut pace, now), Step::Done(_)));
    }
    let now = Duration::from_secs(40);
    let next = Call::new(&api, fetch(), settings).step(&mut pace, now);
    assert!(matches!(next, Step::Wait(_)), "{next:?}");
}

#[test]
fn an_attempt_with_a_tenth_of_its_time_left_is_begun() {
    let (api, mut pace) = (api(), pace().without_limit());
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(10));
    settings.backoff_base = Duration::ZERO;
    let mut call = Call::new(&api, fetch(), settings);
    assert!(matches!(
        call.step(&mut pace, Duration::ZERO),
        Step::Send { .. }
    ));
    let now = Duration::from_secs(9);
    call.failed(
        1,
        TransportError::new(TransportErrorKind::Connect, Sent::No),
    );
    assert!(matches!(call.step(&mut pace, now), Step::Wait(_)));
    let Step::Send { within, .. } = call.step(&mut pace, now) else {
        panic!()
    };
    assert_eq!(within, Some(Duration::from_secs(1)));
}

/// What may follow an attempt that ended like this.
fn follows(event: Event, resend: Resend) -> &'static str {
    let (api, mut pace, now) = (api(), pace().without_limit(), Duration::ZERO);
    let mut settings = Settings::default();
    settings.resend = Some(resend);
    settings.attempt_timeout = Some(Duration::from_secs(1));
    let mut call = Call::new(&api, fetch(), settings);
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    let now = match event {
        Event::Nothing => now + Duration::from_secs(1),
        Event::Lost(kind, sent) => {
            call.failed(1, TransportError::new(kind, sent));
            now
        }
        answer => {
            call.received(1, answer.response());
            now
        }
    };
    match call.step(&mut pace, now) {
        Step::Wait(_) => "again",
        Step::Done(_) => "over",
        Step::Send { .. } => "at once",
    }
}

#[test]
fn what_may_follow_an_attempt_is_decided_by_how_it_ended() {
    use TransportErrorKind::{Connect, Io, Other, Timeout, TooLarge};
    // After each ending, where an operation may always be sent again, only if unsent, or never.
    for (event, expected) in [
        (Event::Nothing, ["again", "over", "over"]),
        (Event::Lost(Connect, Sent::No), ["again", "again", "over"]),
        (Event::Lost(Connect, Sent::Maybe), ["again", "over", "over"]),
        (Event::Lost(Io, Sent::No), ["again", "again", "over"]),
        (Event::Lost(Timeout, Sent::No), ["again", "again", "over"]),
        (Event::Lost(TooLarge, Sent::No), ["again", "again", "over"]),
        (Event::Lost(Other, Sent::No), ["again", "again", "over"]),
        (Event::Lost(Io, Sent::Maybe), ["again", "over", "over"]),
        (Event::Lost(Timeout, Sent::Maybe), ["again", "over", "over"]),
        (Event::Lost(TooLarge, Sent::Maybe), ["over", "over", "over"]),
        (Event::Lost(Other, Sent::Maybe), ["over", "over", "over"]),
        (answer(200, true, None), ["over", "over", "over"]),
        (answer(200, false, None), ["over", "over", "over"]),
        (answer(400, true, None), ["over", "over", "over"]),
        (answer(404, true, None), ["over", "over", "over"]),
        (answer(429, true, None), ["again", "again", "over"]),
        (answer(429, false, None), ["again", "over", "over"]),
        (answer(500, true, None), ["again", "over", "over"]),
        (answer(502, false, None), ["again", "over", "over"]),
        (answer(503, true, None), ["again", "over", "over"]),
        (answer(504, false, None), ["again", "over", "over"]),
        (answer(521, false, None), ["over", "over", "over"]),
    ] {
        let rules = [Resend::Always, Resend::OnlyIfUnsent, Resend::Never];
        assert_eq!(
            rules.map(|rule| follows(event, rule)),
            expected,
            "{event:?}"
        );
    }
}

#[test]
fn debug_of_calls_and_steps_shows_neither_url_nor_body() {
    let (api, mut pace, now) = (api(), pace(), Duration::ZERO);
    let canary = FetchCustomer::new(paystack_core::Email::new("canary@example.com").unwrap());
    let mut call = Call::new(&api, canary, Settings::default());
    let step = call.step(&mut pace, now);
    assert_eq!(
        format!("{step:?} {call:?}"),
        "Send { method: GET, body_bytes: 0, within: Some(30s), attempt: 1, .. } \
         Call { operation: \"customers.fetch\", attempts: 1, state: \"out\", .. }"
    );
    let wait = call.step(&mut pace, now);
    assert_eq!(format!("{wait:?}"), "Wait(30s)");
    call.received(1, answer(404, true, None).response());
    let done = format!("{:?}", call.step(&mut pace, now));
    assert!(done.starts_with("Done(Err(Error { operation"), "{done}");
    assert!(!done.contains("canary"), "{done}");
}

#[test]
fn what_cannot_be_written_takes_no_place_in_the_queue() {
    let (api, mut pace, now) = (api(), pace().with_limit(1), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut pace, now), Step::Send { .. }));
    let long = FetchCustomer::new(CustomerCode::new("x".repeat(70_000)).unwrap());
    let mut call = Call::new(&api, long, Settings::default());
    let Step::Done(Err(error)) = call.step(&mut pace, now) else {
        panic!("it waits for a turn that it has no use for")
    };
    assert!(matches!(
        error.kind(),
        ErrorKind::Request(RequestError::TooLong)
    ));
}

#[test]
fn what_a_dropped_call_held_is_given_back() {
    // The bucket holds a hundred retries; a hundred and fifty calls that are dropped before theirs
    // leave it full.
    let (api, mut pace, now) = (api(), pace().without_limit(), Duration::ZERO);
    for _ in 0..150 {
        let mut call = Call::new(&api, fetch(), Settings::default());
        assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
        call.received(1, answer(503, true, None).response());
        assert!(
            matches!(call.step(&mut pace, now), Step::Wait(_)),
            "a retry is paid for"
        );
        call.give_back(&mut pace);
        assert!(
            matches!(call.step(&mut pace, now), Step::Done(Err(_))),
            "it is over"
        );
    }
}

#[test]
fn a_transport_that_gives_up_at_the_deadline_ends_the_call_for_want_of_time() {
    let mut settings = Settings::default();
    settings.deadline = Some(Duration::from_secs(10));
    let end = Duration::from_secs(10);
    for (kind, for_want_of_time) in [
        (TransportErrorKind::Timeout, true),
        (TransportErrorKind::Io, false),
    ] {
        let mut pace = pace();
        let mut call = Call::new(&api(), fetch(), settings);
        let step = call.step(&mut pace, Duration::ZERO);
        assert!(matches!(step, Step::Send { .. }));
        call.failed(1, TransportError::new(kind, Sent::Maybe));
        let Step::Done(Err(error)) = call.step(&mut pace, end) else {
            panic!("nothing follows the deadline")
        };
        let is_deadline = matches!(error.kind(), ErrorKind::Deadline);
        assert_eq!(is_deadline, for_want_of_time, "{kind:?}");
        assert_eq!((error.was_sent(), error.attempts()), (Sent::Maybe, 1));
        assert!(error.is_outcome_unknown());
    }
}

#[test]
fn a_call_that_waits_for_its_retry_makes_it_no_earlier() {
    let (mut pace, mut now) = (pace(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), Settings::default());
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    call.received(1, answer(503, true, Some(7)).response());
    let Step::Wait(pause) = call.step(&mut pace, now) else {
        panic!()
    };
    assert!(pause >= Duration::from_secs(7));
    now += Duration::from_secs(6);
    let Step::Wait(rest) = call.step(&mut pace, now) else {
        panic!("too early")
    };
    assert_eq!(rest, pause.checked_sub(now).unwrap());
    assert!(matches!(call.step(&mut pace, pause), Step::Send { .. }));
}

#[test]
fn debug_of_a_call_tells_how_far_it_is() {
    let (mut pace, now) = (pace(), Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), Settings::default());
    let state = |call: &Call<FetchCustomer>| {
        let shown = format!("{call:?}");
        let (_, state) = shown.split_once("state: ").unwrap();
        state.split(',').next().unwrap().to_owned()
    };
    assert_eq!(state(&call), r#""idle""#);
    assert!(matches!(call.step(&mut pace, now), Step::Send { .. }));
    assert_eq!(state(&call), r#""out""#);
    call.received(1, answer(200, true, None).response());
    assert_eq!(state(&call), r#""landed""#);
    assert!(matches!(call.step(&mut pace, now), Step::Done(Ok(_))));
    assert_eq!(state(&call), r#""over""#);
}
