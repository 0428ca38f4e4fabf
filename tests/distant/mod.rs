//! A sandbox that is some time away, in tokio's paused time, behind whatever can happen on the way.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use paystack_client::bytes::Bytes;
use paystack_client::{
    Domain, Sent, Timer, Transport, TransportError, TransportErrorKind, async_trait, http,
};
use paystack_sandbox::Sandbox;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::time::Instant;

pub const START: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);
const ROUND_TRIP: Duration = Duration::from_millis(100);

/// A sandbox that is half a round trip away.
#[derive(Clone)]
pub struct Distant(Arc<Inner>);

struct Inner {
    started: Instant,
    state: Mutex<State>,
}

pub struct State {
    sandbox: Sandbox,
    fate: Box<dyn FnMut(usize) -> Fate + Send>,
    /// The queries of the requests, in their order.
    pub asked: Vec<String>,
    pub refused: usize,
    pub out: usize,
    pub most_out: usize,
}

/// What becomes of a request.
#[derive(Clone, Copy)]
pub enum Fate {
    Delivered,
    Status(u16),
    RateLimited,
    Lost,
    Hangs,
}

impl Distant {
    pub fn new(sandbox: Sandbox) -> Self {
        let state = State {
            sandbox,
            fate: Box::new(|_| Fate::Delivered),
            asked: Vec::new(),
            refused: 0,
            out: 0,
            most_out: 0,
        };
        Self(Arc::new(Inner {
            started: Instant::now(),
            state: Mutex::new(state),
        }))
    }

    pub fn seeded(customers: u32) -> Self {
        let mut sandbox = Sandbox::new(1).without_rate_limits();
        sandbox.seed_customers(&Domain::Test, customers, START);
        Self::new(sandbox)
    }

    /// Decides on each request by its number, from 0.
    pub fn fated(self, fate: impl FnMut(usize) -> Fate + Send + 'static) -> Self {
        self.state().fate = Box::new(fate);
        self
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }
}

#[async_trait]
impl Timer for Distant {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.started.elapsed()
    }
}

/// Counts a request as out until it is dropped.
struct Out<'a>(&'a Distant);

impl Drop for Out<'_> {
    fn drop(&mut self) {
        self.0.state().out -= 1;
    }
}

#[async_trait]
impl Transport for Distant {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let fate = {
            let mut state = self.state();
            state.out += 1;
            state.most_out = state.most_out.max(state.out);
            let number = state.asked.len();
            state
                .asked
                .push(request.uri().query().unwrap_or_default().to_owned());
            (state.fate)(number)
        };
        let _out = Out(self);
        self.sleep(ROUND_TRIP / 2).await;
        let status = |status: u16, body: &'static str| {
            let response = http::Response::builder().status(status);
            Ok(response.body(Bytes::from_static(body.as_bytes())).unwrap())
        };
        let response = match fate {
            Fate::Delivered => {
                let mut state = self.state();
                let response = state.sandbox.handle(START + self.now(), request);
                state.refused += usize::from(response.status() == 429);
                Ok(response)
            }
            Fate::Status(code) => status(code, "<html>Bad gateway</html>"),
            Fate::RateLimited => {
                status(429, r#"{"status":false,"message":"Rate limit exceeded!"}"#)
            }
            Fate::Lost => Err(TransportError::new(TransportErrorKind::Io, Sent::Maybe)),
            Fate::Hangs => std::future::pending().await,
        };
        self.sleep(ROUND_TRIP / 2).await;
        response
    }
}
