//! The delivery of a result in virtual time, for async and for blocking clients.

use std::time::Duration;

use bytes::Bytes;
use paystack_core::{Sent, TransportError, TransportErrorKind};

use super::virtual_clock::VirtualClock;
use crate::transport::Timer;

type Result = std::result::Result<http::Response<Bytes>, TransportError>;

/// The longest silence: a client without a time-out sees the connection time out after it.
const LONGEST_SILENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// The result of a request, and the time until it arrives.
pub(super) struct Delivery {
    result: Result,
    delay: Duration,
}

impl Delivery {
    /// `None` is silence.
    pub(super) fn new(result: Option<Result>, delay: Duration) -> Self {
        match result {
            Some(result) => Self { result, delay },
            None => Self {
                result: timed_out(),
                delay: LONGEST_SILENCE,
            },
        }
    }

    pub(super) async fn wait(self, clock: &VirtualClock) -> Result {
        if !self.delay.is_zero() {
            clock.sleep(self.delay).await;
        }
        self.result
    }

    /// Blocks until the result, or until the limit of the attempt.
    pub(super) fn block(self, clock: &VirtualClock, within: Option<Duration>) -> Result {
        match within.filter(|within| self.delay > *within) {
            Some(within) => {
                clock.block(within);
                timed_out()
            }
            None => {
                clock.block(self.delay);
                self.result
            }
        }
    }
}

fn timed_out() -> Result {
    let (kind, sent) = (TransportErrorKind::Timeout, Sent::Maybe);
    Err(TransportError::new(kind, sent))
}
