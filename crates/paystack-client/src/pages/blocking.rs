//! The same for programs without a runtime.

use std::fmt;

use paystack_core::{Page, Paged, PagesError, ResumeError, ResumePoint, Walk};

use crate::client::BlockingClient;
use crate::transport::BlockingTransport;

/// A list, page after page, as an iterator: [`BlockingClient::pages`].
///
/// ```
/// # use paystack_client::{BlockingClient, BlockingTransport, PagesError};
/// use paystack_client::customers::ListCustomers;
///
/// # fn example(client: BlockingClient<impl BlockingTransport>) -> Result<(), PagesError> {
/// for page in client.pages(ListCustomers::new().per_page(100)) {
///     for customer in page?.data {
///         println!("{}", customer.customer_code);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// A list that does not say where to start is walked by cursor, so each customer comes once, whoever
/// is added meanwhile. A page is asked for when it is needed. After an error, whatever it is, the next
/// item is the same page once more; whoever goes on after every error, also after those that are not
/// [retryable](PagesError::is_retryable), never ends.
pub struct BlockingPages<T, O> {
    client: BlockingClient<T>,
    list: O,
    walk: Walk<O>,
}

impl<T, O: Paged> BlockingPages<T, O> {
    pub(crate) fn new(client: BlockingClient<T>, list: O) -> Self {
        Self {
            client,
            walk: Walk::new(list.clone()),
            list,
        }
    }

    /// Goes on from a page of an earlier walk of the same list: [`Page::resume`].
    ///
    /// # Errors
    ///
    /// [`ResumeError`] if the point belongs to another list, or to the same with other filters or
    /// another page size.
    pub fn resume(self, point: &ResumePoint) -> Result<Self, ResumeError> {
        Ok(Self {
            walk: Walk::resume(self.list.clone(), point)?,
            ..self
        })
    }
}

impl<T: BlockingTransport, O: Paged> Iterator for BlockingPages<T, O> {
    type Item = Result<Page<O::Output>, PagesError>;

    fn next(&mut self) -> Option<Self::Item> {
        let list = self.walk.upcoming(0)?;
        let reply = self.client.send(list).map_err(PagesError::from);
        reply
            .and_then(|reply| Ok(self.walk.take(reply)?))
            .transpose()
    }
}

impl<T, O: Paged> fmt::Debug for BlockingPages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPages")
            .field("list", &O::NAME)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
