//! The traits that connect a runtime: sending a request, waiting, and a clock.

mod blocking;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::TransportError;

pub use self::blocking::BlockingTransport;

/// Waits, and reads a clock. Both belong to the runtime: under a paused clock, or in a browser, they differ
/// from those of the operating system.
#[async_trait]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a timer",
    label = "cannot wait and has no clock",
    note = "implement `Timer` with `#[async_trait]`, with the sleep and the clock of your runtime"
)]
pub trait Timer: Send + Sync {
    /// Returns after this long.
    async fn sleep(&self, duration: Duration);

    /// The time since any fixed point, such as the creation of the timer. It never goes back.
    fn now(&self) -> Duration;

    /// The wall-clock time, as the time since 1970; `None` if it is unknown. It replaces a missing `Date` header,
    /// for [`Error::retry_after`](paystack_core::Error::retry_after) and for the rate limit,
    /// and is the time in a [`SavedWait`](paystack_core::SavedWait).
    ///
    /// By default it is the clock of the operating system; `wasm32-unknown-unknown` has none.
    fn unix_time(&self) -> Option<Duration> {
        system_time()
    }
}

/// Sends requests: the only part that does IO.
///
/// # Contract
///
/// Each clause has a name. `paystack-transport-test` checks them all, against any transport.
///
/// | clause | says |
/// | --- | --- |
/// | `statuses` | Returns every final status, 200 to 599, as `Ok`. |
/// | `redirects` | Follows no redirect, so that no other host receives the key. |
/// | `request-line` | Sends the method, path and query unchanged. |
/// | `request-headers` | Sends each header unchanged and adds only `Host`, `Content-Length`, `Accept-Encoding` and connection headers. |
/// | `request-body` | Sends the body byte for byte, with its `Content-Length`. |
/// | `sent-once` | Does not resend a request that it may have sent: a connection that closes then is `Maybe`. |
/// | `repeated-headers` | Keeps all values of repeated response headers, in order. |
/// | `header-bytes` | Keeps response header values byte for byte, ASCII or not. |
/// | `body-bytes` | Returns the whole response body, and decodes only an encoding that the transport requested. |
/// | `interim-responses` | Skips interim responses such as 100 and 103. |
/// | `http-1.0` | Accepts HTTP/1.0 responses. |
/// | `chunked` | Joins the chunks of a body and drops trailers and extensions. |
/// | `no-length` | Ends a body without a length when the connection closes. |
/// | `cut-off` | Reports a truncated body as an error, and not as `No`. |
/// | `limit-declared` | Reports a body whose declared length exceeds the limit as `TooLarge`, without reading it. |
/// | `limit-streamed` | Reports a body that grows beyond the limit as `TooLarge`. |
/// | `keep-alive` | May reuse a connection; the next response is correct after any response. |
/// | `pool-renewed` | Does not reuse a closed connection, even if its runtime was starved or its process was frozen. |
/// | `at-once` | Allows 64 concurrent calls. |
/// | `refused` | Reports a refused connection as `ConnectionRefused` or `Connect`, and `No`. |
/// | `unknown-name` | Reports a failed host name lookup as `NameLookup` or `Connect`, and `No`. |
/// | `broken` | Reports a connection that breaks after the first byte as `Io` or `Other`, and `Maybe`. |
/// | `error-numbers` | Reports no error as `No` once a byte of a request may be written, for any error number. |
/// | `time-outs` | Reports a request that exceeds its time as `Timeout`, and not as `No` once anything may have been sent. A connect time-out may be `Connect`. |
/// | `dropped` | Does not wait for a cancelled request: closes its connection or reads the rest of the response. |
/// | `timer` | `sleep` lasts as long as requested, measured by `now`, which never goes back. |
/// | `secrets` | Shows neither the key nor the URL in the `Display` or `Debug` of an error or its sources. |
///
/// The transport chooses the limit of a body: 8 MiB in those of this SDK. The client drops the future when the
/// time is up; a transport may have shorter limits of its own, for connecting for example.
///
/// After a wrong [`Sent::No`](paystack_core::Sent::No), the client repeats a write. Only the position in the code
/// proves `No`: the connector failed before a connection existed. The number of an error proves nothing: Linux
/// returns `ConnectionRefused` on established connections, too.
#[async_trait]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transport",
    label = "cannot send requests",
    note = "use `HyperTransport` of paystack-hyper, or implement `Timer` and `Transport` with `#[async_trait]`"
)]
pub trait Transport: Timer {
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

    fn unix_time(&self) -> Option<Duration> {
        (**self).unix_time()
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

/// The time since 1970 by the clock of the operating system.
pub(crate) fn system_time() -> Option<Duration> {
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        return None; // there the standard library panics
    }
    SystemTime::now().duration_since(UNIX_EPOCH).ok()
}

/// The return type of an `async fn` under `async_trait`.
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
