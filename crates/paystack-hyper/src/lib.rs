//! Paystack's Customers API over hyper and tokio, with TLS by rustls.
//!
//! For tokio programs. The program depends on this crate and on `tokio` with the features `macros` and
//! `rt-multi-thread`:
//!
//! ```
//! use paystack_hyper::customers::{CreateCustomer, ListCustomers};
//! use paystack_hyper::{Email, Error};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Error> {
//! #     let sandbox = paystack_sandbox::server::Server::start(paystack_sandbox::Sandbox::new(1), 0).await.unwrap();
//! #     let api = paystack_hyper::Api::new(paystack_hyper::SecretKey::new("sk_test_3f2a9c")?);
//! #     let api = api.with_base_url(&sandbox.url())?;
//! #     example(paystack_hyper::Client::new(api, paystack_hyper::HyperTransport::new())).await
//! # }
//! # async fn example(client: paystack_hyper::Client) -> Result<(), Error> {
//! # #[cfg(false)]
//! let client = paystack_hyper::client_from_env()?; // PAYSTACK_SECRET_KEY, and PAYSTACK_BASE_URL if set
//! let ada = client.send(CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada")).await?.data;
//! println!("{}", ada.customer_code);
//!
//! let mut customers = client.pages(ListCustomers::new().per_page(100)).items();
//! while let Some(customer) = customers.next().await {
//!     println!("{}", customer?.email);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | call the API | [`Client::send`], [`customers`] |
//! | list page by page or row by row | [`Client::pages`] |
//! | handle errors | [`Error`], [`Outcome`] |
//! | limit time and attempts | [`Client::with_settings`], [`Settings`] |
//! | change the key at run time | [`Client::with_api`] |
//! | call a sandbox or a gateway | [`Api::with_base_url`] |
//! | configure connections | [`HyperTransport::builder`] |
//! | test without a network | [`testing`] |
//!
//! This crate re-exports `paystack-transport` and `paystack-core`, so one `use paystack_hyper::{…}` suffices.
//!
//! # Examples
//!
//! Each runs against a sandbox on this machine: `cargo run --example NAME` in the repository. The first
//! lines of `first_call` and `webhook_server` name the program to start beside it.
//!
//! - `first_call`: the program of the README.
//! - `quickstart`: the seven operations on customers, one after the other.
//! - `export`: all customers as JSON Lines or CSV; it resumes after an interruption.
//! - `webhook_server`: a server that receives webhooks, as in production.
//!
//! # Features
//!
//! None is on by default, and none changes behaviour.
//!
//! - `gzip`: `HyperTransportBuilder::gzip`, which requests compressed responses.
//! - `platform-verifier`: `HyperTransportBuilder::platform_verifier`, which trusts the certificates of the operating
//!   system.
//! - `stream`: implements `futures_core::Stream` for [`Pages`] and [`Items`].
//! - `tracing`: one span per call and one per attempt, without keys, URIs and bodies.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod builder;
mod connect;
mod error;
mod transport;

pub use paystack_transport::*;

pub use self::builder::HyperTransportBuilder;
pub use self::transport::HyperTransport;

/// A client over [`HyperTransport`], or over another transport.
///
/// ```
/// struct App {
///     paystack: paystack_hyper::Client,
/// }
/// ```
pub type Client<T = HyperTransport> = paystack_transport::Client<T>;

/// A client of Paystack's API with this key, over [`HyperTransport::new`].
pub fn client(key: SecretKey) -> Client {
    Client::new(Api::new(key), HyperTransport::new())
}

/// A client over [`HyperTransport::new`], with the secret key in `PAYSTACK_SECRET_KEY` and the base URL in
/// `PAYSTACK_BASE_URL`, if that is set. An empty variable counts as unset.
///
/// # Errors
///
/// [`InvalidInput`] names the variable that is missing or invalid.
pub fn client_from_env() -> Result<Client, InvalidInput> {
    Ok(Client::new(api_from_env()?, HyperTransport::new()))
}
