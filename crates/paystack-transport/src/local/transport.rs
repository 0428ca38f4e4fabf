//! The traits for runtimes that stay on one thread.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::TransportError;

use crate::transport::{Timer, Transport, system_time};

/// [`Timer`] for runtimes that stay on one thread, and for browsers: its futures need not be `Send`.
#[async_trait(?Send)]
pub trait LocalTimer {
    /// Returns after this long.
    async fn sleep(&self, duration: Duration);

    /// The time since any fixed point, such as the timer's creation. It never goes back.
    fn now(&self) -> Duration;

    /// The wall-clock time: [`Timer::unix_time`].
    fn unix_time(&self) -> Option<Duration> {
        system_time()
    }
}

/// [`Transport`] for runtimes that stay on one thread, and for browsers: its futures need not be
/// `Send`. The contract is the same. Every [`Transport`] is also a `LocalTransport`.
///
/// ```
/// use std::rc::Rc;
/// use std::time::{Duration, Instant};
///
/// use paystack_transport::local::{LocalTimer, LocalTransport};
/// use paystack_transport::{TransportError, async_trait, bytes::Bytes, http};
///
/// /// Cannot leave its thread.
/// struct Pinned(Rc<Instant>);
///
/// #[async_trait(?Send)]
/// impl LocalTimer for Pinned {
///     async fn sleep(&self, duration: Duration) { tokio::time::sleep(duration).await }
///     fn now(&self) -> Duration { self.0.elapsed() }
/// }
///
/// #[async_trait(?Send)]
/// impl LocalTransport for Pinned {
///     async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
///         # drop(request);
///         // …
///         # Ok(http::Response::new(Bytes::new()))
///     }
/// }
/// ```
#[async_trait(?Send)]
pub trait LocalTransport: LocalTimer {
    /// Sends a request and reads the whole response.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no response, or only a part of it.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

// Without `async`, so that the inner future is returned and not boxed again.

impl<T: Timer + ?Sized> LocalTimer for T {
    fn sleep<'timer, 'sleep>(&'timer self, duration: Duration) -> LocalBoxFuture<'sleep, ()>
    where
        'timer: 'sleep,
        Self: 'sleep,
    {
        Timer::sleep(self, duration)
    }

    fn now(&self) -> Duration {
        Timer::now(self)
    }

    fn unix_time(&self) -> Option<Duration> {
        Timer::unix_time(self)
    }
}

impl<T: Transport + ?Sized> LocalTransport for T {
    fn send<'transport, 'send>(
        &'transport self,
        request: http::Request<Bytes>,
    ) -> LocalBoxFuture<'send, Result<http::Response<Bytes>, TransportError>>
    where
        'transport: 'send,
        Self: 'send,
    {
        Transport::send(self, request)
    }
}

impl<T: LocalTimer + ?Sized> LocalTimer for Rc<T> {
    fn sleep<'timer, 'sleep>(&'timer self, duration: Duration) -> LocalBoxFuture<'sleep, ()>
    where
        'timer: 'sleep,
        Self: 'sleep,
    {
        (**self).sleep(duration)
    }

    fn now(&self) -> Duration {
        (**self).now()
    }

    fn unix_time(&self) -> Option<Duration> {
        (**self).unix_time()
    }
}

impl<T: LocalTransport + ?Sized> LocalTransport for Rc<T> {
    fn send<'transport, 'send>(
        &'transport self,
        request: http::Request<Bytes>,
    ) -> LocalBoxFuture<'send, Result<http::Response<Bytes>, TransportError>>
    where
        'transport: 'send,
        Self: 'send,
    {
        (**self).send(request)
    }
}

/// The return type of an `async fn` under `async_trait(?Send)`.
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
