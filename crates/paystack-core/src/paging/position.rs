//! The position of a page in a list, and the rules that lead to the next one.

use serde::{Deserialize, Serialize};

use crate::error::PagingError;
use crate::request::Query;
use crate::response::{Cursor, Meta};

/// The start of a page. Page numbers and cursors cannot be mixed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "at", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Position {
    /// The page with this number, from 1.
    Page(u64),
    /// The first page, of a list with cursors.
    Cursor,
    /// The page after this cursor: [`Meta::next`](crate::Meta::next).
    After(Cursor),
    /// The page before this cursor: [`Meta::previous`](crate::Meta::previous).
    Before(Cursor),
}

impl Position {
    /// Appends the position to the query, under the names that most lists of Paystack use: `page`, or `use_cursor`
    /// with `next` or `previous`.
    ///
    /// ```
    /// # use paystack_core::{Api, Operation, SecretKey, http::Method};
    /// use paystack_core::{Position, Query};
    ///
    /// struct ListBanks { start: Position }
    /// # impl Operation for ListBanks {
    /// #     const NAME: &'static str = "banks.list";
    /// #     const METHOD: Method = Method::GET;
    /// #     const PATH: &'static str = "/bank";
    /// #     type Output = Vec<serde_json::Value>;
    /// fn query(&self, query: &mut Query) { self.start.write_to(query) }
    /// # }
    ///
    /// # let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// let request = api.request(&ListBanks { start: Position::Cursor })?;
    /// assert_eq!(request.uri().query(), Some("use_cursor=true"));
    /// # Ok::<(), paystack_core::Error>(())
    /// ```
    pub fn write_to(&self, query: &mut Query) {
        match self {
            Self::Page(page) => query.pair("page", page),
            Self::Cursor => query.pair("use_cursor", true),
            Self::After(cursor) => {
                query.pair("use_cursor", true);
                query.pair("next", cursor);
            }
            Self::Before(cursor) => {
                query.pair("use_cursor", true);
                query.pair("previous", cursor);
            }
        }
    }
}

/// The start of the next page.
pub(super) fn next(
    position: Option<Position>,
    meta: Option<&Meta>,
    rows: usize,
) -> Result<Option<Position>, PagingError> {
    if rows == 0 {
        return Ok(None);
    }
    let next = meta.and_then(|meta| meta.next.clone());
    match position {
        Some(Position::Page(page)) => by_number(page, meta),
        Some(Position::Cursor) => {
            let all = meta.and_then(|meta| meta.total).unwrap_or(0);
            let here = u64::try_from(rows).unwrap_or(u64::MAX);
            if next.is_none() && all > here {
                return Err(PagingError::NoCursors {
                    pages: all.div_ceil(here),
                });
            }
            follow(None, next, meta).map(|next| next.map(Position::After))
        }
        Some(Position::After(here)) => {
            follow(Some(here), next, meta).map(|next| next.map(Position::After))
        }
        Some(Position::Before(here)) => {
            let previous = meta.and_then(|meta| meta.previous.clone());
            follow(Some(here), previous, meta).map(|next| next.map(Position::Before))
        }
        // The server chose.
        None => match (next, meta.and_then(|meta| meta.page)) {
            (Some(next), _) => Ok(Some(Position::After(next))),
            (None, Some(page)) => by_number(page, meta),
            (None, None) => Ok(None),
        },
    }
}

fn by_number(page: u64, meta: Option<&Meta>) -> Result<Option<Position>, PagingError> {
    let requested = page.max(1);
    if let Some(returned) = meta.and_then(|meta| meta.page)
        && returned != requested
    {
        return Err(PagingError::WrongPage {
            requested,
            returned,
        });
    }
    let is_last = last_page(meta).is_some_and(|last| requested >= last);
    let following = requested.checked_add(1).filter(|_| !is_last);
    Ok(following.map(Position::Page))
}

