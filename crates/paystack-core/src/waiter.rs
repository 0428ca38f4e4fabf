//! A wait for an outcome as a state machine: reads again until a condition is met.

mod saved_wait;
mod waited;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Method;

pub use self::saved_wait::SavedWait;
pub use self::waited::{WaitEnd, Waited};
use crate::api::Api;
use crate::call::{Call, LONGEST_WAIT, RateLimiter, Settings, Step, WaitReason, wait};
use crate::error::{Error, ErrorKind, Outcome, TransportError};
use crate::operation::{Operation, fingerprint};
use crate::response::Reply;
use crate::types::InvalidInput;

const FIRST_PAUSE: Duration = Duration::from_secs(2);

const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

const DEADLINE: Duration = Duration::from_secs(60 * 60);

const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// A wait for an outcome that settles later, such as an identification, as a state machine without IO.
///
/// It sends a read, checks its output, pauses, and reads again. It steps as [`Call`] does, within the same rate
/// limit, and each read is retried as a call is. The pauses grow from 2 s to 5 min, with jitter. The wait ends
///
/// - when the condition is met,
/// - with the first output after [`notify`](Self::notify): a webhook has reported the outcome,
/// - at the deadline, with the last output, or with the last error if there was no output,
/// - with an error if Paystack refuses the read for good, as with 401 or 404, if the certificate is untrusted, or if
///   the response is too large or does not decode.
///
/// Rate limits, server errors, lost connections and the pages of proxies do not end it.
///
/// ```
/// use std::time::Duration;
/// use paystack_core::customers::FetchCustomer;
/// use paystack_core::{Api, CustomerCode, Mode, RateLimiter, SecretKey, Step, WaitEnd, Waiter, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?);
/// let unix_time = Duration::from_secs(1_764_412_345); // the wall-clock time
/// let mut waiter = Waiter::new(&api, fetch, |customer| customer.identified == Some(true), unix_time);
///
/// let mut limiter = RateLimiter::new(Mode::Test, 7); // one for all calls with this key
/// let mut now = Duration::ZERO; // since any fixed point
/// # let mut bodies = [false, true].map(|identified| format!(r#"{{"status":true,"message":"","data":{{
/// #     "id":1,"customer_code":"CUS_x","email":"ada@example.com","identified":{identified}}}}}"#)).into_iter();
/// # let mut send = |_| http::Response::new(bodies.next().unwrap().into());
/// let waited = loop {
///     match waiter.step(&mut limiter, now) {
///         Step::Send { request, attempt, .. } => waiter.handle_response(attempt, send(request)),
///         Step::Wait(pause) => now += pause,
///         Step::Done(result) => break result?,
///     }
/// };
/// assert_eq!(waited.end, WaitEnd::ConditionMet);
/// assert_eq!(waited.reply.data.identified, Some(true));
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// A failed validation shows only in its webhook: the customer stays as it was. Call `notify` for that event too,
/// or the wait lasts until its deadline.
///
/// A wait can outlive the process: store [`saved`](Self::saved), and [`resume`](Self::resume) from it.
///
/// [`Waited::reply`] has the attempts of the last read; [`attempts`](Self::attempts) counts those of all reads.
pub struct Waiter<O: Operation, F> {
    api: Api,
    operation: O,
    condition: F,
    settings: Settings,
    first_pause: Duration,
    longest_pause: Duration,
    deadline: Duration,
    /// The wait so far, as it is saved.
    saved: SavedWait,
    /// How long the wait had lasted before this process.
    elapsed: Duration,
    /// The time of the first step.
    started: Option<Duration>,
    /// The attempts of earlier reads.
    attempts: u32,
    is_notified: bool,
    /// The next read, once it is encoded.
    next: Option<Call<O>>,
    /// Whether the response that was handed in meets the condition, once that is known.
    is_met: Option<bool>,
    /// The last output, or else the last error.
    last: Option<Result<Reply<O::Output>, Error>>,
    state: State<O>,
}

