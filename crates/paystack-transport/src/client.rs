//! The client: sends operations over a transport.

mod blocking;
mod date;
mod drive;
mod inner;

use std::fmt;

use paystack_core::{
    Api, Call, Error, InvalidInput, Operation, Reply, SavedWait, Settings, Waited, Waiter,
};

pub use self::blocking::BlockingClient;
pub(crate) use self::date::add_date;
pub(crate) use self::drive::drive;
pub(crate) use self::inner::Inner;
use crate::shared_rate_limiter::SharedRateLimiter;
use crate::state_machine::StateMachine;
use crate::transport::Transport;

/// Sends operations over a transport and decodes the responses, within the rate limit, with retries where
/// they are safe.
///
/// A clone is cheap and shares the connections and the rate limit. The transport may be a type of your own,
/// or an `Arc<dyn Transport>`.
///
/// ```
/// # use std::time::Duration;
/// # use paystack_transport::{Client, Error, Transport, customers::FetchCustomer};
/// # async fn example(client: Client<impl Transport>, fetch: FetchCustomer) -> Result<(), Error> {
/// let ada = client.send(&fetch).await?.data;
///
/// // Other settings, for this call only:
/// let hurried = client.with_settings(client.settings().deadline(Duration::from_secs(5)));
/// hurried.send(&fetch).await?;
/// # Ok(())
/// # }
/// ```
pub struct Client<T>(pub(crate) Inner<T>);

impl<T: Transport> Client<T> {
    /// A client of this API, with Paystack's rate limit for the mode of the key.
    pub fn new(api: Api, transport: T) -> Self {
        Self(Inner::new(api, transport))
    }

    /// The same client with other settings.
    #[must_use]
    pub fn with_settings(&self, settings: Settings) -> Self {
        Self(self.0.with_settings(settings))
    }

    /// The same client with another key or base URL. It keeps the connections.
    ///
    /// It keeps the rate limiter as well, unless the mode of the key differs. Then it has a new one with Paystack's
    /// limit for that mode: set your own limit, a shared limiter, or no limit, again.
    ///
    /// Each integration has its own quota. For the key of another one, add a new rate limiter:
    ///
    /// ```
    /// # use paystack_transport::{Api, Client, RateLimiter, Transport};
    /// # fn example(client: Client<impl Transport>, api: Api, seed: u64) {
    /// let limiter = RateLimiter::new(api.mode(), seed);
    /// let other = client.with_api(api).with_rate_limiter(limiter);
    /// # }
    /// ```
    #[must_use]
    pub fn with_api(&self, api: Api) -> Self {
        Self(self.0.with_api(api))
    }

    /// The same client with at most this many requests a minute: a part of the limit, if several services
    /// share it. The new client has its own rate limiter.
    #[must_use]
    pub fn with_requests_per_minute(&self, requests: u64) -> Self {
        Self(
            self.0
                .with_own_limit(|limiter| limiter.with_limit(requests)),
        )
    }

    /// The same client without a rate limit, for a sandbox. The retry budget stays.
    #[must_use]
    pub fn without_rate_limit(&self) -> Self {
        Self(self.0.with_own_limit(|limiter| limiter.without_limit()))
    }

    /// The same client with a [`RateLimiter`](crate::RateLimiter), or with a [`SharedRateLimiter`] that other
    /// clients of the same key use as well.
    ///
    /// ```
    /// # use std::time::Instant;
    /// # use paystack_transport::{Client, Mode, RateLimiter, SharedRateLimiter, Transport};
    /// # fn example<T: Transport>(one: Client<T>, other: Client<T>) {
    /// let started = Instant::now();
    /// let shared = SharedRateLimiter::new(RateLimiter::new(Mode::Live, 7), move || started.elapsed());
    /// let one = one.with_rate_limiter(shared.clone());
    /// let other = other.with_rate_limiter(shared);
    /// # }
    /// ```
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

    /// Sends an operation and decodes the response.
    ///
    /// It waits for the rate limit and retries what is safe to retry, within the [`Settings`]. Dropping the
    /// future cancels the call.
    ///
    /// # Errors
    ///
    /// [`Error`] has the reason, the number of requests, and whether Paystack processed the operation.
    pub async fn send<O: Operation>(&self, operation: O) -> Result<Reply<O::Output>, Error> {
        let mut call = Call::new(&self.0.api, operation, self.0.settings);
        self.drive(&mut call).await
    }

    /// Reads until the output meets the condition, for outcomes that settle later: at most an hour, with pauses that
    /// grow from 2 s to 5 min. Dropping the future ends the wait.
    ///
    /// For another deadline, for webhooks, and for a wait that outlives the process, use [`wait`](Self::wait).
    ///
    /// ```
    /// # use paystack_transport::customers::FetchCustomer;
    /// # use paystack_transport::{Client, CustomerCode, Error, Transport};
    /// # async fn example(client: Client<impl Transport>, code: CustomerCode) -> Result<(), Error> {
    /// let fetch = FetchCustomer::new(&code);
    /// let waited = client.wait_until(fetch, |customer| customer.identified == Some(true)).await?;
    /// if waited.is_met() {
    ///     println!("{} is identified", waited.reply.data.customer_code);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`] if Paystack refuses the read for good, as with 401 or 404, or if no read succeeds in time; see
    /// [`Waiter`].
    pub async fn wait_until<O: Operation + Clone>(
        &self,
        operation: O,
        condition: impl Fn(&O::Output) -> bool,
    ) -> Result<Waited<O::Output>, Error> {
        let mut waiter = self.waiter(operation, condition);
        self.wait(&mut waiter).await
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

    /// Continues a [saved](Waiter::saved) wait: [`Waiter::resume`], with this client's API and settings, and its
    /// transport's wall-clock time. Set the deadline and the pauses again.
    ///
    /// If the transport does not know that time, or did not know it at the start, the wait lasts as long as a new one.
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

    /// Drives a wait to its end. After the future is dropped, another call continues the wait: after
    /// [`Waiter::notify`], for example.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use paystack_transport::customers::FetchCustomer;
    /// # use paystack_transport::{Client, CustomerCode, Error, Transport};
    /// # async fn example(
    /// #     client: Client<impl Transport>, code: CustomerCode, mut webhooks: tokio::sync::mpsc::Receiver<()>,
    /// # ) -> Result<(), Error> {
    /// let fetch = FetchCustomer::new(&code);
    /// let waiter = client.waiter(fetch, |customer| customer.identified == Some(true));
    /// let mut waiter = waiter.deadline(Duration::from_secs(24 * 60 * 60));
    ///
    /// let waited = tokio::select! {
    ///     waited = client.wait(&mut waiter) => waited?,
    ///     // The handler of webhooks has received an event about this customer.
    ///     Some(()) = webhooks.recv() => {
    ///         waiter.notify();
    ///         client.wait(&mut waiter).await?
    ///     }
    /// };
    /// # let _ = waited.is_met();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The same as those of [`wait_until`](Self::wait_until).
    pub async fn wait<O: Operation + Clone, F: Fn(&O::Output) -> bool>(
        &self,
        waiter: &mut Waiter<O, F>,
    ) -> Result<Waited<O::Output>, Error> {
        waiter.cancel_read(); // A dropped future may have left a read under way.
        self.drive(waiter).await
    }

    fn drive<M: StateMachine>(
        &self,
        machine: &mut M,
    ) -> impl Future<Output = Result<M::Output, Error>> {
        let transport = self.transport();
        drive(
            &self.0,
            machine,
            |request| transport.send(request),
            |duration| transport.sleep(duration),
            || transport.now(),
            || transport.unix_time(),
        )
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
