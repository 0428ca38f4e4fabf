//! The transport: hyper-util's pooled client, and the classification of its errors.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::rt::{Read, Write};
use hyper_util::client::legacy::connect::{Connect, Connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use paystack_transport::{Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait};
use tokio::time::Instant;
use tower_service::Service;

use crate::connect::{ConnectTimeout, TlsConnector};
use crate::{body, connect};

/// For the name look-up, TCP and the TLS handshake together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Servers and middleboxes drop idle connections, often without a notice.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// The buffer of a response over HTTP/1.1, headers included.
const HTTP1_BUFFER: usize = 64 * 1024;

const HTTP2_HEADERS: u32 = 16 * 1024;

/// The HTTP/2 flow-control windows of one response and of a connection. From the latter, h2 derives how many
/// small frames may wait: 481.
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 240 * 1024;

/// Sends requests over hyper, from within a tokio runtime.
///
/// | setting | default |
/// | --- | --- |
/// | TLS | rustls with ring; Mozilla's roots |
/// | HTTP | 1.1, or 2 if the server supports it |
/// | connecting, TLS handshake included | 3 s |
/// | idle connections are dropped after | 30 s |
/// | a dead HTTP/2 connection is detected after | 25 s |
/// | largest response body | 8 MiB, see [`HyperTransport::body_limit`] |
/// | response headers | 64 KiB and 100 of them over HTTP/1.1, 16 KiB over HTTP/2 |
/// | redirects | not followed |
///
/// A response that is too large, or that never ends, uses at most the limit of its body and 256 KiB of memory,
/// as measured. Interim responses (1xx) over HTTP/2 have no hard bound: they wait until the call is polled. A
/// complete response is joined at the end, which uses twice its size.
///
/// An error is [`Sent::No`] only if the connector failed, if hyper returns the request unwritten, or if an
/// HTTP/2 server declares that it did not process it. All other errors are [`Sent::Maybe`].
#[derive(Clone)]
pub struct HyperTransport<C = ConnectTimeout<TlsConnector>> {
    client: Client<C, Full<Bytes>>,
    body_limit: usize,
    started: Instant,
}

impl HyperTransport {
    /// TLS by rustls, trusting Mozilla's roots.
    pub fn new() -> Self {
        Self::with_connector(TlsConnector::with_webpki_roots())
    }

    /// TLS by rustls, trusting the certificates of the operating system.
    ///
    /// # Errors
    ///
    /// The error of reading these certificates.
    #[cfg(feature = "platform-verifier")]
    pub fn with_platform_verifier() -> Result<Self, paystack_transport::InvalidInput> {
        let connector = TlsConnector::with_platform_verifier().map_err(|_| {
            paystack_transport::InvalidInput::new(
                "system certificates",
                "must be readable and contain a root",
            )
        })?;
        Ok(Self::with_connector(connector))
    }
}

impl Default for HyperTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> HyperTransport<ConnectTimeout<C>>
where
    C: Service<Uri> + Clone + Send + Sync + 'static,
    C::Response: Read + Write + Connection + Unpin + Send + 'static,
    C::Error: Into<Box<dyn StdError + Send + Sync>>,
    C::Future: Send + 'static,
{
    /// A connector of your own: for a proxy, other roots or a client certificate. It has 3 s to connect, TLS
    /// handshake included; the rest is as in [`HyperTransport::new`].
    ///
    /// ```
    /// use hyper_util::client::legacy::connect::HttpConnector;
    /// use paystack_hyper::HyperTransport;
    ///
    /// let mut connector = HttpConnector::new();
    /// connector.set_local_address(Some([127, 0, 0, 1].into()));
    /// let transport = HyperTransport::with_connector(connector);
    /// ```
    pub fn with_connector(connector: C) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            // A ping without a reply reveals a dead connection that many calls share.
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(5))
            .http2_max_header_list_size(HTTP2_HEADERS)
            // Unread data uses memory as well.
            .http1_max_buf_size(HTTP1_BUFFER)
            .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            .build(ConnectTimeout::new(connector, CONNECT_TIMEOUT));
        Self::with_client(client)
    }
}

impl<C> HyperTransport<C> {
    /// A hyper client of your own, with all its settings. They determine the time to connect, and the memory of
    /// a response beside the limit of its body.
    ///
    /// ```
    /// use hyper_util::client::legacy::{Client, connect::HttpConnector};
    /// use hyper_util::rt::TokioExecutor;
    /// use paystack_hyper::HyperTransport;
    ///
    /// let mut client = Client::builder(TokioExecutor::new());
    /// let client = client.http2_only(true).build(HttpConnector::new());
    /// let transport = HyperTransport::with_client(client);
    /// ```
    pub fn with_client(client: Client<C, Full<Bytes>>) -> Self {
        Self {
            client,
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
}

impl<C> fmt::Debug for HyperTransport<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<C: Send + Sync> Timer for HyperTransport<C> {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[async_trait]
impl<C: Connect + Clone + Send + Sync + 'static> Transport for HyperTransport<C> {
    // Without `async`, so that hyper receives the request at once instead of moving it with the future.
    fn send<'transport, 'send>(
        &'transport self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'send, Result<http::Response<Bytes>, TransportError>>
    where
        'transport: 'send,
        Self: 'send,
    {
        let has_body = !request.body().is_empty();
        let response = self.client.request(request.map(Full::new));
        Box::pin(async move {
            let response = response.await.map_err(|error| lost(error, has_body))?;
            let (head, body) = response.into_parts();
            let body = body::read(body, self.body_limit).await?;
            Ok(http::Response::from_parts(head, body))
        })
    }
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

fn lost(error: Error, has_body: bool) -> TransportError {
    let kind = if error.is_connect() {
        connect::kind_of(&error)
    } else {
        TransportErrorKind::Io
    };
    let sent = if is_surely_unsent(&error, has_body) {
        Sent::No
    } else {
        Sent::Maybe
    };
    TransportError::new(kind, sent).with_source(error)
}

/// Whether the server certainly has not processed the request. A wrong yes writes twice, so only direct causes
/// count, not those further down the chain.
fn is_surely_unsent(error: &Error, has_body: bool) -> bool {
    if error.is_connect() {
        return true;
    }
    let Some(error) = cause::<hyper::Error>(error) else {
        return false;
    };
    if error.is_canceled() {
        return true;
    }
    let Some(error) = cause::<h2::Error>(error) else {
        return false;
    };
    if !error.is_remote() {
        return false;
    }
    if error.is_reset() {
        return error.reason() == Some(h2::Reason::REFUSED_STREAM);
    }
    // Streams up to the last one in the GOAWAY do not fail with it, except in one race: the headers of a new
    // stream may be written, but never its body. So a request with a body was not sent whole.
    error.is_go_away() && has_body
}

fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    error.source()?.downcast_ref()
}
