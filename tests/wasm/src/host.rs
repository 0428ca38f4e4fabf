//! A transport in JavaScript, which fetches, sleeps and reads the clock. It sends one request at a time.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use paystack_transport::local::{LocalTimer, LocalTransport};
use paystack_transport::{
    Sent, TransportError, TransportErrorKind, async_trait, bytes::Bytes, http,
};
use serde_json::{Value, json};

mod js {
    #[link(wasm_import_module = "host")]
    unsafe extern "C" {
        /// Sends the request that these bytes describe as JSON, and calls `responded` with this number.
        pub(super) safe fn fetch(number: u32, request: *const u8, length: usize);
        /// Calls `go_on` after this number of milliseconds.
        pub(super) safe fn wake_after(milliseconds: f64);
        /// Returns the milliseconds since a fixed point.
        pub(super) safe fn now() -> f64;
        /// Prints a line of text.
        pub(super) safe fn report(text: *const u8, length: usize);
    }
}

type SendResult = Result<http::Response<Bytes>, TransportError>;

thread_local! {
    /// The number of the last fetch.
    static FETCH: Cell<u32> = Cell::default();
    static RESPONSE: RefCell<Option<SendResult>> = RefCell::default();
}

pub(crate) fn report(line: &str) {
    js::report(line.as_ptr(), line.len());
}

/// Stores the response for the pending request. Ignores the late response of a cancelled one.
pub(crate) fn responded(number: u32, json: &[u8]) {
    if number != FETCH.get() {
        return;
    }
    let lost = || TransportError::new(TransportErrorKind::Other, Sent::Maybe);
    RESPONSE.set(Some(parse(json).ok_or_else(lost)));
}

fn parse(json: &[u8]) -> Option<http::Response<Bytes>> {
    let response: Value = serde_json::from_slice(json).ok()?;
    let status = u16::try_from(response["status"].as_u64()?).ok()?;
    let mut parsed = http::Response::builder().status(status);
    for header in response["headers"].as_array()? {
        parsed = parsed.header(header[0].as_str()?, header[1].as_str()?);
    }
    let body = response["body"].as_str()?.to_owned();
    parsed.body(Bytes::from(body)).ok()
}

pub(crate) struct Host;

#[async_trait(?Send)]
impl LocalTimer for Host {
    async fn sleep(&self, duration: Duration) {
        let until = self.now().saturating_add(duration);
        js::wake_after(duration.as_secs_f64() * 1000.0);
        poll_fn(|_| match self.now() >= until {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }

    fn now(&self) -> Duration {
        Duration::from_secs_f64(js::now() / 1000.0)
    }
}

#[async_trait(?Send)]
impl LocalTransport for Host {
    async fn send(&self, request: http::Request<Bytes>) -> SendResult {
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            json!([name.as_str(), value.to_str().unwrap_or_default()])
        };
        let described = json!({
            "method": request.method().as_str(),
            "url": request.uri().to_string(),
            "headers": request.headers().iter().map(header).collect::<Vec<_>>(),
            "body": String::from_utf8_lossy(request.body()),
        });
        let described = described.to_string();
        RESPONSE.take();
        let number = FETCH.get().wrapping_add(1);
        FETCH.set(number);
        js::fetch(number, described.as_ptr(), described.len());
        poll_fn(|_| match RESPONSE.take() {
            Some(result) => Poll::Ready(result),
            None => Poll::Pending,
        })
        .await
    }
}
