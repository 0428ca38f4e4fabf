//! The settings of connections.

use std::error::Error as StdError;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::rt::{Read, Write};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{Connect, Connection, HttpConnector};
use hyper_util::client::legacy::{Builder, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use paystack_transport::InvalidInput;
use paystack_transport::connections::{
    BODY_LIMIT, CONNECT_TIMEOUT, IDLE_TIMEOUT, LONGEST_TIMEOUT, Tls,
};
use tower_service::Service;

use crate::body::Encodings;
use crate::connect::{ConnectTimeout, OpenConnections, Proxies, ProxyConnector, TcpConnector};
use crate::transport::{HyperTransport, Requester};

/// The buffer of a response over HTTP/1.1, headers included.
const HTTP1_BUFFER: usize = 64 * 1024;

const HTTP2_HEADERS: u32 = 16 * 1024;

/// hyper's own HTTP/2 window of a stream, in which a page costs no further round trip.
const HTTP2_STREAM_WINDOW: u32 = 2 * 1024 * 1024;

/// Larger than hyper's own 5 MiB: 16 prefetched pages of 370 kB fit, and no other call waits behind them.
const HTTP2_CONNECTION_WINDOW: u32 = 7 * 1024 * 1024;

impl HyperTransport {
    /// The transport with its defaults.
    pub fn new() -> Self {
        HyperTransportBuilder::new().build_anyway()
    }

    /// Configures connections: time-outs, certificates, a proxy.
    ///
    /// ```
    /// use std::time::Duration;
    /// use paystack_hyper::HyperTransport;
    ///
    /// let transport = HyperTransport::builder()
    ///     .connect_timeout(Duration::from_secs(1))
    ///     .proxy("http://user:password@proxy.example.com:3128")
    ///     .build()?;
    /// # Ok::<(), paystack_hyper::Error>(())
    /// ```
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder::new()
    }
}

impl Default for HyperTransport {
    fn default() -> Self {
        Self::new()
    }
}

/// Settings of connections: [`HyperTransport::builder`].
///
/// It reads nothing from the environment, except in [`proxy_from_env`](Self::proxy_from_env) and, on Linux, for the
/// certificates of the operating system.
///
/// `Debug` shows no setting: a proxy's URL contains a password.
#[must_use = "a builder does nothing until `build` is called"]
pub struct HyperTransportBuilder {
    connect_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    body_limit: usize,
    protocol: Protocol,
    tcp_keepalive: Option<Duration>,
    local_address: Option<IpAddr>,
    tls: Tls,
    proxies: Option<Result<Proxies, InvalidInput>>,
    encodings: Encodings,
    open: OpenConnections,
    own: Option<Own>,
}

/// The HTTP versions to use.
#[derive(Clone, Copy, PartialEq)]
enum Protocol {
    Any,
    Http1,
    Http2,
}

/// The caller's connector or client.
enum Own {
    /// Makes a client of a connector, with this time-out for connecting.
    Connector(Box<dyn FnOnce(Builder, Duration) -> Requester + Send>),
    Client(Requester),
}

impl HyperTransportBuilder {
    pub(crate) fn new() -> Self {
        Self {
            connect_timeout: None,
            idle_timeout: None,
            body_limit: BODY_LIMIT,
            protocol: Protocol::Any,
            tcp_keepalive: None,
            local_address: None,
            tls: Tls::default(),
            proxies: None,
            encodings: Encodings::default(),
            open: OpenConnections::default(),
            own: None,
        }
    }

    /// Sets the time for the name look-up, TCP, the proxy and the TLS handshake together. 3 s by default. Several
    /// addresses of a host share the time for TCP.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the time after which an idle connection is closed. 30 s by default, and at most a day.
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

    /// Uses HTTP/1.1 only.
    pub fn http1_only(mut self) -> Self {
        self.protocol = Protocol::Http1;
        self
    }

    /// Uses HTTP/2 only; over plain `http`, with prior knowledge.
    ///
    /// All calls wait for one connection. If the call that makes it fails or is dropped, the others fail with
    /// [`Connect`](paystack_transport::TransportErrorKind::Connect), unsent, and a client retries them.
    pub fn http2_only(mut self) -> Self {
        self.protocol = Protocol::Http2;
        self
    }

    /// Sends TCP keep-alive probes after this much silence, for middleboxes that drop silent connections. Off by
    /// default.
    pub fn tcp_keepalive(mut self, after: impl Into<Option<Duration>>) -> Self {
        self.tcp_keepalive = after.into();
        self
    }

    /// Connects from this address of the machine, for an allow-list in Paystack's dashboard.
    pub fn local_address(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.local_address = address.into();
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
        self.encodings = Encodings::Gzip;
        self
    }

    /// Uses a connector of your own, in place of TCP, TLS and the proxy. Only the time-outs, the body limit,
    /// [`http2_only`](Self::http2_only) and gzip apply to it; [`build`](Self::build) rejects the other settings.
    ///
    /// ```
    /// use hyper_util::client::legacy::connect::HttpConnector;
    /// use paystack_hyper::HyperTransport;
    ///
    /// let transport = HyperTransport::builder().connector(HttpConnector::new()).build()?;
    /// # Ok::<(), paystack_hyper::Error>(())
    /// ```
    pub fn connector<C>(mut self, connector: C) -> Self
    where
        C: Service<Uri> + Clone + Send + Sync + 'static,
        C::Response: Read + Write + Connection + Unpin + Send + 'static,
        C::Error: Into<Box<dyn StdError + Send + Sync>>,
        C::Future: Send + 'static,
    {
        self.own = Some(Own::Connector(Box::new(|client, timeout| {
            requester(client.build(ConnectTimeout::new(connector, timeout)))
        })));
        self
    }

