//! Settings of connections that the adapters share. Hidden: programs use the builders of the adapters.

mod gzip;
mod proxy;
mod tls;

pub use self::gzip::take_gzip;
pub use self::proxy::{ProxyUrl, no_proxy_from_env};
pub use self::tls::Tls;
