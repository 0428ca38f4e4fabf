//! The spans, with the names of OpenTelemetry's semantic conventions for HTTP clients.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use paystack_core::{
    ApiError, Error, ErrorKind, JsonError, Outcome, Reply, TransportError, TransportErrorKind,
    WaitReason, traceable_request_id,
};
use tracing::field::{Empty, display};
use tracing::{Instrument, Span};

/// The span of one call or wait, and that of the attempt under way.
pub(crate) struct CallSpan {
    operation: &'static str,
    call: Span,
    attempt: Option<Span>,
    /// The outcome of the ended attempts.
    outcome: Outcome,
    queued_for: Duration,
    /// The status and the request id of the last response.
    response: Option<(u16, Option<String>)>,
    /// The attempts so far.
    attempts: u32,
    /// The attempts since the last read of a wait.
    since_read: u32,
    has_ended: bool,
}

impl CallSpan {
    pub(crate) fn begin(operation: &'static str) -> Self {
        let call = tracing::info_span!(
            target: "paystack_transport",
            "paystack",
            otel.name = operation,
            otel.kind = "internal",
            otel.status_code = Empty,
            paystack.operation = operation,
            paystack.attempts = Empty,
            paystack.queued_ms = Empty,
            paystack.outcome = Empty,
            paystack.request_id = Empty,
            http.response.status_code = Empty,
            error.type = Empty,
            error = Empty,
        );
        Self {
            operation,
            call,
            attempt: None,
            outcome: Outcome::NotProcessed,
            queued_for: Duration::ZERO,
            response: None,
            attempts: 0,
            since_read: 0,
            has_ended: false,
        }
    }

    /// Keeps the outcome of the attempts so far, and the time in the queue, in case the call is dropped.
    pub(crate) fn progress(&mut self, outcome: Outcome, queued_for: Duration) {
        self.outcome = outcome;
        self.queued_for = queued_for;
    }

    /// Records a wait between attempts.
    pub(crate) fn wait(&mut self, reason: WaitReason, duration: Duration) {
        let duration_ms = milliseconds(duration);
        let call = &self.call;
        match reason {
            WaitReason::RateLimit => tracing::debug!(
                target: "paystack_transport", parent: call, duration_ms, "waits for the rate limit"
            ),
            WaitReason::Retry => tracing::info!(
                target: "paystack_transport", parent: call, duration_ms, "waits before a retry"
            ),
            WaitReason::NextRead => {
                self.since_read = 0;
                tracing::debug!(
                    target: "paystack_transport", parent: call, duration_ms, "waits before the next read"
                );
            }
            _ => tracing::debug!(target: "paystack_transport", parent: call, duration_ms, "waits"),
        }
    }

    /// Begins an attempt: runs the function, which sends its request, in its span.
    pub(crate) fn attempt<T>(
        &mut self,
        template: &'static str,
        request: http::Request<Bytes>,
        send: impl FnOnce(http::Request<Bytes>) -> T,
    ) -> T {
        let (method, uri) = (request.method().as_str(), request.uri());
        let default_port = if uri.scheme_str() == Some("http") {
            80
        } else {
            443
        };
        let attempt = tracing::info_span!(
            target: "paystack_transport",
            parent: &self.call,
            "attempt",
            otel.name = %format_args!("{method} {template}"),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = method,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            url.template = template,
            server.address = uri.host().map(|host| host.trim_matches(['[', ']'])),
            server.port = uri.port_u16().unwrap_or(default_port),
            paystack.request_id = Empty,
            error.type = Empty,
        );
        if self.since_read > 0 {
            attempt.record("http.request.resend_count", self.since_read);
        }
        self.attempts = self.attempts.saturating_add(1);
        self.since_read = self.since_read.saturating_add(1);
        let attempt = self.attempt.insert(attempt);
        attempt.in_scope(|| send(request))
    }

    /// Polls a future in the span of the attempt, or in that of the call.
    pub(crate) fn instrument<F: Future>(
        &self,
        part: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        let span = self.attempt.as_ref().unwrap_or(&self.call);
        part.instrument(span.clone())
    }

    /// Ends the attempt with its response.
    pub(crate) fn response(&mut self, response: &http::Response<Bytes>) {
        if let Some(attempt) = self.attempt.take() {
            let status = response.status();
            let id = traceable_request_id(response.headers());
            attempt.record("http.response.status_code", status.as_u16());
            attempt.record("paystack.request_id", id);
            self.response = Some((status.as_u16(), id.map(str::to_owned)));
            if is_failure(status) {
                fail(&attempt, status.as_str());
            }
        }
    }

