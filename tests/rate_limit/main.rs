//! Does the client use Paystack's rate limit fully, fairly, and without exceeding it?

mod fairness;
mod groups;
mod limit;
mod recovery;

use std::ops::RangeInclusive;

use paystack_sandbox::Sandbox;
use paystack_tests::network::Simulation;
use paystack_tests::values::live_api;
use paystack_transport::customers::ListCustomers;
use paystack_transport::{Mode, RateLimiter, Settings};

fn list() -> ListCustomers {
    ListCustomers::new().per_page(1)
}

/// Returns settings without a deadline.
fn patient() -> Settings {
    Settings::new().deadline(None).attempts(10)
}

/// Returns a simulation with this many rate limiters.
fn simulation(seed: u64, limiters: u64) -> Simulation<ListCustomers> {
    let limiters = (0..limiters)
        .map(|limiter| RateLimiter::new(Mode::Live, seed * 100 + limiter))
        .collect();
    Simulation::new(seed, &live_api(), Sandbox::new(1), limiters)
}

/// Milliseconds each way, and the part of the quota that one client must then use.
///
/// The lines are nearby, across a continent, and slow. If a request takes a second, a window starts
/// a second late.
const LINES: [(RangeInclusive<u64>, f64); 3] =
    [(20..=80, 0.98), (20..=300, 0.98), (300..=1_500, 0.94)];
