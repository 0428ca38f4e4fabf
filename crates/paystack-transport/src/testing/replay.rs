//! A test transport that replays a recording.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::{InvalidInput, RequestSnapshot, TransportError};
use percent_encoding::percent_decode_str;

use super::delivery::Delivery;
use super::diff::{counterparts, diff, distance};
use super::recording::{
    Exchange, Form, Recorded, Redaction, SensitiveValues, StandIns, parse, to_response,
};
use super::unexpected::Unexpected;
use super::virtual_clock::VirtualClock;
use crate::transport::{BlockingTransport, Timer, Transport};

/// A test transport that replays a [`Recording`](super::Recording), in virtual time and without a network. It serves all
/// three kinds of clients.
///
/// It replays the exchanges in order. With [`in_any_order`](Self::in_any_order), it replays the first unused one with an
/// equal request. It ignores the host, so a recording of the sandbox replays anywhere.
///
/// Values that the recording replaced match as follows:
///
/// - In place of a stand-in, a request may contain another value of the same form: another e-mail address, `https` URL,
///   number, code with the same prefix, or text. Each occurrence of the stand-in must be the same value. Responses contain
///   that value, too. So a request also matches if it swaps two values of one form, such as a first and a last name.
/// - A stand-in that a response contains first matches only itself: the program must send the value that it received. If
///   that value is a constant of the test, pass it to [`Redaction::value`], for the recording and for the replay.
///
/// A request that differs panics with the difference. `-` precedes recorded lines, and `+` precedes new ones. Dropping the
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
    /// All stand-ins of the recording, sorted.
    recorded: Vec<String>,
    /// Those of them that a response contains before a request does.
    from_responses: BTreeSet<String>,
    /// The stand-ins of the rules and of the requests so far.
    stand_ins: StandIns,
}

impl Replay {
    /// Replays the text of a recording.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the text is not a recording, or has a later format.
    pub fn new(recording: &str) -> Result<Self, InvalidInput> {
        let exchanges = parse(recording)?;
        let state = State {
            exchanges,
            ..State::default()
        };
        Ok(Self::build(Redaction::new(), true, state))
    }

    /// The same replay in the order of the requests, for concurrent calls.
    ///
    /// If recorded requests differ only in replaced values, the first request of the test matches the first of them.
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
        state.read_stand_ins(&redaction);
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

    fn deliver(&self, request: &http::Request<Bytes>) -> Delivery {
        self.clock.note_progress();
        let result = match self.replay(request) {
            Recorded::Response(text) => to_response(&text).map(Ok),
            Recorded::Error(kind, sent) => Some(Err(TransportError::new(kind, sent))),
            Recorded::Nothing => None,
        };
        Delivery::new(result, Duration::ZERO)
    }

    /// The recorded result of a request.
    fn replay(&self, request: &http::Request<Bytes>) -> Recorded {
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
            let (texts, stand_ins) = state.redact(&self.redaction, &request, &recorded.request);
            let [old, new] = texts.map(|text| without_origin(&text));
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
        // A diff such as `-…/CUS_recorded2` and `+…/CUS_xnxdt6s1zg1f4nx`.
        let is_received = |line: &str| {
            let mut stand_ins = state.from_responses.iter();
            line.starts_with('-') && stand_ins.any(|stand_in| line.contains(stand_in))
        };
        let hint = match &closest {
            Some((_, diff)) if diff.lines().any(is_received) => {
                "; pass a constant that a response contains to `Redaction::value`, in both tests"
            }
            _ => "",
        };
        drop(state);
        self.unexpected.fail(match closest {
            Some((_, diff)) => format!(
                "the request differs from the recorded one; record again if the change is intended{hint}\n\n{diff}"
            ),
            None => format!("the recording has no further request, but this one was sent\n\n{request}"),
        })
    }
}

