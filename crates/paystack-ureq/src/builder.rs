//! The settings of connections.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use paystack_transport::InvalidInput;
use paystack_transport::connections::{BODY_LIMIT, CONNECT_TIMEOUT, IDLE_TIMEOUT, Tls};
use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    ConnectProxyConnector, Connector, DefaultConnector, SocksConnector, TcpConnector,
};

use crate::connect::{Connecting, Proxies, TlsConnector};
use crate::transport::{Connections, UreqTransport};

/// All connections are to the same host.
const IDLE_CONNECTIONS: usize = 10;

const HEADER_LIMIT: usize = 64 * 1024;

impl UreqTransport {
    /// The transport with its defaults.
    pub fn new() -> Self {
        UreqTransportBuilder::new().build_anyway()
    }

    /// Configures connections: time-outs, certificates, a proxy.
    ///
    /// ```
    /// use std::time::Duration;
    /// use paystack_ureq::UreqTransport;
    ///
    /// let transport = UreqTransport::builder()
    ///     .connect_timeout(Duration::from_secs(1))
    ///     .proxy("http://user:password@proxy.example.com:3128")
    ///     .build()?;
    /// # Ok::<(), paystack_ureq::Error>(())
    /// ```
    pub fn builder() -> UreqTransportBuilder {
        UreqTransportBuilder::new()
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

/// Settings of connections: [`UreqTransport::builder`].
///
/// They have the same names as in `paystack-hyper`. That builder also selects the HTTP version, the local address and TCP
/// keep-alive, which ureq does not support.
///
/// It reads nothing from the environment, except in [`proxy_from_env`](Self::proxy_from_env) and, on Linux, for the
/// certificates of the operating system.
///
/// `Debug` shows no setting: a proxy's URL contains a password.
#[must_use = "a builder does nothing until `build` is called"]
pub struct UreqTransportBuilder {
    connect_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    body_limit: usize,
    tls: Tls,
    proxies: Option<Result<Proxies, InvalidInput>>,
    accept_encoding: &'static str,
    config: Option<Config>,
    connector: Option<Own>,
}

/// Makes an agent of the caller's connector.
type Own = Box<dyn FnOnce(Config) -> Agent + Send>;

impl UreqTransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            connect_timeout: None,
            idle_timeout: None,
            body_limit: BODY_LIMIT,
            tls: Tls::default(),
            proxies: None,
            accept_encoding: "",
            config: None,
            connector: None,
        }
    }

    /// Sets the time for the name look-up, and again for TCP, the proxy and the TLS handshake together. 3 s by
    /// default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the time after which an idle connection is not used again. 30 s by default.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Sets the maximum number of bytes of a response body, after decoding. A body with a larger declared length is not
    /// read. 8 MiB by default.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Trusts these certificates as well, in PEM: of a proxy that inspects TLS, for example.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.add_roots(pem.into());
        self
    }

    /// Trusts only these certificates, in PEM, and those that later calls of
    /// [`root_certificates`](Self::root_certificates) or `platform_verifier` add.
    pub fn only_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.only_roots(pem.into());
        self
    }

    /// Trusts the certificates of the operating system in place of Mozilla's. On Linux, the variables
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` replace them.
    ///
    /// After `only_root_certificates`, it trusts both; before it, that call undoes this one.
    #[cfg(feature = "platform-verifier")]
    pub fn platform_verifier(mut self) -> Self {
        self.tls.platform_roots();
        self
    }

    /// Presents a certificate to the server: the chain and its private key, both in PEM.
    pub fn client_certificate(
        mut self,
        chain: impl Into<Vec<u8>>,
        private_key: impl Into<Vec<u8>>,
    ) -> Self {
        self.tls
            .client_certificate(chain.into(), private_key.into());
        self
    }

    /// Connects to `https` URLs through a proxy: `http://`, `https://`, `socks5://` or `socks5h://`, with
    /// `user:password@` if it needs them, percent-encoded. An HTTP proxy must support CONNECT; a SOCKS proxy resolves
    /// the names. Plain `http` never goes through the proxy, which would see the key.
    ///
    /// A slow HTTP proxy can exceed all time-outs. ureq gives the whole time to the look-up of its name, again to TCP,
    /// and again to each piece of its reply to CONNECT.
    pub fn proxy(mut self, url: &str) -> Self {
        self.proxies = Some(Proxies::one(url));
        self
    }

    /// Connects to `https` URLs through the proxy in `HTTPS_PROXY`, or else in `ALL_PROXY`, except to the hosts in
    /// `NO_PROXY`. It reads these variables now, in upper or else in lower case.
    pub fn proxy_from_env(mut self) -> Self {
        self.proxies = Some(Proxies::from_env());
        self
    }

    /// Requests compressed responses, and decodes them within the body limit.
    #[cfg(feature = "gzip")]
    pub fn gzip(mut self) -> Self {
        self.accept_encoding = "gzip";
        self
    }

    /// Uses a configuration of your own for ureq's agent, in place of all settings of connections. Only the body limit
    /// and gzip apply to it; [`build`](Self::build) rejects the other settings.
    ///
    /// It cannot change these: each status is a response, redirects are not followed, and plain `http` uses no proxy.
    /// A request ends with its own time or with the configuration's global time-out, whichever is shorter. Without
    /// `proxy(None)`, ureq reads the proxy from the environment.
    ///
    /// ```
    /// use paystack_ureq::UreqTransport;
    /// use ureq::Agent;
    ///
    /// let config = Agent::config_builder().proxy(None).user_agent("shop/1.0").build();
    /// let transport = UreqTransport::builder().config(config).build()?;
    /// # Ok::<(), paystack_ureq::Error>(())
    /// ```
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// Uses a connector of your own, in place of TCP, TLS and the proxy. Only the time-outs, the body limit and gzip
    /// apply to it; [`build`](Self::build) rejects the other settings.
    ///
    /// An error of the connector counts as [`Sent::No`](crate::Sent::No), so it must not write any part of the
    /// request.
    ///
    /// The trait [`Connector`] is outside of ureq's semver promise and may change with a minor version, so this
    /// crate requires one minor version.
    ///
    /// ```
    /// use paystack_ureq::UreqTransport;
    /// use ureq::unversioned::transport::TcpConnector;
    ///
    /// let transport = UreqTransport::builder().connector(TcpConnector::default()).build()?;
    /// # Ok::<(), paystack_ureq::Error>(())
    /// ```
    pub fn connector(mut self, connector: impl Connector) -> Self {
        self.connector = Some(Box::new(|config| agent(config, connector)));
        self
    }

    /// Builds the transport.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] names the setting: a certificate, a private key or a proxy's URL that does not parse. It
    /// also names a setting that does not apply to a configuration or connector of your own.
    pub fn build(self) -> Result<UreqTransport, InvalidInput> {
        let (body_limit, accept_encoding) = (self.body_limit, self.accept_encoding);
        let connections = self.connections()?;
        Ok(UreqTransport::from_parts(
            Ok(connections),
            body_limit,
            accept_encoding,
        ))
    }

    /// Builds the transport. If a setting is invalid, each of its requests fails.
    fn build_anyway(self) -> UreqTransport {
        let (body_limit, accept_encoding) = (self.body_limit, self.accept_encoding);
        UreqTransport::from_parts(self.connections(), body_limit, accept_encoding)
    }

    fn connections(self) -> Result<Connections, InvalidInput> {
        if let Some(field) = self.not_applied() {
            const PROBLEM: &str =
                "must not be combined with a configuration or connector of your own";
            return Err(InvalidInput::new(field, PROBLEM));
        }
        let proxies = self.proxies.transpose()?;
        let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let defaults = Config::builder()
            .proxy(None)
            .user_agent("")
            .timeout_resolve(Some(connect_timeout))
            .timeout_connect(Some(connect_timeout))
            .max_idle_age(self.idle_timeout.unwrap_or(IDLE_TIMEOUT))
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .max_response_header_size(HEADER_LIMIT);
        let (agent, proxies) = match (self.config, self.connector) {
            (None, None) => {
                let proxies = proxies.unwrap_or_default();
                let (to_server, to_proxy) = self.tls.configs()?;
                let tls = TlsConnector {
                    to_server: Arc::new(to_server),
                    to_proxy: Arc::new(to_proxy),
                    proxy: proxies.uri().cloned(),
                };
                let connector =
                    ().chain(SocksConnector::default())
                        .chain(ConnectProxyConnector::default())
                        .chain(TcpConnector::default())
                        .chain(tls);
                (agent(defaults.build(), connector), proxies)
            }
            (config, connector) => {
                let config = config.unwrap_or_else(|| defaults.build());
                let proxies = Proxies::of(&config);
                let agent = match connector {
                    Some(own) => own(config),
                    None => agent(config, DefaultConnector::default()),
                };
                (agent, proxies)
            }
        };
        Ok(Connections { agent, proxies })
    }

    /// The name of a setting that does not apply to the caller's configuration or connector.
    fn not_applied(&self) -> Option<&'static str> {
        let has_config = self.config.is_some();
        if !has_config && self.connector.is_none() {
            return None;
        }
        let lost = [
            (
                has_config && self.connect_timeout.is_some(),
                "connect timeout",
            ),
            (has_config && self.idle_timeout.is_some(), "idle timeout"),
            (self.proxies.is_some(), "proxy"),
        ];
        let lost = lost.into_iter().find(|(is_lost, _)| *is_lost);
        lost.map(|(_, field)| field).or_else(|| self.tls.changed())
    }
}

/// An agent whose errors are marked while no connection exists.
fn agent(config: Config, connector: impl Connector) -> Agent {
    let resolver = Connecting(DefaultResolver::default());
    Agent::with_parts(config, Connecting(connector), resolver)
}

impl fmt::Debug for UreqTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransportBuilder")
            .finish_non_exhaustive()
    }
}
