//! From one page of a list to the next.

mod page;
mod resume;
mod walk;

use std::fmt;

pub use self::page::{Page, PagesError, Shift};
pub use self::resume::{ResumeError, ResumePoint};
pub use self::walk::Walk;
use crate::meta::{Cursor, Meta};
use crate::operation::{Answering, Operation};

/// An operation that answers with a page of a list, and knows how to ask for the others.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{Api, Paged, SecretKey, Start, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let list = ListCustomers::new().per_page(100).start(Start::Cursor);
/// # let body = r#"{"status":true,"message":"Customers retrieved","data":[{"id":1173,
/// #   "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"bojack@example.com"}],
/// #   "meta":{"next":"dW5kZWZpbmVkOjQwOTc=","previous":"null","perPage":100}}"#;
/// # let send = |_| http::Response::new(body.into());
/// let reply = api.read(&list, send(api.request(&list)?))?;
///
/// let next = list.next_page(reply.meta.as_ref(), reply.data.len())?.unwrap();
/// assert_eq!(next.position(), reply.meta.unwrap().next.map(Start::After));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Walk`] does so page after page. A list of your own is walked like those of this SDK once it says
/// where its page starts and how to start elsewhere:
///
/// ```
/// # use paystack_core::{Operation, Path, Query, Resend, http::Method};
/// use paystack_core::{Paged, Start};
///
/// #[derive(Clone)]
/// struct ListBanks { page: u64 }
/// # impl Operation for ListBanks {
/// #     const NAME: &'static str = "banks.list";
/// #     const METHOD: Method = Method::GET;
/// #     const RESEND: Resend = Resend::Always;
/// #     type Output = Vec<serde_json::Value>;
/// #     fn path(&self) -> Path { Path::new("bank") }
/// #     fn query(&self, query: &mut Query) { query.pair("page", self.page) }
/// # }
///
/// impl Paged for ListBanks {
///     fn position(&self) -> Option<Start> { Some(Start::Page(self.page)) }
///
///     fn at(&self, start: Start) -> Option<Self> {
///         match start {
///             Start::Page(page) => Some(Self { page }),
///             _ => None, // this one has no cursors
///         }
///     }
/// }
/// ```
///
/// See <https://paystack.com/docs/api/#pagination>.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list",
    label = "has no pages",
    note = "send it with `client.send(..)`; a list of your own has pages once it implements `Paged`"
)]
pub trait Paged: Operation + Clone {
    /// Where its page starts; `None` if it leaves that to the server.
    fn position(&self) -> Option<Start>;

    /// The same list from another place; `None` if it cannot be entered there.
    fn at(&self, start: Start) -> Option<Self>;

    /// The operation for the page after the one that came with this `meta` and so many rows; `None`
    /// if that was the last.
    ///
    /// The last page is the one without rows, without a cursor to go on from, or with the number of
    /// the last. Where no count is told, a page by its number is followed by another until one is
    /// empty.
    ///
    /// # Errors
    ///
    /// [`PagingError`] if the answer does not lead on: pages would be repeated or missed.
    fn next_page(&self, meta: Option<&Meta>, rows: usize) -> Result<Option<Self>, PagingError> {
        match next(self.position(), meta, rows)? {
            None => Ok(None),
            Some(start) => match self.at(start) {
                None => Err(PagingError::Unsupported),
                next => Ok(next),
            },
        }
    }
}

/// The same list, whatever its rows are read as.
impl<O: Paged, T: serde::de::DeserializeOwned> Paged for Answering<O, T> {
    fn position(&self) -> Option<Start> {
        self.operation.position()
    }

    fn at(&self, start: Start) -> Option<Self> {
        self.operation.at(start).map(Operation::answering)
    }

    fn next_page(&self, meta: Option<&Meta>, rows: usize) -> Result<Option<Self>, PagingError> {
        let next = self.operation.next_page(meta, rows)?;
        Ok(next.map(Operation::answering))
    }
}

/// Where a page starts. Paging by number and by cursor cannot be mixed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Start {
    /// The page with this number, from 1.
    Page(u64),
    /// The first page, with cursors to go on from.
    Cursor,
    /// The page after this place: [`Meta::next`](crate::Meta::next).
    After(Cursor),
    /// The page before this place: [`Meta::previous`](crate::Meta::previous).
    Before(Cursor),
}

