//! The ureq transport over connections in memory, with a virtual clock.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::{BlockingTransport, TransportError, http};
use paystack_ureq::UreqTransport;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Error, Timeout};

/// The result of one request.
#[derive(Clone)]
pub enum Fate {
    /// The name look-up fails.
    Nameless,
    /// The connector returns this error. So does an open connection.
    NotConnected(io::ErrorKind),
    /// Connecting times out.
    NeverConnected,
    /// The connection accepts one byte and fails.
    FirstByte(io::ErrorKind),
    /// The request arrives. The server writes these bytes, and then acts.
    Answer(Vec<u8>, Then),
}

/// The end of a response.
#[derive(Clone, Copy)]
pub enum Then {
    Close,
    Fail(io::ErrorKind),
    Stall,
    /// Repeats these bytes at this interval.
    Repeat(&'static [u8], Duration),
}

/// A server that decides the fate of each request.
pub trait Server: Send + 'static {
    /// Returns the fate of the next request.
    fn fate(&mut self) -> Fate;

    /// Receives a complete request. May return a response that replaces the one of its fate.
    fn arrived(&mut self, now: Duration, request: http::Request<Bytes>) -> Option<Vec<u8>>;
}

/// A `UreqTransport` that connects to a server in memory.
pub struct OverUreq<S> {
    ureq: UreqTransport,
    state: Arc<Mutex<State<S>>>,
}

pub struct State<S> {
    pub server: S,
    pub now: Duration,
    ends: Duration,
    fate: Fate,
    request: Option<http::Request<Bytes>>,
}

impl<S: Server> OverUreq<S> {
    pub fn new(server: S, body_limit: usize) -> Self {
        let state = Arc::new(Mutex::new(State {
            server,
            now: Duration::ZERO,
            ends: Duration::ZERO,
            fate: Fate::Nameless,
            request: None,
        }));
        let ureq = UreqTransport::builder()
            .connector(InMemory(Arc::clone(&state)))
            .body_limit(body_limit);
        Self {
            ureq: ureq.build().unwrap(),
            state,
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap()
    }
}

impl<S: Server> BlockingTransport for OverUreq<S> {
    fn send(
        &self,
        request: http::Request<Bytes>,
        within: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        {
            let mut state = self.state();
            state.fate = state.server.fate();
            state.ends = state.now + within.unwrap_or(Duration::from_secs(3600));
            state.request = Some(request.clone());
        }
        self.ureq.send(request, within)
    }

    fn sleep(&self, duration: Duration) {
        self.state().now += duration;
    }

    fn now(&self) -> Duration {
        self.state().now
    }
}

struct InMemory<S>(Arc<Mutex<State<S>>>);

impl<S: Server> Connector for InMemory<S> {
    type Out = Stream<S>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Stream<S>>, Error> {
        let mut state = self.0.lock().unwrap();
        match state.fate {
            Fate::Nameless => Err(Error::HostNotFound),
            Fate::NotConnected(kind) => Err(Error::Io(kind.into())),
            Fate::NeverConnected => {
                state.now += Duration::from_secs(3);
                Err(Error::Timeout(Timeout::Connect))
            }
            _ => Ok(Some(Stream {
                state: Arc::clone(&self.0),
                buffers: LazyBuffers::new(16 * 1024, 16 * 1024),
                received: Vec::new(),
                answer: VecDeque::new(),
                then: Then::Stall,
            })),
        }
    }
}

struct Stream<S> {
    state: Arc<Mutex<State<S>>>,
    buffers: LazyBuffers,
    /// The bytes of the current request.
    received: Vec<u8>,
    answer: VecDeque<u8>,
    then: Then,
}

impl<S> Stream<S> {
    fn is_whole(&self) -> bool {
        let text = String::from_utf8_lossy(&self.received).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return false;
        };
        let length = head.split_once("content-length: ");
        let length = length.map_or("0", |(_, rest)| rest.split("\r\n").next().unwrap());
        body.len() >= length.parse().unwrap()
    }
}

impl<S: Server> Transport for Stream<S> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let output = self.buffers.output().get(..amount).unwrap();
        self.received.extend_from_slice(output);
        let state = Arc::clone(&self.state);
        let mut state = state.lock().unwrap();
        let fate = match state.fate.clone() {
            Fate::NotConnected(kind) | Fate::FirstByte(kind) => return Err(Error::Io(kind.into())),
            Fate::Answer(answer, then) => (answer, then),
            _ => (Vec::new(), Then::Close),
        };
        if self.is_whole() {
            self.received.clear();
            let request = state.request.take().unwrap();
            let now = state.now;
            let answer = state.server.arrived(now, request);
            self.answer = answer.unwrap_or(fate.0).into();
            self.then = fate.1;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        if self.answer.is_empty() {
            let mut state = self.state.lock().unwrap();
            match self.then {
                Then::Close => return Ok(false),
                Then::Fail(kind) => return Err(Error::Io(kind.into())),
                Then::Repeat(bytes, every) if state.now + every < state.ends => {
                    state.now += every;
                    self.answer.extend(bytes);
                }
                Then::Stall | Then::Repeat(..) => {
                    state.now = state.ends;
                    return Err(Error::Timeout(timeout.reason));
                }
            }
        }
        let buffer = self.buffers.input_append_buf();
        let length = buffer.len().min(self.answer.len());
        for (slot, byte) in buffer.iter_mut().zip(self.answer.drain(..length)) {
            *slot = byte;
        }
        self.buffers.input_appended(length);
        Ok(length > 0)
    }

    fn is_open(&mut self) -> bool {
        matches!(self.then, Then::Stall)
    }
}

impl<S> fmt::Debug for InMemory<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InMemory")
    }
}

impl<S> fmt::Debug for Stream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

/// Encodes a response as HTTP/1.1.
pub fn encode(response: &http::Response<Bytes>) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} -\r\n", response.status().as_u16()).into_bytes();
    for (name, value) in response.headers() {
        text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let length = response.body().len();
    text.extend(format!("content-length: {length}\r\n\r\n").into_bytes());
    text.extend(response.body());
    text
}
