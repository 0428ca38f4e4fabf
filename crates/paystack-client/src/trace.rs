//! One span a call, if anybody looks.

use std::future::Future;

#[cfg(feature = "tracing")]
use paystack_core::{Error, Reply};

use crate::transport::Timer;

/// The span of one call. A caller's own span around it is never written to, whatever a subscriber
/// does about the current one.
pub(crate) struct CallSpan(#[cfg(feature = "tracing")] tracing::Span);

impl CallSpan {
    /// Notes that the call makes its n-th attempt.
    pub(crate) fn attempt(&self, attempts: u32) {
        #[cfg(feature = "tracing")]
        self.0.record("attempt", attempts);
        #[cfg(not(feature = "tracing"))]
        let _ = attempts;
    }
}

/// Runs a call in a span of its own. Without the feature `tracing` it is the call, and not a future
/// around it.
#[cfg(not(feature = "tracing"))]
pub(crate) fn call<F: Future>(
    _: &'static str,
    _: &impl Timer,
    call: impl FnOnce(CallSpan) -> F,
) -> F {
    call(CallSpan())
}

/// Runs a call in a span of its own.
#[cfg(feature = "tracing")]
pub(crate) async fn call<T, F: Future<Output = Result<Reply<T>, Error>>>(
    operation: &'static str,
    timer: &impl Timer,
    call: impl FnOnce(CallSpan) -> F,
) -> Result<Reply<T>, Error> {
    use tracing::Instrument;
    use tracing::field::Empty;

    let span = tracing::info_span!(
        "paystack",
        operation,
        attempt = Empty,
        status = Empty,
        milliseconds = Empty,
        outcome = Empty,
    );
    let started = timer.now();
    let call = call(CallSpan(span.clone()));
    let outcome = call.instrument(span.clone()).await;
    let passed = timer.now().saturating_sub(started).as_millis();
    span.record("milliseconds", u64::try_from(passed).unwrap_or(u64::MAX));
    let status = match &outcome {
        Ok(reply) => {
            span.record("outcome", "success");
            Some(reply.status())
        }
        Err(error) => {
            // One line, without personal data.
            span.record("outcome", tracing::field::display(error));
            error.status()
        }
    };
    if let Some(status) = status {
        span.record("status", status.as_u16());
    }
    outcome
}