/// Where the next page starts.
fn next(
    position: Option<Start>,
    meta: Option<&Meta>,
    rows: usize,
) -> Result<Option<Start>, PagingError> {
    if rows == 0 {
        return Ok(None);
    }
    let next = meta.and_then(|meta| meta.next.clone());
    match position {
        Some(Start::Page(page)) => by_number(page, meta),
        Some(Start::Cursor) => {
            let all = meta.and_then(|meta| meta.total).unwrap_or(0);
            let here = u64::try_from(rows).unwrap_or(u64::MAX);
            if next.is_none() && all > here {
                return Err(PagingError::NoCursors {
                    pages: all.div_ceil(here),
                });
            }
            follow(None, next, meta).map(|next| next.map(Start::After))
        }
        Some(Start::After(here)) => {
            follow(Some(here), next, meta).map(|next| next.map(Start::After))
        }
        Some(Start::Before(here)) => {
            let previous = meta.and_then(|meta| meta.previous.clone());
            follow(Some(here), previous, meta).map(|next| next.map(Start::Before))
        }
        // The server has chosen.
        None => match (next, meta.and_then(|meta| meta.page)) {
            (Some(next), _) => Ok(Some(Start::After(next))),
            (None, Some(page)) => by_number(page, meta),
            (None, None) => Ok(None),
        },
    }
}

fn by_number(page: u64, meta: Option<&Meta>) -> Result<Option<Start>, PagingError> {
    let asked = page.max(1);
    if let Some(came) = meta.and_then(|meta| meta.page)
        && came != asked
    {
        return Err(PagingError::WrongPage { asked, came });
    }
    let is_last = last_page(meta).is_some_and(|last| asked >= last);
    let following = asked.checked_add(1).filter(|_| !is_last);
    Ok(following.map(Start::Page))
}

/// The number of the last page, as far as it is told.
fn last_page(meta: Option<&Meta>) -> Option<u64> {
    let meta = meta?;
    let by_rows = || {
        let per_page = meta.per_page.filter(|rows| *rows > 0)?;
        meta.total.map(|total| total.div_ceil(per_page))
    };
    // Where the two contradict each other, one page too many is asked for rather than one too few. A
    // page with rows is not one of none.
    let told = meta.page_count.max(by_rows());
    told.filter(|pages| *pages > 0)
}

fn follow(
    here: Option<Cursor>,
    next: Option<Cursor>,
    meta: Option<&Meta>,
) -> Result<Option<Cursor>, PagingError> {
    if next.is_none() {
        let page = meta.and_then(|meta| meta.page).unwrap_or(1);
        return match meta.and_then(|meta| meta.page_count) {
            Some(pages) if pages > page => Err(PagingError::NoCursors { pages }),
            _ => Ok(None),
        };
    }
    if next == here {
        return Err(PagingError::RepeatedCursor);
    }
    Ok(next)
}

/// Why an answer does not lead to the next page. To go on would repeat rows or miss some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagingError {
    /// The cursor leads back to a page that came already.
    RepeatedCursor,
    /// Another page came than was asked for.
    WrongPage {
        /// The number of the page that was asked for.
        asked: u64,
        /// The number of the page that came.
        came: u64,
    },
    /// There are more pages, but the server gives no cursors to them.
    NoCursors {
        /// How many pages there are.
        pages: u64,
    },
    /// The answer's `data` is no list.
    NoList,
    /// The operation cannot start where the answer leads to.
    Unsupported,
}

impl fmt::Display for PagingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedCursor => {
                f.write_str("the cursor leads back to a page that came already")
            }
            Self::WrongPage { asked, came } => {
                write!(f, "page {came} came in place of page {asked}")
            }
            Self::NoCursors { pages } => {
                write!(f, "there are {pages} pages, but no cursors to them")
            }
            Self::NoList => f.write_str("the answer's data is no list"),
            Self::Unsupported => {
                f.write_str("the operation cannot start where the answer leads to")
            }
        }
    }
}

