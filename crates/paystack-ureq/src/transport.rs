//! The transport: ureq's pooled connections, and what its errors say about a request's fate.

use std::fmt;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use paystack_client::{BlockingTransport, Sent, TransportError, TransportErrorKind};
use ureq::config::{Config, ConfigBuilder};
#[cfg(feature = "platform-verifier")]
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
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
/// | proxies | none: the environment is not asked, see [`UreqTransport::with_agent`] |
/// | redirects | not followed |
///
/// Each request is given up once the time that it has left has passed, wherever it is then.
///
/// An error is [`Sent::No`] only if no connection was made, or if the request has a body and not a byte
/// of it was asked for: ureq does so once the head is written. Everything else is [`Sent::Maybe`]. So
/// is, for a request without a body, a name that is unknown or a TLS handshake that fails, since ureq's
/// errors do not tell these from what may happen later.
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
        Self::with_agent(defaults().build().new_agent())
    }

    /// TLS by rustls, trusting what the operating system trusts. If its certificates cannot be read, no
    /// connection is made.
    #[cfg(feature = "platform-verifier")]
    pub fn with_platform_verifier() -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
        Self::with_agent(defaults().tls_config(tls.build()).build().new_agent())
    }

    /// An agent of ureq of one's own, with all its settings: through a proxy, with other roots, with a
    /// client certificate.
    ///
    /// Whatever it says, each status is an answer, redirects are not followed, no encoding is asked for
    /// that the request does not ask for, and neither the time left is exceeded nor a global time-out of
    /// the agent's own.
    ///
    /// ```
    /// use paystack_ureq::UreqTransport;
    /// use ureq::{Agent, Proxy};
    ///
    /// let config = Agent::config_builder().proxy(Proxy::try_from_env());
    /// let transport = UreqTransport::with_agent(config.build().new_agent());
    /// ```
    pub fn with_agent(agent: Agent) -> Self {
        Self {
            agent,
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
        if body.is_empty() {
            if [Method::POST, Method::PUT, Method::PATCH].contains(&head.method) {
                // Otherwise ureq would send no bytes in chunks.
                let none = HeaderValue::from_static("0");
                head.headers.insert(header::CONTENT_LENGTH, none);
            }
            let request = http::Request::from_parts(head, SendBody::none());
            return self
                .receive(request, within)
                .map_err(|error| lost(error, false));
        }
        let length = HeaderValue::from(body.len());
        head.headers.insert(header::CONTENT_LENGTH, length);
        let mut body = Body::new(&body);
        let request = http::Request::from_parts(head, SendBody::from_reader(&mut body));
        let answer = self.receive(request, within);
        answer.map_err(|error| lost(error, !body.is_begun))
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

/// The body of a request, which remembers whether ureq has asked for any of it.
struct Body<'a> {
    rest: &'a [u8],
    is_begun: bool,
}

impl<'a> Body<'a> {
    fn new(rest: &'a [u8]) -> Self {
        let is_begun = false;
        Self { rest, is_begun }
    }
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.is_begun = true;
        self.rest.read(buffer)
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

fn lost(error: Error, is_unsent: bool) -> TransportError {
    let is_connect = is_connect(&error);
    let kind = match &error {
        _ if is_connect => TransportErrorKind::Connect,
        Error::Timeout(_) => TransportErrorKind::Timeout,
        Error::BodyExceedsLimit(_) | Error::LargeResponseHeader(..) => TransportErrorKind::TooLarge,
        // A name that is unknown, or a handshake that failed.
        Error::Io(_) if is_unsent => TransportErrorKind::Connect,
        Error::Io(_) | Error::Protocol(_) => TransportErrorKind::Io,
        _ => TransportErrorKind::Other,
    };
    let sent = if is_connect || is_unsent {
        Sent::No
    } else {
        Sent::Maybe
    };
    let lost = TransportError::new(kind, sent);
    match error {
        Error::Io(_)
        | Error::Protocol(_)
        | Error::Timeout(_)
        | Error::HostNotFound
        | Error::ConnectionFailed
        | Error::BodyExceedsLimit(_)
        | Error::LargeResponseHeader(..) => lost.with_source(error),
        // The others may quote the URL.
        _ => lost,
    }
}

/// Whether there surely was no connection. A wrong yes writes twice, so other errors that mostly come
/// while connecting do not count.
fn is_connect(error: &Error) -> bool {
    match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        Error::Io(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}
