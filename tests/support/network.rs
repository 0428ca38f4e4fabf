//! A sandbox behind a simulated network, in tokio's paused time.
//!
//! Hours pass in milliseconds, and the same seed gives the same result.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_transport::bytes::Bytes;
use paystack_transport::{
    Api, Client, Error, Mode, Operation, RateLimiter, Reply, Sent, Settings, Timer, Transport,
    TransportError, TransportErrorKind, async_trait, http,
};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

/// The sandbox's time when the test starts.
pub const START: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// Builds a runtime whose clock is paused.
pub fn paused() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap()
}

/// The result of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The request arrives and the client receives the response.
    Delivered,
    /// The network refuses the connection.
    Refused,
    /// The connection breaks before the request arrives.
    LostBefore,
    /// The sandbox carries out the request, but the response is lost.
    LostAfter,
    /// The client never receives a response.
    Hangs { carried_out: bool },
    /// A proxy responds with a server error.
    Status { status: u16, carried_out: bool },
    /// The API responds with 429.
    RateLimited,
}

impl Fate {
    /// A proxy responds with this status instead of forwarding the request.
    pub const fn status(status: u16) -> Self {
        Self::Status {
            status,
            carried_out: false,
        }
    }

    /// Draws any fate except `RateLimited`.
    pub fn any(random: &mut fastrand::Rng) -> Self {
        let carried_out = random.bool();
        match random.u8(..8) {
            0 => Self::Refused,
            1 => Self::LostBefore,
            2 => Self::LostAfter,
            3 => Self::Hangs { carried_out },
            4 | 5 => Self::Status {
                status: random.choice([500, 502, 503, 504]).unwrap(),
                carried_out,
            },
            _ => Self::Delivered,
        }
    }

    /// Whether the sandbox handles the request.
    pub fn is_carried_out(self) -> bool {
        match self {
            Self::Delivered | Self::LostAfter => true,
            Self::Hangs { carried_out } | Self::Status { carried_out, .. } => carried_out,
            Self::Refused | Self::LostBefore | Self::RateLimited => false,
        }
    }
}

/// A request whose fate is to be decided.
pub struct Pending<'a> {
    /// The number of earlier requests.
    pub number: usize,
    pub at: Duration,
    pub random: &'a mut fastrand::Rng,
}

/// A request that the client has sent.
#[derive(Clone, Debug)]
pub struct SentRequest {
    pub at: Duration,
    /// The index of its call in the [`Simulation`].
    pub call: usize,
    pub query: String,
}

/// A transport to a sandbox that is some time away.
#[derive(Clone)]
pub struct Network(Arc<Inner>);

struct Inner {
    started: Instant,
    state: Mutex<State>,
}

type Decide = Box<dyn FnMut(Pending<'_>) -> Fate + Send>;

pub struct State {
    sandbox: Sandbox,
    fate: Decide,
    pub random: fastrand::Rng,
    /// Milliseconds that a request or a response takes.
    pub latency: RangeInclusive<u64>,
    pub requests: Vec<SentRequest>,
    /// The time and status of each response of the sandbox.
    pub responses: Vec<(Duration, u16)>,
    /// The call of each request that reached the sandbox within its limits.
    pub arrived: Vec<usize>,
    /// The call of each write that the sandbox carried out.
    pub written: Vec<usize>,
    /// Requests under way, and the most at once.
    pub open: usize,
    pub most_open: usize,
}

tokio::task_local! {
    /// The index of the call that the task runs.
    static CALL: usize;
}

impl Network {
    /// Connects to a sandbox that is 50 ms away.
    pub fn new(sandbox: Sandbox) -> Self {
        let state = State {
            sandbox,
            fate: Box::new(|_| Fate::Delivered),
            random: fastrand::Rng::with_seed(0),
            latency: 50..=50,
            requests: Vec::new(),
            responses: Vec::new(),
            arrived: Vec::new(),
            written: Vec::new(),
            open: 0,
            most_open: 0,
        };
        Self(Arc::new(Inner {
            started: Instant::now(),
            state: Mutex::new(state),
        }))
    }

    /// Connects to a sandbox without rate limits and with this many customers.
    pub fn seeded(customers: u32) -> Self {
        let mut sandbox = Sandbox::new(1).without_rate_limits();
        sandbox.seed_customers(&Mode::Test, customers, START);
        Self::new(sandbox)
    }

    /// Decides the fate of each request.
    pub fn with_fate(self, fate: impl FnMut(Pending<'_>) -> Fate + Send + 'static) -> Self {
        self.state().fate = Box::new(fate);
        self
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    async fn travel(&self) {
        let latency = {
            let mut state = self.state();
            let latency = state.latency.clone();
            state.random.u64(latency)
        };
        self.sleep(Duration::from_millis(latency)).await;
    }
}

impl State {
    /// How often the sandbox responded with 429.
    pub fn rate_limited(&self) -> usize {
        let limited = self.responses.iter().filter(|(_, status)| *status == 429);
        limited.count()
    }

    fn begin(&mut self, at: Duration, request: &http::Request<Bytes>) -> (usize, Fate) {
        let call = CALL.try_with(|call| *call).unwrap_or(0);
        let pending = Pending {
            number: self.requests.len(),
            at,
            random: &mut self.random,
        };
        let fate = (self.fate)(pending);
        let query = request.uri().query().unwrap_or_default().to_owned();
        self.requests.push(SentRequest { at, call, query });
        self.open += 1;
        self.most_open = self.most_open.max(self.open);
        (call, fate)
    }

    fn handle(
        &mut self,
        at: Duration,
        call: usize,
        request: http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        let writes = self.sandbox.writes();
        let response = self.sandbox.handle(START + at, request);
        self.responses.push((at, response.status().as_u16()));
        if response.status() != 429 {
            self.arrived.push(call);
        }
        if self.sandbox.writes() > writes {
            self.written.push(call);
        }
        response
    }
}

#[async_trait]
impl Timer for Network {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.started.elapsed()
    }
}

/// Counts a request as open until it is dropped.
struct Open<'a>(&'a Network);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.state().open -= 1;
    }
}

