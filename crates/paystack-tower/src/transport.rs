//! The transport: a clone of the service for each request.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body_util::Full;
use paystack_client::{Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait};
use tower_service::Service;

use crate::body;

const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Sends requests through a tower service.
///
/// Each request goes to a clone of the service, once that clone is ready. What cannot be shared
/// between threads, as `BoxCloneService`, is boxed by `tower::util::BoxCloneSyncService` instead.
///
/// | what | default |
/// | --- | --- |
/// | largest body of an answer | 8 MiB, see [`TowerTransport::body_limit`] |
/// | the service's errors | [`Other`](TransportErrorKind::Other), [`Sent::Maybe`], and nothing of their text; see [`TowerTransport::classify`] |
/// | errors before the service is ready | the same, but [`Sent::No`]: it has not got the request yet |
/// | errors of an answer's body | [`Io`](TransportErrorKind::Io), [`Sent::Maybe`], and nothing of their text; see [`TowerTransport::classify_body`] |
/// | redirects | not followed here; the service must not either |
pub struct TowerTransport<S: Service<http::Request<Full<Bytes>>>, T> {
    service: S,
    timer: T,
    body_limit: usize,
    classify: fn(S::Error) -> TransportError,
    classify_body: fn(Box<dyn StdError + Send + Sync>) -> TransportError,
}

impl<S: Service<http::Request<Full<Bytes>>>, T> TowerTransport<S, T> {
    /// Sends requests through this service, and waits by this timer.
    pub fn new(service: S, timer: T) -> Self {
        Self {
            service,
            timer,
            body_limit: BODY_LIMIT,
            classify: |_| unknown(),
            // It is anybody's, and may name the URL.
            classify_body: |_| body::lost(TransportErrorKind::Io),
        }
    }

    /// Sets how many bytes the body of an answer may have. One that says it has more is not read.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets what an error of the service says about the request.
    ///
    /// Without it the cause is dropped, because its text may hold anything. Return [`Sent::No`] only
    /// where the service failed before a connection existed: a wrong `No` writes twice. The service knows
    /// that by its position in the code. The number of an IO error proves nothing: Linux returns
    /// `ConnectionRefused` on established connections as well. Keep the error as the source only if neither
    /// it nor its sources print the URL, which holds e-mail addresses, or the key.
    ///
    /// ```
    /// use std::io;
    ///
    /// use paystack_tower::{Sent, TransportError, TransportErrorKind};
    ///
    /// /// The service's error, which names the phase that failed.
    /// enum ServiceError {
    ///     Connect(io::Error),
    ///     Exchange(io::Error),
    /// }
    ///
    /// fn classify(error: ServiceError) -> TransportError {
    ///     let (kind, sent, cause) = match error {
    ///         ServiceError::Connect(cause) => (TransportErrorKind::Connect, Sent::No, cause),
    ///         ServiceError::Exchange(cause) if cause.kind() == io::ErrorKind::TimedOut => {
    ///             (TransportErrorKind::Timeout, Sent::Maybe, cause)
    ///         }
    ///         ServiceError::Exchange(cause) => (TransportErrorKind::Io, Sent::Maybe, cause),
    ///     };
    ///     TransportError::new(kind, sent).with_source(cause)
    /// }
    ///
    /// // The same number, in two phases.
    /// let refused = || io::ErrorKind::ConnectionRefused.into();
    /// assert_eq!(classify(ServiceError::Connect(refused())).sent(), Sent::No);
    /// assert_eq!(classify(ServiceError::Exchange(refused())).sent(), Sent::Maybe);
    /// ```
    #[must_use]
    pub fn classify(mut self, classify: fn(S::Error) -> TransportError) -> Self {
        self.classify = classify;
        self
    }

    /// Sets what an error of an answer's body says. A limit of time that is a layer's, or a client's of
    /// its own, passes there as well, and is a [`Timeout`](TransportErrorKind::Timeout).
    ///
    /// What goes for [`TowerTransport::classify`] goes for it, but [`Sent::No`] is taken for
    /// [`Sent::Maybe`]: the answer has begun.
    ///
    /// ```
    /// use std::error::Error;
    ///
    /// use paystack_tower::{Sent, TransportError, TransportErrorKind};
    /// use tower_http::timeout::TimeoutError;
    ///
    /// fn classify_body(error: Box<dyn Error + Send + Sync>) -> TransportError {
    ///     let kind = match error.is::<TimeoutError>() {
    ///         true => TransportErrorKind::Timeout,
    ///         false => TransportErrorKind::Io,
    ///     };
    ///     TransportError::new(kind, Sent::Maybe)
    /// }
    /// ```
    #[must_use]
    pub fn classify_body(
        mut self,
        classify: fn(Box<dyn StdError + Send + Sync>) -> TransportError,
    ) -> Self {
        self.classify_body = classify;
        self
    }
}

impl<S: Service<http::Request<Full<Bytes>>> + Clone, T: Clone> Clone for TowerTransport<S, T> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            timer: self.timer.clone(),
            body_limit: self.body_limit,
            classify: self.classify,
            classify_body: self.classify_body,
        }
    }
}

impl<S: Service<http::Request<Full<Bytes>>>, T> fmt::Debug for TowerTransport<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport")
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<S, T> Timer for TowerTransport<S, T>
where
    S: Service<http::Request<Full<Bytes>>> + Send + Sync,
    T: Timer,
{
    async fn sleep(&self, duration: Duration) {
        self.timer.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.timer.now()
    }
}

#[async_trait]
impl<S, T, B> Transport for TowerTransport<S, T>
where
    S: Service<http::Request<Full<Bytes>>, Response = http::Response<B>> + Clone + Send + Sync,
    S::Error: Send,
    S::Future: Send,
    T: Timer,
    B: Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        // The clone that is ready is the one that is called: readiness may hold a permit.
        let mut service = self.service.clone();
        poll_fn(|context| service.poll_ready(context))
            .await
            .map_err(|error| unsent((self.classify)(error)))?;
        let response = service.call(request.map(Full::new)).await;
        let (head, body) = response.map_err(self.classify)?.into_parts();
        let body = body::read(&head.headers, body, self.body_limit, self.classify_body).await?;
        Ok(http::Response::from_parts(head, body))
    }
}

fn unknown() -> TransportError {
    TransportError::new(TransportErrorKind::Other, Sent::Maybe)
}

/// The service has not got the request yet, whatever its error says.
fn unsent(error: TransportError) -> TransportError {
    TransportError::new(error.kind(), Sent::No).with_source(error)
}
