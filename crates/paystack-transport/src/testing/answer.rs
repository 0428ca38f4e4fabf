//! The answer to a scripted request.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use paystack_core::{RawJson, Sent, TransportError, TransportErrorKind};
use serde::Serialize;

use super::delivery::Delivery;

/// The answer of a [`Scripted`](super::Scripted) transport to one request.
///
/// ```
/// use std::time::Duration;
///
/// use paystack_transport::customers::Customer;
/// use paystack_transport::testing::Answer;
///
/// Answer::data(Customer::example());
/// Answer::refusal(400, "Email Address is required").code("missing_params");
/// Answer::status(502).header("retry-after", "7");
/// Answer::not_sent();
/// Answer::lost().after(Duration::from_secs(2));
/// Answer::silence().always();
/// ```
#[derive(Clone)]
#[must_use]
pub struct Answer {
    kind: Kind,
    delay: Duration,
    pub(super) is_repeated: bool,
}

#[derive(Clone)]
enum Kind {
    Response(http::Response<Bytes>),
    Error(TransportErrorKind, Sent),
    Silence,
}

impl Answer {
    /// A 200 with this data in Paystack's envelope: a model such as
    /// [`Customer::example`](crate::customers::Customer::example), or `serde_json::json!({…})`.
    ///
    /// # Panics
    ///
    /// If the data does not serialize as JSON.
    #[track_caller]
    #[allow(
        clippy::panic,
        reason = "a mistake in a test fails it, where it was made"
    )]
    pub fn data(data: impl Serialize) -> Self {
        match RawJson::encode(&data) {
            Ok(data) => Self::envelope(StatusCode::OK, true, "", "data", data.as_str()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A 200 with this whole body, such as a success with `meta`.
    pub fn body(body: impl Into<Bytes>) -> Self {
        Self::response(http::Response::new(body.into()))
    }

    /// A refusal by Paystack, such as `refusal(404, "Customer not found")`.
    ///
    /// # Panics
    ///
    /// If the number is not a status.
    #[track_caller]
    pub fn refusal(status: u16, message: &str) -> Self {
        Self::envelope(parsed(status), false, message, "code", "null")
    }

    /// Sets the `code` of a refusal, such as `missing_params`.
    ///
    /// # Panics
    ///
    /// If the answer is not a [`refusal`](Self::refusal), or has a code already.
    #[track_caller]
    #[allow(
        clippy::panic,
        reason = "a mistake in a test fails it, where it was made"
    )]
    pub fn code(mut self, code: &str) -> Self {
        let Kind::Response(response) = &mut self.kind else {
            panic!("only a refusal has a code")
        };
        let body = String::from_utf8_lossy(response.body());
        let start = body.strip_suffix("null}");
        let Some(start) = start.filter(|start| start.ends_with(",\"code\":")) else {
            panic!("only a refusal has a code")
        };
        *response.body_mut() = format!("{start}{}}}", quoted(code)).into();
        self
    }

    /// A status without a body, as from a proxy.
    ///
    /// # Panics
    ///
    /// If the number is not a status.
    #[track_caller]
    pub fn status(status: u16) -> Self {
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = parsed(status);
        Self::response(response)
    }

    /// Any response: bytes that are not JSON, for example.
    pub fn response(response: http::Response<Bytes>) -> Self {
        Self::new(Kind::Response(response))
    }

    /// A refused connection: the client did not send the request.
    pub fn not_sent() -> Self {
        Self::error(TransportErrorKind::ConnectionRefused, Sent::No)
    }

    /// A connection that breaks: Paystack may have processed the request.
    pub fn lost() -> Self {
        Self::error(TransportErrorKind::Io, Sent::Maybe)
    }

    /// Any error of a transport.
    pub fn error(kind: TransportErrorKind, sent: Sent) -> Self {
        Self::new(Kind::Error(kind, sent))
    }

    /// No answer: the attempt ends at its time-out. Without a time-out, the transport returns a
    /// [`Timeout`](TransportErrorKind::Timeout) error after a day of virtual time.
    pub fn silence() -> Self {
        Self::new(Kind::Silence)
    }

    /// Adds a header to a response.
    ///
    /// # Panics
    ///
    /// If the answer is not a response, or if the header is invalid.
    #[track_caller]
    #[allow(
        clippy::panic,
        reason = "a mistake in a test fails it, where it was made"
    )]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (&mut self.kind, name.parse(), value.parse()) {
            (Kind::Response(response), Ok::<HeaderName, _>(name), Ok::<HeaderValue, _>(value)) => {
                response.headers_mut().append(name, value);
                self
            }
            _ => panic!("`{name}` is not a header, or the answer is not a response"),
        }
    }

    /// Delays the answer, in virtual time.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Repeats the answer for all further requests of its operation, or of the script.
    pub fn always(mut self) -> Self {
        self.is_repeated = true;
        self
    }

    pub(super) fn into_delivery(self) -> Delivery {
        let result = match self.kind {
            Kind::Response(response) => Some(Ok(response)),
            Kind::Error(kind, sent) => Some(Err(TransportError::new(kind, sent))),
            Kind::Silence => None,
        };
        Delivery::new(result, self.delay)
    }

    fn new(kind: Kind) -> Self {
        Self {
            kind,
            delay: Duration::ZERO,
            is_repeated: false,
        }
    }

    fn envelope(
        status: StatusCode,
        is_success: bool,
        message: &str,
        name: &str,
        json: &str,
    ) -> Self {
        let message = quoted(message);
        let body = format!(r#"{{"status":{is_success},"message":{message},"{name}":{json}}}"#);
        let mut response = http::Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let json = HeaderValue::from_static("application/json");
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, json);
        Self::response(response)
    }
}

/// Text as a JSON string.
fn quoted(text: &str) -> String {
    let json = RawJson::encode(text);
    json.map_or_else(|_| String::new(), |json| json.as_str().to_owned())
}

#[track_caller]
#[allow(
    clippy::panic,
    reason = "a mistake in a test fails it, where it was made"
)]
fn parsed(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(status) => status,
        Err(_) => panic!("{status} is not a status"),
    }
}

/// Shows no body: it may contain personal data.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Response(response) => write!(f, "Answer({})", response.status()),
            Kind::Error(kind, sent) => write!(f, "Answer({kind:?}, {sent:?})"),
            Kind::Silence => f.write_str("Answer(Silence)"),
        }
    }
}
