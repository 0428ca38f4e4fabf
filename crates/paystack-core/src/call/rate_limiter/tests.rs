//! Tests of the rate limiter. Time is an argument.

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const DEFAULT: RateLimitGroup = RateLimitGroup::DEFAULT;
const VERIFY: RateLimitGroup = RateLimitGroup::new("transaction.verify");

fn live() -> RateLimiter {
    RateLimiter::new(Mode::Live, 1)
}

fn stated(limit: u64, remaining: u64, reset: u64) -> RateLimitStatus {
    RateLimitStatus {
        limit: Some(limit),
        remaining: Some(remaining),
        reset: Some(Duration::from_secs(reset)),
    }
}

fn ask(limiter: &mut RateLimiter, now: Duration) -> (Ticket, Admission) {
    let mut ticket = limiter.enqueue();
    let admission = limiter.try_acquire(&mut ticket, DEFAULT, now);
    (ticket, admission)
}

/// The number of calls that are let through at once.
fn admitted(limiter: &mut RateLimiter, now: Duration) -> usize {
    (0..10_000)
        .take_while(|_| matches!(ask(limiter, now).1, Admission::Granted))
        .count()
}

#[test]
fn own_limit_is_not_reported_once_the_limit_is_off() {
    let limiter = live().with_limit(60).without_limit();
    let status = limiter.status(DEFAULT, Duration::ZERO);
    assert_eq!(status.limit, Some(600));
}

fn turn(limiter: &mut RateLimiter, now: Duration) -> Duration {
    match ask(limiter, now).1 {
        Admission::Granted => Duration::ZERO,
        Admission::Wait { turn, .. } => turn,
    }
}

fn observe(limiter: &mut RateLimiter, status: RateLimitStatus, now: Duration) {
    limiter.observe(DEFAULT, status, now);
}

fn refuse(limiter: &mut RateLimiter, seconds: Option<u64>, now: Duration) {
    limiter.refuse(DEFAULT, seconds.map(Duration::from_secs), now);
}

#[test]
fn requests_are_spread_over_the_window() {
    let mut limiter = live();
    assert!(admitted(&mut limiter, Duration::ZERO) <= 10);
    let mut counts = Vec::new();
    for second in 1..=60 {
        counts.push(admitted(&mut limiter, second * SECOND));
    }
    let is_even = counts.iter().all(|count| (9..=10).contains(count));
    assert!(is_even, "{counts:?}");
}

#[test]
fn first_response_and_idle_time_allow_a_burst() {
    let mut limiter = live();
    admitted(&mut limiter, SECOND);
    observe(&mut limiter, stated(600, 590, 60), SECOND);
    let burst = admitted(&mut limiter, SECOND);
    assert!((50..=60).contains(&burst), "{burst}");
    let idle = admitted(&mut limiter, 21 * SECOND);
    assert!((50..=60).contains(&idle), "{idle}");
    // Without a response, a new window starts slowly.
    assert!(admitted(&mut limiter, 100 * SECOND) <= 10);
}

#[test]
fn first_response_lets_waiting_calls_catch_up() {
    let mut limiter = live();
    let mut calls: Vec<_> = (0..60)
        .map(|_| (limiter.enqueue(), Duration::ZERO))
        .collect();
    let (mut sent, mut questions) = (Vec::new(), 0);
    for milliseconds in 0..20_000 {
        let now = Duration::from_millis(milliseconds);
        calls.retain_mut(|(ticket, asks)| {
            if now < *asks {
                return true;
            }
            questions += 1;
            match limiter.try_acquire(ticket, DEFAULT, now) {
                Admission::Granted => sent.push(now),
                Admission::Wait { wait, .. } => {
                    *asks = now + wait;
                    return true;
                }
            }
            false
        });
        if let Some(served) = sent.iter().position(|at| *at + SECOND / 10 == now) {
            let remaining = 599 - u64::try_from(served).unwrap();
            observe(&mut limiter, stated(600, remaining, 59), now);
        }
    }
    assert_eq!(sent.len(), 60);
    assert!(sent[29] < SECOND / 2, "{sent:?}");
    assert!(
        sent[59] > 2 * SECOND && sent[59] < 7 * SECOND / 2,
        "{sent:?}"
    );
    assert!(questions < 10 * 60, "{questions} for 60 calls");
}

#[test]
fn used_window_is_waited_for() {
    let mut limiter = live();
    observe(&mut limiter, stated(600, 0, 30), SECOND);
    let wait = turn(&mut limiter, SECOND);
    // A reset may be rounded down, so a second is added.
    assert!((31 * SECOND..32 * SECOND).contains(&wait), "{wait:?}");
    assert!(admitted(&mut limiter, 33 * SECOND) > 0);
}

