//! Paystack's Customers API over ureq, with TLS by rustls: for scripts and command-line tools. Calls block their
//! thread and need no runtime.
//!
//! ```
//! use paystack_ureq::customers::{CreateCustomer, ListCustomers};
//! use paystack_ureq::{Email, Error};
//!
//! # fn main() -> Result<(), Error> {
//! #     let runtime = tokio::runtime::Runtime::new().unwrap();
//! #     let sandbox = paystack_sandbox::server::Server::start(paystack_sandbox::Sandbox::new(1), 0);
//! #     let sandbox = runtime.block_on(sandbox).unwrap();
//! #     let api = paystack_ureq::Api::new(paystack_ureq::SecretKey::new("sk_test_3f2a9c")?);
//! #     let api = api.with_base_url(&sandbox.url())?;
//! #     example(paystack_ureq::BlockingClient::new(api, paystack_ureq::UreqTransport::new()))
//! # }
//! # fn example(client: paystack_ureq::BlockingClient) -> Result<(), Error> {
//! # #[cfg(false)]
//! let client = paystack_ureq::client_from_env()?; // PAYSTACK_SECRET_KEY, and PAYSTACK_BASE_URL if set
//! let ada = client.send(CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada"))?.data;
//! println!("{}", ada.customer_code);
//!
//! for customer in client.pages(ListCustomers::new().per_page(100)).items() {
//!     println!("{}", customer?.email);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | call the API | [`BlockingClient::send`], [`customers`] |
//! | list page by page or row by row | [`BlockingClient::pages`] |
//! | handle errors | [`Error`], [`Outcome`] |
//! | limit time and attempts | [`BlockingClient::with_settings`], [`Settings`] |
//! | change the key at run time | [`BlockingClient::with_api`] |
//! | call a sandbox or a gateway | [`Api::with_base_url`] |
//! | configure connections | [`UreqTransport::builder`] |
//! | test without a network | [`testing`] |
//!
//! This crate re-exports `paystack-transport` and `paystack-core`, so one `use paystack_ureq::{…}` suffices.
//!
//! # Example
//!
//! `cargo run --example customers` in the repository prints all customers of a sandbox on this machine. With a
//! test key in `PAYSTACK_SECRET_KEY`, it prints those in Paystack's test mode, or on the server in `PAYSTACK_BASE_URL`.
//!
//! # Logs
//!
//! ureq writes to the [`log`](https://docs.rs/log) crate, under the targets `ureq` and `ureq_proto`, and no setting of
//! an agent prevents that.
//!
//! | level | ureq logs |
//! | --- | --- |
//! | `warn` to `debug` | hosts, ports, methods, status codes, headers that hold no secret, and the first letter of a proxy's user name |
//! | `trace` | **the key, the URLs with their e-mail addresses, and the bodies of responses**, in rows of 16 bytes |
//!
//! A search of the log does not find the key, because it is split across rows. So cap both targets at `debug`. With
//! `env_logger` or a `tracing` filter, for example:
//!
//! ```sh
//! RUST_LOG=trace,ureq=debug,ureq_proto=debug
//! ```
//!
//! In code, `log::set_max_level(log::LevelFilter::Debug)` caps all targets. So does the feature `max_level_debug` of
//! `log`, which removes the rows at compile time. A filter behind the logger is not enough: while the logger reports
//! `trace` as enabled, ureq writes whole URLs at `debug` as well.
//!
//! # Features
//!
//! None is on by default, and none changes behaviour.
//!
//! - `gzip`: `UreqTransportBuilder::gzip`, which requests compressed responses.
//! - `platform-verifier`: `UreqTransportBuilder::platform_verifier`, which trusts the certificates of the operating
//!   system.
//! - `tracing`: one span per call and one per attempt, without keys, URIs and bodies.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod connect;
mod error;
#[cfg(feature = "gzip")]
mod gzip;
mod transport;

pub use paystack_transport::*;

pub use self::builder::UreqTransportBuilder;
pub use self::transport::UreqTransport;

/// A client over [`UreqTransport`], or over another blocking transport.
///
/// ```
/// struct App {
///     paystack: paystack_ureq::BlockingClient,
/// }
/// ```
pub type BlockingClient<T = UreqTransport> = paystack_transport::BlockingClient<T>;

/// A client of Paystack's API with this key, over [`UreqTransport::new`].
pub fn client(key: SecretKey) -> BlockingClient {
    BlockingClient::new(Api::new(key), UreqTransport::new())
}

/// A client over [`UreqTransport::new`], with the secret key in `PAYSTACK_SECRET_KEY` and the base URL in
/// `PAYSTACK_BASE_URL`, if that is set. An empty variable counts as unset.
///
/// # Errors
///
/// [`InvalidInput`] names the variable that is missing or invalid.
pub fn client_from_env() -> Result<BlockingClient, InvalidInput> {
    Ok(BlockingClient::new(api_from_env()?, UreqTransport::new()))
}
