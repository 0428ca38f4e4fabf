//! The client and the transport for runtimes that stay on one thread, and for browsers: futures need not be
//! `Send`.

mod client;
mod pages;
mod transport;

pub use self::client::LocalClient;
pub use self::pages::LocalPages;
pub use self::transport::{LocalTimer, LocalTransport};
