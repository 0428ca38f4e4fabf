//! What a runtime has to bring: a way to send a request, a way to wait, a clock.

mod blocking;
mod local;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::TransportError;

pub use self::blocking::BlockingTransport;
pub use self::local::{LocalTimer, LocalTransport};

/// A way to wait, and a clock to wait by. Both belong to a runtime: under a paused clock, or in a
/// browser, they are not those of the operating system.
#[async_trait]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a timer",
    label = "cannot wait and has no clock",
    note = "implement `Timer` with `#[async_trait]`: the runtime's way to wait, and its clock"
)]
pub trait Timer: Send + Sync {
    /// Returns after this long.
    async fn sleep(&self, duration: Duration);

    /// The time since any fixed point, such as the timer's creation. It never goes back.
    fn now(&self) -> Duration;
}

/// A way to send a request: the one thing that touches the network.
///
/// # Contract
///
/// - Every HTTP status is `Ok`, redirects too: they are not followed, since the key would go along.
/// - The request goes out as it is. `Host` and `Content-Length`, and what else HTTP itself needs, are
///   added.
/// - The body that comes back is whole, and no larger than a limit.
/// - An error says [`Sent::No`](paystack_core::Sent::No) only if it is sure that nothing was sent,
///   and shows neither the URL nor the key, in its source either.
/// - Dropping the future gives the request up.
/// - Time-outs are the client's business, which drops the future; limits of the transport's own, for
///   connecting say, are welcome.
#[async_trait]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport",
    label = "cannot send requests",
    note = "take `HyperTransport` of paystack-hyper, or implement `Timer` and `Transport` with `#[async_trait]`"
)]
pub trait Transport: Timer {
    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if no answer came, or not all of it.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

// By hand and without `async`, so that the inner future is handed on and not boxed once more.

impl<T: Timer + ?Sized> Timer for Arc<T> {
    fn sleep<'timer, 'sleep>(&'timer self, duration: Duration) -> BoxFuture<'sleep, ()>
    where
        'timer: 'sleep,
        Self: 'sleep,
    {
        (**self).sleep(duration)
    }

    fn now(&self) -> Duration {
        (**self).now()
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send<'transport, 'send>(
        &'transport self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'send, Result<http::Response<Bytes>, TransportError>>
    where
        'transport: 'send,
        Self: 'send,
    {
        (**self).send(request)
    }
}

/// What `async_trait` makes of an `async fn`.
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
