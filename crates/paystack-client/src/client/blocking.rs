//! The client for programs without a runtime.

use std::fmt;

use paystack_core::{Api, Error, Operation, Pace, Paged, Reply, Settings, Step};

use super::parts::Parts;
use crate::pace::SharedPace;
use crate::pages::BlockingPages;
use crate::trace::CallSpan;
use crate::transport::BlockingTransport;

/// [`Client`](crate::Client) for programs without a runtime: its calls block their thread.
///
/// ```
/// # use paystack_client::{Api, BlockingClient, BlockingTransport, Error, customers::FetchCustomer};
/// # fn example(api: Api, transport: impl BlockingTransport, fetch: FetchCustomer) -> Result<(), Error> {
/// let client = BlockingClient::new(api, transport);
/// let customer = client.send(fetch)?.data;
/// # Ok(())
/// # }
/// ```
///
/// It is cheap to clone, and all clones are one client: threads that share one share its pace.
pub struct BlockingClient<T>(Parts<T>);

impl<T: BlockingTransport> BlockingClient<T> {
    /// A client of this API over this transport, with Paystack's rate limit for the key's mode.
    pub fn new(api: Api, transport: T) -> Self {
        Self(Parts::new(api, transport))
    }

    /// The same with a pace of its own: another limit, or none at all.
    pub fn with_pace(api: Api, transport: T, pace: Pace) -> Self {
        Self(Parts::with_pace(api, transport, pace))
    }

    /// The same with a pace that other clients of the same key go by as well.
    pub fn with_shared_pace(api: Api, transport: T, pace: SharedPace) -> Self {
        Self(Parts::with_shared_pace(api, transport, pace))
    }

    /// The same client with other settings, for all its calls or for one.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        Self(self.0.with(change))
    }

    /// Where the API is and who asks.
    pub fn api(&self) -> &Api {
        self.0.api()
    }

    /// The transport.
    pub fn transport(&self) -> &T {
        self.0.transport()
    }

    /// Sends an operation and reads the answer, as [`Client::send`](crate::Client::send) does, and
    /// returns when the call is over.
    ///
    /// # Errors
    ///
    /// [`Error`] says what went wrong, how often it was tried and whether anything was sent.
    pub fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let transport = self.transport();
        let span = CallSpan::begin(O::NAME, || transport.now());
        span.around_blocking(|| self.drive(operation, &span))
    }

    /// Walks a list, page after page.
    pub fn pages<O: Paged>(&self, list: O) -> BlockingPages<T, O> {
        BlockingPages::new(self.clone(), list)
    }

    fn drive<O: Operation>(
        &self,
        operation: O,
        span: &CallSpan,
    ) -> Result<Reply<O::Output>, Error> {
        let transport = self.transport();
        let mut call = self.0.call(operation);
        let mut call = self.0.pace().guard(&mut call);
        loop {
            let step = call.step(|| transport.now());
            match step {
                Step::Done(result) => {
                    span.end(|| transport.now(), &result);
                    return result;
                }
                Step::Wait(duration) => transport.sleep(duration),
                Step::Send {
                    request,
                    within,
                    attempt,
                    ..
                } => {
                    span.attempt(attempt);
                    match transport.send(request, within) {
                        Ok(response) => call.received(attempt, response),
                        Err(error) => call.failed(attempt, error),
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
