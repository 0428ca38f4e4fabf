//! Calls against the sandbox in virtual time: what takes hours takes milliseconds, and the same seed
//! does the same.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::RangeInclusive;
use std::time::Duration;

use paystack_core::bytes::Bytes;
use paystack_core::{
    Api, Call, Error, Operation, Pace, Reply, Sent, Settings, Step, TransportError,
    TransportErrorKind, http,
};
use paystack_sandbox::Sandbox;
use time::OffsetDateTime;
use time::macros::datetime;

pub const START: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// What becomes of a request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and the answer comes back.
    Delivered,
    /// No connection is made.
    Refused,
    /// The connection breaks before the request arrives.
    LostBefore,
    /// The request is carried out, and the answer is lost.
    LostAfter,
    /// The request is carried out or not, and nothing ever comes back.
    Hangs { carried_out: bool },
    /// A server error, before or after the request was carried out.
    Status { status: u16, carried_out: bool },
}

impl Fate {
    /// Any fate, good or bad.
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
}

impl Fate {
    /// Whether the sandbox handles the request.
    pub fn is_carried_out(self) -> bool {
        match self {
            Self::Delivered | Self::LostAfter => true,
            Self::Hangs { carried_out } | Self::Status { carried_out, .. } => carried_out,
            Self::Refused | Self::LostBefore => false,
        }
    }
}

/// What is known of a call in the end.
pub struct Outcome<T> {
    pub result: Result<Reply<T>, Error>,
    pub ended: Duration,
}

enum Event {
    Step(usize),
    Arrives(usize, u32, http::Request<Bytes>, Fate),
    Answers(usize, u32, Result<http::Response<Bytes>, TransportError>),
    Drops(usize),
}

struct Timed(Duration, u64, Event);

impl PartialEq for Timed {
    fn eq(&self, other: &Self) -> bool {
        (self.0, self.1) == (other.0, other.1)
    }
}

impl Eq for Timed {}

impl PartialOrd for Timed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

struct Running<O: Operation> {
    call: Call<O>,
    pace: usize,
    outcome: Option<Outcome<O::Output>>,
    dropped: bool,
}

/// Calls, the paces that they go by, and a sandbox.
pub struct Simulation<O: Operation> {
    pub now: Duration,
    pub sandbox: Sandbox,
    pub paces: Vec<Pace>,
    pub random: fastrand::Rng,
    /// How many milliseconds a request, or an answer, is on its way.
    pub latency: RangeInclusive<u64>,
    calls: Vec<Running<O>>,
    events: BinaryHeap<Reverse<Timed>>,
    sequence: u64,
    /// When requests were let go, and for which call.
    pub grants: Vec<(Duration, usize)>,
    /// When the sandbox answered, and with what status.
    pub answers: Vec<(Duration, u16)>,
    /// The calls whose requests reached the sandbox within its limits, each time one did.
    pub arrived: Vec<usize>,
    /// The calls whose writes the sandbox carried out, each time it did.
    pub written: Vec<usize>,
}

impl<O: Operation> Simulation<O> {
    pub fn new(seed: u64, sandbox: Sandbox, paces: Vec<Pace>) -> Self {
        Self {
            now: Duration::ZERO,
            sandbox,
            paces,
            random: fastrand::Rng::with_seed(seed),
            latency: 20..=80,
            calls: Vec::new(),
            events: BinaryHeap::new(),
            sequence: 0,
            grants: Vec::new(),
            answers: Vec::new(),
            arrived: Vec::new(),
            written: Vec::new(),
        }
    }

    /// Begins a call at a time.
    pub fn call(&mut self, at: Duration, pace: usize, api: &Api, operation: O, settings: Settings) {
        let call = self.calls.len();
        self.calls.push(Running {
            call: Call::new(api, operation, settings),
            pace,
            outcome: None,
            dropped: false,
        });
        self.schedule(at, Event::Step(call));
    }

