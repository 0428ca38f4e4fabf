//! A transport that records its exchanges.

mod exchange;
mod fields;
mod json_string;
mod known_values;
mod local;
mod patterns;
mod redaction;
mod redactor;
mod sensitive_values;
mod stand_ins;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::TransportError;

pub(super) use self::exchange::{Exchange, Recorded, parse, to_response};
pub use self::local::LocalRecording;
pub use self::redaction::Redaction;
use self::redactor::Redactor;
pub(super) use self::sensitive_values::SensitiveValues;
pub(super) use self::stand_ins::{Form, StandIns};
use crate::client::add_date;
use crate::transport::{BlockingTransport, Timer, Transport};

/// Wraps a transport, and records each request with its response. `Display` prints them in order, for a snapshot or for a
/// file that a [`Replay`](super::Replay) reads. Stand-ins replace secrets and personal data, by the rules of a
/// [`Redaction`].
///
/// It implements the traits of its transport. For a transport that stays on its thread, see [`LocalRecording`].
///
/// ```
/// use paystack_transport::customers::{CreateCustomer, Customer};
/// use paystack_transport::testing::{Answer, Recording, Redaction, Scripted};
/// use paystack_transport::{Api, Client, Email, SecretKey};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), paystack_transport::Error> {
/// // In a test of yours, a transport to Paystack's test mode.
/// let transport = Scripted::new().then(Answer::body(r#"{"status":true,"message":"Customer created",
///     "data":{"id":1173,"customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.org"}}"#));
/// let recording = Recording::new(transport).with_redaction(Redaction::new().field("member"));
/// let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), recording);
/// client.send(CreateCustomer::new(Email::new("ada@example.org")?)).await?;
///
/// // std::fs::write("tests/sign_up.recording", client.transport().to_string())
/// assert_eq!(client.transport().to_string(), r#"
/// paystack-recording 1
///
/// --- request 1
/// POST https://api.paystack.co/customer
/// accept: application/json
/// authorization: Bearer [redacted]
/// content-type: application/json
/// user-agent: paystack-rust/[version]
///
/// {
///   "email": "person1@example.com"
/// }
/// --- response 1
/// 200 OK
///
/// {
///   "status": true,
///   "message": "Customer created",
///   "data": {
///     "id": 1173,
///     "customer_code": "CUS_recorded2",
///     "email": "person1@example.com"
///   }
/// }
/// "#.trim_start());
/// # Ok(())
/// # }
/// ```
///
/// # Format, version 1
///
/// The text begins with `paystack-recording 1`. After an empty line, each exchange has two parts. `--- request 1` precedes
/// the [`RequestSnapshot`](crate::RequestSnapshot). The result follows:
///
/// | part | text |
/// | --- | --- |
/// | `--- response 1` | the [`ResponseSnapshot`](crate::ResponseSnapshot) |
/// | `--- error 1` | the kind of the [`TransportError`], and `No` or `Maybe` |
/// | `--- nothing 1` | none: the client dropped the request, after its time-out for example |
///
/// A backslash precedes a line of a body that begins with a backslash or `--- `. Lines end with a line feed; a reader also
/// accepts a carriage return before it. A response that is not UTF-8 has replacement characters. If a response states a
/// date or a time since 1970 but lacks `date`, the recording adds the time of receipt. A later version of this SDK reads
/// all earlier versions of the format.
pub struct Recording<T> {
    transport: T,
    redaction: Redaction,
    exchanges: Mutex<Vec<Exchange>>,
}

impl<T> Recording<T> {
    /// Records the exchanges of this transport.
    pub fn new(transport: T) -> Self {
        Self {
            transport,
            redaction: Redaction::new(),
            exchanges: Mutex::default(),
        }
    }

    /// The same recording with rules of your own.
    #[must_use]
    pub fn with_redaction(self, redaction: Redaction) -> Self {
        Self { redaction, ..self }
    }

    /// The transport.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Records a request, and returns its index.
    fn begin(&self, request: &http::Request<Bytes>) -> usize {
        let mut exchanges = self.lock();
        exchanges.push(Exchange::begin(request));
        exchanges.len().saturating_sub(1)
    }

    /// Records the result of a request, with the date from which the client measures its waits.
    fn end(
        &self,
        index: usize,
        mut result: Result<http::Response<Bytes>, TransportError>,
        unix_time: impl FnOnce() -> Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if let Ok(response) = &mut result {
            add_date(response, unix_time);
        }
        if let Some(exchange) = self.lock().get_mut(index) {
            exchange.result = Recorded::of(&result);
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> fmt::Display for Recording<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut exchanges = self.lock().clone();
        let mut redactor = Redactor::new(&self.redaction);
        for text in exchanges.iter_mut().flat_map(Exchange::texts) {
            redactor.search(text);
        }
        for text in exchanges.iter_mut().flat_map(Exchange::texts) {
            *text = redactor.redact(text);
        }
        exchange::write(f, &exchanges)
    }
}

#[async_trait]
impl<T: Timer> Timer for Recording<T> {
    async fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.transport.unix_time()
    }
}

#[async_trait]
impl<T: Transport> Transport for Recording<T> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let index = self.begin(&request);
        let result = self.transport.send(request).await;
        self.end(index, result, || self.transport.unix_time())
    }
}

impl<T: BlockingTransport> BlockingTransport for Recording<T> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let index = self.begin(&request);
        let result = self.transport.send(request, within);
        self.end(index, result, || self.transport.unix_time())
    }

    fn sleep(&self, duration: Duration) {
        self.transport.sleep(duration);
    }

    fn now(&self) -> Duration {
        self.transport.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.transport.unix_time()
    }
}

/// Shows no exchange.
impl<T> fmt::Debug for Recording<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recording({} exchanges)", self.lock().len())
    }
}
