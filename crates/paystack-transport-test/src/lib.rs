//! A conformance suite for transports. It checks a transport against every clause of the
//! [transport contract](paystack_transport::Transport#contract).
//!
//! The suite runs a misbehaving server on loopback. The server truncates responses, stalls, redirects,
//! exceeds limits, and compares requests byte by byte. The suite brings no runtime and needs no internet
//! access. It takes a second or two.
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
//! A [`Report`] prints one line per clause, with the expected and the actual behaviour. If a clause does not apply
//! to a transport, [declare](Suite::not_applicable) it with a reason, which the report prints.
//!
//! | not checked | because |
//! | --- | --- |
//! | TLS and HTTP/2 | the server speaks plain HTTP/1.1 on `127.0.0.1` |
//! | a transport without sockets, such as tower around an axum router | there is no connection to the server |
//! | a loop around `Call` without a transport | there is nothing to send requests with |
//!
//! On Unix, the clause `pool-renewed` stops the whole process for 25 ms, at least eight times, and continues it by a
//! signal. So run the suite in a test binary of its own. Suites in one process run this part one after another.

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
