//! A transport for tokio on one thread, with state that is not `Send`.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use paystack_transport::local::{LocalTimer, LocalTransport};
use paystack_transport::{TransportError, async_trait, bytes::Bytes};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::exchange::{exchange, refused};
use super::origin::address;

/// Counts its requests in an `Rc`, so it is not `Send`.
pub struct LocalTokio {
    started: Instant,
    requests: Rc<RefCell<u64>>,
}

impl LocalTokio {
    pub fn new() -> Self {
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
