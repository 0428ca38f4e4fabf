//! The next action for a call.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;

/// The next action for a [`Call`](crate::Call), a [`BoxedCall`](crate::BoxedCall) or a
/// [`Waiter`](crate::Waiter). `T` is the result.
///
/// `Debug` shows neither the URL nor the body of a request.
#[must_use = "a request in a dropped step is never sent"]
#[allow(
    clippy::large_enum_variant,
    reason = "it is matched at once, and a box would be an allocation"
)]
pub enum Step<T> {
    /// Send this request, and hand in its response ([`handle_response`](crate::Call::handle_response)) or its
    /// error ([`handle_error`](crate::Call::handle_error)). If there is neither after `within`, drop the request
    /// and step again.
    #[non_exhaustive]
    Send {
        /// The request.
        request: http::Request<Bytes>,
        /// How long it may take; `None` for no limit.
        within: Option<Duration>,
        /// The number of this attempt, from 1. Hand it in with the response or the error.
        attempt: u32,
    },
    /// Step again after this long: at most a day.
    Wait(Duration),
    /// The call or the wait has ended.
    Done(Result<T, Error>),
}

impl<T: fmt::Debug> fmt::Debug for Step<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send {
                request,
                within,
                attempt,
            } => f
                .debug_struct("Send")
                .field("method", request.method())
                .field("body_bytes", &request.body().len())
                .field("within", within)
                .field("attempt", attempt)
                .finish_non_exhaustive(),
            Self::Wait(duration) => f.debug_tuple("Wait").field(duration).finish(),
            Self::Done(result) => f.debug_tuple("Done").field(result).finish(),
        }
    }
}
