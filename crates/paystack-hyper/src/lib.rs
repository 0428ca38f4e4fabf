//! Paystack's Customers API over hyper and tokio, with TLS by rustls.
//!
//! ```no_run
//! use paystack_hyper::customers::CreateCustomer;
//! use paystack_hyper::{Email, SecretKey};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = paystack_hyper::client(SecretKey::new("sk_test_…")?);
//! let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
//! let ada = client.send(create).await?.data;
//! println!("{}", ada.customer_code);
//! # Ok(())
//! # }
//! ```
//!
//! This crate re-exports `paystack-client` and `paystack-core`: one `use paystack_hyper::{…}` serves.

mod body;
mod connect;
mod transport;

pub use paystack_client::*;

pub use self::connect::{ConnectTimeout, TlsConnector};
pub use self::transport::HyperTransport;

/// A client of Paystack's API with this key, over [`HyperTransport::new`].
pub fn client(key: SecretKey) -> Client<HyperTransport> {
    Client::new(Api::new(key), HyperTransport::new())
}
