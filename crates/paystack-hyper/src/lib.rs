//! Paystack's Customers API over hyper and tokio, with TLS by rustls.
//!
//! For those who call Paystack from a tokio program. The program brings `tokio` with the features
//! `macros` and `rt-multi-thread`, and nothing else:
//!
//! ```
//! use paystack_hyper::customers::CreateCustomer;
//! use paystack_hyper::{Api, Client, Email, HyperTransport, SecretKey};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use paystack_sandbox::{Sandbox, server::Server};
//! # let sandbox = Server::start(Sandbox::new(1), 0).await?;
//! # let url = sandbox.url();
//! // A sandbox on this machine. For Paystack itself it is `paystack_hyper::client(key)`.
//! let api = Api::new(SecretKey::new("sk_test_3f2a9c")?).with_base_url(&url)?;
//! let client = Client::new(api, HyperTransport::new());
//!
//! let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
//! let ada = client.send(create).await?.data;
//! println!("{}", ada.customer_code);
//! # Ok(())
//! # }
//! ```
//!
//! This crate re-exports `paystack-client` and `paystack-core`: one `use paystack_hyper::{…}` serves.
//!
//! | what | where |
//! | --- | --- |
//! | the operations | [`customers`] |
//! | how long a call may take, how often it may try | [`Client::with`], [`Settings`] |
//! | what can go wrong | [`Error`] |
//! | a list to its end | [`Client::pages`] |
//! | a sandbox on this machine, or a gateway of yours | [`Api::with_base_url`] |
//! | other certificates, other limits of the connection | [`HyperTransport`] |
//!
//! # Examples
//!
//! Each runs against a sandbox on this machine: `cargo run --example NAME` in the repository. The first
//! lines of `first_call` and `webhook_server` say which to start beside it.
//!
//! - `first_call`: the program of the README.
//! - `quickstart`: the seven operations on customers, one after the other.
//! - `export`: all customers as JSON Lines or CSV, resumable wherever it was interrupted.
//! - `webhook_server`: a server that receives webhooks, as one would run it.
//!
//! # Features
//!
//! None is on by default, and none changes what is there without it.
//!
//! - `platform-verifier`: `HyperTransport::with_platform_verifier`, which trusts what the operating
//!   system trusts.
//! - `stream`: [`Pages`] is a `futures_core::Stream`.
//! - `tracing`: one span a call, without keys, URIs and bodies.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod connect;
mod transport;
mod turns;

pub use paystack_client::*;

pub use self::connect::{ConnectTimeout, TlsConnector};
pub use self::transport::HyperTransport;
pub use self::turns::InTurns;

/// A client of Paystack's API with this key, over [`HyperTransport::new`].
pub fn client(key: SecretKey) -> Client<HyperTransport> {
    Client::new(Api::new(key), HyperTransport::new())
}
