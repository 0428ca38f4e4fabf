//! A test transport with a script of answers.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::{Operation, RequestSnapshot, TransportError};

use super::answer::Answer;
use super::route::Route;
use super::unexpected::Unexpected;
use super::virtual_clock::VirtualClock;
use crate::transport::{BlockingTransport, Timer, Transport};

/// A test transport that answers by a script, in virtual time. It serves all three kinds of clients.
///
/// [`on`](Self::on) adds an answer for one operation, and [`then`](Self::then) adds one for any. The script uses each
/// answer once, in order, unless it is [`Answer::always`]. Answers for the operation precede others.
///
/// A request without an answer panics with its [`RequestSnapshot`]. If a task catches that panic, dropping the last clone
/// panics again, so the test fails in any case.
///
/// Clones share the script, and the [`VirtualClock`] unless [`with_clock`](Self::with_clock) replaces it. Panics and [`sent`](Self::sent) show requests with all their data:
/// use test data.
///
/// ```
/// use std::time::Duration;
///
/// use paystack_transport::customers::{CreateCustomer, Customer, FetchCustomer};
/// use paystack_transport::testing::{Answer, Scripted};
/// use paystack_transport::{Api, Client, Email, RequestSnapshot, SecretKey};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), paystack_transport::Error> {
/// let ada = Customer::example();
/// let scripted = Scripted::new()
///     .on::<FetchCustomer>(Answer::silence())
///     .on::<FetchCustomer>(Answer::data(&ada))
///     .on::<CreateCustomer>(Answer::refusal(400, "Email Address is required"));
/// let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), scripted.clone());
///
/// let fetched = client.send(FetchCustomer::new(&ada.email)).await?;
/// assert_eq!(fetched.attempts(), 2);
/// assert!(scripted.now() >= Duration::from_secs(30)); // the time-out of the first attempt
///
/// let create = CreateCustomer::new(Email::new("ada@example.com")?);
/// assert!(client.send(create).await.unwrap_err().is_validation());
///
/// let sent: Vec<_> = scripted.sent();
/// assert_eq!(sent.len(), 3);
/// assert!(RequestSnapshot(&sent[2]).to_string().starts_with("POST https://api.paystack.co/customer\n"));
/// scripted.assert_finished();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Scripted {
    clock: VirtualClock,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    state: Mutex<State>,
    unexpected: Unexpected,
}

#[derive(Default)]
struct State {
    by_operation: Vec<(Route, VecDeque<Answer>)>,
    in_sequence: VecDeque<Answer>,
    base_path: String,
    otherwise: Option<Arc<Responder>>,
    sent: Vec<http::Request<Bytes>>,
}

type Responder = dyn Fn(&http::Request<Bytes>) -> Answer + Send + Sync;

impl Scripted {
    /// A script without answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an answer to the next request of an operation: `on::<CreateCustomer>(…)`. The method and the whole path
    /// identify the operation, which may be one of your own.
    pub fn on<O: Operation>(self, answer: Answer) -> Self {
        let route = Route::of::<O>();
        let mut state = self.script.lock();
        let known = state.by_operation.iter_mut();
        match known.into_iter().find(|(other, _)| *other == route) {
            Some((_, answers)) => answers.push_back(answer),
            None => state.by_operation.push((route, [answer].into())),
        }
        drop(state);
        self
    }

    /// Appends an answer to the next request of any operation.
    pub fn then(self, answer: Answer) -> Self {
        self.script.lock().in_sequence.push_back(answer);
        self
    }

    /// Calls this function for each request that has no answer in the script.
    pub fn otherwise(
        self,
        answer: impl Fn(&http::Request<Bytes>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        self.script.lock().otherwise = Some(Arc::new(answer));
        self
    }

    /// The same script for an `Api` whose base URL has a path, such as `/proxy` of `https://shop.example/proxy`.
    /// [`on`](Self::on) matches the paths after it.
    pub fn with_base_path(self, path: &str) -> Self {
        self.script.lock().base_path = path.trim_end_matches('/').to_owned();
        self
    }

    /// The same script on this clock, which other transports may share. Earlier clones keep their clock.
    pub fn with_clock(self, clock: VirtualClock) -> Self {
        Self { clock, ..self }
    }

    /// The requests so far, in the order in which they were sent.
    pub fn sent(&self) -> Vec<http::Request<Bytes>> {
        self.script.lock().sent.clone()
    }

    /// The virtual time since the clock was created.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// The clock, to advance it, to hold it or to share it.
    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// Asserts that each answer was used, except those that are repeated.
    ///
    /// # Panics
    ///
    /// If answers are left.
    #[track_caller]
    #[allow(clippy::panic, reason = "it is an assertion for tests")]
    pub fn assert_finished(&self) {
        let state = self.script.lock();
        let by_operation = state.by_operation.iter().flat_map(|(_, answers)| answers);
        let left = by_operation.chain(&state.in_sequence);
        let left: Vec<_> = left.filter(|answer| !answer.is_repeated).cloned().collect();
        drop(state);
        if !left.is_empty() {
            panic!("the script has answers left: {left:?}");
        }
    }

    /// Records a request and returns its answer.
    fn answer(&self, request: http::Request<Bytes>) -> Answer {
        self.clock.note_progress();
        let mut state = self.script.lock();
        let answer = state.next_answer(&request);
        let answer = match (answer, &state.otherwise) {
            (Some(answer), _) => answer,
            (None, Some(otherwise)) => {
                let otherwise = Arc::clone(otherwise);
                drop(state); // the function may use the script
                let answer = otherwise(&request);
                state = self.script.lock();
                answer
            }
            (None, None) => {
                let problem = format!(
                    "the script has no answer to this request; add one with `on` or `then`\n\n{}",
                    RequestSnapshot(&request)
                );
                drop(state);
                self.script.unexpected.fail(problem)
            }
        };
        state.sent.push(request);
        answer
    }
}

impl Script {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next_answer(&mut self, request: &http::Request<Bytes>) -> Option<Answer> {
        let path = request.uri().path().strip_prefix(&*self.base_path);
        let by_operation = self.by_operation.iter_mut();
        let matching = by_operation
            .filter(|(route, _)| path.is_some_and(|path| route.matches(request.method(), path)));
        // `/customer/{code}` also matches the path of `/customer/search`.
        let most_specific = matching.max_by_key(|(route, _)| route.literals());
        let answers = most_specific.map(|(_, answers)| answers);
        answers
            .and_then(next)
            .or_else(|| next(&mut self.in_sequence))
    }
}

fn next(answers: &mut VecDeque<Answer>) -> Option<Answer> {
    match answers.front()?.is_repeated {
        true => answers.front().cloned(),
        false => answers.pop_front(),
    }
}

#[async_trait]
impl Timer for Scripted {
    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.clock.unix_time()
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.answer(request);
        answer.into_delivery().wait(&self.clock).await
    }
}

impl BlockingTransport for Scripted {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.answer(request);
        answer.into_delivery().block(&self.clock, within)
    }

    fn sleep(&self, duration: Duration) {
        self.clock.block(duration);
    }

    fn now(&self) -> Duration {
        self.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        Timer::unix_time(self)
    }
}

/// Shows no request: it contains personal data.
impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}
