//! A conformance suite for transports. It checks a transport against every clause of the
//! [transport contract](paystack_transport::Transport#contract).
//!
//! The suite runs a misbehaving server on loopback. The server truncates responses, stalls, redirects,
//! exceeds limits, and compares requests byte by byte. The suite brings no runtime and needs no internet
//! access. It takes a second or two. It uses plain HTTP/1.1; TLS and HTTP/2 are out of scope.
//!
//! On Unix, the clause `pool-renewed` stops the process for some milliseconds, and continues it by a signal.
//!
//! ```
//! use paystack_hyper::HyperTransport; // or your own transport
//! use paystack_transport_test::Suite;
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() {
//!     let transport = HyperTransport::new();
//!     let report = Suite::new().check(&transport).await;
//!     report.assert_passed();
//! }
//! ```
//!
//! A [`Report`] prints one line per clause. If a clause does not apply to a transport,
//! [declare](Suite::not_applicable) it with a reason, which the report prints.

mod checks;
mod clause;
mod failing_stream;
mod harness;
mod report;
mod server;
mod suite;
mod transport_under_test;

pub use self::clause::Clause;
pub use self::failing_stream::FailingStream;
pub use self::report::{Outcome, Report};
pub use self::suite::Suite;
