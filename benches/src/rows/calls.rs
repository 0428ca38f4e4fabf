//! The cost of a call without its transport: rate limiter, deadline, retries and the future.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::{HeaderName, HeaderValue, Request, Response};
use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::FetchCustomer;
use paystack_hyper::{
    Api, Call, Client, CustomerCode, Mode, RateLimiter, SecretKey, Settings, Step, Timer,
    Transport, TransportError, async_trait,
};

use super::Row;
use crate::{CODE, KEY, bodies};

pub(super) fn rows() -> Vec<Row> {
    let start = || {
        let api = Api::new(SecretKey::new(KEY).unwrap());
        let fetch = FetchCustomer::new(CustomerCode::new(CODE).unwrap());
        (api, fetch)
    };
    let limiter = || RateLimiter::new(Mode::Live, 7).with_limit(u64::MAX);
    vec![
        // The request and its response, which the other rows include.
        Row::new("call/fetch/parts", move || {
            let (api, fetch) = start();
            move || {
                drop(black_box(api.request(black_box(&fetch)).unwrap()));
                drop(black_box(api.read(&fetch, response()).unwrap()));
            }
        }),
        Row::new("call/fetch/call", move || {
            let (api, fetch) = start();
            let limiter = std::cell::RefCell::new(limiter());
            move || {
                let limiter = &mut *limiter.borrow_mut();
                let mut call = Call::new(&api, black_box(&fetch), Settings::default());
                let Step::Send {
                    request, attempt, ..
                } = call.step(limiter, Duration::ZERO)
                else {
                    panic!("the call must not wait")
                };
                drop(black_box(request));
                call.handle_response(attempt, response());
                let Step::Done(reply) = call.step(limiter, Duration::ZERO) else {
                    panic!("the call must be done")
                };
                drop(black_box(reply.unwrap()));
            }
        }),
        Row::new("call/fetch/client", move || {
            let (api, fetch) = start();
            let client = Client::new(api, Ready).with_rate_limiter(limiter());
            move || {
                let mut sent = pin!(client.send(black_box(&fetch)));
                let mut context = Context::from_waker(Waker::noop());
                let Poll::Ready(reply) = sent.as_mut().poll(&mut context) else {
                    panic!("the call must not wait")
                };
                drop(black_box(reply.unwrap()));
            }
        }),
    ]
}

/// A transport that responds at once, with a clock that stands still.
struct Ready;

#[async_trait]
impl Timer for Ready {
    async fn sleep(&self, _: Duration) {}

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Transport for Ready {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        drop(request);
        Ok(response())
    }
}

fn response() -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(bodies::FETCHED.as_bytes()));
    for (name, value) in [
        ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("content-type", "application/json; charset=utf-8"),
        ("content-length", "1006"),
        ("x-ratelimit-limit", "6000000"),
        ("x-ratelimit-remaining", "5999999"),
        ("x-ratelimit-reset", "42"),
        ("x-request-id", "req_0123456789abcdef"),
    ] {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}
