//! The transport: ureq's pooled connections, and what its errors say about a request's fate.

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use http::{HeaderValue, Method, Uri, header};
use paystack_client::{BlockingTransport, Sent, TransportError, TransportErrorKind};
use ureq::config::{Config, ConfigBuilder};
#[cfg(feature = "platform-verifier")]
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector, NextTimeout};
use ureq::{Agent, Error, SendBody, Timeout};

/// For the name look-up, and as long again for TCP and the TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Servers and the boxes before them forget idle connections, often without a word.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// All of them are to the same host.
const IDLE_CONNECTIONS: usize = 10;

const BODY_LIMIT: usize = 8 * 1024 * 1024;

const HEADER_LIMIT: usize = 64 * 1024;

/// Sends requests over ureq, and blocks its thread meanwhile.
///
/// | what | default |
/// | --- | --- |
/// | TLS | rustls with ring, unless the program has set another provider; Mozilla's roots |
/// | HTTP | 1.1 |
/// | looking the name up | 3 s |
/// | connecting, TLS handshake included | 3 s |
/// | idle connections | 10, dropped after 30 s |
/// | largest body of an answer | 8 MiB, see [`UreqTransport::body_limit`] |
/// | headers of an answer | 64 KiB, and 128 of them |
/// | proxies | none: the environment is not asked, see [`UreqTransport::with_config`] |
/// | redirects | not followed |
///
/// Each request is given up once its time has passed, in whatever phase it is then.
///
/// An error is [`Sent::No`] only if the name look-up or the connector failed, TLS handshake included. Both
/// run before a connection exists, so that no byte of the request can have been written. Every later error
/// is [`Sent::Maybe`], whatever its number: Linux returns `ConnectionRefused` on established connections
/// as well.
///
/// ureq writes to `log`, where the level `trace` shows URLs, which hold e-mail addresses, and headers.
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

    /// TLS by rustls, trusting what the operating system trusts. If its certificates cannot be read, no
    /// connection is made.
    #[cfg(feature = "platform-verifier")]
    pub fn with_platform_verifier() -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
        Self::with_config(defaults().tls_config(tls.build()).build())
    }

    /// Any configuration of ureq: through a proxy, with other roots, with a client certificate.
    ///
    /// Whatever it says, each status is an answer, redirects are not followed, and no encoding is asked for
    /// that the request does not ask for. A request ends with its own time or with the global time-out of
    /// the configuration, whichever is shorter.
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

    /// The same over connections of the caller's own. What the connector fails with counts as not sent,
    /// so a connector must not write any part of the request.
    ///
    /// The trait [`Connector`] is outside of ureq's semver promise: it may change with its minor version,
    /// which this crate fixes for that reason.
    pub fn with_connector(config: Config, connector: impl Connector) -> Self {
        let resolver = Connecting(DefaultResolver::default());
        Self {
            agent: Agent::with_parts(config, Connecting(connector), resolver),
            body_limit: BODY_LIMIT,
            started: Instant::now(),
        }
    }

    /// Sets how many bytes the body of an answer may have. One that says it has more is not read.
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
        let own = self.agent.config().timeouts().global;
        let within = [within, own].into_iter().flatten().min();
        let request = self.agent.configure_request(request);
        let request = request
            .http_status_as_error(false)
            .max_redirects(0)
            .accept("")
            // Another crate may have turned ureq's decompression on.
            .accept_encoding("")
            .timeout_global(within);
        let (head, body) = self.agent.run(request.build())?.into_parts();
        let limit = u64::try_from(self.body_limit).unwrap_or(u64::MAX);
        if body.content_length().is_some_and(|told| told > limit) {
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
            // Without it ureq would send no bytes in chunks.
            let length = HeaderValue::from(body.len());
            head.headers.insert(header::CONTENT_LENGTH, length);
        }
        let body = match body.is_empty() {
            true => SendBody::none(),
            false => SendBody::from_owned_reader(body.reader()),
        };
        let request = http::Request::from_parts(head, body);
        self.receive(request, within).map_err(lost)
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
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

/// A name look-up or a connector, whose errors are marked: they come before a connection exists.
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
        resolved.map_err(NotConnected::marked)
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
        connected.map_err(NotConnected::marked)
    }
}

/// The proof that nothing was sent: ureq ends a request with the first error of these phases.
#[derive(Debug)]
struct NotConnected(Error);

impl NotConnected {
    fn marked(error: Error) -> Error {
        Error::Other(Box::new(Self(error)))
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not connected")
    }
}

impl StdError for NotConnected {}

fn lost(error: Error) -> TransportError {
    let Error::Other(other) = error else {
        let kind = match &error {
            Error::Timeout(_) => TransportErrorKind::Timeout,
            Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => {
                TransportErrorKind::TooLarge
            }
            Error::Io(_) | Error::Protocol(_) => TransportErrorKind::Io,
            _ => TransportErrorKind::Other,
        };
        return with_cause(TransportError::new(kind, Sent::Maybe), error);
    };
    match other.downcast::<NotConnected>() {
        Ok(unsent) => with_cause(TransportError::new(kind_of(&unsent.0), Sent::No), unsent.0),
        Err(_) => TransportError::new(TransportErrorKind::Other, Sent::Maybe),
    }
}

/// What went wrong before a connection existed.
fn kind_of(error: &Error) -> TransportErrorKind {
    match error {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        _ => TransportErrorKind::Connect,
    }
}

/// With the error as the cause, unless it may quote the URL.
fn with_cause(lost: TransportError, error: Error) -> TransportError {
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
