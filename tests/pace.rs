//! The rate limit in simulation: used up, never run into, shared fairly by those who know nothing
//! of each other.

mod simulation;

use std::ops::RangeInclusive;
use std::time::Duration;

use paystack_core::customers::ListCustomers;
use paystack_core::{Api, Domain, Pace, SecretKey, Settings};
use paystack_sandbox::Sandbox;
use simulation::{Fate, Simulation};

fn live() -> Api {
    Api::new(SecretKey::new("sk_live_3f2a9c").unwrap())
}

fn list() -> ListCustomers {
    ListCustomers::new().per_page(1)
}

fn patient() -> Settings {
    let mut settings = Settings::default();
    settings.deadline = None;
    settings.attempts = 10;
    settings
}

fn simulation(seed: u64, paces: u64) -> Simulation<ListCustomers> {
    let paces = (0..paces)
        .map(|pace| Pace::new(Domain::Live, seed * 100 + pace))
        .collect();
    Simulation::new(seed, Sandbox::new(1), paces)
}

fn refusals(simulation: &Simulation<ListCustomers>) -> usize {
    simulation
        .answers
        .iter()
        .filter(|(_, status)| *status == 429)
        .count()
}

/// How many milliseconds each way: near, across a continent, and over a bad line; and which part of the
/// quota one client then has to use. Where a request takes a second, a window begins a second late.
const LINES: [(RangeInclusive<u64>, f64); 3] =
    [(20..=80, 0.98), (20..=300, 0.98), (300..=1_500, 0.94)];

#[test]
fn six_thousand_calls_at_once_use_the_quota_up_and_never_run_into_it() {
    for (seed, (latency, least)) in (1..).zip(LINES) {
        let mut simulation = simulation(seed, 1);
        simulation.latency = latency;
        for _ in 0..6_000 {
            simulation.call(Duration::ZERO, 0, &live(), list(), patient());
        }
        simulation.run(|_, _| Fate::Delivered);
        let refusals = refusals(&simulation);
        let order: Vec<_> = simulation.grants.iter().map(|(_, call)| *call).collect();
        let outcomes = simulation.outcomes();
        assert!(
            outcomes.iter().all(|outcome| outcome.result.is_ok()),
            "seed {seed}"
        );
        let ended = outcomes.iter().map(|outcome| outcome.ended).max().unwrap();
        let rate = 6_000.0 / ended.as_secs_f64() / 10.0;
        println!(
            "seed {seed}: {:.1} % of the quota, {refusals} refused, {ended:?}",
            rate * 100.0
        );
        assert_eq!(refusals, 0, "seed {seed}");
        assert!(rate >= least, "seed {seed}: {rate}");
        for (place, call) in order.iter().enumerate() {
            assert!(
                place.abs_diff(*call) <= 5,
                "seed {seed}: call {call} was {place}th"
            );
        }
    }
}

#[test]
fn eight_clients_that_do_not_know_of_each_other_share_the_quota() {
    for (seed, (latency, _)) in (1..).zip(LINES) {
        let mut simulation = simulation(seed, 8);
        simulation.latency = latency;
        let staggered: Vec<_> = (0..8)
            .map(|_| Duration::from_millis(simulation.random.u64(..20_000)))
            .collect();
        for (pace, begins) in staggered.into_iter().enumerate() {
            for _ in 0..1_500 {
                simulation.call(begins, pace, &live(), list(), patient());
            }
        }
        simulation.run(|_, _| Fate::Delivered);
        // While all eight are at it.
        let until = Duration::from_secs(600);
        let mut each = [0_u32; 8];
        for (at, call) in &simulation.grants {
            if *at < until {
                each[call / 1_500] += 1;
            }
        }
        let refused = simulation
            .answers
            .iter()
            .filter(|(at, status)| *at < until && *status == 429)
            .count();
        let all = simulation
            .answers
            .iter()
            .filter(|(at, _)| *at < until)
            .count();
        let served = all - refused;
        let share = f64::from(*each.iter().min().unwrap()) / f64::from(*each.iter().max().unwrap());
        let refused = refused as f64 / all as f64;
        println!(
            "seed {seed}: {:.1} % of the quota, {:.2} % refused, slowest at {share:.2} of the fastest {each:?}",
            served as f64 / 60.0,
            refused * 100.0
        );
        assert!(served as f64 >= 0.98 * 6_000.0, "seed {seed}: {served}");
        assert!(refused <= 0.005, "seed {seed}: {refused}");
        assert!(share >= 0.6, "seed {seed}: {share}");
    }
}

#[test]
fn many_calls_at_one_pace_never_exceed_its_limit_and_all_end() {
    let mut dropped = 0;
    for seed in 0..1_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let limit = random.u64(2..=20);
        let calls = random.usize(1..=40);
        let pace = Pace::new(Domain::Live, seed).with_limit(limit);
        // A server that says nothing about limits, so that the pace counts alone.
        let sandbox = Sandbox::new(seed).without_rate_limits();
        let mut simulation = Simulation::new(seed, sandbox, vec![pace]);
        for call in 0..calls {
            let begins = Duration::from_millis(random.u64(..90_000));
            simulation.call(begins, 0, &live(), list(), patient());
            if random.u8(..3) == 0 {
                let later = Duration::from_millis(random.u64(..60_000));
                simulation.drop_call(begins + later, call);
            }
        }
        simulation.run(|random, _| Fate::any(random));
        let mut window = (Duration::ZERO, 0);
        for (at, _) in &simulation.grants {
            if window.1 == 0 || *at >= window.0 + Duration::from_secs(60) {
                window = (*at, 0);
            }
            window.1 += 1;
            assert!(window.1 <= limit, "seed {seed}: {window:?} of {limit}");
        }
        // Which fails for a call that never ends.
        let ended = simulation.outcomes().len();
        dropped += calls - ended;
    }
    assert!(
        dropped > 1_000,
        "only {dropped} were dropped before their end"
    );
}

#[test]
fn when_most_of_those_who_wait_are_dropped_the_rest_go_on() {
    for seed in 1..=3 {
        let mut simulation = simulation(seed, 1);
        for _ in 0..6_000 {
            simulation.call(Duration::ZERO, 0, &live(), list(), patient());
        }
        // All but every sixth of those who wait, in the middle of a window that has quota left.
        let dropped = Duration::from_secs(25);
        for call in 0..6_000 {
            if call % 6 != 0 {
                simulation.drop_call(dropped, call);
            }
        }
        simulation.run(|_, _| Fate::Delivered);
        let next = simulation
            .grants
            .iter()
            .find(|(at, _)| *at > dropped)
            .unwrap()
            .0;
        assert!(
            next - dropped <= Duration::from_secs(10),
            "seed {seed}: {next:?}"
        );
        assert_eq!(refusals(&simulation), 0, "seed {seed}");
        let in_time = simulation
            .grants
            .iter()
            .filter(|(at, _)| *at > dropped && *at <= dropped + Duration::from_secs(10))
            .count();
        println!(
            "seed {seed}: next after {:?}, {in_time} within 10 s",
            next - dropped
        );
        // 79 go if nobody gives its place back, and is only forgotten after a while.
        assert!(in_time >= 85, "seed {seed}: {in_time}");
        assert!(
            simulation
                .outcomes()
                .iter()
                .all(|outcome| outcome.result.is_ok())
        );
    }
}
