//! A test transport that replays a recording.

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::{InvalidInput, RequestSnapshot, Sent, TransportError, TransportErrorKind};

use super::diff::{diff, distance};
use super::recording::{Exchange, Recorded, Redaction, SensitiveValues, parse, to_response};
use super::unexpected::Unexpected;
use super::virtual_clock::VirtualClock;
use crate::transport::{BlockingTransport, Timer, Transport};

/// A test transport that replays a [`Recording`](super::Recording), in virtual time and without a network. It serves all
/// three kinds of clients.
///
/// It replays the exchanges in order, or with [`in_any_order`](Self::in_any_order) the first unused one whose request
/// is equal. The host does not count, so a recording of the sandbox replays anywhere. Values that the recording has
/// replaced may have any value, but the same one wherever the stand-in occurs. A response contains the values of the
/// requests again.
///
/// A request that differs panics with the difference: lines after `-` are recorded, lines after `+` are new. Dropping the
/// last clone panics again, as with [`Scripted`](super::Scripted).
///
/// ```
/// use paystack_transport::customers::FetchCustomer;
/// use paystack_transport::testing::Replay;
/// use paystack_transport::{Api, Client, Email, SecretKey};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), paystack_transport::Error> {
/// // In a test of yours: include_str!("sign_up.recording").
/// let replay = Replay::new(r#"paystack-recording 1
///
/// --- request 1
/// GET https://api.paystack.co/customer/person1%40example.com
/// accept: application/json
/// authorization: Bearer [redacted]
/// user-agent: paystack-rust/[version]
/// --- response 1
/// 200 OK
///
/// {
///   "status": true,
///   "message": "Customer retrieved",
///   "data": {
///     "id": 1173,
///     "customer_code": "CUS_recorded2",
///     "email": "person1@example.com"
///   }
/// }
/// "#)?;
/// let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), replay.clone());
/// let ada = client.send(FetchCustomer::new(Email::new("ada@example.org")?)).await?.data;
/// assert_eq!(ada.email.as_str(), "ada@example.org");
/// assert_eq!(ada.customer_code.as_str(), "CUS_recorded2");
/// replay.assert_finished();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Replay(Arc<Inner>);

struct Inner {
    clock: VirtualClock,
    redaction: Redaction,
    is_ordered: bool,
    state: Mutex<State>,
    unexpected: Unexpected,
}

#[derive(Clone, Default)]
struct State {
    /// The exchanges that were not used, in order.
    exchanges: Vec<Exchange>,
    /// All stand-ins of the recording.
    recorded: Vec<String>,
    /// The stand-ins, by the values of the requests so far.
    stand_ins: BTreeMap<String, String>,
}

impl Replay {
    /// Replays the text of a recording.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the text is no recording, or one of a later format.
    pub fn new(recording: &str) -> Result<Self, InvalidInput> {
        let exchanges = parse(recording)?;
        let state = State {
            exchanges,
            ..State::default()
        };
        Ok(Self::build(Redaction::new(), true, state))
    }

    /// The same replay, by equal requests instead of their order: for calls that run at the same time.
    #[must_use]
    pub fn in_any_order(self) -> Self {
        let state = self.0.lock().clone();
        Self::build(self.0.redaction.clone(), false, state)
    }

    /// The same replay with the rules of the recording, if they are not the default.
    #[must_use]
    pub fn with_redaction(self, redaction: Redaction) -> Self {
        let state = self.0.lock().clone();
        Self::build(redaction, self.0.is_ordered, state)
    }

    fn build(redaction: Redaction, is_ordered: bool, mut state: State) -> Self {
        let texts = state.exchanges.iter_mut().flat_map(Exchange::texts);
        state.recorded = texts
            .flat_map(|text| values_of(&redaction, &[], text))
            .collect();
        Self(Arc::new(Inner {
            clock: VirtualClock::new(),
            redaction,
            is_ordered,
            state: Mutex::new(state),
            unexpected: Unexpected::default(),
        }))
    }

