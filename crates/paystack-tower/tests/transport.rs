//! What the transport makes of a service: its readiness, its errors, its bodies.
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

#[test]
fn the_clone_that_became_ready_is_the_one_that_is_called() {
    let transport = TowerTransport::new(ReadyAtSecondAsking { asked: 0 }, NoTimer);
    for _ in 0..2 {
        let answer = sent(&transport).unwrap();
        assert_eq!(answer.status(), 200);
    }
}

#[test]
fn an_error_before_the_service_has_the_request_is_unsent() {
    let transport = TowerTransport::new(NeverReady, NoTimer);
    assert_eq!(sent(&transport).unwrap_err().sent(), Sent::No);
    // Whatever the classifier says, which knows nothing of when it was.
    let error = sent(&transport.classify(io_error)).unwrap_err();
    assert_eq!(error.sent(), Sent::No);
    assert_eq!(error.kind(), TransportErrorKind::Io);
    assert!(everything(&error).contains("closed by its owner"));
}

#[test]
fn an_error_of_the_service_may_have_been_sent_and_its_text_is_dropped() {
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
fn a_classifier_tells_kind_and_sent_and_keeps_the_source() {
    let service = service_fn(async |_: Request| {
        Err::<http::Response<Body>, _>(io::Error::other("pulled out"))
    });
    let transport = TowerTransport::new(service, NoTimer).classify(io_error);
    let error = sent(&transport).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Io);
    assert!(everything(&error).ends_with("pulled out"));
}

#[test]
fn a_body_up_to_the_limit_is_read_and_a_larger_one_is_not() {
    let transport = answering(|| Body::from("12345678"));
    let answer = sent(&transport.clone().body_limit(8)).unwrap();
    assert_eq!(answer.body(), "12345678");
    let error = sent(&transport.body_limit(7)).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn a_body_that_does_not_say_its_length_is_limited_as_well() {
    let transport = answering(|| Body::new(Endless));
    let error = sent(&transport.body_limit(1024)).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn a_body_under_a_layer_that_hides_its_length_is_refused_by_its_header() {
    let service = service_fn(|_: Request| {
        let response = http::Response::builder().header("content-length", "1025");
        ready(response.body(Body::new(Unread)))
    });
    let transport = TowerTransport::new(service, NoTimer).body_limit(1024);
    let error = sent(&transport).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::TooLarge);
}

#[test]
fn a_body_that_has_ended_is_empty_whatever_length_was_told() {
    let transport = answering(|| Body::new(Ended));
    assert_eq!(sent(&transport.body_limit(8)).unwrap().body(), "");
}

#[test]
fn a_body_that_breaks_off_is_an_error_without_its_text() {
    for body in [
        || Body::new(Breaks::WithAnError),
        || Body::new(Breaks::Early),
    ] {
        let error = sent(&answering(body)).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Io);
        assert_eq!(error.sent(), Sent::Maybe);
        assert_eq!(everything(&error), "the connection broke");
    }
}

#[test]
fn a_classifier_tells_what_an_error_of_a_body_means_but_not_that_nothing_was_sent() {
    let transport = answering(|| Body::new(Breaks::WithAnError)).classify_body(|error| {
        // axum's body has wrapped it.
        assert!(everything(&*error).contains("ada@example.com"));
        TransportError::new(TransportErrorKind::Timeout, Sent::No)
    });
    let error = sent(&transport).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error.sent(), Sent::Maybe);
    assert!(!everything(&error).contains("ada@example.com"));
}

#[test]
fn redirects_and_refusals_are_answers() {
    for status in [302, 401, 500] {
        let service = service_fn(move |_: Request| {
            let response = http::Response::builder().status(status);
            ready(response.body(Body::empty()))
        });
        let answer = sent(&TowerTransport::new(service, NoTimer)).unwrap();
        assert_eq!(answer.status(), status);
    }
}

type Shared = BoxCloneSyncService<Request, http::Response<Body>, Infallible>;

fn answering(body: fn() -> Body) -> TowerTransport<Shared, NoTimer> {
    let service = service_fn(move |_: Request| ready(Ok(http::Response::new(body()))));
    TowerTransport::new(BoxCloneSyncService::new(service), NoTimer)
}

/// One request, with an answer at once.
fn sent(transport: &impl Transport) -> Result<http::Response<Bytes>, TransportError> {
    let request = http::Request::post("http://127.0.0.1/customer/ada@example.com");
    let request = request.header("authorization", "Bearer sk_test_3f2a9c");
    let mut sending = transport.send(request.body(Bytes::from_static(b"{}")).unwrap());
    // A service may ask to be asked again once, at most.
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        if let Poll::Ready(result) = sending.as_mut().poll(&mut context) {
            return result;
        }
    }
    panic!("no answer");
}

fn io_error(error: io::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Io, Sent::Maybe).with_source(error)
}

/// An error and all its sources as text.
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
        Duration::ZERO
    }
}

/// Panics if it is called before it is ready, as services may.
#[derive(Clone)]
struct ReadyAtSecondAsking {
    asked: u32,
}

impl Service<Request> for ReadyAtSecondAsking {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.asked += 1;
        if self.asked < 2 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        assert_eq!(self.asked, 2, "called before it was ready");
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
        unreachable!("it is not ready")
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

/// Does not say its length, and is not read.
struct Unread;

impl http_body::Body for Unread {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        unreachable!("a body that is too large is read")
    }
}

/// Says that it has eight bytes, and has none.
enum Breaks {
    WithAnError,
    Early,
}

impl http_body::Body for Breaks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match *self {
            Self::WithAnError => Some(Err(io::Error::other("http://127.0.0.1/ada@example.com"))),
            Self::Early => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(8)
    }
}

/// That of a 304, which only says how long it would be.
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
