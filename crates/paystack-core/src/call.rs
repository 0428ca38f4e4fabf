//! A call as a state machine: what to do next is a value.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::api::Api;
use crate::error::{Error, ErrorKind, RequestError, Sent, TransportError, TransportErrorKind};
use crate::operation::{Operation, Resend};
use crate::pace::{Admission, Grant, Pace, Retry, Ticket};
use crate::rate_limit::RateLimit;
use crate::reply::Reply;
use crate::settings::Settings;

/// Nobody is told to step again at once.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// One call of an operation, through all its attempts, as a state machine without IO.
///
/// ```text
///           ┌────────────────────────── Wait(d): sleep, step again ◀─┐
///           ▼ (and while it is queued)                               │
/// new ──▶ queued ──▶ Send { request, .. } ──▶ received(attempt, ..) ─┤
///           │                    │             failed(attempt, ..)   │
///           │                    └── no answer in time: step again ──┤
///           │                                                        │
///           └───────────── Done(result) ◀────────────────────────────┘
/// ```
///
/// [`Call::step`] says what to do next. Whoever drives it needs a clock, a way to wait and a way to
/// send, and no decision of its own. Here by hand:
///
/// ```
/// use std::time::Duration;
/// use paystack_core::customers::FetchCustomer;
/// use paystack_core::{Api, Call, CustomerCode, Domain, Pace, SecretKey, Settings, Step, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?);
/// let mut pace = Pace::new(Domain::Test, 7); // one for all calls with this key
/// let mut call = Call::new(&api, fetch, Settings::default());
/// let mut now = Duration::ZERO; // since any fixed point
///
/// // The first step says what to send, and how long to wait for an answer.
/// let Step::Send { request, within, attempt, .. } = call.step(&mut pace, now) else { panic!() };
/// assert_eq!(request.uri().path(), "/customer/CUS_x");
/// assert_eq!(within, Some(Duration::from_secs(30)));
///
/// // Paystack is out of order: a fetch may be sent again, after a while.
/// let mut broken = http::Response::new("".into());
/// *broken.status_mut() = http::StatusCode::BAD_GATEWAY;
/// call.received(attempt, broken);
/// let Step::Wait(pause) = call.step(&mut pace, now) else { panic!() };
/// assert!(pause <= Duration::from_millis(250));
///
/// now += pause;
/// let Step::Send { attempt, .. } = call.step(&mut pace, now) else { panic!() };
/// let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
///     "customer_code":"CUS_x","email":"ada@example.com"}}"#;
/// call.received(attempt, http::Response::new(body.into()));
/// let Step::Done(result) = call.step(&mut pace, now) else { panic!() };
/// assert_eq!(result?.data.id.get(), 1173);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Over a plain socket, with no client at all, the same is a loop:
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::{TcpStream, ToSocketAddrs};
/// use std::time::{Duration, Instant};
/// use paystack_core::{Api, Call, Error, Operation, Pace, Reply, Sent, Settings, Step, bytes::Bytes, http};
/// use paystack_core::{TransportError, TransportErrorKind};
///
/// /// What all calls share: where the API is, the pace, and the point that its clock counts from.
/// struct Shared { api: Api, pace: Pace, started: Instant }
///
/// fn send<O: Operation>(shared: &mut Shared, operation: O) -> Result<Reply<O::Output>, Error> {
///     let mut call = Call::new(&shared.api, operation, Settings::default());
///     loop {
///         match call.step(&mut shared.pace, shared.started.elapsed()) {
///             Step::Done(result) => return result,
///             Step::Wait(duration) => std::thread::sleep(duration),
///             Step::Send { request, within, attempt, .. } => match exchange(&request, within) {
///                 Ok(response) => call.received(attempt, response),
///                 Err(error) => call.failed(attempt, error),
///             },
///         }
///     }
/// }
///
/// /// HTTP/1.0 in a page: enough for a sandbox on this machine, without TLS. It is over in time, and
/// /// takes no more than a megabyte.
/// fn exchange(request: &http::Request<Bytes>, within: Option<Duration>) -> Result<http::Response<Bytes>, TransportError> {
///     let ends = Instant::now() + within.unwrap_or(Duration::from_secs(3600));
///     let rest = || ends.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
///     let unsent = |error: std::io::Error| TransportError::new(TransportErrorKind::Connect, Sent::No).with_source(error);
///     let lost = |error: std::io::Error| {
///         let late = matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut);
///         let kind = if late { TransportErrorKind::Timeout } else { TransportErrorKind::Io };
///         TransportError::new(kind, Sent::Maybe).with_source(error)
///     };
///     let odd = || TransportError::new(TransportErrorKind::Other, Sent::Maybe);
///
///     let host = request.uri().authority().map_or("", |authority| authority.as_str());
///     let address = host.to_socket_addrs().map_err(unsent)?.next().ok_or_else(odd)?;
///     let mut stream = TcpStream::connect_timeout(&address, rest()).map_err(unsent)?;
///     stream.set_write_timeout(Some(rest())).map_err(lost)?;
///     let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
///     let mut bytes = format!("{} {path} HTTP/1.0\r\nHost: {host}\r\n", request.method()).into_bytes();
///     for (name, value) in request.headers() {
///         bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
///     }
///     bytes.extend(format!("Content-Length: {}\r\n\r\n", request.body().len()).into_bytes());
///     bytes.extend(request.body());
///     stream.write_all(&bytes).map_err(lost)?;
///
///     let mut answer = Vec::new();
///     let mut piece = [0; 4096];
///     loop {
///         stream.set_read_timeout(Some(rest())).map_err(lost)?;
///         match stream.read(&mut piece).map_err(lost)? {
///             0 => break,
///             read => answer.extend(&piece[..read]),
///         }
///         if answer.len() > 1_000_000 {
///             return Err(TransportError::new(TransportErrorKind::TooLarge, Sent::Maybe));
///         }
///         if Instant::now() >= ends {
///             return Err(TransportError::new(TransportErrorKind::Timeout, Sent::Maybe));
///         }
///     }
///     let text = std::str::from_utf8(&answer).map_err(|_| odd())?;
///     let (head, body) = text.split_once("\r\n\r\n").ok_or_else(odd)?;
///     let mut lines = head.split("\r\n");
///     let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(odd)?;
///     let mut response = http::Response::builder().status(status);
///     for (name, value) in lines.filter_map(|line| line.split_once(':')) {
///         response = response.header(name, value.trim());
///     }
///     response.body(Bytes::copy_from_slice(body.as_bytes())).map_err(|_| odd())
/// }
/// #
/// # use paystack_core::{Domain, CustomerCode, SecretKey, customers::FetchCustomer};
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let url = format!("http://{}", listener.local_addr()?);
/// # let server = std::thread::spawn(move || {
/// #     let found = concat!("HTTP/1.0 200 OK\r\nx-ratelimit-remaining: 98\r\n\r\n",
/// #         r#"{"status":true,"message":"","data":{"id":7,"customer_code":"CUS_x","email":"a@b"}}"#);
/// #     let answers = ["HTTP/1.0 503 Unavailable\r\n\r\n", found, found];
/// #     for answer in answers {
/// #         let (mut stream, _) = listener.accept().unwrap();
/// #         let mut request = Vec::new();
/// #         while !request.ends_with(b"\r\n\r\n") {
/// #             let mut byte = [0];
/// #             stream.read_exact(&mut byte).unwrap();
/// #             request.extend(byte);
/// #         }
/// #         stream.write_all(answer.as_bytes()).unwrap();
/// #     }
/// # });
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?).with_base_url(&url)?;
/// let mut shared = Shared { api, pace: Pace::new(Domain::Test, 7), started: Instant::now() };
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_x")?);
/// assert_eq!(send(&mut shared, &fetch)?.data.id.get(), 7);
/// let again = send(&mut shared, &fetch)?;
/// assert_eq!(again.rate_limit().remaining, Some(98));
/// # server.join().unwrap();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Call<O: Operation> {
    api: Api,
    operation: O,
    settings: Settings,
    /// The first request, written before a place is taken: what cannot be written needs none.
    first: Option<Result<http::Request<Bytes>, Error>>,
    /// When the call began, and its place in the queue; not before the first step.
    begun: Option<(Duration, Ticket)>,
    attempts: u32,
    sent: Sent,
    outcome_unknown: bool,
    /// A retry that is paid for.
    retry: Option<Retry>,
    /// What the last attempt ended with.
    failure: Option<Error>,
    state: State,
    /// What has come of the last attempt. Beside the state, so that it is moved once and no more.
    landed: Option<Result<Reply<O::Output>, Error>>,
}

