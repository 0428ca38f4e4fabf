//! Generated calls: whatever comes, in whatever order, at whatever pace, the machine keeps its rules.
//!
//! `SEQUENCES=1000000 cargo test --release -p paystack-core --test call` tries more of them.

use std::time::Duration;

use paystack_core::customers::{DeactivateAuthorization, FetchCustomer};
use paystack_core::{
    Api, AuthorizationCode, Call, CustomerCode, Domain, ErrorKind, Operation, Pace, RequestError,
    Resend, Settings, Step, TransportError,
};

use crate::events::{Answer, Event, answer, one};
use crate::{api, fetch};

#[test]
fn whatever_comes_the_machine_keeps_its_rules() {
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
    assert!(sent > sequences * 8 / 10, "nearly all of them really send");
    assert!(retried > sequences / 10, "and many try again");
    assert!(dropped > sequences / 20, "and some are dropped");
}

fn settings(random: &mut fastrand::Rng) -> Settings {
    let mut settings = Settings::default();
    settings.attempts = random.u32(1..=5);
    settings.attempt_timeout = one(random, &[None, Some(1), Some(30)]).map(Duration::from_secs);
    settings.deadline = one(random, &[None, Some(2), Some(60)]).map(Duration::from_secs);
    settings.resend = one(
        random,
        &[
            None,
            None,
            Some(Resend::Always),
            Some(Resend::OnlyIfUnsent),
            Some(Resend::Never),
        ],
    );
    settings
}

/// A pace at which others have been before, of whom some still wait or have been forgotten; whether it
/// has no limit.
fn used_pace(random: &mut fastrand::Rng, api: &Api, seed: u64) -> (Pace, bool) {
    let pace = Pace::new(Domain::Test, seed);
    let mut pace = match random.u8(..4) {
        0 | 1 => return (pace.without_limit(), true),
        2 => pace,
        _ => pace.with_limit(random.u64(1..=5)),
    };
    for _ in 0..random.u8(..8) {
        let mut other = Call::new(api, fetch(), Settings::default());
        let step = other.step(&mut pace, Duration::ZERO);
        match (random.u8(..4), step) {
            (0, Step::Send { attempt, .. }) => {
                other.received(attempt, Event::Answer(Answer::any(random)).response());
                let _ = other.step(&mut pace, Duration::ZERO);
            }
            (1, _) => {} // its owner has lost it
            _ => other.give_back(&mut pace),
        }
    }
    (pace, false)
}

/// What became of a generated call.
struct Ending {
    attempts: u32,
    was_dropped: bool,
}

