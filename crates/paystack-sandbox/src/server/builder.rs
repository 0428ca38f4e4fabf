//! The settings of a server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::Server;
use crate::sandbox::Sandbox;

/// The settings of a [`Server`]. By default it listens on a free port of 127.0.0.1 and refuses live keys.
///
/// ```
/// use paystack_sandbox::{Sandbox, server::Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = Server::builder().port(0).allow_live_keys().start(Sandbox::new(1)).await?;
/// assert!(server.address().ip().is_loopback());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ServerBuilder {
    pub(super) address: SocketAddr,
    pub(super) serves_page: bool,
    pub(super) allows_live_keys: bool,
    pub(super) allowed_hosts: Vec<String>,
    pub(super) request_timeout: Duration,
}

impl Default for ServerBuilder {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            serves_page: false,
            allows_live_keys: false,
            allowed_hosts: Vec::new(),
            request_timeout: Duration::from_secs(30),
        }
    }
}

impl ServerBuilder {
    /// Sets the port. Port 0 selects a free port.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// Listens on this address instead of loopback, for example on `0.0.0.0:4010` in a container.
    ///
    /// Everyone who reaches the address can read and change the state of the sandbox.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Serves the page at `/sandbox` on every address. By default the server serves it on loopback only.
    #[must_use]
    pub fn serve_page(mut self) -> Self {
        self.serves_page = true;
        self
    }

    /// Accepts this host name in the `Host` header of all requests.
    ///
    /// By default the server accepts IP addresses, `localhost` and names without a dot. It refuses other names,
    /// because a web page could otherwise reach it by DNS rebinding. Off loopback, programs may use any name outside
    /// `/sandbox`.
    #[must_use]
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.allowed_hosts.push(name.into());
        self
    }

    /// Sets the time for a client to send the head of a request, and again for its body. 30 s by default, and at most a
    /// day.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        // hyper adds it to the current time, and panics if the sum overflows.
        self.request_timeout = timeout.min(Duration::from_secs(24 * 60 * 60));
        self
    }

    /// Accepts live keys.
    #[must_use]
    pub fn allow_live_keys(mut self) -> Self {
        self.allows_live_keys = true;
        self
    }

    /// Serves a sandbox.
    ///
    /// # Errors
    ///
    /// Returns an error if the server cannot listen on the address, or if the webhook URL is not plain HTTP.
    pub async fn start(self, sandbox: Sandbox) -> io::Result<Server> {
        Server::listen(self, sandbox).await
    }
}
