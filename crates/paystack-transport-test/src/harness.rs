//! The harness that every check sends its requests through. It also searches all errors for secrets.

mod expect;
mod request;

use std::cell::RefCell;
use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::{TransportError, http};

use self::request::CANARY;
use crate::transport_under_test::{SendResult, TransportUnderTest};

pub(crate) use self::expect::{
    CheckError, CheckResult, describe, expect_eq, expect_error, expect_maybe, expect_response,
    unknown_encoding,
};
pub(crate) use self::request::{get, post, request, target};

/// How soon a transport has to close the connection of a cancelled request.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

pub(crate) struct Harness<'a, T> {
    pub(crate) transport: &'a T,
    /// The largest response body that the transport accepts, in bytes.
    pub(crate) body_limit: usize,
    /// How long to wait for an event that should happen at once.
    pub(crate) timeout: Duration,
    /// The first error that showed a secret.
    leak: RefCell<Option<String>>,
}

impl<'a, T: TransportUnderTest> Harness<'a, T> {
    pub(crate) fn new(transport: &'a T, body_limit: usize, timeout: Duration) -> Self {
        Self {
            transport,
            body_limit,
            timeout,
            leak: RefCell::default(),
        }
    }

    /// Sends a request and cancels it after `timeout`.
    pub(crate) async fn send(
        &self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> SendResult {
        let result = self.transport.send(request, timeout).await;
        self.search_for_secrets(&result);
        result
    }

    /// Sends requests concurrently. Returns `None` if the transport cannot.
    pub(crate) async fn send_all(
        &self,
        requests: Vec<http::Request<Bytes>>,
    ) -> Option<Vec<SendResult>> {
        let results = self.transport.send_all(requests, self.timeout).await?;
        for result in &results {
            self.search_for_secrets(result);
        }
        Some(results)
    }

    /// Sends a request that must get a response.
    pub(crate) async fn expect_response(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, String> {
        expect_response(self.send(request, self.timeout).await)
    }

    /// Sends a request that must fail.
    pub(crate) async fn expect_error(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<TransportError, String> {
        expect_error(self.send(request, self.timeout).await)
    }

    /// Returns how long a server stalls. It is longer than the suite waits for a transport to time out.
    pub(crate) fn stall(&self) -> Duration {
        self.timeout.saturating_add(CLOSE_TIMEOUT.saturating_mul(2))
    }

    /// Polls a condition that another thread changes. Returns whether it became true in time.
    pub(crate) async fn wait_until(&self, timeout: Duration, condition: impl Fn() -> bool) -> bool {
        const PAUSE: Duration = Duration::from_millis(5);
        let mut waited = Duration::ZERO;
        while !condition() {
            if waited > timeout {
                return false;
            }
            self.transport.sleep(PAUSE).await;
            waited = waited.saturating_add(PAUSE);
        }
        true
    }

    /// Returns the first error that showed a secret.
    pub(crate) fn leak(&self) -> Option<String> {
        self.leak.borrow().clone()
    }

    fn search_for_secrets(&self, result: &SendResult) {
        let Some(Err(error)) = result else { return };
        let output = full_output(error);
        if output.to_ascii_lowercase().contains(CANARY) {
            self.leak.borrow_mut().get_or_insert(output);
        }
    }
}

/// Returns the `Display` and `Debug` output of an error and its sources.
fn full_output(error: &TransportError) -> String {
    let mut output = String::new();
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        let _ = write!(output, "{error} {error:?} ");
        next = error.source();
    }
    output
}
