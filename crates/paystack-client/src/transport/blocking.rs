//! What a program without a runtime has to bring.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use paystack_core::TransportError;

/// A way to send a request that blocks its thread until the answer is there, a way to wait, and a
/// clock.
///
/// The contract is that of [`Transport`](crate::Transport), but that nobody can drop a future: the
/// transport itself gives a request up when its time has passed.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use paystack_client::{BlockingTransport, TransportError, bytes::Bytes, http};
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
    /// Sends a request and reads the whole answer, within a time; `None` for as long as it takes.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if no answer came, or not all of it; with the kind
    /// [`Timeout`](paystack_core::TransportErrorKind::Timeout) if the time has passed.
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError>;

    /// Returns after this long.
    fn sleep(&self, duration: Duration);

    /// The time since any fixed point, such as the transport's creation. It never goes back.
    fn now(&self) -> Duration;
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
}
