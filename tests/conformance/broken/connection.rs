//! Connections and bodies for the broken transports.

use std::fmt;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use paystack_hyper::HyperTransport;
use paystack_transport::bytes::{Bytes, BytesMut};
use paystack_transport::{Sent, Transport, TransportError, TransportErrorKind};

use super::BODY_LIMIT;

/// Polls a connection until the response arrives. Returns whether the connection has ended.
pub(super) async fn or_ended<A>(
    answer: impl Future<Output = A>,
    connection: &mut (impl Future + Unpin),
) -> (A, bool) {
    let mut answer = std::pin::pin!(answer);
    let mut is_ended = false;
    std::future::poll_fn(|context| {
        let ready = answer.as_mut().poll(context);
        is_ended = is_ended || Pin::new(&mut *connection).poll(context).is_ready();
        match ready {
            Poll::Ready(answer) => Poll::Ready((answer, is_ended)),
            Poll::Pending => answer
                .as_mut()
                .poll(context)
                .map(|answer| (answer, is_ended)),
        }
    })
    .await
}

/// Starts a thread that sets `is_closed` within about five milliseconds of the server's close.
pub(super) fn watch(stream: TcpStream, is_closed: &Arc<AtomicBool>) {
    stream.set_nonblocking(true).unwrap();
    let is_closed = Arc::downgrade(is_closed);
    thread::spawn(move || {
        // Ends when the transport drops the connection.
        while let Some(is_closed) = is_closed.upgrade() {
            if matches!(stream.peek(&mut [0]), Ok(0)) {
                return is_closed.store(true, Ordering::Relaxed);
            }
            drop(is_closed);
            // A single sleep would end while the process is frozen.
            for _ in 0..5 {
                thread::sleep(Duration::from_millis(1));
            }
        }
    });
}

pub(super) async fn early_hints(
    good: &HyperTransport,
    mut request: Request<Bytes>,
) -> Result<Response<Bytes>, TransportError> {
    let early = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&early);
    hyper::ext::on_informational(&mut request, move |answer| {
        if answer.status() == StatusCode::EARLY_HINTS {
            *seen.lock().unwrap() = Some(answer.status());
        }
    });
    let mut answer = good.send(request).await?;
    if let Some(status) = early.lock().unwrap().take() {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

/// A client that asks its pool for a connection before the runtime polls the sockets.
pub(super) type Pooled = Client<HttpConnector, Full<Bytes>>;

pub(super) fn pooled() -> Pooled {
    Client::builder(TokioExecutor::new()).build(HttpConnector::new())
}

pub(super) async fn whole_body(
    pooled: &Pooled,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, TransportError> {
    let (head, body) = beginning(pooled, request).await?.into_parts();
    let mut whole = BytesMut::new();
    read(body, &mut whole).await?.map_err(lost)?;
    Ok(Response::from_parts(head, whole.freeze()))
}

pub(super) async fn half_a_body(
    request: Request<Bytes>,
) -> Result<Response<Bytes>, TransportError> {
    let (head, body) = beginning(&pooled(), request).await?.into_parts();
    let mut whole = BytesMut::new();
    let _ = read(body, &mut whole).await?;
    Ok(Response::from_parts(head, whole.freeze()))
}

/// Returns a response before its body has arrived.
pub(super) async fn beginning(
    pooled: &Pooled,
    request: Request<Bytes>,
) -> Result<Response<Incoming>, TransportError> {
    let answer = pooled.request(request.map(Full::new)).await;
    answer.map_err(|error| match error.is_connect() {
        true => error_of(TransportErrorKind::Connect, Sent::No),
        false => error_of(TransportErrorKind::Io, Sent::Maybe),
    })
}

/// A partial body. A cancelled request leaves it behind.
pub(super) struct Half<'a> {
    pub(super) place: String,
    pub(super) read: BytesMut,
    pub(super) left: &'a Mutex<(String, BytesMut)>,
}

impl Drop for Half<'_> {
    fn drop(&mut self) {
        let left = (std::mem::take(&mut self.place), self.read.split());
        *self.left.lock().unwrap() = left;
    }
}

/// Reads a body. Returns its error, if any.
pub(super) async fn read(
    mut body: Incoming,
    whole: &mut BytesMut,
) -> Result<hyper::Result<()>, TransportError> {
    let too_large = || error_of(TransportErrorKind::TooLarge, Sent::Maybe);
    if body.size_hint().lower() > BODY_LIMIT as u64 {
        return Err(too_large());
    }
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => whole.extend_from_slice(frame.data_ref().map_or(&[], |data| data)),
            Err(error) => return Ok(Err(error)),
        }
        if whole.len() > BODY_LIMIT {
            return Err(too_large());
        }
    }
    Ok(Ok(()))
}

pub(super) fn as_text(value: &HeaderValue) -> String {
    let ascii = value.as_bytes().iter().filter(|byte| byte.is_ascii());
    ascii.map(|byte| char::from(*byte)).collect()
}

pub(super) fn lost(error: hyper::Error) -> TransportError {
    error_of(TransportErrorKind::Io, Sent::Maybe).with_source(error)
}

pub(super) fn error_of(kind: TransportErrorKind, sent: Sent) -> TransportError {
    TransportError::new(kind, sent)
}

/// Text that only `Debug` shows.
pub(super) struct Shown(pub(super) String);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown")
    }
}

impl std::error::Error for Shown {}