#[derive(Clone, Copy)]
enum State {
    /// Nothing is under way; the next request may be made from then on.
    Idle {
        from: Duration,
    },
    /// A request is out.
    Out {
        grant: Grant,
        limit: Option<Limit>,
    },
    /// An answer or an error has landed, which the next step weighs.
    Landed {
        grant: Grant,
    },
    Over,
}

/// When an attempt ends without an answer.
#[derive(Clone, Copy)]
struct Limit {
    at: Duration,
    /// Whether the call ends with it.
    is_deadline: bool,
}

/// What to do next about a [`Call`].
///
/// `Debug` shows neither the URL nor the body of a request.
#[must_use = "a request that is not sent is lost"]
#[allow(
    clippy::large_enum_variant,
    reason = "it is taken apart at once, and a box would be an allocation"
)]
pub enum Step<T> {
    /// Send this request, and say what came of it with [`Call::received`] or [`Call::failed`]. If
    /// nothing has come of it after `within`, give it up and just step again.
    #[non_exhaustive]
    Send {
        /// The request.
        request: http::Request<Bytes>,
        /// How long it may take; `None` for as long as it likes.
        within: Option<Duration>,
        /// The number of this attempt, from 1, by which to say what came of it.
        attempt: u32,
    },
    /// Step again after this long.
    Wait(Duration),
    /// The call is over.
    Done(Result<Reply<T>, Error>),
}

