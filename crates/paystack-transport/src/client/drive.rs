//! The loop that drives a call or a wait over an async transport.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use paystack_core::{Error, Step, TransportError};

use super::date::add_date;
use super::inner::Inner;
use crate::state_machine::StateMachine;
use crate::trace::CallSpan;

/// Drives a call or a wait to its end. Both async clients use it; their futures differ in being `Send`.
pub(crate) async fn drive<M, T, S, W>(
    inner: &Inner<T>,
    machine: &mut M,
    send: impl Fn(http::Request<Bytes>) -> S,
    sleep: impl Fn(Duration) -> W,
    now: impl Fn() -> Duration,
    unix_time: impl Fn() -> Option<Duration>,
) -> Result<M::Output, Error>
where
    M: StateMachine,
    S: Future<Output = Result<http::Response<Bytes>, TransportError>> + Unpin,
    W: Future<Output = ()> + Unpin,
{
    let mut span = CallSpan::begin(M::OPERATION);
    loop {
        let (request, within, attempt) = match inner.rate_limiter.step(machine, &now) {
            Step::Done(result) => {
                span.end(result.as_ref().map(M::reply));
                return result;
            }
            Step::Wait(duration) => {
                span.progress(machine.outcome(), machine.queued_for());
                span.wait(machine.wait_reason(), duration);
                (None, Some(duration), 0)
            }
            Step::Send {
                request,
                within,
                attempt,
                ..
            } => (Some(span.attempt(M::PATH, request, &send)), within, attempt),
        };
        match span.instrument(race(request, within, &sleep)).await {
            Some(Ok(mut response)) => {
                span.response(&response);
                add_date(&mut response, &unix_time);
                machine.handle_response(attempt, response);
            }
            Some(Err(error)) => {
                span.error(&error);
                machine.handle_error(attempt, error);
            }
            None => span.time_out(), // the next step times the attempt out
        }
    }
}

/// Sends a request, if there is one, and drops it after a while. It sleeps only if the response is not ready
/// at once.
async fn race<T, S>(
    mut request: Option<impl Future<Output = T> + Unpin>,
    within: Option<Duration>,
    sleep: impl Fn(Duration) -> S,
) -> Option<T>
where
    S: Future<Output = ()> + Unpin,
{
    let mut sleeping = None;
    poll_fn(|context| {
        if let Some(request) = &mut request
            && let Poll::Ready(response) = Pin::new(request).poll(context)
        {
            return Poll::Ready(Some(response));
        }
        let Some(within) = within else {
            return Poll::Pending;
        };
        let sleeping = sleeping.get_or_insert_with(|| sleep(within));
        Pin::new(sleeping).poll(context).map(|()| None)
    })
    .await
}