#[async_trait]
impl Transport for Network {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let (call, fate) = self.state().begin(self.now(), &request);
        let _open = Open(self);
        self.travel().await;
        let carried_out = fate.is_carried_out();
        let handled = carried_out.then(|| self.state().handle(self.now(), call, request));
        let respond = |status: u16, body: &'static str| {
            let response = http::Response::builder().status(status);
            Ok(response.body(Bytes::from_static(body.as_bytes())).unwrap())
        };
        let lost = |kind, sent| Err(TransportError::new(kind, sent));
        let response = match fate {
            Fate::Delivered => Ok(handled.expect("the sandbox handled the request")),
            Fate::Refused => lost(TransportErrorKind::Connect, Sent::No),
            Fate::LostBefore | Fate::LostAfter => lost(TransportErrorKind::Io, Sent::Maybe),
            Fate::Hangs { .. } => std::future::pending().await,
            Fate::Status { status, .. } => respond(status, "<html>Bad gateway</html>"),
            Fate::RateLimited => {
                respond(429, r#"{"status":false,"message":"Rate limit exceeded!"}"#)
            }
        };
        self.travel().await;
        response
    }
}

/// The result of a call that was not dropped.
pub struct Outcome<T> {
    pub result: Result<Reply<T>, Error>,
    pub ended: Duration,
}

/// Many calls over one network.
pub struct Simulation<O> {
    pub network: Network,
    /// One client for each rate limiter.
    clients: Vec<Client<Network>>,
    calls: Vec<Planned<O>>,
}

struct Planned<O> {
    at: Duration,
    dropped_at: Option<Duration>,
    client: Client<Network>,
    operation: O,
}

impl<O> Simulation<O>
where
    O: Operation + Send + Sync + 'static,
    O::Output: Send,
{
    /// Creates a client for each rate limiter. A request takes 20 to 80 ms each way.
    pub fn new(seed: u64, api: &Api, sandbox: Sandbox, limiters: Vec<RateLimiter>) -> Self {
        let network = Network::new(sandbox);
        network.state().random = fastrand::Rng::with_seed(seed);
        network.state().latency = 20..=80;
        let client = |limiter| Client::new(api.clone(), network.clone()).with_rate_limiter(limiter);
        Self {
            clients: limiters.into_iter().map(client).collect(),
            network,
            calls: Vec::new(),
        }
    }

    /// Plans a call that starts at this time.
    pub fn call(&mut self, at: Duration, limiter: usize, operation: O, settings: Settings) {
        self.calls.push(Planned {
            at,
            dropped_at: None,
            client: self.clients[limiter].with_settings(settings),
            operation,
        });
    }

    /// Drops a call at this time, unless it has ended by then.
    pub fn drop_call(&mut self, at: Duration, call: usize) {
        self.calls[call].dropped_at = Some(at);
    }

    /// Runs all calls. Returns the outcomes of those that were not dropped, in order.
    pub async fn run(
        &mut self,
        fate: impl FnMut(Pending<'_>) -> Fate + Send + 'static,
    ) -> Vec<Outcome<O::Output>> {
        self.network.state().fate = Box::new(fate);
        let started = self.network.0.started;
        let calls = std::mem::take(&mut self.calls).into_iter().enumerate();
        let tasks = calls.map(|(call, planned)| {
            let network = self.network.clone();
            tokio::spawn(CALL.scope(call, async move {
                tokio::time::sleep_until(started + planned.at).await;
                let call = planned.client.send(planned.operation);
                let result = match planned.dropped_at {
                    Some(at) => tokio::time::timeout_at(started + at, call).await.ok()?,
                    None => call.await,
                };
                let ended = network.now();
                Some(Outcome { result, ended })
            }))
        });
        let tasks: Vec<_> = tasks.collect();
        let mut outcomes = Vec::new();
        for task in tasks {
            outcomes.extend(task.await.unwrap());
        }
        outcomes
    }
}
