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
///
/// Import it by name: with a glob [`LocalTimer`] comes along, which every `Timer` is as well, and `now`
/// and `sleep` are then ambiguous.
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
/// Each clause has a name. `paystack-transport-test` checks them all, against any transport.
///
/// | clause | says |
/// | --- | --- |
/// | `statuses` | Every final status, 200 to 599, is `Ok`. |
/// | `redirects` | No redirect is followed: the key goes to no other host. |
/// | `request-line` | Method, path and query go out as they are. |
/// | `request-headers` | Each header goes out as it is; only `Host`, `Content-Length` and those of the connection are added. |
/// | `request-body` | The body goes out byte for byte, with its `Content-Length`. |
/// | `sent-once` | What may have been sent is not sent again: a connection that closes then is `Maybe`. |
/// | `repeated-headers` | Headers that come more than once are all kept, in order. |
/// | `header-bytes` | The values of headers are kept byte for byte, ASCII or not. |
/// | `body-bytes` | The body that comes back is whole and not decoded. |
/// | `interim-answers` | Interim answers, as 100 and 103, are skipped. |
/// | `http-1.0` | HTTP/1.0 is understood. |
/// | `chunked` | Chunks are put together, trailers and extensions left out. |
/// | `no-length` | A body without a length ends with the connection. |
/// | `cut-off` | A body that ends early is an error, and not `No`. |
/// | `limit-told` | A body that says it is over the limit is `TooLarge`, unread. |
/// | `limit-streamed` | A body that grows over the limit is `TooLarge`. |
/// | `keep-alive` | A connection may be used again; whatever the answer before, the next one is right. |
/// | `pool-renewed` | A kept connection whose end could be noticed is not used. |
/// | `at-once` | 64 calls may be under way at once. |
/// | `refused` | A refused connection is `Connect` and `No`. |
/// | `unknown-name` | A host name that cannot be looked up is `Connect` and `No`. |
/// | `broken` | A connection that breaks after the first byte is `Io` or `Other`, and `Maybe`. |
/// | `error-numbers` | Once a byte of a request may be written, no error is `No`, whatever its number. |
/// | `time-outs` | A limit of time that passes is `Timeout`, and not `No` once anything may have been sent. |
/// | `dropped` | A request that is given up is not waited for: its connection is closed, or what is left is read. |
/// | `timer` | `sleep` takes as long as it should by `now`, which never goes back. |
/// | `secrets` | No error shows the key or the URL, nor do its sources, in `Display` or `Debug`. |
///
/// The limit of a body is the transport's to choose, and 8 MiB in those of this SDK. Time-outs are the
/// client's business, which drops the future; limits of the transport's own, for connecting say, are
/// welcome. A wrong [`Sent::No`](paystack_core::Sent::No) writes twice. The position in the code proves
/// it: the connector failed before a connection existed. The number of an error does not: Linux returns
/// `ConnectionRefused` on established connections, too.
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
