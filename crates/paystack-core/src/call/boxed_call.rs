//! A call of any operation as one type.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::{Call, RateLimiter, Step, WaitReason};
use crate::error::{Error, Outcome, TransportError};
use crate::operation::Operation;
use crate::response::Reply;

/// A [`Call`] of any operation as one type, for a loop that drives different operations: [`Call::boxed`].
///
/// The function that it was boxed with receives the result, so [`Step::Done`] contains none.
pub struct BoxedCall(Box<dyn AnyCall + Send>);

impl<O: Operation> Call<O> {
    /// The call as a [`BoxedCall`]. The function receives its result before a step returns [`Step::Done`].
    ///
    /// ```
    /// use paystack_core::customers::{CreateCustomer, ListCustomers};
    /// use paystack_core::{Api, Call, Email, Error, SecretKey, Settings};
    ///
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let create = CreateCustomer::new(Email::new("ada@example.com")?);
    /// let calls = vec![
    ///     Call::new(&api, create, Settings::new()).boxed(|reply| println!("{:?}", reply.map(|reply| reply.data.id))),
    ///     Call::new(&api, ListCustomers::new(), Settings::new()).boxed(drop),
    /// ];
    /// # drop(calls);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn boxed(
        self,
        on_done: impl FnOnce(Result<Reply<O::Output>, Error>) + Send + 'static,
    ) -> BoxedCall
    where
        Self: Send + 'static,
    {
        BoxedCall(Box::new(WithReceiver {
            call: self,
            on_done: Some(on_done),
        }))
    }
}

impl BoxedCall {
    /// Returns the next action: [`Call::step`]. At the end, it passes the result to the function, and returns
    /// `Done(Ok(()))` even if the call failed.
    ///
    /// The function runs in this step, and so under the lock if you hold one for the limiter: let it store the
    /// result, or send it to a channel.
    pub fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<()> {
        self.0.step(limiter, now)
    }

    /// Hands in the response to an attempt: [`Call::handle_response`].
    pub fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>) {
        self.0.handle_response(attempt, response);
    }

    /// Hands in the error of an attempt: [`Call::handle_error`].
    pub fn handle_error(&mut self, attempt: u32, error: TransportError) {
        self.0.handle_error(attempt, error);
    }

    /// Encodes the next request, if that is necessary: [`Call::prepare`].
    pub fn prepare(&mut self) {
        self.0.prepare();
    }

    /// The reason of the wait, after a [`Step::Wait`].
    pub fn wait_reason(&self) -> WaitReason {
        self.0.wait_reason()
    }

    /// The number of attempts so far: [`Call::attempts`].
    pub fn attempts(&self) -> u32 {
        self.0.attempts()
    }

    /// How long the call has waited for the rate limit, until its last step.
    pub fn queued_for(&self) -> Duration {
        self.0.queued_for()
    }

    /// Whether Paystack processed any attempt so far: [`Call::outcome`].
    pub fn outcome(&self) -> Outcome {
        self.0.outcome()
    }
}

impl fmt::Debug for BoxedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

trait AnyCall: fmt::Debug {
    fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<()>;
    fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>);
    fn handle_error(&mut self, attempt: u32, error: TransportError);
    fn prepare(&mut self);
    fn wait_reason(&self) -> WaitReason;
    fn attempts(&self) -> u32;
    fn queued_for(&self) -> Duration;
    fn outcome(&self) -> Outcome;
}

struct WithReceiver<O: Operation, F> {
    call: Call<O>,
    /// `None` after the end.
    on_done: Option<F>,
}

impl<O: Operation, F: FnOnce(Result<Reply<O::Output>, Error>)> AnyCall for WithReceiver<O, F> {
    fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<()> {
        match self.call.step(limiter, now) {
            Step::Send {
                request,
                within,
                attempt,
            } => Step::Send {
                request,
                within,
                attempt,
            },
            Step::Wait(duration) => Step::Wait(duration),
            Step::Done(result) => match self.on_done.take() {
                Some(on_done) => {
                    on_done(result);
                    Step::Done(Ok(()))
                }
                None => Step::Done(result.map(drop)),
            },
        }
    }

    fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>) {
        self.call.handle_response(attempt, response);
    }

    fn handle_error(&mut self, attempt: u32, error: TransportError) {
        self.call.handle_error(attempt, error);
    }

    fn prepare(&mut self) {
        self.call.prepare();
    }

    fn wait_reason(&self) -> WaitReason {
        self.call.wait_reason()
    }

    fn attempts(&self) -> u32 {
        self.call.attempts()
    }

    fn queued_for(&self) -> Duration {
        self.call.queued_for()
    }

    fn outcome(&self) -> Outcome {
        self.call.outcome()
    }
}

impl<O: Operation, F> fmt::Debug for WithReceiver<O, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}
