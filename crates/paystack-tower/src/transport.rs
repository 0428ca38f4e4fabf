//! The transport: a clone of the service for each request.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::time::Duration;

use bytes::Bytes;
use http_body::Body;
use http_body_util::Full;
use paystack_transport::{Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait};
use tower_service::Service;

use crate::body;

const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Sends requests through a tower service.
///
/// Each request goes to a clone of the service, once that clone is ready. The service must be `Sync`: box it as a
/// `tower::util::BoxCloneSyncService`, not as a `BoxCloneService`.
///
/// | setting | default |
/// | --- | --- |
/// | largest response body | 8 MiB, see [`TowerTransport::body_limit`] |
/// | the service's errors | [`Other`](TransportErrorKind::Other), [`Sent::Maybe`], without their text; see [`TowerTransport::classify`] |
/// | errors before the service is ready | the same, but [`Sent::No`]: the service has not received the request |
/// | errors of a response body | [`Io`](TransportErrorKind::Io), [`Sent::Maybe`], without their text; see [`TowerTransport::classify_body`] |
/// | redirects | not followed; the service must not follow them either |
pub struct TowerTransport<S: Service<http::Request<Full<Bytes>>>, T> {
    service: S,
    timer: T,
    body_limit: usize,
    classify: fn(S::Error) -> TransportError,
    classify_body: fn(Box<dyn StdError + Send + Sync>) -> TransportError,
}

impl<S: Service<http::Request<Full<Bytes>>>, T> TowerTransport<S, T> {
    /// Sends requests through this service, and waits with this timer.
    pub fn new(service: S, timer: T) -> Self {
        Self {
            service,
            timer,
            body_limit: BODY_LIMIT,
            classify: |_| unknown(),
            // Its text may contain the URL.
            classify_body: |_| body::lost(TransportErrorKind::Io),
        }
    }

    /// Sets the maximum number of bytes of a response body. A body with a larger declared length is not read.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sets the classification of the service's errors.
    ///
    /// Without it, the error is dropped, because its text may contain anything. Return [`Sent::No`] only if the
    /// service failed before a connection existed: after a wrong `No`, the client repeats a write. Only the
    /// position in the service's code proves `No`. The number of an IO error proves nothing: Linux returns
    /// `ConnectionRefused` on established connections as well. Keep the error as the source only if neither it nor
    /// its sources print the key or the URL, which contains e-mail addresses.
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

    /// Sets the classification of the errors of a response body, such as the time-out of a layer.
    ///
    /// The rules of [`TowerTransport::classify`] apply, but [`Sent::No`] becomes [`Sent::Maybe`]: the response
    /// has begun.
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

    fn unix_time(&self) -> Option<Duration> {
        self.timer.unix_time()
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
        // Call the clone that is ready: readiness may hold a permit.
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

/// The service has not received the request.
fn unsent(error: TransportError) -> TransportError {
    TransportError::new(error.kind(), Sent::No).with_source(error)
}
