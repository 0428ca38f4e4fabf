//! The client: operations in, replies out.

mod blocking;
mod local;
mod parts;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use paystack_core::{Api, Error, Operation, Pace, Paged, Reply, Settings, Step};

pub use self::blocking::BlockingClient;
pub use self::local::LocalClient;
use self::parts::Parts;
use crate::pace::SharedPace;
use crate::pages::Pages;
use crate::trace::CallSpan;
use crate::transport::Transport;

/// Sends operations over a transport and reads their answers, within the rate limit, with retries
/// where they are safe.
///
/// It is cheap to clone, and all clones are one client. The transport may be a type of its own or,
/// chosen at run time, an `Arc<dyn Transport>`.
pub struct Client<T>(Parts<T>);

impl<T: Transport> Client<T> {
    /// A client of this API over this transport, with Paystack's rate limit for the key's mode.
    pub fn new(api: Api, transport: T) -> Self {
        Self(Parts::new(api, transport))
    }

    /// The same with a pace of its own: another limit, or none at all.
    ///
    /// ```
    /// # use paystack_client::{Api, Client, Domain, Pace, Transport};
    /// # fn example(api: Api, transport: impl Transport) {
    /// let half = Pace::new(Domain::Live, 7).with_limit(300);
    /// let client = Client::with_pace(api, transport, half);
    /// # }
    /// ```
    pub fn with_pace(api: Api, transport: T, pace: Pace) -> Self {
        Self(Parts::with_pace(api, transport, pace))
    }

    /// The same with a pace that other clients of the same key go by as well.
    ///
    /// ```
    /// # use paystack_client::{Api, Client, Domain, Pace, SharedPace, Transport};
    /// # fn example<T: Transport + Clone + 'static>(api: Api, transport: T) {
    /// let timer = transport.clone();
    /// let pace = SharedPace::new(Pace::new(Domain::Live, 7), move || timer.now());
    /// let one = Client::with_shared_pace(api.clone(), transport.clone(), pace.clone());
    /// let other = Client::with_shared_pace(api, transport, pace);
    /// # }
    /// ```
    pub fn with_shared_pace(api: Api, transport: T, pace: SharedPace) -> Self {
        Self(Parts::with_shared_pace(api, transport, pace))
    }

    /// The same client with other settings, for all its calls or for one.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use paystack_client::{Client, Error, Transport, customers::FetchCustomer};
    /// # async fn example(client: Client<impl Transport>, fetch: FetchCustomer) -> Result<(), Error> {
    /// let hurried = client.with(|settings| settings.deadline = Some(Duration::from_secs(5)));
    /// hurried.send(fetch).await?;
    /// # Ok(())
    /// # }
    /// ```
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

    /// Sends an operation and reads the answer.
    ///
    /// It waits for its turn in the rate limit, and after failures tries again what may be tried
    /// again; see [`Settings`] for how long and how often. Dropped at any point, it gives back what it
    /// held.
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
    pub fn pages<O: Paged>(&self, list: O) -> Pages<T, O> {
        Pages::new(self.clone(), list, self.0.retry_rule::<O>())
    }
}

impl<T> Clone for Client<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({:?})", self.0)
    }
}

/// Sends a request, if there is one, and gives it up after a while. The sleep is only made if there is no
/// answer at once.
async fn race<T, S>(
    mut send: Option<impl Future<Output = T> + Unpin>,
    within: Option<Duration>,
    sleep: impl Fn(Duration) -> S,
) -> Option<T>
where
    S: Future<Output = ()> + Unpin,
{
    let mut sleeping = None;
    poll_fn(|context| {
        if let Some(send) = &mut send
            && let Poll::Ready(sent) = Pin::new(send).poll(context)
        {
            return Poll::Ready(Some(sent));
        }
        let Some(within) = within else {
            return Poll::Pending;
        };
        let sleeping = sleeping.get_or_insert_with(|| sleep(within));
        Pin::new(sleeping).poll(context).map(|()| None)
    })
    .await
}
