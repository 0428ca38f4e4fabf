//! A transport for compio, whose sockets and timers stay on the thread that they were made on.

use std::time::{Duration, Instant};

use compio::io::compat::AsyncStream;
use compio::net::TcpStream;
use paystack_client::{LocalTimer, LocalTransport, TransportError, async_trait, bytes::Bytes};
use smol_hyper::rt::FuturesIo;

use crate::exchange::{exchange, refused};
use crate::origin::address;

pub(crate) struct CompioTransport {
    started: Instant,
}

impl CompioTransport {
    pub(crate) fn new() -> Self {
        let started = Instant::now();
        Self { started }
    }
}

#[async_trait(?Send)]
impl LocalTimer for CompioTransport {
    async fn sleep(&self, duration: Duration) {
        compio::time::sleep(duration).await;
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