#[test]
fn refusal_stops_all_requests_for_a_while() {
    for (asked, stopped) in [
        (None, 6),
        (Some(0), 1),
        (Some(20), 21),
        (Some(u64::MAX), 60),
    ] {
        let mut limiter = live();
        assert!(admitted(&mut limiter, SECOND) > 0);
        refuse(&mut limiter, asked, SECOND);
        let wait = turn(&mut limiter, SECOND);
        let expected = stopped * SECOND..stopped * SECOND + SECOND;
        assert!(expected.contains(&wait), "{asked:?}: {wait:?}");
    }
}

#[test]
fn response_after_a_refusal_does_not_shorten_the_pause() {
    let mut limiter = live();
    refuse(&mut limiter, Some(20), SECOND);
    observe(&mut limiter, stated(600, 599, 60), SECOND);
    assert!(turn(&mut limiter, SECOND) >= 21 * SECOND);
}

#[test]
fn responses_may_overtake_each_other() {
    let mut limiter = live();
    observe(&mut limiter, stated(600, 100, 30), SECOND);
    observe(&mut limiter, stated(600, 103, 31), SECOND);
    observe(&mut limiter, stated(600, 400, 58), SECOND);
    let status = |limiter: &RateLimiter| limiter.status(DEFAULT, SECOND);
    assert_eq!(status(&limiter), stated(600, 100, 31), "same window");
    observe(&mut limiter, stated(600, 599, 60), 31 * SECOND);
    let status = limiter.status(DEFAULT, 31 * SECOND);
    assert_eq!(status, stated(600, 599, 60), "a new window");
}

#[test]
fn more_requests_without_an_end_are_a_new_window() {
    // Without a reset, and with one that is always a minute.
    for reset in [None, Some(60 * SECOND)] {
        let mut limiter = live();
        let status = |remaining| RateLimitStatus {
            reset,
            ..stated(600, remaining, 0)
        };
        observe(&mut limiter, status(100), SECOND);
        observe(&mut limiter, status(160), 2 * SECOND);
        assert_eq!(limiter.status(DEFAULT, 2 * SECOND), stated(600, 100, 59));
        observe(&mut limiter, status(161), 2 * SECOND);
        assert_eq!(limiter.status(DEFAULT, 2 * SECOND), stated(600, 161, 60));
    }
}

#[test]
fn limit_that_rises_inside_a_window_is_used_at_once() {
    let mut limiter = live();
    observe(&mut limiter, stated(100, 5, 50), SECOND);
    observe(&mut limiter, stated(600, 505, 50), SECOND);
    assert_eq!(limiter.status(DEFAULT, SECOND), stated(600, 505, 51));
}

#[test]
fn call_is_admitted_when_its_turn_was_expected() {
    for (remaining, reset, refused, queued) in [
        (1, 39, None, 1),
        (1, 59, None, 1),
        (2, 39, None, 2),
        (5, 49, None, 8),
        (300, 4, None, 320),
        (30, 9, Some(40), 40),
    ] {
        let mut limiter = live();
        assert_eq!(turn(&mut limiter, SECOND), Duration::ZERO);
        observe(&mut limiter, stated(600, remaining, reset), SECOND);
        if refused.is_some() {
            refuse(&mut limiter, refused, SECOND);
        }
        let mut calls: Vec<_> = (0..queued)
            .filter_map(|_| match ask(&mut limiter, SECOND) {
                (_, Admission::Granted) => None,
                (ticket, Admission::Wait { wait, turn }) => {
                    Some((ticket, SECOND + wait, SECOND + turn))
                }
            })
            .collect();
        assert!(!calls.is_empty());
        for milliseconds in 1_000..70_000 {
            let now = Duration::from_millis(milliseconds);
            calls.retain_mut(|(ticket, asks, expected)| {
                if now < *asks {
                    return true;
                }
                match limiter.try_acquire(ticket, DEFAULT, now) {
                    Admission::Wait { wait, .. } => {
                        *asks = now + wait;
                        true
                    }
                    Admission::Granted => {
                        let difference = now.abs_diff(*expected);
                        assert!(difference < SECOND / 2, "{remaining}: {difference:?}");
                        false
                    }
                }
            });
        }
        assert!(calls.is_empty(), "{remaining}: {} wait", calls.len());
    }
}

#[test]
fn limit_of_zero_and_absent_headers_say_nothing() {
    for nothing in [stated(0, 0, 60), RateLimitStatus::default()] {
        let mut limiter = live();
        observe(&mut limiter, nothing, SECOND);
        let status = limiter.status(DEFAULT, SECOND);
        assert_eq!((status.limit, status.remaining), (Some(600), None));
    }
}

