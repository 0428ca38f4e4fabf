//! A transport for smol, with hyper's HTTP/1.1.

use std::time::{Duration, Instant};

use paystack_transport::{Timer, Transport, TransportError, async_trait, bytes::Bytes};
use smol_hyper::rt::FuturesIo;

use super::exchange::{exchange, refused};
use super::origin::address;

pub struct SmolTransport {
    started: Instant,
}

impl SmolTransport {
    pub fn new() -> Self {
        let started = Instant::now();
        Self { started }
    }
}

#[async_trait]
impl Timer for SmolTransport {
    async fn sleep(&self, duration: Duration) {
        smol::Timer::after(duration).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[async_trait]
impl Transport for SmolTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let stream = smol::net::TcpStream::connect(address(&request)).await;
        exchange(FuturesIo::new(stream.map_err(refused)?), request).await
    }
}
