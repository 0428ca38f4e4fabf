//! The recording of a transport that stays on its thread.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use paystack_core::TransportError;

use super::Recording;
use crate::local::{LocalTimer, LocalTransport};

/// The [`Recording`] of a [`LocalTransport`], for a `LocalClient`: `LocalRecording(Recording::new(transport))`.
#[derive(Debug)]
pub struct LocalRecording<T>(pub Recording<T>);

#[async_trait(?Send)]
impl<T: LocalTimer> LocalTimer for LocalRecording<T> {
    async fn sleep(&self, duration: Duration) {
        self.0.transport.sleep(duration).await;
    }

    fn now(&self) -> Duration {
        self.0.transport.now()
    }

    fn unix_time(&self) -> Option<Duration> {
        self.0.transport.unix_time()
    }
}

#[async_trait(?Send)]
impl<T: LocalTransport> LocalTransport for LocalRecording<T> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let index = self.0.begin(&request);
        let result = self.0.transport.send(request).await;
        self.0.end(index, result, || self.0.transport.unix_time())
    }
}
