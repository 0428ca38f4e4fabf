//! How the transport uses a service: readiness, errors and bodies.
#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "these are tests"
)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::Full;
use paystack_tower::{
    Sent, Timer, TowerTransport, Transport, TransportError, TransportErrorKind, async_trait,
};
use tower::util::BoxCloneSyncService;
use tower::{Service, service_fn};

type Request = http::Request<Full<Bytes>>;

const UNIX_TIME: Duration = Duration::from_secs(1_764_412_345);

#[test]
fn the_clone_that_is_ready_is_called() {
    let transport = TowerTransport::new(ReadyAtSecondPoll { polls: 0 }, NoTimer);
    for _ in 0..2 {
        let response = sent(&transport).unwrap();
        assert_eq!(response.status(), 200);
    }
}

#[test]
fn error_in_poll_ready_reports_sent_no() {
    let transport = TowerTransport::new(NeverReady, NoTimer);
    assert_eq!(sent(&transport).unwrap_err().sent(), Sent::No);
    // A classifier cannot change that.
    let error = sent(&transport.classify(io_error)).unwrap_err();
    assert_eq!(error.sent(), Sent::No);
    assert_eq!(error.kind(), TransportErrorKind::Io);
    assert!(everything(&error).contains("closed by its owner"));
}

#[test]
fn service_error_reports_sent_maybe_without_its_text() {
    let service = service_fn(async |request: Request| {
        let text = format!("lost {} {:?}", request.uri(), request.headers());
        Err::<http::Response<Body>, _>(io::Error::other(text))
    });
    let error = sent(&TowerTransport::new(service, NoTimer)).unwrap_err();
    assert_eq!(error.sent(), Sent::Maybe);
    assert_eq!(error.kind(), TransportErrorKind::Other);
    assert_eq!(everything(&error), "the transport failed");
}

#[test]
fn classifier_sets_kind_and_sent_and_keeps_the_source() {
    let service = service_fn(async |_: Request| {
        Err::<http::Response<Body>, _>(io::Error::other("pulled out"))
    });
    let transport = TowerTransport::new(service, NoTimer).classify(io_error);
    let error = sent(&transport).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Io);
    assert!(everything(&error).ends_with("pulled out"));
}

#[test]
fn body_up_to_the_limit_is_read_and_a_larger_one_is_rejected() {
    let transport = responding(|| Body::from("12345678"));
    let response = sent(&transport.clone().body_limit(8)).unwrap();
    assert_eq!(response.body(), "12345678");
    let error = sent(&transport.body_limit(7)).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn body_of_unknown_length_is_limited() {
    let transport = responding(|| Body::new(Endless));
    let error = sent(&transport.body_limit(1024)).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn content_length_header_over_the_limit_is_rejected() {
    let service = service_fn(|_: Request| {
        let response = http::Response::builder().header("content-length", "1025");
        ready(response.body(Body::new(Unread)))
    });
    let transport = TowerTransport::new(service, NoTimer).body_limit(1024);
    let error = sent(&transport).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn ended_body_is_empty_despite_its_size_hint() {
    let transport = responding(|| Body::new(Ended));
    assert_eq!(sent(&transport.body_limit(8)).unwrap().body(), "");
}

#[test]
fn truncated_body_is_an_error_without_its_text() {
    for body in [
        || Body::new(Truncated::WithAnError),
        || Body::new(Truncated::WithoutAnError),
    ] {
        let error = sent(&responding(body)).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Io);
        assert_eq!(error.sent(), Sent::Maybe);
        assert_eq!(everything(&error), "connection lost");
    }
}

#[test]
fn body_classifier_sets_the_kind_but_not_sent_no() {
    let transport = responding(|| Body::new(Truncated::WithAnError)).classify_body(|error| {
        // axum's body wraps the error.
        assert!(everything(&*error).contains("ada@example.com"));
        TransportError::new(TransportErrorKind::Timeout, Sent::No)
    });
    let error = sent(&transport).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error.sent(), Sent::Maybe);
    assert!(!everything(&error).contains("ada@example.com"));
}

#[test]
fn redirects_and_error_statuses_are_responses() {
    for status in [302, 401, 500] {
        let service = service_fn(move |_: Request| {
            let response = http::Response::builder().status(status);
            ready(response.body(Body::empty()))
        });
        let response = sent(&TowerTransport::new(service, NoTimer)).unwrap();
        assert_eq!(response.status(), status);
    }
}

type Shared = BoxCloneSyncService<Request, http::Response<Body>, Infallible>;

#[test]
fn timer_is_that_of_the_caller() {
    let service =
        service_fn(async |_: Request| Ok::<_, Infallible>(http::Response::new(Body::empty())));
    let transport = TowerTransport::new(service, NoTimer);
    assert_eq!(transport.now(), Duration::from_secs(7));
    assert_eq!(transport.unix_time(), Some(UNIX_TIME));
}

fn responding(body: fn() -> Body) -> TowerTransport<Shared, NoTimer> {
    let service = service_fn(move |_: Request| ready(Ok(http::Response::new(body()))));
    TowerTransport::new(BoxCloneSyncService::new(service), NoTimer)
}

/// Sends one request. Panics unless the result is available at once.
fn sent(transport: &impl Transport) -> Result<http::Response<Bytes>, TransportError> {
    let request = http::Request::post("http://127.0.0.1/customer/ada@example.com");
    let request = request.header("authorization", "Bearer sk_test_3f2a9c");
    let mut sending = transport.send(request.body(Bytes::from_static(b"{}")).unwrap());
    // A service may request one more poll.
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        if let Poll::Ready(result) = sending.as_mut().poll(&mut context) {
            return result;
        }
    }
    panic!("no response");
}

fn io_error(error: io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Io, Sent::Maybe).with_source(error)
}

/// Formats an error and all its sources.
fn everything(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", everything(source)),
        None => error.to_string(),
    }
}

#[derive(Clone)]
struct NoTimer;

#[async_trait]
impl Timer for NoTimer {
    async fn sleep(&self, _: Duration) {}

    fn now(&self) -> Duration {
        Duration::from_secs(7)
    }

    fn unix_time(&self) -> Option<Duration> {
        Some(UNIX_TIME)
    }
}

/// A service that is ready at the second poll, and panics if it is called earlier.
#[derive(Clone)]
struct ReadyAtSecondPoll {
    polls: u32,
}

impl Service<Request> for ReadyAtSecondPoll {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.polls += 1;
        if self.polls < 2 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        assert_eq!(self.polls, 2, "called before it is ready");
        ready(Ok(http::Response::new(Body::empty())))
    }
}

#[derive(Clone)]
struct NeverReady;

impl Service<Request> for NeverReady {
    type Response = http::Response<Body>;
    type Error = io::Error;
    type Future = Ready<Result<Self::Response, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Err(io::Error::other("closed by its owner")))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        unreachable!("the service is not ready")
    }
}

struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"and on ")))))
    }
}

/// A body without a size hint that must not be read.
struct Unread;

impl http_body::Body for Unread {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        unreachable!("a too large body is read")
    }
}

/// A body that declares eight bytes and contains none.
enum Truncated {
    WithAnError,
    WithoutAnError,
}

impl http_body::Body for Truncated {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match *self {
            Self::WithAnError => Some(Err(io::Error::other("http://127.0.0.1/ada@example.com"))),
            Self::WithoutAnError => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(8)
    }
}

/// The body of a 304: its size hint is the length that the omitted body would have.
struct Ended;

impl http_body::Body for Ended {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1_000)
    }
}
