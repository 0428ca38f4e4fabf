//! The transport: each request is a task on hyper-util's pooled client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::ResponseFuture;
use paystack_transport::{
    InvalidInput, Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait,
};
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::Instant;

use crate::body::{self, Encodings};
use crate::connect::OpenConnections;
use crate::error::lost;

/// Sends requests over hyper, from within a tokio runtime with its IO and time drivers.
///
/// | setting | default |
/// | --- | --- |
/// | TLS | rustls with ring; Mozilla's roots |
/// | HTTP | 1.1, or 2 if the server supports it |
/// | proxy | none; [`proxy_from_env`](crate::HyperTransportBuilder::proxy_from_env) reads the environment |
/// | connecting, TLS handshake included | 3 s |
/// | idle connections are dropped after | 30 s |
/// | a dead HTTP/2 connection is detected after | 25 s |
/// | largest response body | 8 MiB |
/// | response headers | 64 KiB and 100 of them over HTTP/1.1, 16 KiB over HTTP/2 |
/// | redirects | not followed |
///
/// [`builder`](Self::builder) changes them.
///
/// Each request runs as a separate task, which reads the response while the caller does other work. Dropping the
/// call aborts the task. The task first asks the kernel which connections the server has closed. It waits up to 50 ms
/// until hyper has dropped them, so that no request is written to a closed connection. For this, each connection has
/// a second file descriptor. For the connections of your own connector or client, it only lets the runtime poll them.
///
/// Outside of a tokio runtime, each request fails unsent, and `sleep` blocks its thread.
///
/// A response that is too large, or never ends, uses at most its body limit, one HTTP/2 window of 2 MiB and 512 KiB
/// of memory. Joining the pieces of a response without a declared length uses up to twice its size. Floods of tiny
/// HTTP/2 frames use more: up to 8 MiB for data and 32 MiB for interim responses in our tests.
///
/// An error is [`Sent::No`] in three cases only: no connection was made, hyper returns the request unwritten, or an
/// HTTP/2 server declares it unprocessed. All other errors are [`Sent::Maybe`].
#[derive(Clone)]
pub struct HyperTransport {
    /// An error, such as a provider of TLS without cipher suites, fails each request.
    requester: Result<Requester, InvalidInput>,
    body_limit: usize,
    encodings: Encodings,
    /// The open connections, if they are not the caller's.
    open: Option<OpenConnections>,
    started: Instant,
}

/// A hyper client of any connector.
pub(crate) type Requester = Arc<dyn Fn(http::Request<Full<Bytes>>) -> ResponseFuture + Send + Sync>;

impl HyperTransport {
    pub(crate) fn from_parts(
        requester: Result<Requester, InvalidInput>,
        body_limit: usize,
        encodings: Encodings,
        open: Option<OpenConnections>,
    ) -> Self {
        Self {
            requester,
            body_limit,
            encodings,
            open,
            started: Instant::now(),
        }
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Timer for HyperTransport {
    async fn sleep(&self, duration: Duration) {
        match Handle::try_current() {
            Ok(_) => tokio::time::sleep(duration).await,
            // tokio's sleep would panic here: a call sleeps between its failed attempts.
            Err(_) => std::thread::sleep(duration),
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[async_trait]
impl Transport for HyperTransport {
    async fn send(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let Ok(runtime) = Handle::try_current() else {
            return Err(TransportError::new(TransportErrorKind::Other, Sent::No)
                .with_source("no tokio runtime: send from within one"));
        };
        let requester = self.requester.as_ref().map_err(|invalid| {
            TransportError::new(TransportErrorKind::Connect, Sent::No).with_source(*invalid)
        })?;
        self.encodings.accept(request.headers_mut());
        let (limit, encodings) = (self.body_limit, self.encodings);
        let has_body = !request.body().is_empty();
        // hyper-util checks out a connection at the first poll.
        let response = requester(request.map(Full::new));
        let open = self.open.clone();
        let exchange = async move {
            match open {
                Some(open) => open.drop_closed().await,
                // The runtime polls the connections before this task goes on.
                None => yield_now().await,
            }
            let response = response.await.map_err(|error| lost(error, has_body))?;
            let (mut head, body) = response.into_parts();
            let encoding = encodings.of(&mut head.headers);
            let body = body::read(body, head.version, encoding, limit).await?;
            Ok(http::Response::from_parts(head, body))
        };
        let mut task = AbortOnDrop(runtime.spawn(exchange));
        match (&mut task.0).await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime has ended.
            Err(error) => Err(TransportError::new(TransportErrorKind::Io, Sent::Maybe)
                .with_source(error.to_string())),
        }
    }
}

/// A task that ends when its caller does.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
