//! Tests that the program writes each row exactly once.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod commands;
mod files;
mod kills;
#[cfg(target_os = "linux")]
mod memory;
mod outcomes;
#[cfg(feature = "postgres")]
mod quota;
mod support;
