//! The client for programs without a runtime.

use std::fmt;

use paystack_core::{
    Api, Call, Error, InvalidInput, Operation, Reply, SavedWait, Settings, Step, Waited, Waiter,
};

use super::date::add_date;
use super::inner::Inner;
use crate::shared_rate_limiter::SharedRateLimiter;
use crate::state_machine::StateMachine;
use crate::trace::CallSpan;
use crate::transport::BlockingTransport;

/// [`Client`](crate::Client) for programs without a runtime: its calls block their thread.
///
/// ```
/// # use paystack_transport::{Api, BlockingClient, BlockingTransport, Error, customers::FetchCustomer};
/// # fn example(api: Api, transport: impl BlockingTransport, fetch: FetchCustomer) -> Result<(), Error> {
/// let client = BlockingClient::new(api, transport);
/// let customer = client.send(fetch)?.data;
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap and shares the connections and the rate limit, also between threads.
pub struct BlockingClient<T>(pub(crate) Inner<T>);

impl<T: BlockingTransport> BlockingClient<T> {
    /// A client of this API, with Paystack's rate limit for the mode of the key.
    pub fn new(api: Api, transport: T) -> Self {
        Self(Inner::new(api, transport))
    }

    /// The same client with other settings: [`Client::with_settings`](crate::Client::with_settings).
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        Self(self.0.with_settings(settings))
    }

    /// The same client with another key or base URL: [`Client::with_api`](crate::Client::with_api).
    #[must_use]
    pub fn with_api(&self, api: Api) -> Self {
        Self(self.0.with_api(api))
    }

    /// The same client with at most this many requests a minute.
    #[must_use]
    pub fn with_requests_per_minute(&self, requests: u64) -> Self {
        Self(
            self.0
                .with_own_limit(|limiter| limiter.with_limit(requests)),
        )
    }

    /// The same client without a rate limit, for a sandbox.
    #[must_use]
    pub fn without_rate_limit(&self) -> Self {
        Self(self.0.with_own_limit(|limiter| limiter.without_limit()))
    }

    /// The same client with another rate limiter:
    /// [`Client::with_rate_limiter`](crate::Client::with_rate_limiter).
    #[must_use]
    pub fn with_rate_limiter(&self, rate_limiter: impl Into<SharedRateLimiter>) -> Self {
        Self(self.0.with_rate_limiter(rate_limiter))
    }

    /// The rate limiter, for a gauge, or for another client of the same key and transport.
    pub fn rate_limiter(&self) -> &SharedRateLimiter {
        &self.0.rate_limiter
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        self.0.settings
    }

    /// Endpoint and credentials.
    pub fn api(&self) -> &Api {
        &self.0.api
    }

    /// The transport.
    pub fn transport(&self) -> &T {
        &self.0.transport
    }

    /// Sends an operation and decodes the response, as [`Client::send`](crate::Client::send) does.
    ///
    /// # Errors
    ///
    /// [`Error`] has the reason, the number of requests, and whether Paystack processed the operation.
    pub fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let mut call = Call::new(&self.0.api, operation, self.0.settings);
        self.drive(&mut call)
    }

    /// Reads until the output meets the condition: [`Client::wait_until`](crate::Client::wait_until).
    ///
    /// # Errors
    ///
    /// [`Error`] if Paystack refuses the read for good, as with 401 or 404, or if no read succeeds in time.
    pub fn wait_until<O: Operation + Clone>(
        &self,
        operation: O,
        condition: impl Fn(&O::Output) -> bool,
    ) -> Result<Waited<O::Output>, Error> {
        let mut waiter = self.waiter(operation, condition);
        self.wait(&mut waiter)
    }

    /// A [`Waiter`] with this client's API and settings, for [`wait`](Self::wait).
    pub fn waiter<O: Operation + Clone, F: Fn(&O::Output) -> bool>(
        &self,
        operation: O,
        condition: F,
    ) -> Waiter<O, F> {
        let unix_time = self.transport().unix_time();
        self.0.waiter(operation, condition, unix_time)
    }

    /// Continues a saved wait: [`Client::resume_waiter`](crate::Client::resume_waiter).
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the wait belongs to another operation or customer.
    pub fn resume_waiter<O: Operation + Clone, F: Fn(&O::Output) -> bool>(
        &self,
        operation: O,
        condition: F,
        saved: &SavedWait,
    ) -> Result<Waiter<O, F>, InvalidInput> {
        let unix_time = self.transport().unix_time();
        self.0.resume_waiter(operation, condition, saved, unix_time)
    }

    /// Drives a wait to its end. It cannot be notified meanwhile: for webhooks, step a [`Waiter`] in a loop of
    /// your own.
    ///
    /// # Errors
    ///
    /// The same as those of [`wait_until`](Self::wait_until).
    pub fn wait<O: Operation + Clone, F: Fn(&O::Output) -> bool>(
        &self,
        waiter: &mut Waiter<O, F>,
    ) -> Result<Waited<O::Output>, Error> {
        waiter.cancel_read(); // An async client may have left a read under way.
        self.drive(waiter)
    }

    fn drive<M: StateMachine>(&self, machine: &mut M) -> Result<M::Output, Error> {
        let transport = self.transport();
        let now = || transport.now();
        let mut span = CallSpan::begin(M::OPERATION);
        loop {
            match self.0.rate_limiter.step(machine, now) {
                Step::Done(result) => {
                    span.end(result.as_ref().map(M::reply));
                    return result;
                }
                Step::Wait(duration) => {
                    span.progress(machine.outcome(), machine.queued_for());
                    span.wait(machine.wait_reason(), duration);
                    transport.sleep(duration);
                }
                Step::Send {
                    request,
                    within,
                    attempt,
                    ..
                } => {
                    match span.attempt(M::PATH, request, |request| transport.send(request, within))
                    {
                        Ok(mut response) => {
                            span.response(&response);
                            add_date(&mut response, || transport.unix_time());
                            machine.handle_response(attempt, response);
                        }
                        Err(error) => {
                            span.error(&error);
                            machine.handle_error(attempt, error);
                        }
                    }
                }
            }
        }
    }
}

impl<T> Clone for BlockingClient<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for BlockingClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockingClient({:?})", self.0)
    }
}