    /// Uses a hyper client of your own, in place of all settings of connections. Only the body limit and gzip apply to
    /// it; [`build`](Self::build) rejects the other settings. The client's settings bound the memory of a response
    /// beyond the body limit.
    ///
    /// ```
    /// use hyper_util::client::legacy::{Client, connect::HttpConnector};
    /// use hyper_util::rt::TokioExecutor;
    /// use paystack_hyper::HyperTransport;
    ///
    /// let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
    /// let transport = HyperTransport::builder().client(client).build()?;
    /// # Ok::<(), paystack_hyper::Error>(())
    /// ```
    pub fn client<C>(mut self, client: Client<C, Full<Bytes>>) -> Self
    where
        C: Connect + Clone + Send + Sync + 'static,
    {
        self.own = Some(Own::Client(requester(client)));
        self
    }

    /// Builds the transport.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] names the setting: a certificate, a private key or a proxy's URL that does not parse. It
    /// also names a setting that does not apply to a connector or client of your own.
    pub fn build(self) -> Result<HyperTransport, InvalidInput> {
        let (body_limit, encodings, open) = self.parts();
        let requester = self.requester()?;
        Ok(HyperTransport::from_parts(
            Ok(requester),
            body_limit,
            encodings,
            open,
        ))
    }

    /// Builds the transport. If a setting is invalid, each of its requests fails.
    pub(crate) fn build_anyway(self) -> HyperTransport {
        let (body_limit, encodings, open) = self.parts();
        HyperTransport::from_parts(self.requester(), body_limit, encodings, open)
    }

    /// The parts of the transport beside its client. The connections of the caller are unknown.
    fn parts(&self) -> (usize, Encodings, Option<OpenConnections>) {
        let open = self.own.is_none().then(|| self.open.clone());
        (self.body_limit, self.encodings, open)
    }

    fn requester(self) -> Result<Requester, InvalidInput> {
        if let Some(field) = self.not_applied() {
            const PROBLEM: &str = "must not be combined with a connector or client of your own";
            return Err(InvalidInput::new(field, PROBLEM));
        }
        let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        let idle_timeout = self.idle_timeout.unwrap_or(IDLE_TIMEOUT);
        let mut client = Client::builder(TokioExecutor::new());
        client
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(idle_timeout.min(LONGEST_TIMEOUT))
            .http2_only(self.protocol == Protocol::Http2)
            // A ping without a reply reveals a dead connection that many calls share.
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(5))
            .http2_max_header_list_size(HTTP2_HEADERS)
            .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            // Unread data uses memory as well.
            .http1_max_buf_size(HTTP1_BUFFER);
        match self.own {
            Some(Own::Client(requester)) => return Ok(requester),
            Some(Own::Connector(own)) => return Ok(own(client, connect_timeout)),
            None => {}
        }
        let proxies = self.proxies.transpose()?;
        let (mut tls, to_proxy) = self.tls.configs()?;
        let to_proxy = Arc::new(to_proxy);
        tls.alpn_protocols = match self.protocol {
            Protocol::Any => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            Protocol::Http1 => vec![b"http/1.1".to_vec()],
            Protocol::Http2 => vec![b"h2".to_vec()],
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false); // a proxy may be reached over TLS
        tcp.set_nodelay(true);
        // Divided among the addresses of a host, so that a silent one leaves time for the next.
        tcp.set_connect_timeout(Some(connect_timeout));
        tcp.set_keepalive(self.tcp_keepalive);
        tcp.set_local_address(self.local_address);
        let tcp = TcpConnector {
            connector: tcp,
            open: self.open,
        };
        let connector = ProxyConnector {
            proxies,
            next: HttpsConnector::from((tcp, to_proxy)),
        };
        let connector = HttpsConnector::from((connector, Arc::new(tls)));
        let connector = ConnectTimeout::new(connector, connect_timeout);
        Ok(requester(client.build(connector)))
    }

    /// The name of a setting that does not apply to the caller's connector or client.
    fn not_applied(&self) -> Option<&'static str> {
        let is_client = match self.own {
            Some(Own::Client(_)) => true,
            Some(Own::Connector(_)) => false,
            None => return None,
        };
        let is_protocol_lost = match self.protocol {
            Protocol::Any => false,
            Protocol::Http1 => true,
            Protocol::Http2 => is_client,
        };
        let lost = [
            (
                is_client && self.connect_timeout.is_some(),
                "connect timeout",
            ),
            (is_client && self.idle_timeout.is_some(), "idle timeout"),
            (is_protocol_lost, "HTTP version"),
            (self.tcp_keepalive.is_some(), "TCP keep-alive"),
            (self.local_address.is_some(), "local address"),
            (self.proxies.is_some(), "proxy"),
        ];
        let lost = lost.into_iter().find(|(is_lost, _)| *is_lost);
        lost.map(|(_, field)| field).or_else(|| self.tls.changed())
    }
}

fn requester<C>(client: Client<C, Full<Bytes>>) -> Requester
where
    C: Connect + Clone + Send + Sync + 'static,
{
    Arc::new(move |request| client.request(request))
}

impl fmt::Debug for HyperTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransportBuilder")
            .finish_non_exhaustive()
    }
}