    /// Asserts that each exchange was used.
    ///
    /// # Panics
    ///
    /// If exchanges are left.
    #[track_caller]
    #[allow(clippy::panic, reason = "it is an assertion for tests")]
    pub fn assert_finished(&self) {
        let next = self
            .0
            .lock()
            .exchanges
            .first()
            .map(|exchange| exchange.request.clone());
        if let Some(next) = next {
            panic!("the recording has a request that was not sent:\n\n{next}");
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The recorded result of a request.
    fn replay(&self, request: &http::Request<Bytes>) -> Recorded {
        self.clock.advance(Duration::ZERO); // a request is progress
        let request = RequestSnapshot(request).to_string();
        let mut state = self.lock();
        let candidates = match self.is_ordered {
            true => 1,
            false => state.exchanges.len(),
        };
        // The number of different lines, the difference, and the stand-ins that it assumes.
        let mut closest: Option<(usize, String)> = None;
        for index in 0..candidates {
            let Some(recorded) = state.exchanges.get(index) else {
                break;
            };
            let (redacted, stand_ins) = state.redact(&self.redaction, &request, &recorded.request);
            let (old, new) = (without_origin(&recorded.request), without_origin(&redacted));
            if old == new {
                let result = state.exchanges.remove(index).result;
                state.stand_ins = stand_ins;
                return state.restore(&self.redaction, result);
            }
            let lines = distance(&old, &new);
            if closest.as_ref().is_none_or(|(least, _)| lines < *least) {
                closest = Some((lines, diff(&old, &new)));
            }
        }
        drop(state);
        self.unexpected.fail(match closest {
            Some((_, diff)) => format!(
                "the request differs from the recorded one; record again if the change is intended\n\n{diff}"
            ),
            None => format!("the recording has no further request, but this one was sent\n\n{request}"),
        })
    }
}

impl State {
    /// Redacts a request as the recorded one is: each value that is not known takes the next stand-in of that request.
    fn redact(
        &self,
        rules: &Redaction,
        request: &str,
        recorded: &str,
    ) -> (String, BTreeMap<String, String>) {
        let mut stand_ins = self.stand_ins.clone();
        let known: Vec<_> = stand_ins.keys().chain(&self.recorded).cloned().collect();
        // Those of earlier responses are in the request as they are.
        let mut used = values_of(rules, &known, request);
        used.extend(stand_ins.values().cloned());
        let unused = values_of(rules, &[], recorded).into_iter();
        let mut unused = unused.filter(|stand_in| !used.contains(stand_in));
        let redacted = SensitiveValues::new(rules, &known).rewrite(request, &mut |value| {
            match stand_ins.get(value) {
                Some(stand_in) => stand_in.clone(),
                // From an earlier response.
                None if self.recorded.iter().any(|stand_in| stand_in == value) => value.to_owned(),
                None => {
                    let stand_in = unused.next().unwrap_or_else(|| value.to_owned());
                    stand_ins.insert(value.to_owned(), stand_in.clone());
                    stand_in
                }
            }
        });
        (redacted, stand_ins)
    }

    /// The result with the values of the requests in place of their stand-ins.
    fn restore(&self, rules: &Redaction, result: Recorded) -> Recorded {
        let Recorded::Response(text) = result else {
            return result;
        };
        let known: Vec<_> = self.stand_ins.values().cloned().collect();
        let restored = SensitiveValues::new(rules, &known).rewrite(&text, &mut |value| {
            let mut pairs = self.stand_ins.iter();
            let value_of = pairs.find(|(_, stand_in)| *stand_in == value);
            value_of.map_or_else(|| value.to_owned(), |(original, _)| original.clone())
        });
        Recorded::Response(restored)
    }
}

/// The sensitive values of a text, each once.
fn values_of(rules: &Redaction, known: &[String], text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    SensitiveValues::new(rules, known).rewrite(text, &mut |value| {
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
        value.to_owned()
    });
    values
}

/// A request with its path only.
fn without_origin(request: &str) -> String {
    let (line, rest) = request.split_once('\n').unwrap_or((request, ""));
    let path = line
        .split_once("://")
        .and_then(|(_, url)| url.split_once('/'));
    let method = line.split_once(' ').map_or("", |(method, _)| method);
    format!("{method} /{}\n{rest}", path.map_or("", |(_, path)| path))
}

fn to_result(recorded: Recorded) -> Option<Result<http::Response<Bytes>, TransportError>> {
    match recorded {
        Recorded::Response(text) => to_response(&text).map(Ok),
        Recorded::Error(kind, sent) => Some(Err(TransportError::new(kind, sent))),
        Recorded::Nothing => None,
    }
}

#[async_trait]
impl Timer for Replay {
    async fn sleep(&self, duration: Duration) {
        self.0.clock.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.clock.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.0.clock.unix_time()
    }
}

#[async_trait]
impl Transport for Replay {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        match to_result(self.0.replay(&request)) {
            Some(result) => result,
            None => pending().await,
        }
    }
}

impl BlockingTransport for Replay {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let result = to_result(self.0.replay(&request));
        result.unwrap_or_else(|| {
            self.0.clock.block(within.unwrap_or_default());
            Err(TransportError::new(
                TransportErrorKind::Timeout,
                Sent::Maybe,
            ))
        })
    }

    fn sleep(&self, duration: Duration) {
        self.0.clock.block(duration);
    }

    fn now(&self) -> Duration {
        self.0.clock.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        Timer::unix_time(self)
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Replay({} exchanges left)",
            self.0.lock().exchanges.len()
        )
    }
}
