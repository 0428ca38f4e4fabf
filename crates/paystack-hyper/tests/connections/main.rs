//! Connections over loopback: proxies, certificates, compression, and connections that the server has closed.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod certificates;
#[cfg(feature = "gzip")]
mod gzip;
mod loopback;
mod prefetch;
mod proxies;
mod runtimes;
mod settings;
mod stale;
