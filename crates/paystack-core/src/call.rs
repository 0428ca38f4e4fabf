//! A call as a state machine: each step returns the next action as a value.

mod boxed_call;
mod rate_limiter;
mod retry_budget;
mod settings;
mod step;
mod wait_reason;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

pub use self::boxed_call::BoxedCall;
pub use self::rate_limiter::RateLimiter;
use self::rate_limiter::{Admission, Ticket};
pub use self::settings::Settings;
pub use self::step::Step;
pub use self::wait_reason::WaitReason;
use crate::api::Api;
use crate::error::{Error, ErrorKind, Outcome, Sent, TransportError, TransportErrorKind};
use crate::operation::Operation;
use crate::response::{RateLimitStatus, Reply};

/// The shortest [`Step::Wait`].
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// The longest [`Step::Wait`]: timers of some runtimes panic at longer ones.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// `None` is a wait without end.
pub(crate) fn wait<T>(duration: Option<Duration>) -> Step<T> {
    Step::Wait(duration.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

/// One call of an operation, through all its attempts, as a state machine without IO.
///
/// ```text
///           ┌──────────────────────── Wait(d): sleep, step again ◀─────────┐
///           ▼ (and while it is queued)                                     │
/// new ──▶ queued ──▶ Send { request, .. } ──▶ handle_response(attempt, ..) ┤
///           │                    │             handle_error(attempt, ..)   │
///           │                    └── no response in time: step again ──────┤
///           │                                                              │
///           └───────────── Done(result) ◀──────────────────────────────────┘
/// ```
///
/// [`Call::step`] returns the next action. Its driver needs a clock, a way to wait and a way to send, and
/// makes no decision. Here it is driven by hand:
///
/// ```
/// use std::time::Duration;
/// use paystack_core::customers::FetchCustomer;
/// use paystack_core::{Api, Call, CustomerCode, Mode, RateLimiter, SecretKey, Settings, Step, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?);
/// let mut limiter = RateLimiter::new(Mode::Test, 7); // one for all calls with this key
/// let mut call = Call::new(&api, fetch, Settings::default());
/// let mut now = Duration::ZERO; // since any fixed point
///
/// // The first step returns the request, and how long to wait for a response.
/// let Step::Send { request, within, attempt, .. } = call.step(&mut limiter, now) else { panic!() };
/// assert_eq!(request.uri().path(), "/customer/CUS_x");
/// assert_eq!(within, Some(Duration::from_secs(30)));
///
/// // Paystack is down. A fetch is retried after a wait.
/// let mut broken = http::Response::new("".into());
/// *broken.status_mut() = http::StatusCode::BAD_GATEWAY;
/// call.handle_response(attempt, broken);
/// let Step::Wait(pause) = call.step(&mut limiter, now) else { panic!() };
/// assert!(pause <= Duration::from_millis(250));
///
/// now += pause;
/// let Step::Send { attempt, .. } = call.step(&mut limiter, now) else { panic!() };
/// let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
///     "customer_code":"CUS_x","email":"ada@example.com"}}"#;
/// call.handle_response(attempt, http::Response::new(body.into()));
/// let Step::Done(result) = call.step(&mut limiter, now) else { panic!() };
/// assert_eq!(result?.data.id.get(), 1173);
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// With a socket, the driver is a loop:
///
/// ```
/// use std::time::{Duration, Instant};
/// use paystack_core::{Api, Call, Error, Operation, RateLimiter, Reply, Settings, Step, TransportError};
/// use paystack_core::{bytes::Bytes, http};
///
/// struct Shared { api: Api, limiter: RateLimiter, started: Instant }
///
/// fn send<O: Operation>(
///     shared: &mut Shared,
///     operation: O,
///     exchange: impl Fn(http::Request<Bytes>, Option<Duration>) -> Result<http::Response<Bytes>, TransportError>,
/// ) -> Result<Reply<O::Output>, Error> {
///     let mut call = Call::new(&shared.api, operation, Settings::default());
///     loop {
///         match call.step(&mut shared.limiter, shared.started.elapsed()) {
///             Step::Done(result) => return result,
///             Step::Wait(duration) => std::thread::sleep(duration),
///             Step::Send { request, within, attempt, .. } => match exchange(request, within) {
///                 Ok(response) => call.handle_response(attempt, response),
///                 Err(error) => call.handle_error(attempt, error),
///             },
///         }
///     }
/// }
/// # let _ = |shared: &mut Shared| {
/// #     let list = paystack_core::customers::ListCustomers::new();
/// #     send(shared, list, |_, _| Ok(http::Response::new(Bytes::new()))).map(drop)
/// # };
/// ```
pub struct Call<O: Operation> {
    api: Api,
    operation: O,
    settings: Settings,
    /// The next request, once it is encoded.
    next: Option<Result<http::Request<Bytes>, Error>>,
    /// The time of the first step.
    started: Option<Duration>,
    ticket: Option<Ticket>,
    attempts: u32,
    /// The time of the last step, if the rate limit made the call wait then.
    queued_since: Option<Duration>,
    /// How long the call has waited for the rate limit.
    queued_for: Duration,
    /// The outcome of all attempts so far.
    outcome: Outcome,
    /// The tokens that the next or current retry costs.
    retry_cost: Option<u32>,
    /// The error of the last attempt.
    failure: Option<Error>,
    state: State,
    /// The result of the last attempt. Outside of `state`, to avoid a second move.
    result: Option<Result<Reply<O::Output>, Error>>,
}

#[derive(Clone, Copy)]
enum State {
    /// No request is under way. The next one may be sent from this time on.
    Idle {
        from: Duration,
    },
    /// A request is under way.
    Sent {
        until: Option<Duration>,
    },
    /// A response or an error was handed in; the next step evaluates it.
    Handled,
    Finished,
}

impl<O: Operation> Call<O> {
    /// A call of this operation. It encodes the request; the first [`step`](Self::step) returns the error if
    /// that fails.
    pub fn new(api: &Api, operation: O, settings: Settings) -> Self {
        Self {
            next: Some(api.request(&operation)),
            api: api.clone(),
            operation,
            settings,
            started: None,
            ticket: None,
            attempts: 0,
            queued_since: None,
            queued_for: Duration::ZERO,
            outcome: Outcome::NotProcessed,
            retry_cost: None,
            failure: None,
            state: State::Idle {
                from: Duration::ZERO,
            },
            result: None,
        }
    }

    /// The number of attempts so far, including those that sent nothing.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call has waited for the rate limit, until its last step.
    pub fn queued_for(&self) -> Duration {
        self.queued_for
    }

    /// Whether Paystack processed any attempt so far. It is [`Outcome::Unknown`] while a request is under way.
    ///
    /// Check it before you drop an unfinished call.
    pub fn outcome(&self) -> Outcome {
        match self.state {
            State::Sent { .. } | State::Handled => self.outcome.max(Outcome::Unknown),
            State::Idle { .. } | State::Finished => self.outcome,
        }
    }

    /// Returns the next action. `now` is the time since any fixed point that is the same for all calls of a
    /// limiter. If the clock goes back, the call waits until the clock has caught up.
    ///
    /// After [`Step::Done`], every further step is `Done` with [`ErrorKind::Finished`].
    pub fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<Reply<O::Output>> {
        match self.state {
            State::Idle { from } => self.send_or_wait(limiter, now, from),
            State::Sent { until } if until.is_some_and(|until| until <= now) => {
                let late = TransportError::new(TransportErrorKind::Timeout, Sent::Maybe);
                let late = Error::new(O::NAME, ErrorKind::Transport(late));
                self.fail_or_retry(limiter, now, late)
            }
            State::Sent { until } => wait(until.map(|until| until.saturating_sub(now))),
            State::Handled => {
                // Changed in place, because a reply is large and expensive to move.
                if let Some(Ok(reply)) = &mut self.result {
                    reply.attempts = self.attempts;
                    reply.queued_for = self.queued_for;
                    let status = reply.rate_limit();
                    self.succeed(limiter, now, status);
                }
                match self.result.take() {
                    Some(Err(error)) => self.fail_or_retry(limiter, now, error),
                    Some(result) => Step::Done(result),
                    None => self.finished(),
                }
            }
            State::Finished => self.finished(),
        }
    }

    /// Hands in the response to an attempt. Its body must be complete and decompressed, as for [`Api::read`]. The next
    /// step evaluates it. It is ignored if the attempt has already ended, after a time-out for example.
    pub fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>) {
        if self.is_under_way(attempt) {
            self.result = Some(self.api.read(&self.operation, response));
            self.state = State::Handled;
        }
    }

    /// Hands in the error of an attempt. It is ignored if the attempt has already ended.
    pub fn handle_error(&mut self, attempt: u32, error: TransportError) {
        if self.is_under_way(attempt) {
            let error = Error::new(O::NAME, ErrorKind::Transport(error));
            self.result = Some(Err(error));
            self.state = State::Handled;
        }
    }

    /// Encodes the next request, if that is necessary. [`step`](Self::step) does it as well; call this first if
    /// the limiter is behind a lock, because [`Operation::body`] may be slow.
    pub fn prepare(&mut self) {
        if let (State::Idle { .. }, None) = (self.state, &self.next) {
            self.next = Some(self.api.request(&self.operation));
        }
    }

    /// The reason of the wait, after a [`Step::Wait`].
    pub fn wait_reason(&self) -> WaitReason {
        match self.queued_since {
            _ if self.is_sent() => WaitReason::Response,
            Some(_) => WaitReason::RateLimit,
            None => WaitReason::Retry,
        }
    }

    /// Whether a request is under way.
    pub(crate) fn is_sent(&self) -> bool {
        matches!(self.state, State::Sent { .. })
    }

    /// Whether no request is under way, and too little time is left for another.
    pub(crate) fn is_too_late(&self, now: Duration) -> bool {
        let is_idle = matches!(self.state, State::Idle { .. });
        is_idle && self.last_start().is_some_and(|last| last < now)
    }

    /// Whether the next step evaluates a response or an error.
    pub(crate) fn is_handled(&self) -> bool {
        matches!(self.state, State::Handled)
    }

    /// The output of the response that the next step evaluates, if it is a success.
    pub(crate) fn output(&self) -> Option<&O::Output> {
        let reply = self.result.as_ref()?.as_ref().ok()?;
        Some(&reply.data)
    }

    fn is_under_way(&self, attempt: u32) -> bool {
        self.is_sent() && attempt == self.attempts
    }

    fn send_or_wait(
        &mut self,
        limiter: &mut RateLimiter,
        now: Duration,
        from: Duration,
    ) -> Step<Reply<O::Output>> {
        if let Some(since) = self.queued_since.take() {
            let queued_for = now.saturating_sub(since);
            self.queued_for = self.queued_for.saturating_add(queued_for);
        }
        self.prepare();
        if let Some(Err(invalid)) = self.next.take_if(|next| next.is_err()) {
            return self.fail(invalid);
        }
        self.started.get_or_insert(now);
        let rest = self.deadline().map(|end| end.saturating_sub(now));
        let last_start = self.last_start();
        if last_start.is_some_and(|last| last < now) {
            return self.exceed_deadline(None);
        }
        let wait_at_most = |duration: Duration| {
            let most = last_start.map(|last| last.saturating_sub(now).max(SHORTEST_WAIT));
            wait(Some(most.map_or(duration, |most| duration.min(most))))
        };
        if now < from {
            return wait_at_most(from.saturating_sub(now));
        }
        if let Some(cost) = self.retry_cost
            && !limiter.budget.can_pay(cost)
            && let Some(error) = self.failure.take()
        {
            return self.fail(error);
        }
        let ticket = self.ticket.get_or_insert_with(|| limiter.enqueue());
        match limiter.try_acquire(ticket, O::RATE_LIMIT_GROUP, now) {
            Admission::Granted => {}
            // It cannot be admitted before its deadline, so it leaves the queue.
            Admission::Wait { turn, .. }
                if last_start.is_some_and(|last| last < now.saturating_add(turn)) =>
            {
                return self.exceed_deadline(Some(turn));
            }
            Admission::Wait { wait, .. } => {
                self.queued_since = Some(now);
                return wait_at_most(wait);
            }
        }
        let Some(Ok(request)) = self.next.take() else {
            return self.finished();
        };
        limiter.budget.pay(self.retry_cost.unwrap_or(0));
        self.attempts = self.attempts.saturating_add(1);
        let timeout = self.settings.max_attempt_time();
        let within = [timeout, rest].into_iter().flatten().min();
        self.state = State::Sent {
            until: within.map(|within| now.saturating_add(within)),
        };
        Step::Send {
            request,
            within,
            attempt: self.attempts,
        }
    }

    /// The end of the call.
    fn deadline(&self) -> Option<Duration> {
        Some(self.started?.saturating_add(self.settings.max_call_time()?))
    }

    /// The latest start of an attempt: a later one would be processed, and dropped before its response.
    fn last_start(&self) -> Option<Duration> {
        let shortest = self.settings.shortest_attempt();
        Some(self.deadline()?.saturating_sub(shortest))
    }

    fn succeed(&mut self, limiter: &mut RateLimiter, now: Duration, status: RateLimitStatus) {
        self.state = State::Finished;
        self.outcome = Outcome::Processed;
        limiter.observe(O::RATE_LIMIT_GROUP, status, now);
        limiter.budget.earn(self.retry_cost.unwrap_or(1));
    }

    /// Reports a failure to the limiter, and ends the call or schedules a retry.
    fn fail_or_retry(
        &mut self,
        limiter: &mut RateLimiter,
        now: Duration,
        error: Error,
    ) -> Step<Reply<O::Output>> {
        let asked = error.retry_after();
        if error.is_rate_limited() {
            limiter.refuse(O::RATE_LIMIT_GROUP, asked, now);
        } else if let Some(response) = error.response()
            && error.is_by_paystack()
        {
            limiter.observe(O::RATE_LIMIT_GROUP, response.rate_limit(), now);
        }
        let outcome = error.outcome();
        // A transport with a time-out of its own may report it at the deadline.
        let is_over = self.deadline().is_some_and(|end| end <= now);
        if is_over && error.is_timeout() {
            self.outcome = self.outcome.max(outcome);
            return self.exceed_deadline(None);
        }
        let rule = self.settings.effective_retry_rule(O::RETRY);
        if self.attempts >= self.settings.max_attempts() || !rule.allows(&error) {
            return self.fail(error);
        }
        // At least the server's wait, plus jitter so that clients do not retry in lockstep.
        let jitter = limiter.jitter(self.settings.longest_backoff(self.attempts));
        let pause = asked.unwrap_or_default().saturating_add(jitter);
        let from = now.saturating_add(pause);
        let cost = retry_budget::cost(&error);
        let too_late = self.last_start().is_some_and(|last| last < from);
        if too_late || !limiter.budget.can_pay(cost) {
            return self.fail(error);
        }
        self.outcome = self.outcome.max(outcome);
        self.retry_cost = Some(cost);
        self.failure = Some(error);
        self.state = State::Idle { from };
        wait(Some(pause))
    }

    fn finished(&mut self) -> Step<Reply<O::Output>> {
        self.fail(Error::new(O::NAME, ErrorKind::Finished))
    }

    fn exceed_deadline(&mut self, retry_after: Option<Duration>) -> Step<Reply<O::Output>> {
        let error = Error::deadline(O::NAME, self.failure.take(), retry_after);
        self.fail(error)
    }

    fn fail(&mut self, error: Error) -> Step<Reply<O::Output>> {
        self.state = State::Finished;
        self.ticket = None;
        let error = error.after(self.attempts, self.queued_for, self.outcome);
        self.outcome = error.outcome();
        Step::Done(Err(error))
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Idle { .. } => "idle",
            State::Sent { .. } => "sent",
            State::Handled => "handled",
            State::Finished => "finished",
        };
        f.debug_struct("Call")
            .field("operation", &O::NAME)
            .field("attempts", &self.attempts)
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
