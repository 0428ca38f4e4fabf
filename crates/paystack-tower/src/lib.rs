//! Paystack's Customers API over any tower service of `http::Request`: a stack of layers, an axum router in
//! process, reqwest in a `service_fn`.
//!
//! [`TowerTransport`] contains neither a runtime nor TLS: the service does the IO, and the runtime's [`Timer`] is
//! an argument. This crate re-exports `paystack-transport` and `paystack-core`, so one `use paystack_tower::{…}`
//! suffices. Its features are `stream` and `tracing` of `paystack-transport`.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use axum::{Router, routing::get};
//! use paystack_tower::customers::FetchCustomer;
//! use paystack_tower::{Api, Client, CustomerCode, SecretKey, Timer, TowerTransport, async_trait};
//!
//! /// tokio's clock.
//! struct TokioTimer {
//!     started: Instant,
//! }
//!
//! #[async_trait]
//! impl Timer for TokioTimer {
//!     async fn sleep(&self, duration: Duration) { tokio::time::sleep(duration).await }
//!     fn now(&self) -> Duration { self.started.elapsed() }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), paystack_tower::Error> {
//! let paystack = Router::new().route("/customer/CUS_x", get(async || {
//!     r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
//!         "customer_code":"CUS_x","email":"ada@example.com"}}"#
//! }));
//! let transport = TowerTransport::new(paystack, TokioTimer { started: Instant::now() });
//! let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), transport);
//! let ada = client.send(FetchCustomer::new(CustomerCode::new("CUS_x")?)).await?.data;
//! assert_eq!(ada.id.get(), 1173);
//! # Ok(())
//! # }
//! ```
//!
//! # Layers
//!
//! Do not add these layers:
//!
//! - Layers that retry: the client retries, and knows which writes it must not repeat.
//! - Layers that follow redirects: they would send the key to another host.
//! - Layers that trace URIs or headers: URIs contain e-mail addresses.

mod body;
mod transport;

pub use paystack_transport::*;

pub use self::transport::TowerTransport;
