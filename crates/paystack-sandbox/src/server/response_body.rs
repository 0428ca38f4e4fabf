//! The body of a response: complete, broken off, or a stream of events.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame};

pub(super) type ResponseBody = BoxBody<Bytes, io::Error>;

/// Returns a complete body.
pub(super) fn complete(bytes: Bytes) -> ResponseBody {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

/// Returns a body that ends with an error after these bytes, which closes the connection.
pub(super) fn broken_off(bytes: Bytes) -> ResponseBody {
    BrokenOff {
        bytes: Some(bytes),
        is_flushed: false,
    }
    .boxed()
}

/// Returns a body, and the sender of its bytes.
pub(super) fn channel() -> (Sender<Bytes, io::Error>, ResponseBody) {
    let (sender, body) = Channel::new(4);
    (sender, body.boxed())
}

struct BrokenOff {
    bytes: Option<Bytes>,
    is_flushed: bool,
}

impl Body for BrokenOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        // Hyper sends the bytes while it waits for more. At an error it would drop them.
        if !self.is_flushed {
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }
}
