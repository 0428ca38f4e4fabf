//! The body of a response: complete, broken off, or a stream of events.

use std::io;

use bytes::Bytes;
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};

pub(super) type ResponseBody = BoxBody<Bytes, io::Error>;

/// Returns a complete body.
pub(super) fn complete(bytes: Bytes) -> ResponseBody {
    Full::new(bytes).map_err(|never| match never {}).boxed()
}

/// Returns a body that ends with an error after these bytes, which closes the connection.
pub(super) async fn broken_off(bytes: Bytes) -> ResponseBody {
    let (mut sender, body) = channel();
    // The buffer has room.
    let _ = sender.send_data(bytes).await;
    sender.abort(io::ErrorKind::ConnectionAborted.into());
    body
}

/// Returns a body, and the sender of its bytes.
pub(super) fn channel() -> (Sender<Bytes, io::Error>, ResponseBody) {
    let (sender, body) = Channel::new(4);
    (sender, body.boxed())
}