#[allow(
    clippy::large_enum_variant,
    reason = "a box would be an allocation for each read"
)]
enum State<O: Operation> {
    /// The next read may start from this time on.
    Paused {
        from: Duration,
    },
    Reading(Call<O>),
    Finished,
}

impl<O: Operation + Clone, F: Fn(&O::Output) -> bool> Waiter<O, F> {
    /// A wait until the output of this read meets the condition. `unix_time` is the wall-clock time, as the time
    /// since 1970.
    ///
    /// The first step returns an error if the operation is not a `GET`.
    pub fn new(api: &Api, operation: O, condition: F, unix_time: Duration) -> Self {
        let saved = SavedWait::new(fingerprint(&operation), unix_time);
        Self::from_saved(api, operation, condition, saved, Duration::ZERO)
    }

    /// Continues a wait, in this process or another. It reads at once, also after the deadline. The saved text
    /// contains no deadline, pauses or settings: set them again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use paystack_core::customers::{Customer, FetchCustomer};
    /// use paystack_core::{Api, CustomerCode, SecretKey, Waiter};
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?);
    /// let is_identified = |customer: &Customer| customer.identified == Some(true);
    /// let unix_time = Duration::from_secs(1_764_412_345); // the wall-clock time
    /// let stored = Waiter::new(&api, &fetch, is_identified, unix_time).saved().to_string();
    ///
    /// // After a restart, a minute later:
    /// let unix_time = unix_time + Duration::from_secs(60);
    /// let waiter = Waiter::resume(&api, &fetch, is_identified, &stored.parse()?, unix_time)?;
    /// let waiter = waiter.deadline(Duration::from_secs(24 * 60 * 60));
    /// # let _ = waiter.attempts();
    /// # Ok::<(), paystack_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the wait belongs to another operation or customer.
    pub fn resume(
        api: &Api,
        operation: O,
        condition: F,
        saved: &SavedWait,
        unix_time: Duration,
    ) -> Result<Self, InvalidInput> {
        saved.check(fingerprint(&operation))?;
        let (saved, elapsed) = (saved.clone(), saved.elapsed(unix_time));
        Ok(Self::from_saved(api, operation, condition, saved, elapsed))
    }

    fn from_saved(
        api: &Api,
        operation: O,
        condition: F,
        saved: SavedWait,
        elapsed: Duration,
    ) -> Self {
        Self {
            api: api.clone(),
            operation,
            condition,
            settings: Settings::new(),
            first_pause: FIRST_PAUSE,
            longest_pause: LONGEST_PAUSE,
            deadline: DEADLINE,
            elapsed,
            saved,
            started: None,
            attempts: 0,
            is_notified: false,
            next: None,
            is_met: None,
            last: None,
            state: State::Paused {
                from: Duration::ZERO,
            },
        }
    }

    /// Sets the deadline, from the start of the wait over all processes: an hour by default. The first read
    /// continues after it.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the pause after the first read, which doubles after each read, and the longest pause. 2 s and 5 min by
    /// default, and a day at most. Each pause is up to a quarter longer at random, within the longest.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first.clamp(SHORTEST_PAUSE, LONGEST_WAIT);
        self.longest_pause = longest.clamp(self.first_pause, LONGEST_WAIT);
        self
    }

    /// Sets the time-outs and attempts of each read.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The wait as a short text, from which to [`resume`](Self::resume) it.
    pub fn saved(&self) -> SavedWait {
        self.saved.clone()
    }

    /// The number of attempts so far, in this process.
    pub fn attempts(&self) -> u32 {
        match &self.state {
            State::Reading(call) => self.attempts.saturating_add(call.attempts()),
            _ => self.attempts,
        }
    }

    /// How long the current read has waited for the rate limit: [`Call::queued_for`].
    pub fn queued_for(&self) -> Duration {
        match &self.state {
            State::Reading(call) => call.queued_for(),
            _ => Duration::ZERO,
        }
    }

    /// Whether Paystack processed the current read: [`Call::outcome`].
    pub fn outcome(&self) -> Outcome {
        match &self.state {
            State::Reading(call) => call.outcome(),
            _ => Outcome::NotProcessed,
        }
    }

    /// The reason of the wait, after a [`Step::Wait`].
    pub fn wait_reason(&self) -> WaitReason {
        match &self.state {
            State::Reading(call) => call.wait_reason(),
            _ => WaitReason::NextRead,
        }
    }

    /// Ends the wait early, after a webhook. The next step reads at once, even after the deadline. The wait ends
    /// with that output, whether or not the condition is met.
    ///
    /// A read that is under way is dropped, because it may be older than the event. A read in the queue for the rate
    /// limit keeps its place.
    pub fn notify(&mut self) {
        self.is_notified = true;
        self.last = None;
        if self.wait_reason() != WaitReason::RateLimit {
            self.drop_read();
        }
        if let State::Paused { from } = &mut self.state {
            *from = Duration::ZERO;
        }
    }

    /// Drops the read whose request is under way, if there is one. The next step starts another. Call it after you
    /// cancel the request.
    ///
    /// A read in the queue for the rate limit keeps its place, and a retry keeps its pause: continue with the same
    /// limiter.
    pub fn cancel_read(&mut self) {
        if matches!(&self.state, State::Reading(call) if call.is_sent()) {
            self.drop_read();
        }
    }

    fn drop_read(&mut self) {
        self.attempts = self.attempts();
        self.is_met = None;
        if let State::Reading(_) = self.state {
            self.state = State::Paused {
                from: Duration::ZERO,
            };
        }
    }

    /// Returns the next action: [`Call::step`]. Attempts are numbered over all reads.
    ///
    /// After [`Step::Done`], every further step is `Done` with [`ErrorKind::Finished`].
    pub fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<Waited<O::Output>> {
        self.prepare();
        self.prepared_step(limiter, now)
    }

    /// A step that does not encode a request: the limiter may be locked, and encoding runs the caller's code.
    fn prepared_step(
        &mut self,
        limiter: &mut RateLimiter,
        now: Duration,
    ) -> Step<Waited<O::Output>> {
        // After a pause of its driver, a read begins anew.
        if matches!(&self.state, State::Reading(call) if call.is_too_late(now)) {
            self.drop_read();
        }
        let rest = self.deadline.saturating_sub(self.elapsed);
        let end = self.started.get_or_insert(now).saturating_add(rest);
        let is_handled = matches!(&self.state, State::Reading(call) if call.is_handled());
        if end <= now
            && !is_handled
            && !matches!(self.state, State::Finished)
            && let Some(last) = self.last.take()
        {
            self.drop_read();
            return match last {
                Ok(reply) => self.end(reply, WaitEnd::DeadlineExceeded),
                Err(error) => self.fail(error),
            };
        }
        // Until a read has ended, no deadline applies.
        let rest = self.last.as_ref().map(|_| end.saturating_sub(now));
        let at_most = |duration: Duration| rest.map_or(duration, |rest| duration.min(rest));
        match &mut self.state {
            State::Paused { .. } if O::METHOD != Method::GET => {
                let invalid = InvalidInput::new("operation to wait for", "must be a GET");
                self.fail(Error::new(O::NAME, ErrorKind::InvalidInput(invalid)))
            }
            State::Paused { from } => match self.next.take_if(|_| *from <= now) {
                Some(call) => {
                    self.state = State::Reading(call);
                    self.prepared_step(limiter, now)
                }
                None => wait(Some(at_most(from.saturating_sub(now)))),
            },
            State::Reading(call) => match call.step(limiter, now) {
                Step::Send {
                    request,
                    within,
                    attempt,
                } => Step::Send {
                    request,
                    within: within.map(at_most).or(rest),
                    attempt: self.attempts.saturating_add(attempt),
                },
                Step::Wait(duration) => wait(Some(at_most(duration))),
                Step::Done(result) => self.evaluate(result, limiter, now),
            },
            State::Finished => self.finished(),
        }
    }

    /// Hands in the response to an attempt: [`Call::handle_response`].
    pub fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>) {
        if let State::Reading(call) = &mut self.state
            && let Some(attempt) = attempt.checked_sub(self.attempts)
        {
            call.handle_response(attempt, response);
        }
    }

    /// Hands in the error of an attempt: [`Call::handle_error`].
    pub fn handle_error(&mut self, attempt: u32, error: TransportError) {
        if let State::Reading(call) = &mut self.state
            && let Some(attempt) = attempt.checked_sub(self.attempts)
        {
            call.handle_error(attempt, error);
        }
    }

    /// Encodes the next request and checks the condition, if that is necessary. [`step`](Self::step) does it as
    /// well; call this first if the limiter is behind a lock, because both run your code.
    pub fn prepare(&mut self) {
        match &mut self.state {
            State::Paused { .. } => {
                let call = || Call::new(&self.api, self.operation.clone(), self.settings);
                self.next.get_or_insert_with(call);
            }
            State::Reading(call) => {
                call.prepare();
                if let (None, Some(output)) = (self.is_met, call.output()) {
                    self.is_met = Some((self.condition)(output));
                }
            }
            State::Finished => {}
        }
    }

    /// Ends the wait with the result of a read, or schedules the next one.
    fn evaluate(
        &mut self,
        result: Result<Reply<O::Output>, Error>,
        limiter: &mut RateLimiter,
        now: Duration,
    ) -> Step<Waited<O::Output>> {
        let is_met = self.is_met == Some(true);
        self.drop_read();
        let asked = match &result {
            Ok(_) => Duration::ZERO,
            Err(error) => error.retry_after().unwrap_or_default(),
        };
        match result {
            Ok(reply) if is_met => return self.end(reply, WaitEnd::ConditionMet),
            Ok(reply) if self.is_notified => return self.end(reply, WaitEnd::Notified),
            Err(error) if is_final(&error) => return self.fail(error),
            result if result.is_ok() || !matches!(self.last, Some(Ok(_))) => {
                self.last = Some(result);
            }
            _ => {}
        }
        let from = now.saturating_add(asked.max(self.next_pause(limiter)));
        self.state = State::Paused { from };
        self.prepared_step(limiter, now)
    }

    fn next_pause(&mut self, limiter: &mut RateLimiter) -> Duration {
        let doublings = self.saved.count_read().min(31);
        let pause = self.first_pause.saturating_mul(1_u32 << doublings);
        // Leaves room for the jitter, without which waiters would read in lockstep.
        let most = self.longest_pause.mul_f64(0.8).max(self.first_pause);
        let pause = pause.min(most);
        let jitter = limiter.jitter(pause.mul_f64(0.25));
        pause.saturating_add(jitter).min(self.longest_pause)
    }

    fn end(&mut self, reply: Reply<O::Output>, end: WaitEnd) -> Step<Waited<O::Output>> {
        self.state = State::Finished;
        Step::Done(Ok(Waited { reply, end }))
    }

    fn fail(&mut self, error: Error) -> Step<Waited<O::Output>> {
        self.state = State::Finished;
        Step::Done(Err(error))
    }

    fn finished(&mut self) -> Step<Waited<O::Output>> {
        self.fail(Error::new(O::NAME, ErrorKind::Finished))
    }
}

/// Whether the next read would fail as well. A proxy that responded in place of Paystack may be gone by then.
fn is_final(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Transport(lost) => lost.kind().is_permanent(),
        ErrorKind::Api(refusal) if refusal.status().is_server_error() => false,
        _ => !error.is_retryable() && (error.is_by_paystack() || error.response().is_none()),
    }
}

impl<O: Operation, F> fmt::Debug for Waiter<O, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Paused { .. } => "paused",
            State::Reading(_) => "reading",
            State::Finished => "finished",
        };
        f.debug_struct("Waiter")
            .field("operation", &O::NAME)
            .field("saved", &self.saved)
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
