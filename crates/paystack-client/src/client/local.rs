//! The client for runtimes that stay on one thread.

use std::fmt;

use paystack_core::{Api, Error, Operation, Pace, Paged, Reply, Settings, Step};

use super::parts::Parts;
use super::race;
use crate::pace::SharedPace;
use crate::pages::LocalPages;
use crate::trace::CallSpan;
use crate::transport::LocalTransport;

/// [`Client`](crate::Client) for runtimes that stay on one thread, and for browsers: neither its
/// transport nor its futures need be `Send`.
///
/// ```
/// # use paystack_client::{Api, Error, LocalClient, LocalTransport, SecretKey, customers::FetchCustomer};
/// # async fn example(api: Api, transport: impl LocalTransport, fetch: FetchCustomer) -> Result<(), Error> {
/// let client = LocalClient::new(api, transport);
/// let customer = client.send(fetch).await?.data;
/// # Ok(())
/// # }
/// ```
///
/// It is cheap to clone, and all clones are one client.
pub struct LocalClient<T>(Parts<T>);

impl<T: LocalTransport> LocalClient<T> {
    /// A client of this API over this transport, with Paystack's rate limit for the key's mode.
    pub fn new(api: Api, transport: T) -> Self {
        Self(Parts::new(api, transport))
    }

    /// The same with a pace of its own: another limit, or none at all, or another seed. In a browser
    /// the seed has to be given: WebAssembly has no source of random numbers, so that all pages would
    /// wait equally long before they try again.
    ///
    /// ```
    /// # use paystack_client::{Api, Domain, LocalClient, LocalTransport, Pace};
    /// # fn example(api: Api, transport: impl LocalTransport, random: u64) {
    /// // `random` comes from JavaScript, as of `crypto.getRandomValues`.
    /// let client = LocalClient::with_pace(api, transport, Pace::new(Domain::Live, random));
    /// # }
    /// ```
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

    /// Sends an operation and reads the answer, as [`Client::send`](crate::Client::send) does.
    ///
    /// # Errors
    ///
    /// [`Error`] says what went wrong, how often it was tried and whether anything was sent.
    pub async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let transport = self.transport();
        let span = CallSpan::begin(O::NAME, || transport.now());
        let mut call = self.0.call(operation);
        let mut call = self.0.pace().guard(&mut call);
        loop {
            let (send, within, attempt) = match call.step(|| transport.now()) {
                Step::Done(result) => {
                    span.end(|| transport.now(), &result);
                    return result;
                }
                Step::Wait(duration) => (None, Some(duration), 0), // nothing races the time
                Step::Send {
                    request,
                    within,
                    attempt,
                    ..
                } => {
                    span.attempt(attempt);
                    let send = span.around_blocking(|| transport.send(request));
                    (Some(send), within, attempt)
                }
            };
            let race = race(send, within, |within| transport.sleep(within));
            match span.around(race).await {
                Some(Ok(response)) => call.received(attempt, response),
                Some(Err(error)) => call.failed(attempt, error),
                None => {} // the next step knows
            }
        }
    }

    /// Walks a list, page after page.
    pub fn pages<O: Paged>(&self, list: O) -> LocalPages<T, O> {
        LocalPages::new(self.clone(), list, self.0.retry_rule::<O>())
    }
}

impl<T> Clone for LocalClient<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for LocalClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalClient({:?})", self.0)
    }
}
