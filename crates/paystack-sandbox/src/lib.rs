//! An in-memory imitation of Paystack's Customers API for development and tests.
//!
//! The sandbox stores customers in memory and imitates the behaviour of the API, including its quirks. It is
//! deterministic: the same seed, times and requests produce the same bytes. It never connects to Paystack.
//!
//! | to test | use |
//! | --- | --- |
//! | code that does its own IO | [`Sandbox::handle`], which is pure |
//! | code that uses a `Client`, without a socket | [`SandboxTransport`] |
//! | code that receives webhooks | [`SandboxTransport::deliver_webhooks`], [`Sandbox::webhook_deliveries`] |
//! | an HTTP client in any language | `server::Server`, or the program `paystack-sandbox` (feature `server`) |
//!
//! ```
//! use paystack_transport::customers::{CreateCustomer, FetchCustomer};
//! use paystack_transport::{Api, Client, Email, SecretKey};
//! use paystack_sandbox::{Sandbox, SandboxTransport};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
//! let client = Client::new(api, SandboxTransport::new(Sandbox::new(1)));
//!
//! let ada = client.send(CreateCustomer::new(Email::new("ada@example.com")?)).await?.data;
//! let same = client.send(FetchCustomer::new(&ada.customer_code)).await?.data;
//! assert_eq!(same.id, ada.id);
//! # Ok(())
//! # }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")
)]

mod exchange;
mod faults;
mod integration;
mod journal;
mod openapi;
mod operations;
mod request;
mod response;
mod routes;
mod sandbox;
mod saved_state;
#[cfg(feature = "server")]
pub mod server;
mod shared_sandbox;
mod state;
mod transport;
mod webhooks;

pub use self::exchange::{Exchange, Lost};
pub use self::faults::{Fault, InjectedFault, PageFormat};
pub use self::journal::JournalEntry;
pub use self::openapi::openapi;
pub use self::sandbox::Sandbox;
pub use self::saved_state::{InvalidState, State};
pub use self::transport::SandboxTransport;
pub use self::webhooks::{Delivery, DeliveryAttempt, DeliveryId, QueuedWebhook, Webhook};
