//! A transport that holds something of one thread over an await.

use std::rc::Rc;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::http::{Request, Response};
use paystack_transport::{Timer, Transport, TransportError, async_trait};

struct Canned;

#[async_trait]
impl Timer for Canned {
    async fn sleep(&self, _: Duration) {}

    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[async_trait]
impl Transport for Canned {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let body = Rc::new(Bytes::new());
        self.sleep(Duration::from_millis(1)).await;
        Ok(Response::new(Bytes::clone(&body)))
    }
}

fn main() {}
