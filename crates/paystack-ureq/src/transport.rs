//! The transport: ureq's pooled connections, and the classification of its errors.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use http::{HeaderValue, Method, Uri, header};
use paystack_transport::{BlockingTransport, Sent, TransportError, TransportErrorKind};
use ureq::config::{Config, ConfigBuilder};
#[cfg(feature = "platform-verifier")]
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, NextTimeout};
use ureq::{Agent, Error, SendBody, Timeout};

/// For the name look-up, and as long again for TCP and the TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Servers and middleboxes drop idle connections, often without a notice.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// All connections are to the same host.
const IDLE_CONNECTIONS: usize = 10;

const BODY_LIMIT: usize = 8 * 1024 * 1024;

const HEADER_LIMIT: usize = 64 * 1024;

/// The longest time-out. ureq adds time-outs to the current time, and panics if the sum overflows.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// Sends requests over ureq, and blocks the thread until the response is complete.
///
/// | setting | default |
/// | --- | --- |
/// | TLS | rustls with ring, or with the provider that the program installed; Mozilla's roots |
/// | HTTP | 1.1 |
/// | name look-up | 3 s |
/// | connecting, TLS handshake included | 3 s |
/// | idle connections | 10, dropped after 30 s |
/// | largest response body | 8 MiB, see [`UreqTransport::body_limit`] |
/// | response headers | 64 KiB, and 128 of them |
/// | proxies | none: the environment is not read, see [`UreqTransport::with_config`] |
/// | redirects | not followed |
///
/// Each request ends when its time is up, in any phase. A time-out of more than a day counts as a day.
///
/// An error is [`Sent::No`] only if the name look-up or the connector failed, TLS handshake included. Both run
/// before a connection exists, so no byte of the request can have been written. Every later error is
/// [`Sent::Maybe`], for any error number: Linux returns `ConnectionRefused` on established connections as well.
///
/// ureq writes to `log`, where the level `trace` shows the key and the bodies of responses:
/// [keep it at `debug`](crate#logs).
#[derive(Clone)]
pub struct UreqTransport {
    agent: Agent,
    body_limit: usize,
    started: Instant,
}

impl UreqTransport {
    /// TLS by rustls, trusting Mozilla's roots.
    pub fn new() -> Self {
        Self::with_config(defaults().build())
    }

    /// TLS by rustls, trusting the certificates of the operating system. If they cannot be read, every connection
    /// fails.
    #[cfg(feature = "platform-verifier")]
    pub fn with_platform_verifier() -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
        Self::with_config(defaults().tls_config(tls.build()).build())
    }

    /// A configuration of your own: for a proxy, other roots or a client certificate.
    ///
    /// It cannot change these: each status is a response, redirects are not followed, and the response is not
    /// compressed. A request ends with its own time or with the configuration's global time-out, whichever is
    /// shorter.
    ///
    /// ```
    /// use paystack_ureq::UreqTransport;
    /// use ureq::{Agent, Proxy};
    ///
    /// let config = Agent::config_builder().proxy(Proxy::try_from_env());
    /// let transport = UreqTransport::with_config(config.build());
    /// ```
    pub fn with_config(config: Config) -> Self {
        Self::with_connector(config, DefaultConnector::default())
    }

    /// The same, over connections of your own. An error of the connector counts as [`Sent::No`], so a connector
    /// must not write any part of the request.
    ///
    /// The trait [`Connector`] is outside of ureq's semver promise and may change with a minor version, so this
    /// crate requires one minor version.
    pub fn with_connector(config: Config, connector: impl Connector) -> Self {
        let resolver = Connecting(DefaultResolver::default());
        Self {
            agent: Agent::with_parts(config, Connecting(connector), resolver),
            body_limit: BODY_LIMIT,
            started: Instant::now(),
        }
    }

    /// Sets the most bytes of a response body. A body with a larger declared length is not read.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    fn receive(
        &self,
        request: http::Request<SendBody<'_>>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, Error> {
        let config = self.agent.config();
        let own = config.timeouts();
        let within = [within, own.global].into_iter().flatten().min();
        let request = self.agent.configure_request(request);
        let request = request
            .http_status_as_error(false)
            .max_redirects(0)
            .accept("")
            // Another crate may enable ureq's decompression.
            .accept_encoding("")
            .timeout_global(within.map(clamp))
            .timeout_per_call(own.per_call.map(clamp))
            .timeout_resolve(own.resolve.map(clamp))
            .timeout_connect(own.connect.map(clamp))
            .timeout_send_request(own.send_request.map(clamp))
            .timeout_await_100(own.await_100.map(clamp))
            .timeout_send_body(own.send_body.map(clamp))
            .timeout_recv_response(own.recv_response.map(clamp))
            .timeout_recv_body(own.recv_body.map(clamp))
            .timeout_per_read(config.timeout_per_read().map(clamp))
            .timeout_per_write(config.timeout_per_write().map(clamp));
        let (head, body) = self.agent.run(request.build())?.into_parts();
        let limit = u64::try_from(self.body_limit).unwrap_or(u64::MAX);
        if body
            .content_length()
            .is_some_and(|declared| declared > limit)
        {
            return Err(Error::BodyExceedsLimit(limit));
        }
        let body = body.into_with_config().limit(limit).read_to_vec()?;
        Ok(http::Response::from_parts(head, body.into()))
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport")
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

