//! A client uses the whole quota and never exceeds it.

use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_tests::network::{Fate, Simulation};
use paystack_tests::values::live_api;
use paystack_transport::{Mode, RateLimiter};

use crate::{LINES, list, patient, simulation};

#[tokio::test(start_paused = true)]
async fn burst_of_6000_calls_uses_the_quota_without_refusals() {
    for (seed, (latency, least)) in (1..).zip(LINES) {
        let mut simulation = simulation(seed, 1);
        simulation.network.state().latency = latency;
        for _ in 0..6_000 {
            simulation.call(Duration::ZERO, 0, list(), patient());
        }
        let outcomes = simulation.run(|_| Fate::Delivered).await;
        let state = simulation.network.state();
        assert_eq!(outcomes.len(), 6_000);
        assert!(
            outcomes.iter().all(|outcome| outcome.result.is_ok()),
            "seed {seed}"
        );
        let ended = outcomes.iter().map(|outcome| outcome.ended).max().unwrap();
        let rate = 6_000.0 / ended.as_secs_f64() / 10.0;
        let refusals = state.rate_limited();
        println!(
            "seed {seed}: {:.1} % of the quota, {refusals} refused, {ended:?}",
            rate * 100.0
        );
        assert_eq!(refusals, 0, "seed {seed}");
        assert!(rate >= least, "seed {seed}: {rate}");
        for (place, sent) in state.requests.iter().enumerate() {
            assert!(
                place.abs_diff(sent.call) <= 5,
                "seed {seed}: call {} was sent at place {place}",
                sent.call
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn calls_with_faults_never_exceed_the_limit_and_all_end() {
    let mut dropped = 0;
    for seed in 0..1_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let limit = random.u64(2..=20);
        let calls = random.usize(1..=40);
        let limiter = RateLimiter::new(Mode::Live, seed).with_limit(limit);
        // The server reports no limits, so only the rate limiter counts.
        let sandbox = Sandbox::new(seed).without_rate_limits();
        let mut simulation = Simulation::new(seed, &live_api(), sandbox, vec![limiter]);
        for call in 0..calls {
            let begins = Duration::from_millis(random.u64(..90_000));
            simulation.call(begins, 0, list(), patient());
            if random.u8(..3) == 0 {
                let later = Duration::from_millis(random.u64(..60_000));
                simulation.drop_call(begins + later, call);
            }
        }
        // `run` never returns if a call never ends.
        let ended = simulation.run(|request| Fate::any(request.random)).await;
        let mut window = (Duration::ZERO, 0);
        for sent in &simulation.network.state().requests {
            if window.1 == 0 || sent.at >= window.0 + Duration::from_secs(60) {
                window = (sent.at, 0);
            }
            window.1 += 1;
            assert!(window.1 <= limit, "seed {seed}: {window:?} of {limit}");
        }
        dropped += calls - ended.len();
    }
    assert!(dropped > 1_000, "only {dropped} calls were dropped");
}