#[test]
fn stated_limit_lapses_after_two_windows() {
    let mut limiter = live();
    observe(&mut limiter, stated(1, 1, 59), SECOND);
    let limit = |now| limiter.status(DEFAULT, now).limit;
    assert_eq!(limit(120 * SECOND), Some(1));
    assert_eq!(limit(122 * SECOND), Some(600));
    assert_eq!(turn(&mut limiter, 200 * SECOND), Duration::ZERO);
    assert_eq!(turn(&mut limiter, 200 * SECOND), Duration::ZERO);
}

#[test]
fn response_without_a_limit_does_not_revive_a_lapsed_one() {
    let mut limiter = live();
    observe(&mut limiter, stated(1, 1, 59), SECOND);
    let without_limit = RateLimitStatus {
        limit: None,
        ..stated(0, 5, 30)
    };
    observe(&mut limiter, without_limit, 130 * SECOND);
    assert_eq!(limiter.status(DEFAULT, 130 * SECOND).limit, Some(600));
}

#[test]
fn stated_limit_of_another_group_stays() {
    let mut limiter = live();
    limiter.observe(VERIFY, stated(1, 1, 59), SECOND);
    let now = 200 * SECOND;
    assert_eq!(limiter.status(VERIFY, now).limit, Some(1));
    let mut tickets = [(); 2].map(|()| limiter.enqueue());
    let [first, second] = &mut tickets;
    assert!(matches!(
        limiter.try_acquire(first, VERIFY, now),
        Admission::Granted
    ));
    let admission = limiter.try_acquire(second, VERIFY, now);
    assert!(matches!(admission, Admission::Wait { .. }));
    assert_eq!(limiter.status(VERIFY, now).limit, Some(1));
}

#[test]
fn refusal_stops_a_group_without_a_limit() {
    let mut limiter = live();
    let mut ticket = limiter.enqueue();
    limiter.refuse(VERIFY, Some(20 * SECOND), SECOND);
    let Admission::Wait { wait, turn } = limiter.try_acquire(&mut ticket, VERIFY, SECOND) else {
        panic!("the group must wait")
    };
    assert_eq!(turn, 21 * SECOND);
    assert!((turn..turn + SECOND).contains(&wait), "{wait:?}");
    let admission = limiter.try_acquire(&mut ticket, VERIFY, 22 * SECOND);
    assert!(matches!(admission, Admission::Granted));
}

/// Panics if any minute has more than `limit` requests.
fn assert_at_most(limit: usize, sent: &[Duration]) {
    for (first, after) in sent.iter().zip(sent.iter().skip(limit)) {
        assert!(
            *after - *first >= 60 * SECOND,
            "{limit}: {first:?} {after:?}"
        );
    }
}

#[test]
fn own_limit_holds_in_any_minute() {
    for own in [1, 2, 7, 60, 300, 599] {
        let mut limiter = live().with_limit(own);
        let mut sent = Vec::new();
        for tenth in 0..3_000_u32 {
            let now = tenth * SECOND / 10;
            let count = admitted(&mut limiter, now);
            sent.extend(std::iter::repeat_n(now, count));
            observe(&mut limiter, stated(600, 599, u64::from(tenth % 60)), now);
        }
        let own = usize::try_from(own).unwrap();
        assert_at_most(own, &sent);
        assert!(sent.len() >= own * 9 / 2, "{} of {own}", sent.len());
    }
}

#[test]
fn own_limit_holds_to_the_nanosecond() {
    let mut limiter = live().with_limit(7);
    let mut sent = Vec::new();
    let mut now = Duration::ZERO;
    while sent.len() < 50 {
        match turn(&mut limiter, now) {
            Duration::ZERO => sent.push(now),
            wait => now += wait,
        }
    }
    assert_at_most(7, &sent);
}

#[test]
fn groups_have_limits_of_their_own() {
    let mut limiter = live();
    refuse(&mut limiter, Some(30), SECOND);
    let mut ticket = limiter.enqueue();
    let admission = limiter.try_acquire(&mut ticket, VERIFY, SECOND);
    assert!(matches!(admission, Admission::Granted), "no limit is known");
    limiter.observe(VERIFY, stated(3_000, 0, 30), SECOND);
    let admission = limiter.try_acquire(&mut ticket, VERIFY, SECOND);
    assert!(matches!(admission, Admission::Wait { .. }));
    assert_eq!(limiter.status(VERIFY, SECOND).limit, Some(3_000));
}

#[test]
fn dropped_call_leaves_the_queue() {
    let mut limiter = live().with_limit(60);
    admitted(&mut limiter, SECOND);
    let mut waiting: Vec<_> = (0..300).map(|_| ask(&mut limiter, SECOND).0).collect();
    assert_eq!(limiter.queue_length(DEFAULT), 300);
    assert!(turn(&mut limiter, SECOND) > 299 * SECOND);
    waiting.truncate(1);
    assert_eq!(limiter.queue_length(DEFAULT), 1);
    assert!(turn(&mut limiter, SECOND) < 3 * SECOND);
}

