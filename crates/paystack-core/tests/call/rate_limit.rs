//! Calls under a rate limit.

use std::time::Duration;

use paystack_core::customers::FetchCustomer;
use paystack_core::{
    Call, CustomerCode, ErrorKind, Mode, Outcome, RateLimitGroup, RateLimiter, Settings, Step, http,
};

use crate::events::{Response, response};
use crate::{api, fetch, limiter};

#[test]
fn a_queue_wait_beyond_the_deadline_ends_the_call_at_once() {
    let (api, mut limiter, now) = (api(), limiter().with_limit(1), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    let mut settings = Settings::new().deadline(Duration::from_secs(20));
    let Step::Done(Err(error)) = Call::new(&api, fetch(), settings).step(&mut limiter, now) else {
        panic!("the call waits for a window after its deadline")
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!(
        (error.outcome(), error.attempts()),
        (Outcome::NotProcessed, 0)
    );
    settings = settings.deadline(Some(Duration::from_secs(63)));
    let step = Call::new(&api, fetch(), settings).step(&mut limiter, now);
    assert!(
        matches!(step, Step::Wait(_)),
        "the window starts before the deadline"
    );
}

#[test]
fn a_rate_limit_applies_to_all_calls() {
    let (api, mut limiter) = (api(), limiter());
    let mut first = Call::new(&api, fetch(), Settings::default());
    let mut now = Duration::ZERO;
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    first.handle_response(1, response(429, true, Some(20)).to_http());
    let Step::Wait(_) = first.step(&mut limiter, now) else {
        panic!()
    };
    let mut second = Call::new(&api, fetch(), Settings::default());
    while let Step::Wait(wait) = second.step(&mut limiter, now) {
        now += wait;
    }
    let (earliest, latest) = (Duration::from_secs(20), Duration::from_secs(23));
    assert!((earliest..latest).contains(&now), "{now:?}");
}

#[test]
fn reply_and_error_have_attempts_and_time_in_the_queue() {
    let (api, mut limiter, mut now) = (api(), limiter().with_limit(1), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));

    for status in [200, 404] {
        let settings = Settings::new().deadline(None);
        let mut call = Call::new(&api, fetch(), settings);
        // A window of the limit lets one request pass, so that each attempt waits for the next one.
        let mut queued = Duration::ZERO;
        for (attempt, status) in [(1, 502), (2, status)] {
            let before = now;
            let mut paused = Duration::ZERO;
            loop {
                match call.step(&mut limiter, now) {
                    Step::Send { .. } => break,
                    // The first wait after a failure is the pause before the retry.
                    Step::Wait(pause) if attempt == 2 && paused.is_zero() => {
                        paused = pause;
                        now += pause;
                    }
                    Step::Wait(pause) => now += pause,
                    Step::Done(result) => panic!("{result:?}"),
                }
            }
            queued += now - before - paused;
            call.handle_response(attempt, response(status, true, None).to_http());
        }
        let Step::Done(result) = call.step(&mut limiter, now) else {
            panic!()
        };
        let facts = match result {
            Ok(reply) => (reply.attempts(), reply.queued_for()),
            Err(error) => (error.attempts(), error.queued_for()),
        };
        assert_eq!(facts, (2, queued));
        assert!(queued > Duration::from_secs(60), "{queued:?}");
    }
}

#[test]
fn a_queue_wait_that_grows_past_the_deadline_ends_the_call() {
    let (api, mut limiter, now) = (api(), limiter().with_limit(60), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    let settings = Settings::new().deadline(Duration::from_secs(5));
    let mut second = Call::new(&api, fetch(), settings);
    let Step::Wait(wait) = second.step(&mut limiter, now) else {
        panic!()
    };
    assert!(wait <= Duration::from_secs(2));
    first.handle_response(1, response(429, true, Some(30)).to_http());
    assert!(matches!(first.step(&mut limiter, now), Step::Wait(_)));
    let Step::Done(Err(error)) = second.step(&mut limiter, now + wait) else {
        panic!("the call waits beyond its deadline")
    };
    assert!(matches!(error.kind(), ErrorKind::Deadline));
    assert!(error.retry_after() > Some(Duration::from_secs(28)));
    assert_eq!(
        (error.outcome(), error.attempts()),
        (Outcome::NotProcessed, 0)
    );
}

#[test]
fn a_wait_that_leaves_no_time_is_reported() {
    // The default deadline is a minute. An attempt needs at least three seconds before it.
    let (api, now) = (api(), Duration::ZERO);
    for (seconds, ends) in [(56, false), (58, true)] {
        let mut limiter = limiter();
        let mut call = Call::new(&api, fetch(), Settings::default());
        assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
        call.handle_response(1, response(429, true, Some(seconds)).to_http());
        match call.step(&mut limiter, now) {
            Step::Done(Err(error)) => {
                assert!(ends, "{seconds}");
                assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
            }
            Step::Wait(_) => assert!(!ends, "{seconds}"),
            other => panic!("{other:?}"),
        }
    }
    // The same applies to a wait in the queue.
    let mut limiter = limiter().with_limit(1);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    let now = Duration::from_secs(2);
    let Step::Done(Err(error)) =
        Call::new(&api, fetch(), Settings::default()).step(&mut limiter, now)
    else {
        panic!("the call waits, although too little time remains for an attempt")
    };
    assert_eq!(error.retry_after(), Some(Duration::from_secs(58)));
}

#[test]
fn limits_in_a_successful_response_apply_to_the_next_call() {
    let (api, mut limiter, now) = (api(), limiter(), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    let mut response = response(200, true, None).to_http();
    let headers = response.headers_mut();
    headers.insert("x-ratelimit-remaining", http::HeaderValue::from_static("0"));
    headers.insert("x-ratelimit-reset", http::HeaderValue::from_static("30"));
    first.handle_response(1, response);
    assert!(matches!(first.step(&mut limiter, now), Step::Done(Ok(_))));
    let settings = Settings::new().deadline(Duration::from_secs(20));
    let Step::Done(Err(error)) = Call::new(&api, fetch(), settings).step(&mut limiter, now) else {
        panic!("the call ignores the exhausted window")
    };
    // The server may round the reset time down, so the limiter adds a second.
    let wait = error.retry_after().unwrap().as_secs_f64();
    assert!((31.0..32.0).contains(&wait), "{wait}");
}

#[test]
fn rate_limit_headers_of_a_proxy_are_ignored() {
    for (is_paystacks_own, is_admitted) in [(true, false), (false, true)] {
        let (api, mut limiter, now) = (api(), limiter(), Duration::ZERO);
        let settings = Settings::new().attempts(1);
        let mut first = Call::new(&api, fetch(), settings);
        assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
        let refusal = Response {
            status: 400,
            is_paystacks_own,
            retry_after: None,
            left: Some((0, 30)),
        };
        first.handle_response(1, refusal.to_http());
        assert!(matches!(first.step(&mut limiter, now), Step::Done(Err(_))));
        let now = Duration::from_secs(20);
        let next = Call::new(&api, fetch(), settings).step(&mut limiter, now);
        assert_eq!(matches!(next, Step::Send { .. }), is_admitted, "{next:?}");
    }
}

#[test]
fn a_proxys_limit_starts_no_new_window() {
    let (api, mut limiter, now) = (api(), limiter(), Duration::ZERO);
    let settings = Settings::new().attempts(1);
    let mut calls = [(200, true, 50), (429, false, 1)].map(|(status, is_paystacks_own, reset)| {
        let mut call = Call::new(&api, fetch(), settings);
        let first = call.step(&mut limiter, now);
        assert!(matches!(first, Step::Send { .. }), "{first:?}");
        let response = Response {
            status,
            is_paystacks_own,
            retry_after: None,
            left: Some((0, reset)),
        };
        (call, response)
    });
    for (call, response) in &mut calls {
        call.handle_response(1, response.to_http());
        assert!(matches!(call.step(&mut limiter, now), Step::Done(_)));
    }
    let now = Duration::from_secs(40);
    let next = Call::new(&api, fetch(), settings).step(&mut limiter, now);
    assert!(matches!(next, Step::Wait(_)), "{next:?}");
}

#[test]
fn an_invalid_request_takes_no_place_in_the_queue() {
    let (api, mut limiter, now) = (api(), limiter().with_limit(1), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    let long = FetchCustomer::new(CustomerCode::new("x".repeat(70_000)).unwrap());
    let mut call = Call::new(&api, long, Settings::default());
    let Step::Done(Err(error)) = call.step(&mut limiter, now) else {
        panic!("an invalid request is queued")
    };
    assert!(matches!(error.kind(), ErrorKind::InvalidInput(_)));
}

#[test]
fn html_page_with_a_limit_of_one_throttles_nobody() {
    for status in [200, 401, 403, 404, 502] {
        let (api, mut limiter, now) = (api(), limiter(), Duration::ZERO);
        let settings = Settings::new().attempts(1);
        let mut first = Call::new(&api, fetch(), settings);
        assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
        let page = http::Response::builder()
            .status(status)
            .header("x-ratelimit-limit", 1)
            .header("x-ratelimit-remaining", 0)
            .header("x-ratelimit-reset", 60);
        first.handle_response(1, page.body("<html>".into()).unwrap());
        assert!(matches!(first.step(&mut limiter, now), Step::Done(Err(_))));
        for second in 1..60 {
            let now = Duration::from_secs(second);
            let next = Call::new(&api, fetch(), settings).step(&mut limiter, now);
            assert!(
                matches!(next, Step::Send { .. }),
                "{status}, second {second}"
            );
        }
    }
}

#[test]
fn limit_is_600_in_live_mode_and_100_in_test_mode() {
    for (mode, limit) in [(Mode::Live, 600), (Mode::Test, 100)] {
        let limiter = RateLimiter::new(mode, 7);
        let status = limiter.status(RateLimitGroup::DEFAULT, Duration::ZERO);
        assert_eq!(status.limit, Some(limit));
    }
}

#[test]
fn proxys_429_stops_all_requests_as_well() {
    let (api, mut limiter, mut now) = (api(), limiter(), Duration::ZERO);
    let mut first = Call::new(&api, fetch(), Settings::default());
    assert!(matches!(first.step(&mut limiter, now), Step::Send { .. }));
    first.handle_response(1, response(429, false, Some(20)).to_http());
    assert!(matches!(first.step(&mut limiter, now), Step::Wait(_)));
    let mut second = Call::new(&api, fetch(), Settings::default());
    while let Step::Wait(wait) = second.step(&mut limiter, now) {
        now += wait;
    }
    let (earliest, latest) = (Duration::from_secs(21), Duration::from_secs(23));
    assert!((earliest..latest).contains(&now), "{now:?}");
}

#[test]
fn hundredth_of_a_shared_limit_is_left_to_others() {
    for (left_first, admitted) in [(50, 19), (20, 20)] {
        let (api, mut limiter, now) = (api(), limiter(), Duration::ZERO);
        let settings = Settings::new().deadline(None);
        let mut calls = [left_first, 20].map(|left| {
            let mut call = Call::new(&api, fetch(), settings);
            assert!(matches!(call.step(&mut limiter, now), Step::Send { .. }));
            (call, left)
        });
        // If the second response has much less left than the first, other processes use the quota as well.
        for (call, left) in &mut calls {
            let response = Response {
                status: 200,
                is_paystacks_own: true,
                retry_after: None,
                left: Some((*left, 59)),
            };
            call.handle_response(1, response.to_http());
            assert!(matches!(call.step(&mut limiter, now), Step::Done(Ok(_))));
        }
        let tenths = (0..600).map(|tenth| Duration::from_millis(tenth * 100));
        let sent = tenths.filter(|now| {
            let step = Call::new(&api, fetch(), settings).step(&mut limiter, *now);
            matches!(step, Step::Send { .. })
        });
        assert_eq!(sent.count(), admitted, "of 20, after {left_first}");
    }
}
