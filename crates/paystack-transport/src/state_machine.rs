//! The state machines that the clients drive: a call, and a wait.

use std::time::Duration;

use bytes::Bytes;
use paystack_core::{
    Call, Operation, Outcome, RateLimiter, Reply, Step, TransportError, WaitReason, Waited, Waiter,
};

pub(crate) trait StateMachine {
    const OPERATION: &'static str;
    const PATH: &'static str;
    type Data;
    type Output;

    fn reply(output: &Self::Output) -> &Reply<Self::Data>;
    fn prepare(&mut self);
    fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<Self::Output>;
    fn wait_reason(&self) -> WaitReason;
    fn outcome(&self) -> Outcome;
    fn queued_for(&self) -> Duration;
    fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>);
    fn handle_error(&mut self, attempt: u32, error: TransportError);
}

impl<O: Operation> StateMachine for Call<O> {
    const OPERATION: &'static str = O::NAME;
    const PATH: &'static str = O::PATH;
    type Data = O::Output;
    type Output = Reply<O::Output>;

    fn reply(output: &Self::Output) -> &Reply<O::Output> {
        output
    }

    fn prepare(&mut self) {
        self.prepare();
    }

    fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<Self::Output> {
        self.step(limiter, now)
    }

    fn wait_reason(&self) -> WaitReason {
        self.wait_reason()
    }

    fn outcome(&self) -> Outcome {
        self.outcome()
    }

    fn queued_for(&self) -> Duration {
        self.queued_for()
    }

    fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>) {
        self.handle_response(attempt, response);
    }

    fn handle_error(&mut self, attempt: u32, error: TransportError) {
        self.handle_error(attempt, error);
    }
}

impl<O: Operation + Clone, F: Fn(&O::Output) -> bool> StateMachine for Waiter<O, F> {
    const OPERATION: &'static str = O::NAME;
    const PATH: &'static str = O::PATH;
    type Data = O::Output;
    type Output = Waited<O::Output>;

    fn reply(output: &Self::Output) -> &Reply<O::Output> {
        &output.reply
    }

    fn prepare(&mut self) {
        self.prepare();
    }

    fn step(&mut self, limiter: &mut RateLimiter, now: Duration) -> Step<Self::Output> {
        self.step(limiter, now)
    }

    fn wait_reason(&self) -> WaitReason {
        self.wait_reason()
    }

    fn outcome(&self) -> Outcome {
        self.outcome()
    }

    fn queued_for(&self) -> Duration {
        self.queued_for()
    }

    fn handle_response(&mut self, attempt: u32, response: http::Response<Bytes>) {
        self.handle_response(attempt, response);
    }

    fn handle_error(&mut self, attempt: u32, error: TransportError) {
        self.handle_error(attempt, error);
    }
}
