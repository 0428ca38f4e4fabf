//! One tracing span per call or wait.

#[cfg(feature = "tracing")]
pub(crate) use self::traced::CallSpan;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::untraced::CallSpan;

#[cfg(feature = "tracing")]
mod traced {
    use std::future::Future;
    use std::time::Duration;

    use paystack_core::{Error, JsonError, Reply};
    use tracing::field::{Empty, display};
    use tracing::{Instrument, Span};

    /// The span of one call or wait.
    pub(crate) struct CallSpan {
        span: Span,
        started: Duration,
    }

    impl CallSpan {
        pub(crate) fn begin(operation: &'static str, now: impl Fn() -> Duration) -> Self {
            let span = tracing::info_span!(
                target: "paystack_transport",
                "paystack",
                operation,
                attempt = Empty,
                status = Empty,
                milliseconds = Empty,
                outcome = Empty,
            );
            let started = now();
            Self { span, started }
        }

        /// Polls a future in the span.
        pub(crate) fn instrument<F: Future>(
            &self,
            call: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            call.instrument(self.span.clone())
        }

        /// Runs a function in the span.
        pub(crate) fn in_scope<T>(&self, call: impl FnOnce() -> T) -> T {
            self.span.in_scope(call)
        }

        /// Records the number of the attempt.
        pub(crate) fn attempt(&self, attempt: u32) {
            self.span.record("attempt", attempt);
        }

        /// Errors of JSON contain no values, and no keys that look like personal data.
        fn warn(&self, error: &JsonError, message: &'static str) {
            tracing::warn!(target: "paystack_transport", parent: &self.span, %error, "{message}");
        }

        /// Records the result of the call.
        pub(crate) fn end<T>(
            &self,
            now: impl Fn() -> Duration,
            outcome: Result<&Reply<T>, &Error>,
        ) {
            let passed = now().saturating_sub(self.started).as_millis();
            let passed = u64::try_from(passed).unwrap_or(u64::MAX);
            self.span.record("milliseconds", passed);
            let status = match outcome {
                Ok(reply) => {
                    self.span.record("outcome", "success");
                    for field in reply.ignored_fields() {
                        self.warn(field, "ignored a field of the wrong type");
                    }
                    for row in reply.odd_rows() {
                        self.warn(row.error(), "cannot decode a row");
                    }
                    Some(reply.status())
                }
                Err(error) => {
                    // One line, without personal data.
                    self.span.record("outcome", display(error));
                    error.status()
                }
            };
            if let Some(status) = status {
                self.span.record("status", status.as_u16());
            }
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod untraced {
    use std::future::Future;
    use std::time::Duration;

    use paystack_core::{Error, Reply};

    /// Nothing, without the feature `tracing`.
    pub(crate) struct CallSpan;

    impl CallSpan {
        pub(crate) fn begin(_: &'static str, _: impl Fn() -> Duration) -> Self {
            Self
        }

        pub(crate) fn instrument<F: Future>(&self, call: F) -> F {
            call
        }

        pub(crate) fn in_scope<T>(&self, call: impl FnOnce() -> T) -> T {
            call()
        }

        pub(crate) fn attempt(&self, _: u32) {}

        pub(crate) fn end<T>(&self, _: impl Fn() -> Duration, _: Result<&Reply<T>, &Error>) {}
    }
}
