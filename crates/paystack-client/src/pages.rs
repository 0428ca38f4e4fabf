//! A list, page after page, with the next ones on their way.

mod blocking;
mod flight;
mod local;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use paystack_core::{Error, Page, Paged, PagesError, Reply, Resend, ResumeError, ResumePoint};

pub use self::blocking::BlockingPages;
use self::flight::Flight;
pub use self::local::LocalPages;
use crate::client::Client;
use crate::transport::Transport;

/// A list, page after page: [`Client::pages`].
///
/// ```
/// # use paystack_client::{Client, PagesError, Transport};
/// use paystack_client::customers::ListCustomers;
///
/// # async fn example(client: Client<impl Transport + 'static>) -> Result<(), PagesError> {
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
/// A list that does not say where to start is walked by cursor, so each customer comes once, whoever
/// is added meanwhile. A page without rows is the end, and is handed over only if it tells that the
/// list has changed.
///
/// # Errors lose nothing
///
/// After an error, whatever it is, [`next`](Self::next) asks for the same page again. There is no
/// deadline over the walk; each page has the client's [`Settings`](crate::Settings). To wait for the
/// quota as long as it takes, set their `deadline` to `None`. Whoever goes on after every error, also
/// after those that are not [retryable](PagesError::is_retryable), never ends.
///
/// # Ahead of need
///
/// The request for the next page is on its way before a page is handed over. It makes headway
/// while the pages are polled; between polls, what is done depends on the transport (hyper sends, and
/// receives a little). A caller who takes long over a page loses nothing: what was given up meanwhile is
/// asked for again. To overlap in full, take pages in one task and work in another.
///
/// Over HTTP/2, what has come of the pages ahead and is not taken yet counts against the connection, which
/// the client's other calls share. Who makes such calls between two pages keeps no more than `ahead(3)`, or
/// takes the pages in a task of their own: beyond that, the calls may wait for each other until they time out.
///
/// A list whose [`Resend`](crate::Resend) is not `Always` is never asked for ahead of need: a page that was
/// given up would have to be asked for again.
///
/// By cursor no more than the next page can be asked for, since each page tells where the next one
/// starts; by number it can, see [`ahead`](Self::ahead).
///
/// Dropped at any point, the requests that are out are given up; `next` may be dropped and called
/// again.
pub struct Pages<T, O: Paged> {
    client: Client<T>,
    flight: Flight<O, BoxCall<O>>,
}

/// A call that a list has out. It owns what it needs, so that nobody has to be borrowed.
type BoxCall<O> =
    Pin<Box<dyn Future<Output = Result<Reply<<O as crate::Operation>::Output>, Error>> + Send>>;

impl<T, O: Paged> Pages<T, O> {
    pub(crate) fn new(client: Client<T>, list: O, retry_rule: Resend) -> Self {
        Self {
            client,
            flight: Flight::new(list, retry_rule),
        }
    }

    /// Goes on from a page of an earlier walk of the same list: [`Page::resume`].
    ///
    /// ```
    /// # use paystack_client::{Client, Transport};
    /// use paystack_client::customers::ListCustomers;
    ///
    /// # async fn example(client: Client<impl Transport + 'static>, saved: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let list = ListCustomers::new().per_page(100); // as it was then
    /// let mut pages = client.pages(list).resume(&saved.parse()?)?;
    /// # pages.next().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ResumeError`] if the point belongs to another list, or to the same with other filters or
    /// another page size.
    pub fn resume(mut self, point: &ResumePoint) -> Result<Self, ResumeError> {
        self.flight = self.flight.resume(point)?;
        Ok(self)
    }

    /// Keeps up to so many pages on their way, 1 if this is not called; with 0, a page is asked for
    /// when it is needed.
    ///
    /// More than 1 serves lists by number, `ListCustomers::new().start(Start::Page(1))`, once the
    /// first page has told how many there are. Pages come in their order all the same, and requests
    /// keep to the rate limit. But such a list moves while customers are added: look at
    /// [`Page::shift`].
    #[must_use]
    pub fn ahead(mut self, pages: usize) -> Self {
        self.flight.ahead = pages;
        self
    }
}

impl<T, O> Pages<T, O>
where
    T: Transport + 'static,
    O: Paged + Send + 'static,
    O::Output: Send,
{
    /// The next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`PagesError`] if the page did not come; the next call asks for the same page again.
    pub async fn next(&mut self) -> Option<Result<Page<O::Output>, PagesError>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<O::Output>, PagesError>>> {
        let client = &self.client;
        let call = |list| -> BoxCall<O> {
            let client = client.clone();
            Box::pin(async move { client.send(list).await })
        };
        self.flight.poll(context, call)
    }
}

/// A stream of pages. It ends with `None`; after an error it goes on with the same page.
#[cfg(feature = "stream")]
impl<T, O> futures_core::Stream for Pages<T, O>
where
    T: Transport + 'static,
    O: Paged + Send + 'static,
    O::Output: Send,
{
    type Item = Result<Page<O::Output>, PagesError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// Nothing in it is pinned in place: calls are in boxes.
impl<T, O: Paged> Unpin for Pages<T, O> {}

impl<T, O: Paged> fmt::Debug for Pages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("list", &O::NAME)
            .field("client", &self.client)
            .field("ahead", &self.flight.ahead)
            .finish_non_exhaustive()
    }
}