/// Drives one call through generated events.
fn sequence<O: Operation>(seed: u64, operation: O) -> Ending {
    let mut random = fastrand::Rng::with_seed(seed);
    let api = api();
    let settings = settings(&mut random);
    let resend = settings.resend.unwrap_or(O::RESEND);
    let (mut pace, unlimited) = used_pace(&mut random, &api, seed);
    let mut call = Call::new(&api, operation, settings);
    let begun = Duration::from_millis(random.u64(..10_000));
    let drops = if random.u8(..8) == 0 {
        random.usize(..6)
    } else {
        usize::MAX
    };
    let (mut now, mut attempts) = (begun, 0);
    // What the last attempt ended with, and when the server lets another come.
    let (mut last, mut not_before): (Option<Event>, _) = (None, begun);
    // Whether a write may have happened, for the rule and for what the error tells.
    let mut unknown = false;
    let mut steps = 0;
    loop {
        let (made, before) = (attempts, last);
        let context = || format!("seed {seed}, {settings:?}, attempts {made}, last {before:?}");
        assert!(steps < 1_000, "no end: {}", context());
        if steps == drops {
            call.give_back(&mut pace);
            assert_over(&mut call, &mut pace, now);
            goes_on(pace, now, &context());
            return Ending {
                attempts,
                was_dropped: true,
            };
        }
        steps += 1;
        match call.step(&mut pace, now) {
            Step::Send {
                within, attempt, ..
            } => {
                attempts += 1;
                assert_eq!(attempt, attempts);
                assert!(attempts <= settings.attempts, "{}", context());
                assert!(
                    !unknown || resend == Resend::Always,
                    "a second write: {}",
                    context()
                );
                assert!(attempts == 1 || resend != Resend::Never, "{}", context());
                assert!(now >= not_before, "before the server's word: {}", context());
                let rest = settings.deadline.map(|limit| begun + limit - now);
                let least = [settings.attempt_timeout, rest].into_iter().flatten().min();
                assert_eq!(within, least, "{}", context());
                let event = Event::any(&mut random);
                // It comes early, or just too late, or never.
                let takes = within.map_or(Duration::from_millis(random.u64(..5_000)), |within| {
                    within.mul_f64(one(&mut random, &[0.0, 0.5, 0.99, 1.0, 1.5]))
                });
                let late = within.is_some_and(|within| takes >= within);
                if random.u8(..4) == 0 {
                    // Asked while the request is out, it says how long that may go on.
                    let Step::Wait(rest) = call.step(&mut pace, now) else {
                        panic!("{}", context())
                    };
                    assert!(within.is_none_or(|within| rest == within), "{}", context());
                }
                if event == Event::Nothing || late {
                    let Some(within) = within else {
                        // Without any limit it is waited for until it is dropped.
                        call.give_back(&mut pace);
                        goes_on(pace, now, &context());
                        return Ending {
                            attempts,
                            was_dropped: true,
                        };
                    };
                    now += within;
                    last = Some(Event::Nothing);
                    unknown = true;
                    // The time-out is noticed first; an answer after it is ignored, see below.
                    continue;
                }
                now += takes;
                match event {
                    Event::Lost(kind, sent) => {
                        call.failed(attempt, TransportError::new(kind, sent));
                    }
                    answer => call.received(attempt, answer.response()),
                }
                unknown |= event.fate_is_unknown();
                not_before = now + event.wait();
                last = Some(event);
            }
            Step::Wait(wait) => {
                if unlimited {
                    let asked = last.unwrap_or_else(|| panic!("{}", context())).wait();
                    let doubled = settings.backoff_base * (1 << (attempts - 1));
                    let longest = doubled.min(settings.backoff_cap) + asked;
                    assert!((asked..=longest).contains(&wait), "{wait:?}, {}", context());
                }
                let ends = settings.deadline.map(|limit| begun + limit);
                assert!(ends.is_none_or(|ends| now + wait < ends), "{}", context());
                // An answer to a request that was given up changes nothing.
                call.received(attempts, answer(200, true, None).response());
                now += wait;
            }
            Step::Done(result) => {
                if let Some(limit) = settings.deadline {
                    assert!(now <= begun + limit, "{}", context());
                }
                assert_eq!(call.attempts(), attempts);
                match result {
                    Ok(_) => assert!(last.is_some_and(Event::is_success), "{}", context()),
                    Err(error) => {
                        assert_eq!(error.attempts(), attempts, "{}", context());
                        assert_eq!(error.is_outcome_unknown(), unknown, "{}", context());
                    }
                }
                assert_over(&mut call, &mut pace, now);
                goes_on(pace, now, &context());
                return Ending {
                    attempts,
                    was_dropped: false,
                };
            }
        }
    }
}

/// However often it is asked, a call is over once.
fn assert_over<O: Operation>(call: &mut Call<O>, pace: &mut Pace, now: Duration) {
    for _ in 0..2 {
        let Step::Done(Err(over)) = call.step(pace, now) else {
            panic!("it goes on")
        };
        assert!(matches!(
            over.kind(),
            ErrorKind::Request(RequestError::Over)
        ));
    }
}

/// Whatever a call has left behind, the next is let through: within two minutes, where the caller's own
/// limit and the server's window have to be waited for.
fn goes_on(mut pace: Pace, now: Duration, context: &str) {
    let mut settings = Settings::default();
    settings.deadline = None;
    let mut next = Call::new(&api(), fetch(), settings);
    let mut waited = Duration::ZERO;
    while let Step::Wait(wait) = next.step(&mut pace, now + waited) {
        waited += wait;
        assert!(waited <= Duration::from_secs(125), "{waited:?}, {context}");
    }
}
