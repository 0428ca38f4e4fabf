//! Generated calls keep the rules of `Call`.
//!
//! `SEQUENCES=1000000 cargo test --release -p paystack-core --test call` runs more of them.

use std::time::Duration;

use paystack_core::customers::{DeactivateAuthorization, FetchCustomer};
use paystack_core::{
    Api, AuthorizationCode, Call, CustomerCode, ErrorKind, Mode, Operation, Outcome, RateLimiter,
    RetryRule, Settings, Step, TransportError,
};

use crate::events::{Event, Response, one, response};
use crate::{api, fetch};

#[test]
fn generated_calls_keep_the_rules() {
    let sequences = std::env::var("SEQUENCES").map_or(50_000, |count| count.parse().unwrap());
    let code = CustomerCode::new("CUS_x").unwrap();
    let card = AuthorizationCode::new("AUTH_x").unwrap();
    let (mut sent, mut retried, mut dropped) = (0_u64, 0_u64, 0_u64);
    for seed in 0..sequences {
        let ending = if seed % 2 == 0 {
            sequence(seed, FetchCustomer::new(&code))
        } else {
            sequence(seed, DeactivateAuthorization::new(&card))
        };
        sent += u64::from(ending.attempts > 0);
        retried += u64::from(ending.attempts > 1);
        dropped += u64::from(ending.was_dropped);
    }
    println!(
        "{sequences} sequences: {sent} sent something, {retried} more than once, {dropped} were dropped"
    );
    assert!(sent > sequences * 8 / 10, "too few calls send a request");
    assert!(retried > sequences / 10, "too few calls retry");
    assert!(dropped > sequences / 20, "too few calls are dropped");
}

fn settings(random: &mut fastrand::Rng) -> Settings {
    use RetryRule::{Idempotent, IfNotProcessed, Never};
    let rules = [
        None,
        None,
        Some(Idempotent),
        Some(IfNotProcessed),
        Some(Never),
    ];
    Settings::new()
        .attempts(random.u32(1..=5))
        .attempt_timeout(one(random, &[None, Some(1), Some(30)]).map(Duration::from_secs))
        .deadline(one(random, &[None, Some(2), Some(60)]).map(Duration::from_secs))
        .retry_rule(one(random, &rules))
}

/// A limiter with earlier calls, some still queued.
///
/// Also returns whether the limiter has no limit.
fn used_limiter(random: &mut fastrand::Rng, api: &Api, seed: u64) -> (RateLimiter, bool) {
    let limiter = RateLimiter::new(Mode::Test, seed);
    let mut limiter = match random.u8(..4) {
        0 | 1 => return (limiter.without_limit(), true),
        2 => limiter,
        _ => limiter.with_limit(random.u64(1..=5)),
    };
    for _ in 0..random.u8(..8) {
        let mut other = Call::new(api, fetch(), Settings::default());
        let step = other.step(&mut limiter, Duration::ZERO);
        // All other calls are dropped: while they are queued, or before they handle a response.
        if let (0, Step::Send { attempt, .. }) = (random.u8(..4), step) {
            other.handle_response(attempt, Event::Response(Response::any(random)).to_http());
            let _ = other.step(&mut limiter, Duration::ZERO);
        }
    }
    (limiter, false)
}

/// How a generated call ended.
struct Ending {
    attempts: u32,
    was_dropped: bool,
}

