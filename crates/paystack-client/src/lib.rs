//! A client for Paystack's Customers API over any transport.
//!
//! For those who bring a transport of their own: implement [`Timer`] and [`Transport`], a page of
//! code, and [`Client`] does the rest. To use hyper and tokio, take `paystack-hyper`.
//!
//! | the transport | is | and its client |
//! | --- | --- | --- |
//! | works across threads | a [`Transport`] | [`Client`] |
//! | stays on one thread: thread-per-core runtimes, browsers | a [`LocalTransport`] | [`LocalClient`] |
//! | blocks its thread: scripts, command-line tools | a [`BlockingTransport`] | [`BlockingClient`] |
//!
//! ```
//! use std::time::Duration;
//!
//! use paystack_client::customers::FetchCustomer;
//! use paystack_client::{Api, Client, Email, SecretKey, Timer, Transport, TransportError, async_trait};
//! use paystack_client::{bytes::Bytes, http};
//!
//! /// Answers everything with the same customer.
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
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
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
//! `stream` makes [`Pages`] a `futures_core::Stream`, and `tracing` records calls. None changes what
//! is there without it.
//!
//! # Traces
//!
//! With the feature `tracing`, each call is a span named `paystack` with the fields `operation`,
//! `attempt`, `status`, `milliseconds` and `outcome`. Neither URIs, which hold e-mail addresses,
//! nor keys nor bodies are recorded.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod pace;
mod pages;
mod trace;
mod transport;

pub use async_trait::async_trait;
pub use paystack_core::*;

pub use self::client::{BlockingClient, Client, LocalClient};
pub use self::pace::SharedPace;
pub use self::pages::{BlockingPages, LocalPages, Pages};
pub use self::transport::{BlockingTransport, LocalTimer, LocalTransport, Timer, Transport};