impl<T: fmt::Debug> fmt::Debug for Step<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send {
                request,
                within,
                attempt,
            } => f
                .debug_struct("Send")
                .field("method", request.method())
                .field("body_bytes", &request.body().len())
                .field("within", within)
                .field("attempt", attempt)
                .finish_non_exhaustive(),
            Self::Wait(duration) => f.debug_tuple("Wait").field(duration).finish(),
            Self::Done(result) => f.debug_tuple("Done").field(result).finish(),
        }
    }
}

impl<O: Operation> Call<O> {
    /// A call of this operation. Its request is written here, and what goes wrong with that is told by
    /// the first [`step`](Self::step).
    pub fn new(api: &Api, operation: O, settings: Settings) -> Self {
        Self {
            first: Some(api.request(&operation)),
            api: api.clone(),
            operation,
            settings,
            begun: None,
            attempts: 0,
            sent: Sent::No,
            outcome_unknown: false,
            retry: None,
            failure: None,
            state: State::Idle {
                from: Duration::ZERO,
            },
            landed: None,
        }
    }

    /// How many requests were made so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Says what to do next. `now` is the time since any fixed point that is the same for all calls
    /// of a pace, by a clock that never goes back: until it has caught up, a call would wait.
    ///
    /// After [`Step::Done`], every further step is `Done` with [`RequestError::Over`].
    pub fn step(&mut self, pace: &mut Pace, now: Duration) -> Step<O::Output> {
        match self.state {
            State::Idle { from } => self.next(pace, now, from),
            State::Out {
                grant,
                limit: Some(limit),
            } if limit.at <= now => self.time_out(pace, now, grant, limit),
            State::Out { limit, .. } => {
                Step::Wait(limit.map_or(Duration::MAX, |limit| limit.at.saturating_sub(now)))
            }
            State::Landed { grant } => match self.landed.take() {
                Some(Ok(reply)) => {
                    self.succeed(pace, now, grant, reply.rate_limit());
                    Step::Done(Ok(reply))
                }
                Some(Err(error)) => self.weigh(pace, now, grant, error),
                None => self.over(),
            },
            State::Over => self.over(),
        }
    }

    /// Takes the answer to an attempt. It is read here and weighed by the next step; one that comes
    /// after its time-out is ignored.
    pub fn received(&mut self, attempt: u32, response: http::Response<Bytes>) {
        if let Some(grant) = self.is_out(attempt) {
            self.landed = Some(self.api.read(&self.operation, response));
            self.state = State::Landed { grant };
        }
    }

    /// Takes the error that an attempt ended with. One that comes after its time-out is ignored.
    pub fn failed(&mut self, attempt: u32, error: TransportError) {
        if let Some(grant) = self.is_out(attempt) {
            let lost = Error::new(O::NAME, ErrorKind::Transport(error));
            self.landed = Some(Err(lost));
            self.state = State::Landed { grant };
        }
    }