    /// Drops a call at a time, wherever it is then.
    pub fn drop_call(&mut self, at: Duration, call: usize) {
        self.schedule(at, Event::Drops(call));
    }

    /// Runs until nothing is left to happen. `fate` decides on each request.
    pub fn run(&mut self, mut fate: impl FnMut(&mut fastrand::Rng, Duration) -> Fate) {
        while let Some(Reverse(Timed(at, _, event))) = self.events.pop() {
            self.now = at;
            match event {
                Event::Step(call) => self.step(call, &mut fate),
                Event::Arrives(call, attempt, request, fate) => {
                    self.arrives(call, attempt, request, fate);
                }
                // A request that was given up has nobody to answer; its call knows.
                Event::Answers(call, attempt, answer) => {
                    let running = &mut self.calls[call];
                    match answer {
                        Ok(response) => running.call.received(attempt, response),
                        Err(error) => running.call.failed(attempt, error),
                    }
                    self.step(call, &mut fate);
                }
                Event::Drops(call) => {
                    let running = &mut self.calls[call];
                    if running.outcome.is_none() {
                        running.dropped = true;
                        running.call.give_back(&mut self.paces[running.pace]);
                    }
                }
            }
        }
    }

    /// What became of the calls that were not dropped, in the order in which they were made.
    pub fn outcomes(self) -> Vec<Outcome<O::Output>> {
        let calls = self.calls.into_iter().filter(|running| !running.dropped);
        calls
            .map(|running| running.outcome.expect("every call ends"))
            .collect()
    }

    fn latency(&mut self) -> Duration {
        Duration::from_millis(self.random.u64(self.latency.clone()))
    }

    fn schedule(&mut self, at: Duration, event: Event) {
        self.sequence += 1;
        self.events.push(Reverse(Timed(at, self.sequence, event)));
    }

    fn step(&mut self, call: usize, fate: &mut impl FnMut(&mut fastrand::Rng, Duration) -> Fate) {
        let now = self.now;
        let running = &mut self.calls[call];
        if running.dropped || running.outcome.is_some() {
            return;
        }
        match running.call.step(&mut self.paces[running.pace], now) {
            Step::Done(result) => {
                running.outcome = Some(Outcome { result, ended: now });
            }
            Step::Wait(duration) => self.schedule(now + duration, Event::Step(call)),
            Step::Send {
                request,
                within,
                attempt,
                ..
            } => {
                self.grants.push((now, call));
                if let Some(within) = within {
                    self.schedule(now + within, Event::Step(call));
                }
                let fate = fate(&mut self.random, now);
                let arrival = now + self.latency();
                self.schedule(arrival, Event::Arrives(call, attempt, request, fate));
            }
        }
    }

    fn arrives(&mut self, call: usize, attempt: u32, request: http::Request<Bytes>, fate: Fate) {
        let lost = |kind, sent| Err(TransportError::new(kind, sent));
        let answer = fate.is_carried_out().then(|| {
            let writes = self.sandbox.writes();
            let response = self.sandbox.handle(START + self.now, request);
            self.answers.push((self.now, response.status().as_u16()));
            if response.status() != 429 {
                self.arrived.push(call);
            }
            if self.sandbox.writes() > writes {
                self.written.push(call);
            }
            response
        });
        let answer = match fate {
            Fate::Delivered => Ok(answer.expect("it was carried out")),
            Fate::Refused => lost(TransportErrorKind::Connect, Sent::No),
            Fate::LostBefore | Fate::LostAfter => lost(TransportErrorKind::Io, Sent::Maybe),
            Fate::Hangs { .. } => return,
            Fate::Status { status, .. } => Ok(http::Response::builder()
                .status(status)
                .body(Bytes::new())
                .unwrap()),
        };
        let back = self.now + self.latency();
        self.schedule(back, Event::Answers(call, attempt, answer));
    }
}
