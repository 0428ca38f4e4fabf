//! The trait for programs without a runtime.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use paystack_core::TransportError;

use super::system_time;

/// Sends requests, waits, and reads a clock. Its methods block their thread.
///
/// The contract is that of [`Transport`](crate::Transport), except that the transport itself ends a request when
/// its time is up.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use paystack_transport::{BlockingTransport, TransportError, bytes::Bytes, http};
///
/// struct Plain {
///     started: Instant,
/// }
///
/// impl BlockingTransport for Plain {
///     fn send(
///         &self,
///         request: http::Request<Bytes>,
///         within: Option<Duration>,
///     ) -> Result<http::Response<Bytes>, TransportError> {
///         # let _ = (request, within);
///         // …
///         # Ok(http::Response::new(Bytes::new()))
///     }
///     fn sleep(&self, duration: Duration) { std::thread::sleep(duration) }
///     fn now(&self) -> Duration { self.started.elapsed() }
/// }
/// ```
pub trait BlockingTransport {
    /// Sends a request and reads the whole response within this time. `None` sets no limit.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no response, or only a part of it; of the kind
    /// [`Timeout`](paystack_core::TransportErrorKind::Timeout) if the time is up.
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError>;

    /// Returns after this long.
    fn sleep(&self, duration: Duration);

    /// The time since any fixed point, such as the transport's creation. It never goes back.
    fn now(&self) -> Duration;

    /// The wall-clock time: [`Timer::unix_time`](crate::Timer::unix_time).
    fn unix_time(&self) -> Option<Duration> {
        system_time()
    }
}

impl<T: BlockingTransport + ?Sized> BlockingTransport for Arc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        (**self).send(request, within)
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }

    fn now(&self) -> Duration {
        (**self).now()
    }

    fn unix_time(&self) -> Option<Duration> {
        (**self).unix_time()
    }
}

impl<T: BlockingTransport + ?Sized> BlockingTransport for Rc<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        (**self).send(request, within)
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }

    fn now(&self) -> Duration {
        (**self).now()
    }

    fn unix_time(&self) -> Option<Duration> {
        (**self).unix_time()
    }
}