    /// Ends the attempt with its error.
    pub(crate) fn error(&mut self, error: &TransportError) {
        if let Some(attempt) = self.attempt.take() {
            fail(&attempt, name_of(error.kind()));
        }
    }

    /// Ends the attempt, if there is one, because its time is up.
    pub(crate) fn time_out(&mut self) {
        if let Some(attempt) = self.attempt.take() {
            fail(&attempt, name_of(TransportErrorKind::Timeout));
        }
    }

    /// Records the result of the call.
    pub(crate) fn end<T>(&mut self, result: Result<&Reply<T>, &Error>) {
        self.has_ended = true;
        let call = &self.call;
        let (queued_for, outcome) = match result {
            Ok(reply) => {
                for field in reply.ignored_fields() {
                    self.warn(field, "ignored a field of the wrong type");
                }
                for row in reply.odd_rows() {
                    self.warn(row.error(), "cannot decode a row");
                }
                (reply.queued_for(), Outcome::Processed)
            }
            Err(error) => {
                let status = error.status().filter(|status| is_failure(*status));
                match &status {
                    Some(status) => fail(call, status.as_str()),
                    None => fail(call, type_of(error)),
                }
                match (error.kind(), error.last_failure().map(Error::kind)) {
                    (ErrorKind::Api(refusal), _) => call.record("error", display(Refusal(refusal))),
                    (kind, Some(ErrorKind::Api(last))) => {
                        let last = Refusal(last);
                        call.record("error", display(format_args!("{kind} (last: {last})")))
                    }
                    // One line, without personal data.
                    _ => call.record("error", display(error)),
                };
                (error.queued_for(), error.outcome())
            }
        };
        self.record(queued_for, outcome);
    }

    fn record(&self, queued_for: Duration, outcome: Outcome) {
        if let Some((status, id)) = &self.response {
            self.call.record("http.response.status_code", status);
            self.call.record("paystack.request_id", id.as_deref());
        }
        self.call.record("paystack.attempts", self.attempts);
        self.call
            .record("paystack.queued_ms", milliseconds(queued_for));
        let outcome = match outcome {
            Outcome::NotProcessed => "not_processed",
            Outcome::Processed => "processed",
            _ => "unknown",
        };
        self.call.record("paystack.outcome", outcome);
    }

    /// Errors of JSON contain no values, and no keys that look like personal data.
    fn warn(&self, error: &JsonError, message: &'static str) {
        let operation = self.operation; // a subscriber of warnings does not see the span
        tracing::warn!(target: "paystack_transport", parent: &self.call, operation, %error, "{message}");
    }
}

/// A call that was dropped before its end.
impl Drop for CallSpan {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        self.call.record("error.type", "cancelled");
        if let Some(attempt) = self.attempt.take() {
            attempt.record("error.type", "cancelled");
            self.outcome = self.outcome.max(Outcome::Unknown);
        }
        self.record(self.queued_for, self.outcome);
        tracing::info!(target: "paystack_transport", parent: &self.call, "dropped before its end");
    }
}

/// A refusal without Paystack's message, which may quote a name.
struct Refusal<'a>(&'a ApiError);

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.status().as_u16())?;
        if let Some(error_type) = self.0.error_type() {
            write!(f, " {error_type}")?;
        }
        match self.0.code() {
            Some(code) => write!(f, " {code}"),
            None => Ok(()),
        }
    }
}

fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn fail(span: &Span, error_type: &str) {
    span.record("error.type", error_type);
    span.record("otel.status_code", "ERROR");
}

fn type_of(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::InvalidInput(_) => "invalid_input",
        ErrorKind::Deadline => "deadline",
        ErrorKind::Transport(error) => name_of(error.kind()),
        ErrorKind::Api(_) => "refused",
        ErrorKind::Decode(_) => "decode",
        _ => "_OTHER",
    }
}

fn name_of(kind: TransportErrorKind) -> &'static str {
    match kind {
        TransportErrorKind::NameLookup => "name_lookup",
        TransportErrorKind::ConnectionRefused => "connection_refused",
        TransportErrorKind::UntrustedCertificate => "untrusted_certificate",
        TransportErrorKind::Connect => "connect",
        TransportErrorKind::Timeout => "timeout",
        TransportErrorKind::Io => "io",
        TransportErrorKind::TooLarge => "too_large",
        _ => "_OTHER",
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
