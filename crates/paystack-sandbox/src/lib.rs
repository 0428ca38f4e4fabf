//! Paystack's Customers API in a box, to develop and test against.
//!
//! It keeps customers in memory, behaves as the API does (down to its odd corners), and is
//! deterministic: the same seed, times and requests give the same bytes. Nothing here touches
//! Paystack.
//!
//! | to test | take |
//! | --- | --- |
//! | code of your own that makes requests | [`Sandbox::handle`], which is pure |
//! | code that uses a `Client`, without a socket | [`SandboxTransport`] |
//! | code that receives webhooks | [`SandboxTransport::deliver_webhooks`], [`Sandbox::webhook_deliveries`] |
//! | anything that speaks HTTP, in any language | `server::Server`, or the program `paystack-sandbox` (feature `server`) |
//!
//! ```
//! use paystack_client::customers::{CreateCustomer, FetchCustomer};
//! use paystack_client::{Api, Client, Email, SecretKey};
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

mod answer;
mod clock;
mod customer;
mod customers;
mod deliveries;
mod integration;
mod mandate;
mod rate_limit;
mod request;
mod sandbox;
#[cfg(feature = "server")]
pub mod server;
mod transport;
mod webhook;

pub use self::deliveries::{Delivery, DeliveryId};
pub use self::sandbox::Sandbox;
pub use self::transport::SandboxTransport;
pub use self::webhook::Webhook;
