//! The same for runtimes that stay on one thread.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use paystack_core::{Error, Page, Paged, PagesError, Reply, Resend, ResumeError, ResumePoint};

use super::flight::Flight;
use crate::client::LocalClient;
use crate::transport::LocalTransport;

/// [`Pages`](crate::Pages) of a [`LocalClient`], which says all that there is to know.
pub struct LocalPages<T, O: Paged> {
    client: LocalClient<T>,
    flight: Flight<O, BoxCall<O>>,
}

/// A call that a list has out, on this thread.
type BoxCall<O> =
    Pin<Box<dyn Future<Output = Result<Reply<<O as crate::Operation>::Output>, Error>>>>;

impl<T, O: Paged> LocalPages<T, O> {
    pub(crate) fn new(client: LocalClient<T>, list: O, retry_rule: Resend) -> Self {
        Self {
            client,
            flight: Flight::new(list, retry_rule),
        }
    }

    /// Goes on from a page of an earlier walk of the same list: [`Page::resume`].
    ///
    /// # Errors
    ///
    /// [`ResumeError`] if the point belongs to another list, or to the same with other filters or
    /// another page size.
    pub fn resume(mut self, point: &ResumePoint) -> Result<Self, ResumeError> {
        self.flight = self.flight.resume(point)?;
        Ok(self)
    }

    /// Keeps up to so many pages on their way: [`Pages::ahead`](crate::Pages::ahead).
    #[must_use]
    pub fn ahead(mut self, pages: usize) -> Self {
        self.flight.ahead = pages;
        self
    }
}

impl<T, O> LocalPages<T, O>
where
    T: LocalTransport + 'static,
    O: Paged + 'static,
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
impl<T, O> futures_core::Stream for LocalPages<T, O>
where
    T: LocalTransport + 'static,
    O: Paged + 'static,
{
    type Item = Result<Page<O::Output>, PagesError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// Nothing in it is pinned in place: calls are in boxes.
impl<T, O: Paged> Unpin for LocalPages<T, O> {}

impl<T, O: Paged> fmt::Debug for LocalPages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPages")
            .field("list", &O::NAME)
            .field("client", &self.client)
            .field("ahead", &self.flight.ahead)
            .finish_non_exhaustive()
    }
}
