//! A transport that stays on its thread.

use std::rc::Rc;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::local::{LocalTimer, LocalTransport};
use paystack_transport::testing::Scripted;
use paystack_transport::{Timer, Transport, TransportError, async_trait, http};

pub(crate) struct Pinned(Rc<Scripted>);

impl Pinned {
    pub(crate) fn new(scripted: Scripted) -> Self {
        Self(Rc::new(scripted))
    }
}

#[async_trait(?Send)]
impl LocalTimer for Pinned {
    async fn sleep(&self, duration: Duration) {
        Timer::sleep(&*self.0, duration).await;
    }

    fn now(&self) -> Duration {
        Scripted::now(&self.0)
    }
}

#[async_trait(?Send)]
impl LocalTransport for Pinned {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        Transport::send(&*self.0, request).await
    }
}