#[test]
fn late_call_does_not_hold_up_the_others_and_keeps_its_place() {
    let mut limiter = live().with_limit(60);
    admitted(&mut limiter, SECOND);
    let (mut late, _) = ask(&mut limiter, SECOND);
    let (mut next, _) = ask(&mut limiter, SECOND);
    let now = 10 * SECOND;
    let admission = limiter.try_acquire(&mut next, DEFAULT, now);
    assert!(matches!(admission, Admission::Granted));
    let (_third, _) = ask(&mut limiter, now);
    let admission = limiter.try_acquire(&mut late, DEFAULT, now);
    let Admission::Wait { turn, .. } = admission else {
        panic!("another call was just admitted")
    };
    assert!(turn <= 2 * SECOND, "{turn:?}: it is first");
}

#[test]
fn pause_of_another_group_follows_a_clock_that_goes_back() {
    // A clock that is a second behind belongs to another thread.
    for (now, pause) in [(5_000, 21), (9_998, 21), (9_999, 22)] {
        let mut limiter = live();
        limiter.refuse(VERIFY, Some(20 * SECOND), 10_000 * SECOND);
        let mut ticket = limiter.enqueue();
        let admission = limiter.try_acquire(&mut ticket, VERIFY, now * SECOND);
        let Admission::Wait { turn, .. } = admission else {
            panic!("the group must wait")
        };
        assert_eq!(turn, pause * SECOND, "{now}");
    }
}

#[test]
fn window_that_ends_over_half_a_minute_later_is_another() {
    // A reset of a minute shows no end.
    for (first, reset, left) in [(19, 46, 10), (19, 47, 590), (39, 59, 10), (39, 60, 590)] {
        let mut limiter = live();
        observe(&mut limiter, stated(600, 10, first), SECOND);
        observe(&mut limiter, stated(600, 590, reset), 4 * SECOND);
        let status = limiter.status(DEFAULT, 4 * SECOND);
        assert_eq!(status.remaining, Some(left), "{reset}");
    }
}

#[test]
fn request_at_the_end_of_a_window_is_outside_of_it() {
    let mut limiter = live();
    observe(&mut limiter, stated(600, 10, 59), SECOND);
    let end = 61 * SECOND;
    assert_eq!(limiter.status(DEFAULT, end).remaining, None);
    let burst = admitted(&mut limiter, end);
    assert!((1..=11).contains(&burst), "{burst}");
    let before = limiter.status(DEFAULT, end - SECOND / 2);
    assert_eq!(before.remaining, Some(10));
}

#[test]
fn single_call_in_the_queue_uses_idle_time() {
    let mut limiter = live();
    observe(&mut limiter, stated(600, 1, 59), SECOND);
    assert_eq!(admitted(&mut limiter, SECOND), 1);
    let (mut ticket, _) = ask(&mut limiter, 5 * SECOND);
    observe(&mut limiter, stated(600, 590, 60), 6 * SECOND);
    let admission = limiter.try_acquire(&mut ticket, DEFAULT, 6 * SECOND);
    assert!(matches!(admission, Admission::Granted));
    let others = admitted(&mut limiter, 6 * SECOND);
    assert!((40..60).contains(&others), "{others}");
}

#[test]
fn idle_time_allows_no_burst_with_an_own_limit() {
    let mut limiter = live().with_limit(60);
    observe(&mut limiter, stated(600, 590, 59), SECOND);
    assert_eq!(admitted(&mut limiter, 31 * SECOND), 1);
}

#[test]
fn response_at_the_end_of_a_window_begins_another() {
    let mut limiter = live();
    observe(&mut limiter, stated(600, 10, 59), SECOND);
    for (second, left) in [(60, 10), (61, 600)] {
        let now = second * SECOND;
        let without_count = RateLimitStatus {
            remaining: None,
            ..stated(600, 0, 59)
        };
        observe(&mut limiter, without_count, now);
        assert_eq!(limiter.status(DEFAULT, now).remaining, Some(left));
    }
}

#[test]
fn clock_that_jumps_stops_nothing() {
    let begin = 10_000 * SECOND;
    for jump in [5_000, 9_970, 10_030, 900_000] {
        let mut limiter = live();
        admitted(&mut limiter, begin);
        observe(&mut limiter, stated(600, 300, 40), begin);
        let wait = turn(&mut limiter, jump * SECOND);
        assert!(wait <= SECOND, "{jump}: {wait:?}");
    }
    // Threads read their clocks at different times.
    let mut limiter = live().with_limit(1);
    admitted(&mut limiter, begin);
    assert_eq!(admitted(&mut limiter, begin - SECOND / 2), 0);
}
