//! When a call is retried, after which wait, and what a retry costs.

use super::*;

/// A response of a proxy, with a wait.
fn proxys(status: u16, body: &'static str, retry_after: &str) -> http::Response<bytes::Bytes> {
    let response = http::Response::builder().status(status);
    let response = response.header("retry-after", retry_after);
    response.body(body.into()).unwrap()
}

#[test]
fn read_after_a_cloudflare_error_is_retried_as_after_502() {
    let bodies = [
        "<html><title>522: Connection timed out</title></html>",
        r#"{"type":"https://example.com","title":"Error 522","status":522,"detail":"Timed out"}"#,
    ];
    for status in [502, 520, 521, 522, 523, 524, 530] {
        for body in bodies {
            let mut limiter = limiter();
            let mut call = Call::new(&api(), fetch(), Settings::new());
            assert!(matches!(
                call.step(&mut limiter, Duration::ZERO),
                Step::Send { .. }
            ));
            call.handle_response(1, proxys(status, body, "7"));
            let Step::Wait(pause) = call.step(&mut limiter, Duration::ZERO) else {
                panic!("{status}")
            };
            assert!(pause >= Duration::from_secs(7), "{status}: {pause:?}");
            assert!(matches!(call.step(&mut limiter, pause), Step::Send { .. }));

            let create = CreateCustomer::new(Email::new("ada@example.com").unwrap());
            let mut call = Call::new(&api(), create, Settings::new());
            assert!(matches!(
                call.step(&mut limiter, pause * 2),
                Step::Send { .. }
            ));
            call.handle_response(1, proxys(status, body, "7"));
            let Step::Done(Err(error)) = call.step(&mut limiter, pause * 2) else {
                panic!("{status}")
            };
            assert_eq!(error.outcome(), Outcome::Unknown);
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        }
    }
}

#[test]
fn call_without_a_deadline_waits_an_hour_at_most() {
    for asked in [
        "86400",
        "999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "1767225600000000",
    ] {
        let mut limiter = limiter();
        let mut call = Call::new(&api(), fetch(), Settings::new().deadline(None));
        assert!(matches!(
            call.step(&mut limiter, Duration::ZERO),
            Step::Send { .. }
        ));
        let mut response = proxys(503, "", asked);
        let now = "Thu, 01 Jan 2026 00:00:00 GMT".parse().unwrap();
        response.headers_mut().insert("date", now);
        call.handle_response(1, response);
        let Step::Wait(pause) = call.step(&mut limiter, Duration::ZERO) else {
            panic!("{asked}")
        };
        let hour = Duration::from_secs(3_600);
        assert!(
            pause >= hour && pause < hour + Duration::from_secs(10),
            "{asked}: {pause:?}"
        );
        assert!(
            matches!(call.step(&mut limiter, pause), Step::Send { .. }),
            "{asked}"
        );
    }
}

#[test]
fn step_after_the_end_keeps_the_outcome() {
    let lost = Event::Lost(TransportErrorKind::Io, Sent::Maybe);
    for (event, outcome) in [
        (response(200, true, None), Outcome::Processed),
        (response(404, true, None), Outcome::NotProcessed),
        (lost, Outcome::Unknown),
    ] {
        let mut limiter = limiter();
        let mut call = Call::new(&api(), fetch(), Settings::new().attempts(1));
        assert!(matches!(
            call.step(&mut limiter, Duration::ZERO),
            Step::Send { .. }
        ));
        hand_in(&mut call, 1, event);
        assert!(matches!(
            call.step(&mut limiter, Duration::ZERO),
            Step::Done(_)
        ));
        let Step::Done(Err(error)) = call.step(&mut limiter, Duration::ZERO) else {
            panic!("a finished call continues")
        };
        assert!(matches!(error.kind(), ErrorKind::Finished));
        assert_eq!(error.outcome(), outcome, "{event:?}");
    }
}

#[test]
fn waits_before_a_retry_differ_by_seed() {
    let waits = (0..20).map(|seed| {
        let mut limiter = RateLimiter::new(Mode::Test, seed);
        let mut call = Call::new(&api(), fetch(), Settings::default());
        assert!(matches!(
            call.step(&mut limiter, Duration::ZERO),
            Step::Send { .. }
        ));
        call.handle_response(1, response(503, true, None).to_http());
        match call.step(&mut limiter, Duration::ZERO) {
            Step::Wait(wait) => wait,
            other => panic!("{other:?}"),
        }
    });
    let waits: std::collections::BTreeSet<_> = waits.collect();
    assert!(waits.len() > 15, "{waits:?}");
    let (shortest, longest) = (waits.first().unwrap(), waits.last().unwrap());
    assert!(*longest <= Duration::from_millis(250), "{longest:?}");
    assert!(*longest > *shortest * 2, "{waits:?}");
}

fn hand_in(call: &mut Call<FetchCustomer>, attempt: u32, event: Event) {
    match event {
        Event::Lost(kind, sent) => {
            call.handle_error(attempt, TransportError::new(kind, sent));
        }
        received => call.handle_response(attempt, received.to_http()),
    }
}

/// Sends a call of two attempts with these results. Returns whether the second attempt was sent.
fn is_retried(limiter: &mut RateLimiter, results: [Event; 2]) -> bool {
    let settings = Settings::new()
        .attempts(2)
        .backoff(Duration::ZERO, Duration::ZERO);
    let mut call = Call::new(&api(), fetch(), settings);
    for (attempt, result) in (1..).zip(results) {
        assert!(matches!(
            call.step(limiter, Duration::ZERO),
            Step::Send { .. }
        ));
        hand_in(&mut call, attempt, result);
        if matches!(call.step(limiter, Duration::ZERO), Step::Done(_)) {
            return attempt == 2;
        }
    }
    panic!("a call of two attempts continues")
}

#[test]
fn retry_costs_tokens_by_its_cause() {
    let timeout = Event::Lost(TransportErrorKind::Timeout, Sent::Maybe);
    for (result, retries) in [
        (response(503, true, None), 100),
        (Event::Lost(TransportErrorKind::Connect, Sent::No), 100),
        (response(429, false, None), 100),
        (timeout, 50),
        (response(429, true, None), 150),
    ] {
        let mut limiter = limiter().without_limit();
        let retried = (0..150).filter(|_| is_retried(&mut limiter, [result; 2]));
        assert_eq!(retried.count(), retries, "{result:?}");
    }
}

#[test]
fn successful_retry_returns_its_tokens() {
    let (failure, success) = (response(503, true, None), response(200, true, None));
    let mut limiter = limiter().without_limit();
    for call in 0..150 {
        assert!(is_retried(&mut limiter, [failure, success]), "call {call}");
    }
}

#[test]
fn five_successes_pay_for_one_retry() {
    let failure = response(503, true, None);
    let mut limiter = limiter().without_limit();
    while is_retried(&mut limiter, [failure; 2]) {}
    for successes in 1..=10 {
        assert!(!is_retried(&mut limiter, [response(200, true, None); 2]));
        let is_retried = is_retried(&mut limiter, [failure; 2]);
        assert_eq!(is_retried, successes % 5 == 0, "{successes}");
    }
}