/// The number of the last page, if the server returns it.
pub(super) fn last_page(meta: Option<&Meta>) -> Option<u64> {
    let meta = meta?;
    let by_rows = || {
        let per_page = meta.per_page.filter(|rows| *rows > 0)?;
        meta.total.map(|total| total.div_ceil(per_page))
    };
    // If the two contradict each other, the larger one requests a page too many rather than one too few.
    // A page with rows contradicts a count of 0.
    let last = meta.page_count.max(by_rows());
    last.filter(|pages| *pages > 0)
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

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::customers::direct_debit::{
        ListIntegrationMandateAuthorizations, ListMandateAuthorizations,
    };
    use crate::customers::{Customer, ListCustomers};
    use crate::{CustomerId, Operation, Paginate, RetryRule};

    fn meta(json: &str) -> Option<Meta> {
        Meta::read(&serde_json::from_str::<Box<RawValue>>(json).unwrap())
    }

    fn cursor(text: &str) -> Cursor {
        Cursor::new(text).unwrap()
    }

    /// The position of the page after the one at this position.
    fn after(
        start: impl Into<Option<Position>>,
        json: &str,
        rows: usize,
    ) -> Result<Option<Position>, PagingError> {
        let mut list = ListCustomers::new();
        if let Some(start) = start.into() {
            list = list.start(start);
        }
        let next = list.next_page(meta(json).as_ref(), rows)?;
        Ok(next.map(|list| list.position().unwrap()))
    }

    #[test]
    fn a_cursor_leads_to_the_next_page() {
        let first = after(Position::Cursor, r#"{"next":"b","previous":"null"}"#, 50);
        assert_eq!(first, Ok(Some(Position::After(cursor("b")))));
        let second = after(
            Position::After(cursor("b")),
            r#"{"next":"c","previous":"a"}"#,
            50,
        );
        assert_eq!(second, Ok(Some(Position::After(cursor("c")))));
        let back = after(
            Position::Before(cursor("c")),
            r#"{"next":"c","previous":"a"}"#,
            50,
        );
        assert_eq!(back, Ok(Some(Position::Before(cursor("a")))));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
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
            for start in [Position::Cursor, Position::After(cursor("b"))] {
                assert_eq!(after(start, json, 50), Ok(None), "{json}");
            }
        }
        let before = after(
            Position::Before(cursor("b")),
            r#"{"previous":"null","next":"b"}"#,
            50,
        );
        assert_eq!(before, Ok(None));
    }

    #[test]
    fn a_page_without_rows_is_the_last() {
        for start in [
            Position::Page(3),
            Position::Cursor,
            Position::After(cursor("b")),
        ] {
            let json = r#"{"next":"b","page":1,"pageCount":9}"#;
            assert_eq!(after(start, json, 0), Ok(None));
        }
    }

    #[test]
    fn a_cursor_to_its_own_page_is_an_error() {
        for (start, json) in [
            (Position::After(cursor("b")), r#"{"next":"b"}"#),
            (Position::Before(cursor("b")), r#"{"previous":"b"}"#),
        ] {
            assert_eq!(after(start, json, 50), Err(PagingError::RepeatedCursor));
        }
    }

    #[test]
    fn missing_cursors_do_not_end_the_list() {
        for start in [
            Position::Cursor,
            Position::After(cursor("b")),
            Position::Before(cursor("b")),
        ] {
            for json in [r#"{"page":1,"pageCount":147}"#, r#"{"pageCount":147}"#] {
                let refused = after(start.clone(), json, 50);
                assert_eq!(refused, Err(PagingError::NoCursors { pages: 147 }));
            }
        }
    }

    #[test]
    fn a_total_beyond_the_first_page_needs_a_cursor() {
        let counts = r#"{"next":null,"per_page":50,"count":50,"total":1001}"#;
        let refused = after(Position::Cursor, counts, 50);
        assert_eq!(refused, Err(PagingError::NoCursors { pages: 21 }));
        let last = after(Position::After(cursor("b")), counts, 50);
        assert_eq!(last, Ok(None), "it may be the last of many");
    }

    #[test]
    fn counts_determine_the_last_page_number() {
        for (page, json, next) in [
            (1, r#"{"page":1,"pageCount":3}"#, Some(2)),
            (2, r#"{"page":2,"pageCount":3}"#, Some(3)),
            (3, r#"{"page":3,"pageCount":3}"#, None),
            (4, r#"{"page":4,"pageCount":3}"#, None),
            (1, r#"{"total":101,"perPage":"50"}"#, Some(2)),
            (3, r#"{"total":101,"perPage":"50"}"#, None),
            (2, r#"{"total":100,"perPage":50}"#, None),
            // The higher of two contradictory counts wins.
            (1, r#"{"pageCount":1,"total":101,"perPage":50}"#, Some(2)),
            (1, r#"{"pageCount":2,"total":50,"perPage":50}"#, Some(2)),
            // Without plausible counts, an empty page ends the list.
            (7, "{}", Some(8)),
            (7, "null", Some(8)),
            (7, r#"{"pageCount":0}"#, Some(8)),
            (7, r#"{"total":0,"perPage":50}"#, Some(8)),
            (7, r#"{"total":1000,"perPage":0}"#, Some(8)),
            (0, r#"{"page":1}"#, Some(2)),
            (u64::MAX, "{}", None),
        ] {
            let result = after(Position::Page(page), json, 50);
            assert_eq!(result, Ok(next.map(Position::Page)), "{page} {json}");
        }
    }

    #[test]
    fn another_page_than_requested_is_an_error() {
        let result = after(Position::Page(3), r#"{"page":1,"pageCount":9}"#, 50);
        assert_eq!(
            result,
            Err(PagingError::WrongPage {
                requested: 3,
                returned: 1
            })
        );
    }

    #[test]
    fn a_server_may_choose_the_first_position() {
        let by_number = after(None, r#"{"page":1,"pageCount":3}"#, 50);
        assert_eq!(by_number, Ok(Some(Position::Page(2))));
        let by_cursor = after(None, r#"{"next":"b"}"#, 50);
        assert_eq!(by_cursor, Ok(Some(Position::After(cursor("b")))));
        assert_eq!(after(None, "{}", 50), Ok(None));
    }

    #[test]
    fn mandates_have_cursors_only() {
        let first = meta(r#"{"per_page":50,"next":"b","count":50,"total":51}"#);
        let of_one = ListMandateAuthorizations::new(CustomerId::new(7));
        let next = of_one.next_page(first.as_ref(), 50).unwrap().unwrap();
        assert_eq!(next.position(), Some(Position::After(cursor("b"))));
        let of_all = ListIntegrationMandateAuthorizations::new();
        let next = of_all.next_page(first.as_ref(), 50).unwrap().unwrap();
        assert_eq!(next.position(), Some(Position::After(cursor("b"))));
        for start in [Position::Page(2), Position::Before(cursor("b"))] {
            assert!(of_one.at(start.clone()).is_none());
            assert!(of_all.at(start).is_none());
        }
    }

    #[test]
    fn another_output_type_has_the_same_pages() {
        let list = ListCustomers::new()
            .start(Position::Cursor)
            .decode_as::<Vec<Customer>>();
        let first = meta(r#"{"next":"b"}"#);
        let next = list.next_page(first.as_ref(), 1).unwrap().unwrap();
        assert_eq!(next.position(), Some(Position::After(cursor("b"))));
    }

    /// A list with numbers for its pages and no cursors.
    #[derive(Clone)]
    struct Numbered;

    impl Operation for Numbered {
        const NAME: &'static str = "numbered";
        const METHOD: http::Method = http::Method::GET;
        const PATH: &'static str = "/numbered";
        const RETRY: RetryRule = RetryRule::Idempotent;
        type Output = Vec<serde_json::Value>;
    }

    impl Paginate for Numbered {
        fn position(&self) -> Option<Position> {
            None
        }

        fn at(&self, start: Position) -> Option<Self> {
            matches!(start, Position::Page(_)).then_some(Self)
        }
    }

    #[test]
    fn a_position_that_a_list_lacks_is_an_error() {
        let led = |json| Numbered.next_page(meta(json).as_ref(), 1).map(|_| ());
        assert_eq!(led(r#"{"next":"b"}"#), Err(PagingError::Unsupported));
        assert_eq!(led(r#"{"page":1}"#), Ok(()));
    }
}
