//! The client uses the quota again after an outage, and after many calls are dropped.

use std::time::Duration;

use paystack_tests::network::{Fate, Pending};
use paystack_transport::Settings;

use crate::{list, patient, simulation};

#[tokio::test(start_paused = true)]
async fn outage_ends_and_the_quota_is_used_within_a_window() {
    for seed in 1..=3 {
        let mut simulation = simulation(seed, 1);
        let settings = Settings::new().deadline(None);
        for _ in 0..4_000 {
            simulation.call(Duration::ZERO, 0, list(), settings);
        }
        let outage = Duration::from_secs(70)..Duration::from_secs(190);
        let end = outage.end;
        let fate = move |request: Pending<'_>| match outage.contains(&request.at) {
            true => Fate::status(502),
            false => Fate::Delivered,
        };
        simulation.run(fate).await;
        let state = simulation.network.state();
        let served = [0, 60].map(|later| {
            let from = end + Duration::from_secs(later);
            let window = from..from + Duration::from_secs(60);
            let responses = state.responses.iter();
            responses
                .filter(|(at, status)| window.contains(at) && *status == 200)
                .count()
        });
        println!("seed {seed}: {served:?} served in the two minutes after the outage");
        // The client counts failed requests, so it cannot use the first window fully.
        let [first, second] = served;
        assert!(first >= 420 && second >= 570, "seed {seed}: {served:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_most_queued_calls_does_not_delay_the_rest() {
    for seed in 1..=3 {
        let mut simulation = simulation(seed, 1);
        for _ in 0..6_000 {
            simulation.call(Duration::ZERO, 0, list(), patient());
        }
        let dropped = Duration::from_secs(25);
        for call in 0..5_000 {
            simulation.drop_call(dropped, call);
        }
        let outcomes = simulation.run(|_| Fate::Delivered).await;
        let state = simulation.network.state();
        let later = state.requests.iter().map(|sent| sent.at);
        let later: Vec<_> = later.filter(|at| *at > dropped).collect();
        let next = later[0];
        assert!(
            next <= dropped + Duration::from_secs(3),
            "seed {seed}: {next:?}"
        );
        assert_eq!(state.rate_limited(), 0, "seed {seed}");
        let ten_seconds = dropped + Duration::from_secs(10);
        let in_time = later.iter().filter(|at| **at <= ten_seconds).count();
        println!(
            "seed {seed}: next after {:?}, {in_time} within 10 s",
            next - dropped
        );
        assert!(in_time >= 65, "seed {seed}: {in_time}");
        assert!(outcomes.iter().all(|outcome| outcome.result.is_ok()));
    }
}
