//! A transport for compio. Its sockets and timers stay on their thread.

use std::time::{Duration, Instant};

use compio::io::compat::AsyncStream;
use compio::net::TcpStream;
use paystack_transport::local::{LocalTimer, LocalTransport};
use paystack_transport::{TransportError, async_trait, bytes::Bytes};
use smol_hyper::rt::FuturesIo;

use super::exchange::{exchange, refused};
use super::origin::address;

/// compio panics if the end of a sleep overflows. Thirty years exceed any real wait.
const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

pub struct CompioTransport {
    started: Instant,
}

impl CompioTransport {
    pub fn new() -> Self {
        let started = Instant::now();
        Self { started }
    }
}

#[async_trait(?Send)]
impl LocalTimer for CompioTransport {
    async fn sleep(&self, duration: Duration) {
        compio::time::sleep(duration.min(LONGEST)).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[async_trait(?Send)]
impl LocalTransport for CompioTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let stream = TcpStream::connect(address(&request)).await;
        let stream = Box::pin(AsyncStream::new(stream.map_err(refused)?));
        exchange(FuturesIo::new(stream), request).await
    }
}
