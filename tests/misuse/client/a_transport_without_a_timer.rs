//! A transport whose runtime's clock is missing.

use paystack_transport::bytes::Bytes;
use paystack_transport::http::{Request, Response};
use paystack_transport::{Transport, TransportError, async_trait};

struct Canned;

#[async_trait]
impl Transport for Canned {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Ok(Response::new(Bytes::new()))
    }
}

fn main() {}
