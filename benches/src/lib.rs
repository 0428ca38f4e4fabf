//! Shared parts of the benchmarks: response bodies, hand-written code, paystack-rs, and the measured rows.

use std::time::Duration;

pub mod bodies;
pub mod hand;
pub mod paystack_rs;
pub mod rows;

/// The key of every client.
pub const KEY: &str = "sk_live_3f2a9c0000000000000000000000000000000000";

/// The code of the fetched customer.
pub const CODE: &str = "CUS_xnxdt6s1zg1f4nx";

/// The number of customers on a page.
pub const PAGE: usize = 50;

/// The time limit of a call, for all clients that have one.
pub const TIMEOUT: Duration = Duration::from_secs(30);
