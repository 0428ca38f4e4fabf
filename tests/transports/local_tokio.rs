//! A transport for tokio on one thread, with state that no other thread may touch.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use paystack_client::{LocalTimer, LocalTransport, TransportError, async_trait, bytes::Bytes};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::exchange::{exchange, refused};
use crate::origin::address;

/// Counts its requests in a cell, so it is not `Send`.
pub(crate) struct LocalTokio {
    started: Instant,
    requests: Rc<RefCell<u64>>,
}

impl LocalTokio {
    pub(crate) fn new() -> Self {
        let (started, requests) = (Instant::now(), Rc::default());
        Self { started, requests }
    }
}

#[async_trait(?Send)]
impl LocalTimer for LocalTokio {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

#[async_trait(?Send)]
impl LocalTransport for LocalTokio {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        *self.requests.borrow_mut() += 1;
        let stream = TcpStream::connect(address(&request)).await;
        exchange(TokioIo::new(stream.map_err(refused)?), request).await
    }
}