impl std::error::Error for PagingError {}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::customers::direct_debit::{
        ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    };
    use crate::customers::{Customer, ListCustomers};
    use crate::{CustomerId, Path, Resend};

    fn meta(json: &str) -> Option<Meta> {
        Meta::read(&serde_json::from_str::<Box<RawValue>>(json).unwrap())
    }

    fn cursor(text: &str) -> Cursor {
        Cursor::new(text).unwrap()
    }

    /// Where the page after one that starts here starts.
    fn after(
        start: impl Into<Option<Start>>,
        json: &str,
        rows: usize,
    ) -> Result<Option<Start>, PagingError> {
        let mut list = ListCustomers::new();
        if let Some(start) = start.into() {
            list = list.start(start);
        }
        let next = list.next_page(meta(json).as_ref(), rows)?;
        Ok(next.map(|list| list.position().unwrap()))
    }

    #[test]
    fn by_cursor_a_page_leads_to_the_next() {
        let first = after(Start::Cursor, r#"{"next":"b","previous":"null"}"#, 50);
        assert_eq!(first, Ok(Some(Start::After(cursor("b")))));
        let second = after(
            Start::After(cursor("b")),
            r#"{"next":"c","previous":"a"}"#,
            50,
        );
        assert_eq!(second, Ok(Some(Start::After(cursor("c")))));
        let back = after(
            Start::Before(cursor("c")),
            r#"{"next":"c","previous":"a"}"#,
            50,
        );
        assert_eq!(back, Ok(Some(Start::Before(cursor("a")))));
    }

    #[test]
    fn by_cursor_the_last_page_has_none_to_go_on_from() {
        for json in [
            "null",
            "{}",
            "[]",
            r#"{"next":null}"#,
            r#"{"next":""}"#,
            r#"{"next":"null"}"#,
            r#"{"next":null,"per_page":50,"count":50,"total":50}"#,
            r#"{"next":null,"page":1,"pageCount":1}"#,
        ] {
            for start in [Start::Cursor, Start::After(cursor("b"))] {
                assert_eq!(after(start, json, 50), Ok(None), "{json}");
            }
        }
        let before = after(
            Start::Before(cursor("b")),
            r#"{"previous":"null","next":"b"}"#,
            50,
        );
        assert_eq!(before, Ok(None));
    }

    #[test]
    fn a_page_without_rows_is_the_last_whatever_it_says() {
        for start in [Start::Page(3), Start::Cursor, Start::After(cursor("b"))] {
            let json = r#"{"next":"b","page":1,"pageCount":9}"#;
            assert_eq!(after(start, json, 0), Ok(None));
        }
    }

    #[test]
    fn a_cursor_that_leads_to_its_own_page_is_an_error() {
        for (start, json) in [
            (Start::After(cursor("b")), r#"{"next":"b"}"#),
            (Start::Before(cursor("b")), r#"{"previous":"b"}"#),
        ] {
            assert_eq!(after(start, json, 50), Err(PagingError::RepeatedCursor));
        }
    }

    #[test]
    fn a_server_that_knows_no_cursors_does_not_end_the_list_early() {
        for start in [
            Start::Cursor,
            Start::After(cursor("b")),
            Start::Before(cursor("b")),
        ] {
            for json in [r#"{"page":1,"pageCount":147}"#, r#"{"pageCount":147}"#] {
                let refused = after(start.clone(), json, 50);
                assert_eq!(refused, Err(PagingError::NoCursors { pages: 147 }));
            }
        }
    }

    #[test]
    fn a_first_page_without_a_cursor_does_not_end_a_list_that_has_more_rows() {
        let counts = r#"{"next":null,"per_page":50,"count":50,"total":1001}"#;
        let refused = after(Start::Cursor, counts, 50);
        assert_eq!(refused, Err(PagingError::NoCursors { pages: 21 }));
        let last = after(Start::After(cursor("b")), counts, 50);
        assert_eq!(last, Ok(None), "it may be the last of many");
    }

    #[test]
    fn by_number_the_last_page_is_known_by_the_counts() {
        for (page, json, next) in [
            (1, r#"{"page":1,"pageCount":3}"#, Some(2)),
            (2, r#"{"page":2,"pageCount":3}"#, Some(3)),
            (3, r#"{"page":3,"pageCount":3}"#, None),
            (4, r#"{"page":4,"pageCount":3}"#, None),
            (1, r#"{"total":101,"perPage":"50"}"#, Some(2)),
            (3, r#"{"total":101,"perPage":"50"}"#, None),
            (2, r#"{"total":100,"perPage":50}"#, None),
            // Where the counts contradict each other, the higher one counts.
            (1, r#"{"pageCount":1,"total":101,"perPage":50}"#, Some(2)),
            (1, r#"{"pageCount":2,"total":50,"perPage":50}"#, Some(2)),
            // Without counts, or with such as cannot be, an empty page ends the list.
            (7, "{}", Some(8)),
            (7, "null", Some(8)),
            (7, r#"{"pageCount":0}"#, Some(8)),
            (7, r#"{"total":0,"perPage":50}"#, Some(8)),
            (7, r#"{"total":1000,"perPage":0}"#, Some(8)),
            (0, r#"{"page":1}"#, Some(2)),
            (u64::MAX, "{}", None),
        ] {
            let told = after(Start::Page(page), json, 50);
            assert_eq!(told, Ok(next.map(Start::Page)), "{page} {json}");
        }
    }

    #[test]
    fn another_page_than_was_asked_for_is_an_error() {
        let told = after(Start::Page(3), r#"{"page":1,"pageCount":9}"#, 50);
        assert_eq!(told, Err(PagingError::WrongPage { asked: 3, came: 1 }));
    }

    #[test]
    fn where_the_start_is_left_to_the_server_its_answer_says_how_it_goes_on() {
        let by_number = after(None, r#"{"page":1,"pageCount":3}"#, 50);
        assert_eq!(by_number, Ok(Some(Start::Page(2))));
        let by_cursor = after(None, r#"{"next":"b"}"#, 50);
        assert_eq!(by_cursor, Ok(Some(Start::After(cursor("b")))));
        assert_eq!(after(None, "{}", 50), Ok(None));
    }

    #[test]
    fn mandates_are_walked_by_cursor_only() {
        let told = meta(r#"{"per_page":50,"next":"b","count":50,"total":51}"#);
        let of_one = ListMandateAuthorizations::new(CustomerId::new(7));
        let next = of_one.next_page(told.as_ref(), 50).unwrap().unwrap();
        assert_eq!(next.position(), Some(Start::After(cursor("b"))));
        let of_all = ListIntegrationMandateAuthorizations::new();
        let next = of_all.next_page(told.as_ref(), 50).unwrap().unwrap();
        assert_eq!(next.position(), Some(Start::After(cursor("b"))));
        for start in [Start::Page(2), Start::Before(cursor("b"))] {
            assert!(of_one.at(start.clone()).is_none());
            assert!(of_all.at(start).is_none());
        }
    }

    #[test]
    fn a_list_is_walked_whatever_its_rows_are_read_as() {
        let list = ListCustomers::new()
            .start(Start::Cursor)
            .answering::<Vec<Customer>>();
        let told = meta(r#"{"next":"b"}"#);
        let next = list.next_page(told.as_ref(), 1).unwrap().unwrap();
        assert_eq!(next.position(), Some(Start::After(cursor("b"))));
    }

    /// A list with numbers for its pages and no cursors.
    #[derive(Clone)]
    struct Numbered;

    impl Operation for Numbered {
        const NAME: &'static str = "numbered";
        const METHOD: http::Method = http::Method::GET;
        const RESEND: Resend = Resend::Always;
        type Output = Vec<serde_json::Value>;

        fn path(&self) -> Path {
            Path::new("numbered")
        }
    }

    impl Paged for Numbered {
        fn position(&self) -> Option<Start> {
            None
        }

        fn at(&self, start: Start) -> Option<Self> {
            matches!(start, Start::Page(_)).then_some(Self)
        }
    }

    #[test]
    fn a_list_that_cannot_start_where_it_is_led_to_is_an_error() {
        let led = |json| Numbered.next_page(meta(json).as_ref(), 1).map(|_| ());
        assert_eq!(led(r#"{"next":"b"}"#), Err(PagingError::Unsupported));
        assert_eq!(led(r#"{"page":1}"#), Ok(()));
    }

    #[test]
    fn what_does_not_lead_on_says_why() {
        for (error, says) in [
            (
                PagingError::RepeatedCursor,
                "the cursor leads back to a page that came already",
            ),
            (
                PagingError::WrongPage { asked: 3, came: 1 },
                "page 1 came in place of page 3",
            ),
            (
                PagingError::NoCursors { pages: 9 },
                "there are 9 pages, but no cursors to them",
            ),
            (PagingError::NoList, "the answer's data is no list"),
            (
                PagingError::Unsupported,
                "the operation cannot start where the answer leads to",
            ),
        ] {
            assert_eq!(error.to_string(), says);
        }
    }
}
