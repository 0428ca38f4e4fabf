//! One row of work, so many times, to be counted by callgrind: `instructions ROW TIMES`.
//!
//! The difference of two runs, divided by the difference in times, is what one takes.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::Response;
use paystack_hyper::bytes::Bytes;
use paystack_hyper::customers::FetchCustomer;
use paystack_hyper::{
    Api, Client, CustomerCode, Domain, Pace, SecretKey, Timer, Transport, TransportError,
    async_trait,
};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let row = arguments.next().expect("a row");
    let times: u32 = arguments
        .next()
        .and_then(|times| times.parse().ok())
        .expect("times");
    let api = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
    let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap());
    match row.as_str() {
        "request_and_read" => {
            for _ in 0..times {
                let request = api.request(black_box(&fetch)).unwrap();
                black_box(request);
                black_box(api.read(&fetch, answer()).unwrap());
            }
        }
        "client_send" => {
            let pace = Pace::new(Domain::Live, 7).with_limit(u64::MAX);
            let client = Client::with_pace(api, Ready, pace);
            for _ in 0..times {
                let mut sent = pin!(client.send(black_box(&fetch)));
                let mut context = Context::from_waker(Waker::noop());
                let Poll::Ready(reply) = sent.as_mut().poll(&mut context) else {
                    panic!("it had to wait")
                };
                black_box(reply.unwrap());
            }
        }
        _ => panic!("no such row"),
    }
}

/// Answers at once, by a clock that stands still.
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
    async fn send(&self, request: http::Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        drop(request);
        Ok(answer())
    }
}

fn answer() -> Response<Bytes> {
    let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,"customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.com","first_name":"Ada"}}"#;
    let headers = [
        ("date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("content-type", "application/json; charset=utf-8"),
        ("content-length", "150"),
        ("x-ratelimit-limit", "6000000"),
        ("x-ratelimit-remaining", "5999999"),
        ("x-ratelimit-reset", "42"),
        ("x-request-id", "req_0123456789abcdef"),
    ];
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    for (name, value) in headers {
        let name = http::HeaderName::from_static(name);
        response
            .headers_mut()
            .insert(name, http::HeaderValue::from_static(value));
    }
    response
}