impl State {
    /// Finds the stand-ins of the recording.
    fn read_stand_ins(&mut self, rules: &Redaction) {
        self.stand_ins = StandIns::of(rules);
        let texts = self.exchanges.iter_mut().flat_map(Exchange::texts);
        let found = texts.flat_map(|text| values_of(rules, &[], text));
        let found: BTreeSet<_> = found.chain(self.stand_ins.0.values().cloned()).collect();
        self.recorded = found.into_iter().collect();
        let sensitive = SensitiveValues::new(rules, &self.recorded);
        let mut from_requests = BTreeSet::new();
        for exchange in &self.exchanges {
            sensitive.rewrite(&exchange.request, &mut |value| {
                from_requests.insert(value.to_owned());
                value.to_owned()
            });
            if let Recorded::Response(response) = &exchange.result {
                sensitive.rewrite(response, &mut |value| {
                    if !from_requests.contains(value) {
                        self.from_responses.insert(value.to_owned());
                    }
                    value.to_owned()
                });
            }
        }
    }

    /// Redacts a request as the recorded one is. The next stand-in of that request with the same form replaces each
    /// value that is not known. Returns the recorded one first, without values that an older version left in it.
    fn redact(&self, rules: &Redaction, request: &str, recorded: &str) -> ([String; 2], StandIns) {
        let mut stand_ins = self.stand_ins.clone();
        let mut unused = values_of(rules, &self.recorded, recorded);
        unused.retain(|stand_in| {
            let mut pairs = stand_ins.0.iter();
            let is_bound = pairs.any(|(value, bound)| bound == stand_in || value == stand_in);
            !is_bound && !self.from_responses.contains(stand_in)
        });
        let mut known = values_of(rules, &[], request);
        known.extend(stand_ins.0.keys().chain(&self.recorded).cloned());
        // Only a later request may show that a value is sensitive, such as an id in its path.
        let [old, new] = [recorded, request].map(|text| {
            let path = without_origin(text);
            percent_decode_str(&path).decode_utf8_lossy().into_owned()
        });
        let pairs = counterparts(&old, &new, &self.recorded);
        for (word, text) in pairs {
            // A key may be a name in another letter case.
            let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(text));
            if !is_known && unused.iter().any(|unused| unused == word) {
                known.push(text.to_owned());
            }
        }
        let sensitive = SensitiveValues::new(rules, &known);
        let request = sensitive.rewrite(request, &mut |value| {
            if let Some(stand_in) = stand_ins.0.get(value) {
                return stand_in.clone();
            }
            if self
                .recorded
                .binary_search_by(|stand_in| stand_in.as_str().cmp(value))
                .is_ok()
            {
                return value.to_owned();
            }
            let form = Form::of(value);
            let next = unused.iter().position(|unused| Form::of(unused) == form);
            let Some(stand_in) = next.map(|next| unused.remove(next)) else {
                return value.to_owned();
            };
            stand_ins.0.insert(value.to_owned(), stand_in.clone());
            stand_in
        });
        let recorded = sensitive.rewrite(recorded, &mut |value| {
            let stand_in = stand_ins.0.get(value).map(String::as_str);
            stand_in.unwrap_or(value).to_owned()
        });
        ([recorded, request], stand_ins)
    }

    /// The result with the values of the requests in place of their stand-ins.
    fn restore(&self, rules: &Redaction, result: Recorded) -> Recorded {
        let Recorded::Response(text) = result else {
            return result;
        };
        let known = SensitiveValues::new(rules, &self.recorded);
        let restored = known.rewrite(&text, &mut |value| {
            let mut pairs = self.stand_ins.0.iter();
            let value_of = pairs.find(|(_, stand_in)| *stand_in == value);
            value_of.map_or_else(|| value.to_owned(), |(original, _)| original.clone())
        });
        Recorded::Response(restored)
    }
}

/// The sensitive values of a text, each once.
fn values_of(rules: &Redaction, known: &[String], text: &str) -> Vec<String> {
    let (mut values, mut found) = (Vec::new(), BTreeSet::new());
    SensitiveValues::new(rules, known).rewrite(text, &mut |value| {
        if found.insert(value.to_owned()) {
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
        self.0.deliver(&request).wait(&self.0.clock).await
    }
}

impl BlockingTransport for Replay {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.0.deliver(&request).block(&self.0.clock, within)
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