    /// Gives back what the call holds: its place in the queue, and what it paid for a retry that it
    /// has not made. For calls that are dropped before they are done; the call is over then.
    pub fn give_back(&mut self, pace: &mut Pace) {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Idle { .. } => {
                if let Some((_, ticket)) = self.begun {
                    pace.give_back(ticket);
                }
                if let Some(retry) = self.retry.take() {
                    pace.refund(retry);
                }
            }
            State::Out { grant, .. } | State::Landed { grant } => pace.lose(grant),
            State::Over => {}
        }
    }

    /// What let this attempt go, if it is the one that is out.
    fn is_out(&self, attempt: u32) -> Option<Grant> {
        match self.state {
            State::Out { grant, .. } if attempt == self.attempts => Some(grant),
            _ => None,
        }
    }

    /// Makes a request if it is time.
    fn next(&mut self, pace: &mut Pace, now: Duration, from: Duration) -> Step<O::Output> {
        let ticket = match self.begun {
            Some((_, ticket)) => ticket,
            None => match self.begin(pace, now) {
                Ok(ticket) => ticket,
                Err(refused) => return self.give_up(refused),
            },
        };
        let deadline = self.deadline();
        let rest = deadline.map(|deadline| deadline.saturating_sub(now));
        let last_start = self.last_start();
        if last_start.is_some_and(|last| last < now) {
            self.give_back(pace);
            return self.run_out(None);
        }
        let wait = |wait: Duration| {
            let most = last_start.map(|last| last.saturating_sub(now));
            Step::Wait(most.map_or(wait, |most| wait.min(most.max(SHORTEST_WAIT))))
        };
        if now < from {
            return wait(from.saturating_sub(now));
        }
        let grant = match pace.admit(ticket, now) {
            Admission::Granted(grant) => grant,
            Admission::Wait { earliest, .. } if last_start.is_some_and(|last| last < earliest) => {
                self.give_back(pace);
                return self.run_out(Some(earliest.saturating_sub(now)));
            }
            Admission::Wait { wait: duration, .. } => return wait(duration),
        };
        let again = || self.api.request(&self.operation);
        let request = match self.first.take().unwrap_or_else(again) {
            Ok(request) => request,
            Err(error) => {
                pace.lose(grant);
                if let Some(retry) = self.retry.take() {
                    pace.refund(retry);
                }
                return self.give_up(error);
            }
        };
        self.attempts = self.attempts.saturating_add(1);
        let timeout = self.settings.attempt_timeout;
        let within = [timeout, rest].into_iter().flatten().min();
        let limit = within.map(|within| Limit {
            at: now.saturating_add(within),
            is_deadline: Some(within) == rest,
        });
        self.state = State::Out { grant, limit };
        Step::Send {
            request,
            within,
            attempt: self.attempts,
        }
    }

    /// Takes a place in the queue, unless the call can come to nothing.
    fn begin(&mut self, pace: &mut Pace, now: Duration) -> Result<Ticket, Error> {
        if let Err(refused) = self.settings.check() {
            let kind = ErrorKind::Request(RequestError::Settings(refused));
            return Err(Error::new(O::NAME, kind));
        }
        if let Some(Err(refused)) = self.first.take_if(|first| first.is_err()) {
            return Err(refused);
        }
        let (_, ticket) = *self.begun.insert((now, pace.draw()));
        Ok(ticket)
    }

    /// When the call has to be over.
    fn deadline(&self) -> Option<Duration> {
        let (begun, _) = self.begun?;
        Some(begun.saturating_add(self.settings.deadline?))
    }

    /// When an attempt may begin at the latest: with hardly any time it would be carried out and given
    /// up before its answer.
    fn last_start(&self) -> Option<Duration> {
        Some(
            self.deadline()?
                .saturating_sub(self.settings.shortest_attempt()),
        )
    }

    fn time_out(
        &mut self,
        pace: &mut Pace,
        now: Duration,
        grant: Grant,
        limit: Limit,
    ) -> Step<O::Output> {
        let lost = TransportError::new(TransportErrorKind::Timeout, Sent::Maybe);
        let lost = Error::new(O::NAME, ErrorKind::Transport(lost));
        if limit.is_deadline {
            pace.lose(grant);
            self.note(&lost);
            return self.run_out(None);
        }
        self.weigh(pace, now, grant, lost)
    }

    /// Tells the pace of a success.
    fn succeed(&mut self, pace: &mut Pace, now: Duration, grant: Grant, told: RateLimit) {
        self.state = State::Over;
        pace.observe(grant, told, now);
        match self.retry.take() {
            Some(retry) => pace.refund(retry),
            None => pace.earn(),
        }
    }

    /// Tells the pace of a failure, and ends the call or tries again.
    fn weigh(
        &mut self,
        pace: &mut Pace,
        now: Duration,
        grant: Grant,
        error: Error,
    ) -> Step<O::Output> {
        let asked = error.retry_after();
        match error.answer() {
            // What a proxy answers tells nothing of Paystack's window, but may ask all to wait.
            Some(_) if error.is_by_a_proxy() => {
                if error.is_rate_limited() {
                    pace.refuse(grant, RateLimit::default(), asked, now);
                } else {
                    pace.lose(grant);
                }
            }
            Some(answer) if error.is_rate_limited() => {
                pace.refuse(grant, answer.rate_limit(), asked, now);
            }
            Some(answer) => pace.observe(grant, answer.rate_limit(), now),
            None => pace.lose(grant),
        }
        self.note(&error);
        let deadline = self.deadline();
        // A transport that gives requests up by itself does so at the deadline, too.
        if deadline.is_some_and(|end| end <= now) && error.is_timeout() {
            return self.run_out(None);
        }
        let Some(retry) = self.may_retry(&error) else {
            return self.give_up(error);
        };
        // The server's word is never undercut, and those who were told the same do not come back at once.
        let jitter = pace.jitter(self.settings.backoff(self.attempts));
        let wait = asked.unwrap_or_default().saturating_add(jitter);
        let from = now.saturating_add(wait);
        let too_late = self.last_start().is_some_and(|last| last < from);
        if too_late || !pace.charge(retry) {
            return self.give_up(error);
        }
        self.retry = Some(retry);
        self.failure = Some(error);
        self.state = State::Idle { from };
        Step::Wait(wait)
    }

    /// Whether an attempt that ended like this may be followed by another, and what that costs.
    fn may_retry(&self, error: &Error) -> Option<Retry> {
        let resend = self.settings.resend.unwrap_or(O::RESEND);
        if self.attempts >= self.settings.attempts || resend == Resend::Never {
            return None;
        }
        let always = resend == Resend::Always;
        match error.kind() {
            ErrorKind::Transport(lost) => match lost.kind() {
                _ if lost.sent() == Sent::No => Some(Retry::Other),
                TransportErrorKind::Timeout if always => Some(Retry::Timeout),
                TransportErrorKind::Io | TransportErrorKind::Connect if always => {
                    Some(Retry::Other)
                }
                _ => None,
            },
            ErrorKind::Api(refused) => match refused.status().as_u16() {
                // Paystack itself has not touched it. A proxy's 429 says nothing of the kind.
                429 if refused.is_paystacks_own() => Some(Retry::RateLimit),
                429 | 500 | 502 | 503 | 504 if always => Some(Retry::Other),
                _ => None,
            },
            _ => None,
        }
    }

    /// Adds what an attempt has shown to what is known about the call.
    fn note(&mut self, error: &Error) {
        self.sent = self.sent.max(error.was_sent());
        self.outcome_unknown |= error.is_outcome_unknown();
    }

    fn over(&mut self) -> Step<O::Output> {
        let over = ErrorKind::Request(RequestError::Over);
        self.give_up(Error::new(O::NAME, over))
    }

    /// Ends the call for want of time; the rate limit may have asked for more of it than there is.
    fn run_out(&mut self, asked: Option<Duration>) -> Step<O::Output> {
        let error = Error::deadline(O::NAME, self.failure.take(), asked);
        self.give_up(error)
    }

    fn give_up(&mut self, error: Error) -> Step<O::Output> {
        self.state = State::Over;
        Step::Done(Err(error.after(
            self.attempts,
            self.sent,
            self.outcome_unknown,
        )))
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Idle { .. } => "idle",
            State::Out { .. } => "out",
            State::Landed { .. } => "landed",
            State::Over => "over",
        };
        f.debug_struct("Call")
            .field("operation", &O::NAME)
            .field("attempts", &self.attempts)
            .field("state", &state)
            .finish_non_exhaustive()
    }
}