/// Drives one call through generated events.
fn sequence<O: Operation>(seed: u64, operation: O) -> Ending {
    let mut random = fastrand::Rng::with_seed(seed);
    let api = api();
    let settings = settings(&mut random);
    let rule = settings.effective_retry_rule(O::RETRY);
    let (mut limiter, unlimited) = used_limiter(&mut random, &api, seed);
    let mut call = Call::new(&api, operation, settings);
    let begun = Duration::from_millis(random.u64(..10_000));
    let drop_at = if random.u8(..8) == 0 {
        random.usize(..6)
    } else {
        usize::MAX
    };
    let (mut now, mut attempts) = (begun, 0);
    // The result of the last attempt, and the earliest time that the server allows for the next.
    let (mut last, mut not_before): (Option<Event>, _) = (None, begun);
    // Whether Paystack may have processed an attempt.
    let mut unknown = false;
    let mut steps = 0;
    loop {
        let (made, before) = (attempts, last);
        let context = || format!("seed {seed}, {settings:?}, attempts {made}, last {before:?}");
        assert!(steps < 1_000, "the call does not end: {}", context());
        if steps == drop_at {
            drop(call);
            next_call_is_admitted(limiter, now, &context());
            return Ending {
                attempts,
                was_dropped: true,
            };
        }
        steps += 1;
        match call.step(&mut limiter, now) {
            Step::Send {
                within, attempt, ..
            } => {
                attempts += 1;
                assert_eq!(attempt, attempts);
                assert!(attempts <= settings.max_attempts(), "{}", context());
                assert!(
                    !unknown || rule == RetryRule::Idempotent,
                    "a second write: {}",
                    context()
                );
                assert!(attempts == 1 || rule != RetryRule::Never, "{}", context());
                assert!(
                    now >= not_before,
                    "sent before the server allows it: {}",
                    context()
                );
                let rest = settings.max_call_time().map(|limit| begun + limit - now);
                let least = [settings.max_attempt_time(), rest]
                    .into_iter()
                    .flatten()
                    .min();
                assert_eq!(within, least, "{}", context());
                let event = Event::any(&mut random);
                // The result arrives before the timeout, exactly at it, or after it.
                let delay = within.map_or(Duration::from_millis(random.u64(..5_000)), |within| {
                    within.mul_f64(one(&mut random, &[0.0, 0.5, 0.99, 1.0, 1.5]))
                });
                let late = within.is_some_and(|within| delay >= within);
                if random.u8(..4) == 0 {
                    // While the request is in flight, a step returns the rest of its time.
                    let Step::Wait(rest) = call.step(&mut limiter, now) else {
                        panic!("{}", context())
                    };
                    assert!(within.is_none_or(|within| rest == within), "{}", context());
                }
                if event == Event::Nothing || late {
                    let Some(within) = within else {
                        // An attempt without a time limit waits until the call is dropped.
                        drop(call);
                        next_call_is_admitted(limiter, now, &context());
                        return Ending {
                            attempts,
                            was_dropped: true,
                        };
                    };
                    now += within;
                    last = Some(Event::Nothing);
                    unknown = true;
                    // The call times out first. `Step::Wait` below sends it a late response.
                    continue;
                }
                now += delay;
                match event {
                    Event::Lost(kind, sent) => {
                        call.handle_error(attempt, TransportError::new(kind, sent));
                    }
                    received => call.handle_response(attempt, received.to_http()),
                }
                unknown |= event.outcome_is_unknown();
                not_before = now + event.wait();
                last = Some(event);
            }
            Step::Wait(wait) => {
                if unlimited {
                    let asked = last.unwrap_or_else(|| panic!("{}", context())).wait();
                    let doubled = Duration::from_millis(250) * (1 << (attempts - 1));
                    let longest = doubled.min(Duration::from_secs(8)) + asked;
                    assert!((asked..=longest).contains(&wait), "{wait:?}, {}", context());
                }
                let ends = settings.max_call_time().map(|limit| begun + limit);
                assert!(ends.is_none_or(|ends| now + wait < ends), "{}", context());
                // A late response changes nothing.
                call.handle_response(attempts, response(200, true, None).to_http());
                now += wait;
            }
            Step::Done(result) => {
                if let Some(limit) = settings.max_call_time() {
                    assert!(now <= begun + limit, "{}", context());
                }
                assert_eq!(call.attempts(), attempts);
                match result {
                    Ok(_) => assert!(last.is_some_and(Event::is_success), "{}", context()),
                    Err(error) => {
                        assert_eq!(error.attempts(), attempts, "{}", context());
                        let is_unknown = error.outcome() == Outcome::Unknown;
                        assert_eq!(is_unknown, unknown, "{}", context());
                    }
                }
                assert_over(&mut call, &mut limiter, now);
                next_call_is_admitted(limiter, now, &context());
                return Ending {
                    attempts,
                    was_dropped: false,
                };
            }
        }
    }
}

/// Checks that each step after the end of a call returns `ErrorKind::Finished`.
fn assert_over<O: Operation>(call: &mut Call<O>, limiter: &mut RateLimiter, now: Duration) {
    for _ in 0..2 {
        let Step::Done(Err(over)) = call.step(limiter, now) else {
            panic!("a finished call continues")
        };
        assert!(matches!(over.kind(), ErrorKind::Finished));
    }
}

/// Checks that the limiter admits the next call within about two minutes.
///
/// The caller's own limit and the server's window can each delay it by a minute.
fn next_call_is_admitted(mut limiter: RateLimiter, now: Duration, context: &str) {
    let settings = Settings::new().deadline(None);
    let mut next = Call::new(&api(), fetch(), settings);
    let mut waited = Duration::ZERO;
    while let Step::Wait(wait) = next.step(&mut limiter, now + waited) {
        waited += wait;
        assert!(waited <= Duration::from_secs(125), "{waited:?}, {context}");
    }
}
