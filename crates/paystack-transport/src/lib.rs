//! A client for Paystack's Customers API over any transport.
//!
//! For programs with a transport of their own: implement [`Timer`] and [`Transport`], about a page of code,
//! and use [`Client`]. Ready transports are `paystack-hyper` for tokio, `paystack-ureq` for blocking programs, and
//! `paystack-tower` for tower services. [`testing`] contains transports for tests.
//!
//! | the transport | implements | its client |
//! | --- | --- | --- |
//! | works across threads | [`Transport`] | [`Client`] |
//! | stays on one thread: thread-per-core runtimes, browsers | [`local::LocalTransport`] | [`local::LocalClient`] |
//! | blocks its thread: scripts, command-line tools | [`BlockingTransport`] | [`BlockingClient`] |
//!
//! ```
//! use std::time::Duration;
//!
//! use paystack_transport::customers::FetchCustomer;
//! use paystack_transport::{Api, Client, Email, Error, SecretKey, Timer, Transport, TransportError};
//! use paystack_transport::{async_trait, bytes::Bytes, http};
//!
//! /// Returns the same customer for every request.
//! struct Canned {
//!     started: std::time::Instant,
//! }
//!
//! #[async_trait]
//! impl Timer for Canned {
//!     async fn sleep(&self, duration: Duration) { tokio::time::sleep(duration).await }
//!     fn now(&self) -> Duration { self.started.elapsed() }
//! }
//!
//! #[async_trait]
//! impl Transport for Canned {
//!     async fn send(&self, _: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
//!         let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
//!             "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.com"}}"#;
//!         Ok(http::Response::new(body.into()))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let canned = Canned { started: std::time::Instant::now() };
//! let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), canned);
//! let ada = client.send(FetchCustomer::new(Email::new("ada@example.com")?)).await?.data;
//! assert_eq!(ada.id.get(), 1173);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! `stream` implements `futures_core::Stream` for [`Pages`] and [`Items`], and `tracing` records calls. No
//! feature changes behaviour. `connections` and `platform-verifier` are for the adapters of this repository.
//!
//! # Traces
//!
//! With the feature `tracing`, each call or wait is a span `paystack`, and each attempt is a span `attempt` within it.
//! Their fields follow OpenTelemetry's conventions for HTTP clients. Waits, ignored fields, rows that did not decode and
//! dropped calls are events. None of them contains a URI, a key or a body. `docs/telemetry.md` in the repository lists
//! all fields, and the lines that print each call.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
#[cfg(feature = "connections")]
#[doc(hidden)]
pub mod connections;
mod environment;
mod items;
pub mod local;
mod pages;
mod shared_rate_limiter;
mod state_machine;
pub mod testing;
mod trace;
mod transport;

pub use async_trait::async_trait;
pub use paystack_core::*;

pub use self::client::{BlockingClient, Client};
pub use self::environment::api_from_env;
pub use self::items::Items;
pub use self::pages::{BlockingPages, Pages};
pub use self::shared_rate_limiter::SharedRateLimiter;
pub use self::transport::{BlockingTransport, Timer, Transport};
