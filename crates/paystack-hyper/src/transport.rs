//! The transport: hyper-util's pooled client, and what its errors say about a request's fate.

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
use paystack_client::{Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait};
use tokio::time::Instant;
use tower_service::Service;

use crate::body;
use crate::connect::{ConnectTimeout, TlsConnector};

/// From the name look-up to the end of the TLS handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Servers and the boxes before them forget idle connections, often without a word.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// What hyper buffers of an answer over HTTP/1.1, its headers included.
const HTTP1_BUFFER: usize = 64 * 1024;

const HTTP2_HEADERS: u32 = 16 * 1024;

/// What a server may send over HTTP/2 before it is read: of one answer, and of all on a connection. h2
/// derives from the latter how many frames of a few bytes may wait: 481, for which it has room for 512.
const HTTP2_STREAM_WINDOW: u32 = 64 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 240 * 1024;

/// Sends requests over hyper, from within a tokio runtime.
///
/// | what | default |
/// | --- | --- |
/// | TLS | rustls with ring; Mozilla's roots |
/// | HTTP | 1.1, or 2 where the server takes it |
/// | connecting, TLS handshake included | 3 s |
/// | idle connections are dropped after | 30 s |
/// | a dead connection over HTTP/2 is noticed after | 25 s |
/// | largest body of an answer | 8 MiB, see [`HyperTransport::body_limit`] |
/// | headers of an answer | 64 KiB and 100 of them over HTTP/1.1, 16 KiB over HTTP/2 |
/// | redirects | not followed |
///
/// An answer that is refused as too large, or that never ends, takes no more memory than the limit of
/// its body and 256 KiB, as measured. Interim answers (1xx) over HTTP/2 are the one thing without a hard
/// bound: they wait until the call is polled, so that a thread that is held up holds more of them. An
/// answer that is read whole is put together in the end, which takes twice its size.
///
/// An error is [`Sent::No`] only if no connection was made, if hyper gives the request back
/// unwritten, or if an HTTP/2 server says that it did not touch it. Everything else is
/// [`Sent::Maybe`].
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

    /// TLS by rustls, trusting what the operating system trusts.
    ///
    /// # Errors
    ///
    /// If the operating system's certificates cannot be read.
    #[cfg(feature = "platform-verifier")]
    pub fn with_platform_verifier() -> std::io::Result<Self> {
        TlsConnector::with_platform_verifier().map(Self::with_connector)
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
    /// A connector of one's own: through a proxy, with other roots, with a client certificate. It is
    /// given 3 s to connect, TLS handshake included; all else is as in [`HyperTransport::new`].
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
            // A dead connection that many calls share is noticed by a ping that is not answered.
            .http2_keep_alive_interval(Duration::from_secs(20))
            .http2_keep_alive_timeout(Duration::from_secs(5))
            .http2_max_header_list_size(HTTP2_HEADERS)
            // What is not read yet takes memory as well.
            .http1_max_buf_size(HTTP1_BUFFER)
            .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            .build(ConnectTimeout::new(connector, CONNECT_TIMEOUT));
        Self::with_client(client)
    }
}

impl<C> HyperTransport<C> {
    /// A hyper client of one's own, with all its settings. How long connecting may take, and what an
    /// answer takes in memory while it is read, but for the limit of its body, is then up to them.
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

    /// Sets how many bytes the body of an answer may have. One that says it has more is not read.
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
    // By hand and without `async`: the request is handed to hyper at once, and not moved with the future.
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
        TransportErrorKind::Connect
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

/// Whether the server surely has not acted on the request. A wrong yes writes twice, so only the
/// direct causes count, not what else may stand further down the chain.
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
    // Streams up to the GOAWAY's last one do not get it as their error, but for one race: the
    // headers of a stream just opened may be written all the same, though never its body. So a
    // request that has a body was not sent whole.
    error.is_go_away() && has_body
}

fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    error.source()?.downcast_ref()
}
