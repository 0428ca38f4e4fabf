//! Helpers that several test targets share. Also runs the guide's code as doc tests.
//!
//! `tests/README.md` lists the test targets.

mod guide;
pub mod http2;
pub mod network;
pub mod operations;
pub mod transports;
pub mod ureq_in_memory;
pub mod values;

pub use guide::against_the_sandbox;
