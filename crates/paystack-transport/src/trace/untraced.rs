//! A span that records nothing, for builds without the feature `tracing`.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use paystack_core::{Error, Outcome, Reply, TransportError, WaitReason};

pub(crate) struct CallSpan;

impl CallSpan {
    pub(crate) fn begin(_: &'static str) -> Self {
        Self
    }

    pub(crate) fn progress(&mut self, _: Outcome, _: Duration) {}

    pub(crate) fn wait(&mut self, _: WaitReason, _: Duration) {}

    pub(crate) fn attempt<T>(
        &mut self,
        _: &'static str,
        request: http::Request<Bytes>,
        send: impl FnOnce(http::Request<Bytes>) -> T,
    ) -> T {
        send(request)
    }

    pub(crate) fn instrument<F: Future>(&self, part: F) -> F {
        part
    }

    pub(crate) fn response(&mut self, _: &http::Response<Bytes>) {}

    pub(crate) fn error(&mut self, _: &TransportError) {}

    pub(crate) fn time_out(&mut self) {}

    pub(crate) fn end<T>(&mut self, _: Result<&Reply<T>, &Error>) {}
}
