//! Independent clients with the same key share the quota.

use std::time::Duration;

use paystack_tests::network::Fate;

use crate::{LINES, list, patient, simulation};

/// The calls of one client. The eight share 6,000 requests in ten minutes, so none should finish 1,000 before their end.
const CALLS: u32 = 1_000;

#[tokio::test(start_paused = true)]
async fn eight_independent_clients_share_the_quota() {
    for (seed, (latency, _)) in (1..).zip(LINES) {
        let mut simulation = simulation(seed, 8);
        simulation.network.state().latency = latency;
        let staggered: Vec<_> = (0..8)
            .map(|_| Duration::from_millis(simulation.network.state().random.u64(..20_000)))
            .collect();
        for (limiter, begins) in staggered.into_iter().enumerate() {
            for _ in 0..CALLS {
                simulation.call(begins, limiter, list(), patient());
            }
        }
        simulation.run(|_| Fate::Delivered).await;
        let until = Duration::from_secs(600);
        let state = simulation.network.state();
        let mut each = [0_u32; 8];
        for sent in &state.requests {
            if sent.at < until {
                each[sent.call / CALLS as usize] += 1;
            }
        }
        let responses = state.responses.iter().filter(|(at, _)| *at < until);
        let (all, limited) = responses.fold((0, 0), |(all, limited), (_, status)| {
            (all + 1, limited + u32::from(*status == 429))
        });
        let served = f64::from(all - limited);
        let (slowest, fastest) = (*each.iter().min().unwrap(), *each.iter().max().unwrap());
        assert!(fastest < CALLS, "seed {seed}: a client was idle: {each:?}");
        let share = f64::from(slowest) / f64::from(fastest);
        let refused = f64::from(limited) / f64::from(all);
        println!(
            "seed {seed}: {:.1} % of the quota, {:.2} % refused, the slowest client sent {share:.2} \
             of the fastest {each:?}",
            served / 60.0,
            refused * 100.0
        );
        assert!(served >= 0.98 * 6_000.0, "seed {seed}: {served}");
        assert!(refused <= 0.005, "seed {seed}: {refused}");
        assert!(share >= 0.7, "seed {seed}: {share}");
    }
}
