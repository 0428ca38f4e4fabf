//! Pagination: from one page of a list to the next.

mod page;
mod paginator;
mod position;
mod resume_point;

use serde::de::DeserializeOwned;

pub use self::page::Page;
pub use self::paginator::Paginator;
pub use self::position::Position;
use self::position::next;
pub use self::resume_point::ResumePoint;
use crate::error::PagingError;
use crate::operation::{DecodedAs, Operation};
use crate::response::Meta;

/// An operation whose output is one page of a list.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{Api, Paginate, Position, SecretKey, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let list = ListCustomers::new().per_page(100).start(Position::Cursor);
/// # let body = r#"{"status":true,"message":"Customers retrieved","data":[{"id":1173,
/// #   "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"bojack@example.com"}],
/// #   "meta":{"next":"dW5kZWZpbmVkOjQwOTc=","previous":"null","perPage":100}}"#;
/// # let send = |_| http::Response::new(body.into());
/// let reply = api.read(&list, send(api.request(&list)?))?;
///
/// let next = list.next_page(reply.meta.as_ref(), reply.data.len()).unwrap().unwrap();
/// assert_eq!(next.position(), reply.meta.unwrap().next.map(Position::After));
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// [`Paginator`] does this page after page. A list of your own needs its position, and a way to move it:
///
/// ```
/// # use paystack_core::{Operation, Query, http::Method};
/// use paystack_core::{Paginate, Position};
///
/// #[derive(Clone)]
/// struct ListBanks { start: Position }
/// # impl Operation for ListBanks {
/// #     const NAME: &'static str = "banks.list";
/// #     const METHOD: Method = Method::GET;
/// #     const PATH: &'static str = "/bank";
/// #     type Output = Vec<serde_json::Value>;
/// #     fn query(&self, query: &mut Query) { self.start.write_to(query) }
/// # }
///
/// impl Paginate for ListBanks {
///     fn position(&self) -> Option<Position> { Some(self.start.clone()) }
///     fn at(&self, start: Position) -> Option<Self> { Some(Self { start, ..self.clone() }) }
/// }
/// ```
///
/// See <https://paystack.com/docs/api/#pagination>.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list",
    label = "has no pages",
    note = "send it with `client.send(..)`; your own list has pages once it implements `Paginate`"
)]
pub trait Paginate: Operation + Clone {
    /// The start of the page that it requests; `None` to let the server choose.
    fn position(&self) -> Option<Position>;

    /// The same list at another position; `None` if the list cannot start there.
    fn at(&self, position: Position) -> Option<Self>;

    /// The operation for the page after the one with this `meta` and number of rows; `None` after the last
    /// page.
    ///
    /// The last page has no rows, no cursor, or the number of the last page. A cursor that is null, empty or the
    /// word `null` counts as none. If the server's counts contradict each other, the larger one is used. Without a
    /// count, numbered pages end at an empty page.
    ///
    /// # Errors
    ///
    /// [`PagingError`] if the next page would repeat rows or miss some.
    fn next_page(&self, meta: Option<&Meta>, rows: usize) -> Result<Option<Self>, PagingError> {
        match next(self.position(), meta, rows)? {
            None => Ok(None),
            Some(position) => match self.at(position) {
                None => Err(PagingError::Unsupported),
                next => Ok(next),
            },
        }
    }
}

impl<O: Paginate, T: DeserializeOwned> Paginate for DecodedAs<O, T> {
    fn position(&self) -> Option<Position> {
        self.operation.position()
    }

    fn at(&self, position: Position) -> Option<Self> {
        self.operation.at(position).map(Operation::decode_as)
    }

    fn next_page(&self, meta: Option<&Meta>, rows: usize) -> Result<Option<Self>, PagingError> {
        let next = self.operation.next_page(meta, rows)?;
        Ok(next.map(Operation::decode_as))
    }
}
