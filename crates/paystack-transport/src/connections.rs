//! Settings of connections that the adapters share. Hidden: programs use the builders of the adapters.

mod gzip;
mod proxy;
mod tls;

use std::time::Duration;

pub use self::gzip::take_gzip;
pub use self::proxy::{ProxyUrl, no_proxy_from_env};
pub use self::tls::Tls;

/// The longest time for the name look-up, TCP, a proxy and the TLS handshake together. With ureq, the look-up has this time
/// for itself.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The longest idle time of a connection. Servers and middleboxes drop idle connections, often without a notice.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest time-out. HTTP clients add time-outs to the current time, and panic if the sum overflows.
pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// The most bytes of a response body.
pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// The most bytes by which a compressed body is larger than its content, for contents of a few megabytes.
pub const LARGEST_OVERHEAD: usize = 64 * 1024;
