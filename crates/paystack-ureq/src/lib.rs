//! Paystack's Customers API over ureq, with TLS by rustls: for scripts and command-line tools, which
//! block their thread and need no runtime.
//!
//! ```
//! use paystack_ureq::customers::{CreateCustomer, ListCustomers};
//! use paystack_ureq::{Api, BlockingClient, Email, SecretKey, UreqTransport};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use paystack_sandbox::{Sandbox, server::Server};
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # let sandbox = runtime.block_on(Server::start(Sandbox::new(1), 0))?;
//! # let url = sandbox.url();
//! // A sandbox on this machine. For Paystack itself it is `paystack_ureq::client(key)`.
//! let api = Api::new(SecretKey::new("sk_test_3f2a9c")?).with_base_url(&url)?;
//! let client = BlockingClient::new(api, UreqTransport::new());
//!
//! let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
//! let ada = client.send(create)?.data;
//! for page in client.pages(ListCustomers::new()) {
//!     assert_eq!(page?.data[0].id, ada.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! This crate re-exports `paystack-client` and `paystack-core`: one `use paystack_ureq::{…}` serves.
//!
//! | what | where |
//! | --- | --- |
//! | the operations | [`customers`] |
//! | how long a call may take, how often it may try | [`BlockingClient::with`], [`Settings`] |
//! | what can go wrong | [`Error`] |
//! | a list to its end | [`BlockingClient::pages`] |
//! | a sandbox on this machine | [`Api::with_base_url`] |
//! | a proxy, other certificates | [`UreqTransport::with_agent`] |
//!
//! # Examples
//!
//! `cargo run --example customers` in the repository prints all customers of a sandbox on this machine,
//! a line each; with a key, those of Paystack's test mode.
//!
//! # Features
//!
//! None is on by default, and none changes what is there without it.
//!
//! - `platform-verifier`: `UreqTransport::with_platform_verifier`, which trusts what the operating
//!   system trusts.
//! - `tracing`: one span a call, without keys, URIs and bodies.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod transport;

pub use paystack_client::*;

pub use self::transport::UreqTransport;

/// A client of Paystack's API with this key, over [`UreqTransport::new`].
pub fn client(key: SecretKey) -> BlockingClient<UreqTransport> {
    BlockingClient::new(Api::new(key), UreqTransport::new())
}
