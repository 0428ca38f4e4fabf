//! The pages of a list, for runtimes that stay on one thread.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use paystack_core::{Error, InvalidInput, Operation, Page, Paginate, Reply, ResumePoint};

use super::client::LocalClient;
use super::transport::LocalTransport;
use crate::pages::Prefetch;

/// The pages of a list: [`LocalClient::pages`]. [`Pages`](crate::Pages) documents their behaviour.
pub struct LocalPages<T, O: Paginate> {
    client: LocalClient<T>,
    prefetch: Prefetch<O, BoxCall<O>>,
}

/// The call for a page, on this thread.
type BoxCall<O> = Pin<Box<dyn Future<Output = Result<Reply<<O as Operation>::Output>, Error>>>>;

impl<T: LocalTransport> LocalClient<T> {
    /// The pages of a list.
    pub fn pages<O: Paginate>(&self, list: O) -> LocalPages<T, O> {
        LocalPages {
            client: self.clone(),
            prefetch: Prefetch::new(list, self.0.retry_rule::<O>()),
        }
    }
}

impl<T, O: Paginate> LocalPages<T, O> {
    /// Continues at a point of earlier pages of the same list: [`Page::resume`].
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the point belongs to another list, or to this list with other filters or another
    /// page size.
    pub fn resume(mut self, point: &ResumePoint) -> Result<Self, InvalidInput> {
        self.prefetch = self.prefetch.resume(point)?;
        Ok(self)
    }

    /// Prefetches up to this many pages: [`Pages::ahead`](crate::Pages::ahead).
    #[must_use]
    pub fn ahead(mut self, pages: usize) -> Self {
        self.prefetch.ahead = pages;
        self
    }
}

impl<T, O> LocalPages<T, O>
where
    T: LocalTransport + 'static,
    O: Paginate + 'static,
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
impl<T, O> futures_core::Stream for LocalPages<T, O>
where
    T: LocalTransport + 'static,
    O: Paginate + 'static,
{
    type Item = Result<Page<O::Output>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

/// Calls are boxed, so moving the pages moves no call.
impl<T, O: Paginate> Unpin for LocalPages<T, O> {}

impl<T, O: Paginate> fmt::Debug for LocalPages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPages")
            .field("list", &O::NAME)
            .field("client", &self.client)
            .field("ahead", &self.prefetch.ahead)
            .finish_non_exhaustive()
    }
}
