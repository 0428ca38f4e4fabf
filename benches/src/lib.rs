//! What the benchmarks share: the answers that are read, the types that one would write by hand, and
//! the rows of work that are measured.

pub mod bodies;
pub mod hand;
pub mod rows;

/// The key of every client.
pub const KEY: &str = "sk_live_3f2a9c0000000000000000000000000000000000";

/// The customer that is fetched.
pub const CODE: &str = "CUS_xnxdt6s1zg1f4nx";

/// How many customers a listed page holds.
pub const PAGE: usize = 50;