impl BlockingTransport for UreqTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (mut head, body) = request.into_parts();
        if !body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(&head.method) {
            // Without it, ureq would send an empty body in chunks.
            let length = HeaderValue::from(body.len());
            head.headers.insert(header::CONTENT_LENGTH, length);
        }
        let body = match body.is_empty() {
            true => SendBody::none(),
            false => SendBody::from_owned_reader(body.reader()),
        };
        let request = http::Request::from_parts(head, body);
        self.receive(request, within).map_err(classify)
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

fn clamp(timeout: Duration) -> Duration {
    timeout.min(LONGEST_TIMEOUT)
}

fn defaults() -> ConfigBuilder<AgentScope> {
    Config::builder()
        .proxy(None)
        .user_agent("")
        .timeout_resolve(Some(CONNECT_TIMEOUT))
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .max_idle_age(IDLE_TIMEOUT)
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        .max_response_header_size(HEADER_LIMIT)
}

/// A name look-up or a connector. It marks its errors: they occur before a connection exists.
#[derive(Debug)]
struct Connecting<T>(T);

impl<R: Resolver> Resolver for Connecting<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let resolved = self.0.resolve(uri, config, timeout);
        resolved.map_err(|error| NotConnected::marked(TransportErrorKind::NameLookup, error))
    }
}

impl<C: Connector> Connector for Connecting<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, Error> {
        let connected = self.0.connect(details, chained);
        connected.map_err(|error| NotConnected::marked(connect_kind(&error), error))
    }
}

/// The proof that nothing was sent: ureq ends a request at the first error of these phases.
#[derive(Debug)]
struct NotConnected {
    kind: TransportErrorKind,
    error: Error,
}

impl NotConnected {
    fn marked(kind: TransportErrorKind, error: Error) -> Error {
        let kind = match error {
            Error::Timeout(Timeout::Resolve | Timeout::Connect) => kind,
            Error::Timeout(_) => TransportErrorKind::Timeout,
            _ => kind,
        };
        Error::Other(Box::new(Self { kind, error }))
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not connected")
    }
}

impl StdError for NotConnected {}

/// The cause of an error that the connector returned.
fn connect_kind(error: &Error) -> TransportErrorKind {
    let Error::Io(error) = error else {
        return TransportErrorKind::Connect;
    };
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref());
    match tls {
        Some(rustls::Error::InvalidCertificate(_)) => TransportErrorKind::UntrustedCertificate,
        _ if error.kind() == io::ErrorKind::ConnectionRefused => {
            TransportErrorKind::ConnectionRefused
        }
        _ => TransportErrorKind::Connect,
    }
}

fn classify(error: Error) -> TransportError {
    let (kind, error) = match error {
        Error::Other(other) => match other.downcast::<NotConnected>() {
            Ok(unsent) => {
                return with_source(TransportError::new(unsent.kind, Sent::No), unsent.error);
            }
            Err(other) => (TransportErrorKind::Other, Error::Other(other)),
        },
        Error::Timeout(_) => (TransportErrorKind::Timeout, error),
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => {
            (TransportErrorKind::TooLarge, error)
        }
        Error::Io(_) | Error::Protocol(_) => (TransportErrorKind::Io, error),
        _ => (TransportErrorKind::Other, error),
    };
    with_source(TransportError::new(kind, Sent::Maybe), error)
}

/// Keeps the error as the source, unless it may quote the URL.
fn with_source(lost: TransportError, error: Error) -> TransportError {
    match error {
        Error::Io(_)
        | Error::Protocol(_)
        | Error::Timeout(_)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::BodyExceedsLimit(_)
        | Error::LargeResponseHeader(..) => lost.with_source(error),
        _ => lost,
    }
}
