//! The rows of a list, one at a time.

use std::fmt;
use std::future::poll_fn;
use std::iter::Peekable;
use std::task::{Context, Poll};
use std::vec;

use paystack_core::{Error, ErrorKind, OddRow, Page, Paginate};

use crate::local::{LocalPages, LocalTransport};
use crate::pages::{BlockingPages, Pages};
use crate::transport::{BlockingTransport, Transport};

/// The rows of a list, one at a time: [`Pages::items`].
///
/// A page that fails is one item, an error. The next item is from the same page, so no row is lost.
///
/// A row that does not decode is an error of the kind [`ErrorKind::OddRow`], in its place. The next item is the
/// row after it.
pub struct Items<P, R: IntoIterator> {
    pages: P,
    page: Option<Rows<R>>,
}

/// The rest of a page.
struct Rows<R: IntoIterator> {
    rows: R::IntoIter,
    odd_rows: Peekable<vec::IntoIter<OddRow>>,
    /// The index of the next row.
    index: usize,
}

impl<R: IntoIterator> Rows<R> {
    fn new(page: Page<R>) -> Self {
        Self {
            odd_rows: page.odd_rows().to_vec().into_iter().peekable(),
            rows: page.data.into_iter(),
            index: 0,
        }
    }

    fn next(&mut self) -> Option<Result<R::Item, OddRow>> {
        let index = self.index;
        self.index = index.saturating_add(1);
        match self.odd_rows.next_if(|row| row.index() <= index) {
            Some(odd) => Some(Err(odd)),
            // A set has fewer rows than the page, so odd rows may be left.
            None => match self.rows.next() {
                Some(row) => Some(Ok(row)),
                None => self.odd_rows.next().map(Err),
            },
        }
    }
}

impl<T, O> Pages<T, O>
where
    O: Paginate<Output: IntoIterator>,
{
    /// The rows of all pages, one at a time.
    ///
    /// ```
    /// # use paystack_transport::{Client, Error, Transport};
    /// use paystack_transport::customers::ListCustomers;
    ///
    /// # async fn example(client: Client<impl Transport + 'static>) -> Result<(), Error> {
    /// let mut customers = client.pages(ListCustomers::new().per_page(100)).items();
    /// while let Some(customer) = customers.next().await {
    ///     println!("{}", customer?.customer_code);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> Items<Self, O::Output> {
        Items::new(self)
    }
}

impl<T, O> LocalPages<T, O>
where
    O: Paginate<Output: IntoIterator>,
{
    /// The rows of all pages, one at a time: [`Pages::items`].
    pub fn items(self) -> Items<Self, O::Output> {
        Items::new(self)
    }
}

impl<T, O> BlockingPages<T, O>
where
    O: Paginate<Output: IntoIterator>,
{
    /// The rows of all pages, one at a time, as an iterator.
    ///
    /// ```
    /// # use paystack_transport::{BlockingClient, BlockingTransport, Error};
    /// use paystack_transport::customers::ListCustomers;
    ///
    /// # fn example(client: BlockingClient<impl BlockingTransport>) -> Result<(), Error> {
    /// for customer in client.pages(ListCustomers::new().per_page(100)).items() {
    ///     println!("{}", customer?.customer_code);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items(self) -> Items<Self, O::Output> {
        Items::new(self)
    }
}

impl<P, R: IntoIterator> Items<P, R> {
    fn new(pages: P) -> Self {
        Self { pages, page: None }
    }

    /// The next row, from the current page or from the next one.
    fn poll(
        &mut self,
        operation: &'static str,
        mut next_page: impl FnMut(&mut P) -> Poll<Option<Result<Page<R>, Error>>>,
    ) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            if let Some(row) = self.page.as_mut().and_then(Rows::next) {
                let error = |odd| Error::new(operation, ErrorKind::OddRow(odd));
                return Poll::Ready(Some(row.map_err(error)));
            }
            self.page = None;
            match next_page(&mut self.pages) {
                Poll::Ready(Some(Ok(page))) => self.page = Some(Rows::new(page)),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<P: fmt::Debug, R: IntoIterator> fmt::Debug for Items<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

/// No field is ever pinned.
impl<P: Unpin, R: IntoIterator> Unpin for Items<P, R> {}

type Row<O> = <<O as paystack_core::Operation>::Output as IntoIterator>::Item;
type Item<O> = Option<Result<Row<O>, Error>>;

impl<T, O> Items<Pages<T, O>, O::Output>
where
    T: Transport + 'static,
    O: Paginate<Output: IntoIterator + Send> + Send + 'static,
{
    /// The next row; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Error`] if a page failed: the next call requests it again. Also if a row did not decode: the next call
    /// returns the row after it.
    pub async fn next(&mut self) -> Item<O> {
        poll_fn(|context| self.poll_row(context)).await
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Item<O>> {
        self.poll(O::NAME, |pages| pages.poll(context))
    }
}

impl<T, O> Items<LocalPages<T, O>, O::Output>
where
    T: LocalTransport + 'static,
    O: Paginate<Output: IntoIterator> + 'static,
{
    /// The next row; `None` after the last.
    ///
    /// # Errors
    ///
    /// [`Error`] if a page failed: the next call requests it again. Also if a row did not decode: the next call
    /// returns the row after it.
    pub async fn next(&mut self) -> Item<O> {
        poll_fn(|context| self.poll_row(context)).await
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Item<O>> {
        self.poll(O::NAME, |pages| pages.poll(context))
    }
}

impl<T, O> Iterator for Items<BlockingPages<T, O>, O::Output>
where
    T: BlockingTransport,
    O: Paginate<Output: IntoIterator>,
{
    type Item = Result<Row<O>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.poll(O::NAME, |pages| Poll::Ready(pages.next())) {
            Poll::Ready(item) => item,
            Poll::Pending => None, // a blocking page is always ready
        }
    }
}

#[cfg(feature = "stream")]
mod stream {
    use std::pin::Pin;

    use futures_core::Stream;

    use super::*;

    impl<T, O> Stream for Items<Pages<T, O>, O::Output>
    where
        T: Transport + 'static,
        O: Paginate<Output: IntoIterator + Send> + Send + 'static,
    {
        type Item = Result<Row<O>, Error>;

        fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.get_mut().poll_row(context)
        }
    }

    impl<T, O> Stream for Items<LocalPages<T, O>, O::Output>
    where
        T: LocalTransport + 'static,
        O: Paginate<Output: IntoIterator> + 'static,
    {
        type Item = Result<Row<O>, Error>;

        fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.get_mut().poll_row(context)
        }
    }
}
