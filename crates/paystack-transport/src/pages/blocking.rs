//! The pages of a list, for programs without a runtime.

use std::fmt;

use paystack_core::{Error, InvalidInput, Page, Paginate, Paginator, ResumePoint};

use crate::client::BlockingClient;
use crate::transport::BlockingTransport;

/// The pages of a list, as an iterator: [`BlockingClient::pages`].
///
/// ```
/// # use paystack_transport::{BlockingClient, BlockingTransport, Error};
/// use paystack_transport::customers::ListCustomers;
///
/// # fn example(client: BlockingClient<impl BlockingTransport>) -> Result<(), Error> {
/// for page in client.pages(ListCustomers::new().per_page(100)) {
///     for customer in page?.data {
///         println!("{}", customer.customer_code);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// A page is requested when it is needed. After any error, the next item is the same page; a loop that
/// continues after every error may never end. [`Pages`](crate::Pages) documents the rest.
pub struct BlockingPages<T, O> {
    client: BlockingClient<T>,
    list: O,
    paginator: Paginator<O>,
}

impl<T: BlockingTransport> BlockingClient<T> {
    /// The pages of a list.
    pub fn pages<O: Paginate>(&self, list: O) -> BlockingPages<T, O> {
        BlockingPages {
            client: self.clone(),
            paginator: Paginator::new(list.clone()),
            list,
        }
    }
}

impl<T, O: Paginate> BlockingPages<T, O> {
    /// Continues at a point of earlier pages of the same list: [`Page::resume`].
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the point belongs to another list, or to this list with other filters or another
    /// page size.
    pub fn resume(self, point: &ResumePoint) -> Result<Self, InvalidInput> {
        Ok(Self {
            paginator: Paginator::resume(self.list.clone(), point)?,
            ..self
        })
    }
}

impl<T: BlockingTransport, O: Paginate> Iterator for BlockingPages<T, O> {
    type Item = Result<Page<O::Output>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let list = self.paginator.next_request(0)?;
        let reply = self.client.send(list);
        let page = reply.and_then(|reply| self.paginator.on_reply(reply));
        page.transpose()
    }
}

impl<T, O: Paginate> fmt::Debug for BlockingPages<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingPages")
            .field("list", &O::NAME)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
