//! The pages of a list, with the next ones requested ahead.

mod blocking;
mod prefetch;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use paystack_core::{Error, InvalidInput, Operation, Page, Paginate, Reply, ResumePoint};

pub use self::blocking::BlockingPages;
pub(crate) use self::prefetch::Prefetch;
use crate::client::Client;
use crate::transport::Transport;

/// The pages of a list: [`Client::pages`].
///
/// ```
/// # use paystack_transport::{Client, Error, Transport};
/// use paystack_transport::customers::ListCustomers;
///
/// # async fn example(client: Client<impl Transport + 'static>) -> Result<(), Error> {
/// let mut pages = client.pages(ListCustomers::new().per_page(100));
/// while let Some(page) = pages.next().await {
///     for customer in page?.data {
///         println!("{}", customer.customer_code);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// A list without a position starts by cursor, so each customer is on one page, even if others are added
/// meanwhile.
///
/// # Errors lose no rows
///
/// After any error, [`next`](Self::next) requests the same page again. Each page has the client's
/// [`Settings`](crate::Settings); the list as a whole has no deadline. To wait for the rate limit without a
/// limit of time, set their `deadline` to `None`. A loop that continues after every error may never end:
/// stop at errors that are not [retryable](Error::is_retryable).
///
/// # Prefetch
///
/// The next page is requested before the current one is returned. Its response arrives while you work, if the
/// transport reads responses in tasks of its own, as `paystack-hyper` does. Others read it while the pages are
/// polled. Slow consumers lose no data: if a prefetched request fails with a retryable error, it is sent once more with
/// the full `Settings`. So `next` may take twice the deadline.
///
/// By cursor only one page can be prefetched, since each page contains the position of the next. Numbered
/// pages can be prefetched further; see [`ahead`](Self::ahead). A list whose
/// [`RetryRule`](crate::RetryRule) is not `Idempotent` is never prefetched: a dropped request would have to be
/// repeated.
///
/// Dropping the pages drops the requests. `next` may be dropped and called again.
pub struct Pages<T, O: Paginate> {
    client: Client<T>,
    prefetch: Prefetch<O, BoxCall<O>>,
}

/// The call for a page. It owns its client and operation.
type BoxCall<O> =
    Pin<Box<dyn Future<Output = Result<Reply<<O as Operation>::Output>, Error>> + Send>>;

impl<T: Transport> Client<T> {
    /// The pages of a list.
    pub fn pages<O: Paginate>(&self, list: O) -> Pages<T, O> {
        Pages {
            client: self.clone(),
            prefetch: Prefetch::new(list, self.0.retry_rule::<O>()),
        }
    }
}

impl<T, O: Paginate> Pages<T, O> {
    /// Continues at a point of earlier pages of the same list: [`Page::resume`].
    ///
    /// ```
    /// # use paystack_transport::{Client, Error, Transport};
    /// use paystack_transport::customers::ListCustomers;
    ///
    /// # async fn example(client: Client<impl Transport + 'static>, saved: &str) -> Result<(), Error> {
    /// let list = ListCustomers::new().per_page(100); // as before
    /// let mut pages = client.pages(list).resume(&saved.parse()?)?;
    /// # pages.next().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the point belongs to another list, or to this list with other filters or another
    /// page size.
    pub fn resume(mut self, point: &ResumePoint) -> Result<Self, InvalidInput> {
        self.prefetch = self.prefetch.resume(point)?;
        Ok(self)
    }

    /// Prefetches up to this many pages, instead of 1. With 0, a page is requested when it is needed.
    ///
    /// More than 1 has an effect only on numbered lists, `ListCustomers::new().start(Position::Page(1))`, after the
    /// first page, which contains the count. Pages are returned in order, and requests keep to the rate limit.
    #[must_use]
    pub fn ahead(mut self, pages: usize) -> Self {
        self.prefetch.ahead = pages;
        self
    }
}

impl<T, O> Pages<T, O>
where
    T: Transport + 'static,
    O: Paginate + Send + 'static,
    O::Output: Send,
{
    /// The next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Error`] if the page failed. The next call requests the same page again.
    pub async fn next(&mut self) -> Option<Result<Page<O::Output>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    pub(crate) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<O::Output>, Error>>> {
        let client = &self.client;
        let call = |list| -> BoxCall<O> {
            let client = client.clone();
            Box::pin(async move { client.send(list).await })
        };
        self.prefetch.poll(context, call)
    }
}

#[cfg(feature = "stream")]
impl<T, O> futures_core::Stream for Pages<T, O>
where
    T: Transport + 'static,
    O: Paginate + Send + 'static,
    O::Output: Send,
{
    type Item = Result<Page<O::Output>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// Calls are boxed, so moving the pages moves no call.
impl<T, O: Paginate> Unpin for Pages<T, O> {}

impl<T, O: Paginate> fmt::Debug for Pages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("list", &O::NAME)
            .field("client", &self.client)
            .field("ahead", &self.prefetch.ahead)
            .finish_non_exhaustive()
    }
}
