//! A list, page after page, as a state machine without IO.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::IgnoredAny;

use super::position::last_page;
use super::resume_point::list_fingerprint;
use super::{Page, Paginate, Position, ResumePoint};
use crate::error::{Error, ErrorKind, PagingError};
use crate::response::{Cursor, Reply};
use crate::types::InvalidInput;

/// A list, page after page, as a state machine without IO: requests are values, and so are replies.
///
/// A list without a position starts by cursor, if it supports cursors. Only an accepted reply
/// ([`on_reply`](Self::on_reply)) moves the paginator. So after any error, the next request is for the same
/// page. It stores no rows, only a few bytes for each cursor, to detect one that leads back. A resumed paginator
/// knows only the cursors since its point.
///
/// Pages by cursor contain each row once. Numbered pages shift when rows are added or deleted. Customers
/// cannot be deleted in Paystack, so numbered pages of customers may repeat rows but cannot skip any;
/// numbered pages of other lists can skip rows.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{Api, Paginator, SecretKey, bytes::Bytes, http};
///
/// # fn main() -> Result<(), paystack_core::Error> {
/// # let mut responses = [(7, r#""dW5kZWZpbmVkOjQwOTc=""#), (8, "null")].into_iter();
/// # let mut send = |_: http::Request<Bytes>| {
/// #     let (id, next) = responses.next().unwrap();
/// #     http::Response::new(Bytes::from(format!(r#"{{"status":true,"message":"","data":[{{"id":{id},
/// #       "customer_code":"CUS_{id}","email":"ada@example.com"}}],"meta":{{"next":{next}}}}}"#)))
/// # };
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let mut paginator = Paginator::new(ListCustomers::new().per_page(100));
/// let mut customers = Vec::new();
/// while let Some(list) = paginator.next_request(0) {
///     let response: http::Response<Bytes> = send(api.request(&list)?); // any HTTP client
///     if let Some(page) = paginator.on_reply(api.read(&list, response)?)? {
///         customers.extend(page.data);
///     }
/// }
/// assert_eq!(customers.len(), 2);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Paginator<O> {
    /// The next page; `None` after the last one.
    next: Option<O>,
    /// The fingerprint of the list.
    list: u32,
    /// The number of the last page, if the last reply contained it.
    last_page: Option<u64>,
    /// The cursors so far, hashed.
    seen: BTreeSet<u64>,
}

impl<O: Paginate> Paginator<O> {
    /// A paginator from the position of the list to its end.
    pub fn new(list: O) -> Self {
        let first = match list.position() {
            Some(_) => None,
            None => list
                .at(Position::Cursor)
                .or_else(|| list.at(Position::Page(1))),
        };
        let fingerprint = list_fingerprint(&list);
        Self::starting(first.unwrap_or(list), fingerprint)
    }

    /// A paginator of the same list that continues at a point of an earlier one.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the point belongs to another list, or to this list with other filters or another
    /// page size.
    pub fn resume(list: O, point: &ResumePoint) -> Result<Self, InvalidInput> {
        Ok(Self::starting(
            point.page_of(&list)?,
            list_fingerprint(&list),
        ))
    }

    fn starting(first: O, list: u32) -> Self {
        let mut seen = BTreeSet::new();
        if let Some(Position::After(cursor) | Position::Before(cursor)) = first.position() {
            seen.insert(hash(&cursor));
        }
        Self {
            next: Some(first),
            list,
            last_page: None,
            seen,
        }
    }

    /// The operation for the next page, or for the page this many pages after it.
    ///
    /// `None` after the last page, and for pages whose position is not known yet: all pages ahead by
    /// cursor, and numbered ones until a reply contains their count.
    pub fn next_request(&self, pages_ahead: usize) -> Option<O> {
        let next = self.next.as_ref()?;
        if pages_ahead == 0 {
            return Some(next.clone());
        }
        let Some(Position::Page(page)) = next.position() else {
            return None;
        };
        let page = page.checked_add(u64::try_from(pages_ahead).ok()?)?;
        if page > self.last_page? {
            return None;
        }
        next.at(Position::Page(page))
    }

    /// Accepts the reply for the next page, and moves on. `None` if it has no rows: the list has ended.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Paging`] if the reply does not determine the next page. The paginator stays at this page,
    /// and the rows may be wrong.
    pub fn on_reply(&mut self, reply: Reply<O::Output>) -> Result<Option<Page<O::Output>>, Error> {
        let accepted = self.accept(reply);
        accepted.map_err(|error| Error::new(O::NAME, ErrorKind::Paging(error)))
    }

    fn accept(&mut self, reply: Reply<O::Output>) -> Result<Option<Page<O::Output>>, PagingError> {
        let Some(here) = &self.next else {
            return Ok(None);
        };
        // Counted in the bytes, so that the rows may be decoded as any type.
        let rows: Option<Vec<IgnoredAny>> = reply.decode().map_err(|_| PagingError::NoList)?;
        let rows = rows.map_or(0, |rows| rows.len());
        let next = here.next_page(reply.meta.as_ref(), rows)?;
        let position = next.as_ref().and_then(Paginate::position);
        if let Some(Position::After(cursor) | Position::Before(cursor)) = &position
            && !self.seen.insert(hash(cursor))
        {
            return Err(PagingError::RepeatedCursor);
        }
        self.next = next;
        self.last_page = last_page(reply.meta.as_ref());
        if rows == 0 {
            return Ok(None);
        }
        Ok(Some(Page {
            data: reply.data,
            message: reply.message,
            meta: reply.meta,
            resume: position.map(|position| ResumePoint::new(self.list, position)),
            undecoded: reply.undecoded,
            attempts: reply.attempts,
            queued_for: reply.queued_for,
            response: reply.response,
        }))
    }
}

/// A few bytes in place of a cursor.
fn hash(cursor: &Cursor) -> u64 {
    let mut hasher = DefaultHasher::new();
    cursor.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde::de::DeserializeOwned;

    use super::*;
    use crate::customers::ListCustomers;
    use crate::{DecodedAs, ErrorKind, Operation, RawResponse, response};

    type Customers = DecodedAs<ListCustomers, Vec<serde_json::Value>>;

    fn list(start: impl Into<Option<Position>>) -> Customers {
        let list = ListCustomers::new().per_page(2);
        let list = match start.into() {
            None => list,
            Some(start) => list.start(start),
        };
        list.decode_as()
    }

    fn reply(data: &str, meta: &str) -> Reply<Vec<serde_json::Value>> {
        let body = format!(r#"{{"status":true,"message":"","data":{data},"meta":{meta}}}"#);
        decode(body)
    }

    fn decode<T: DeserializeOwned>(body: String) -> Reply<T> {
        let response = RawResponse::new(http::Response::new(body.into()));
        response::decode(response, &|_| ()).unwrap()
    }

    fn paging_error<T>(result: Result<T, Error>) -> PagingError {
        match result.err().unwrap().into_kind() {
            ErrorKind::Paging(error) => error,
            other => panic!("{other}"),
        }
    }

    fn after(text: impl Into<String>) -> Position {
        Position::After(Cursor::new(text).unwrap())
    }

    fn positions(paginator: &Paginator<Customers>) -> Vec<Position> {
        let ahead = (0..10).map_while(|ahead| paginator.next_request(ahead));
        ahead.map(|list| list.position().unwrap()).collect()
    }

    #[test]
    fn a_list_without_a_position_starts_by_cursor() {
        assert_eq!(positions(&Paginator::new(list(None))), [Position::Cursor]);
        let by_number = Paginator::new(list(Position::Page(3)));
        assert_eq!(positions(&by_number), [Position::Page(3)]);
    }

    #[test]
    fn each_page_but_the_last_has_a_resume_point() {
        let mut paginator = Paginator::new(list(None));
        let page = paginator.on_reply(reply("[{},{}]", r#"{"next":"b"}"#));
        let point = page.unwrap().unwrap().resume().unwrap().clone();
        let mut resumed = Paginator::resume(list(None), &point).unwrap();
        assert_eq!(positions(&resumed), [after("b")]);
        let last = resumed.on_reply(reply("[{}]", r#"{"next":null}"#));
        assert_eq!(last.unwrap().unwrap().resume(), None);
        assert!(resumed.next_request(0).is_none());
        assert!(resumed.on_reply(reply("[{}]", "null")).unwrap().is_none());
    }

    #[test]
    fn page_keeps_the_facts_of_its_reply() {
        let mut reply = reply(r#"[{"id":7}]"#, "null");
        reply.attempts = 3;
        reply.queued_for = Duration::from_secs(5);
        let body = reply.response().body().clone();
        let page = Paginator::new(list(None)).on_reply(reply).unwrap().unwrap();
        assert_eq!(page.attempts(), 3);
        assert_eq!(page.queued_for(), Duration::from_secs(5));
        assert_eq!(page.response().body(), &body);
        let rows: Vec<serde_json::Value> = page.decode().unwrap();
        assert_eq!(rows, page.data);
    }

    #[test]
    fn page_names_the_parts_that_did_not_decode() {
        let ada = r#"{"id":1,"customer_code":"CUS_x","email":"ada@example.com","phone":{}}"#;
        let body = format!(r#"{{"status":true,"message":"","data":[{ada},7],"meta":null}}"#);
        let mut paginator = Paginator::new(ListCustomers::new());
        let page = paginator.on_reply(decode(body)).unwrap().unwrap();
        assert_eq!(page.data.len(), 1);
        assert_eq!(page.ignored_fields()[0].path(), "data[0].phone");
        assert_eq!(page.odd_rows()[0].index(), 1);
    }

    #[test]
    fn numbered_pages_ahead_are_known_after_the_first() {
        let mut paginator = Paginator::new(list(Position::Page(1)));
        assert_eq!(positions(&paginator), [Position::Page(1)]);
        let meta = r#"{"page":1,"pageCount":4}"#;
        paginator.on_reply(reply("[{},{}]", meta)).unwrap().unwrap();
        assert_eq!(positions(&paginator), [2, 3, 4].map(Position::Page));
        let meta = r#"{"page":2,"pageCount":3}"#;
        paginator.on_reply(reply("[{},{}]", meta)).unwrap().unwrap();
        assert_eq!(positions(&paginator), [3].map(Position::Page));
    }

    #[test]
    fn an_empty_list_has_no_page() {
        for data in ["[]", "null"] {
            let list_as_value = list(None).decode_as::<serde_json::Value>();
            let mut paginator = Paginator::new(list_as_value);
            let body = format!(r#"{{"status":true,"data":{data},"meta":{{"next":"b"}}}}"#);
            assert!(
                paginator.on_reply(decode(body)).unwrap().is_none(),
                "{data}"
            );
            assert!(paginator.next_request(0).is_none());
        }
    }

    #[test]
    fn an_error_does_not_move_the_paginator() {
        let mut paginator = Paginator::new(list(after("b")).decode_as::<serde_json::Value>());
        let replies = [
            (r#"{"rows":[1]}"#, r#"{"next":"c"}"#, PagingError::NoList),
            ("[1]", r#"{"next":"b"}"#, PagingError::RepeatedCursor),
            (
                "[1]",
                r#"{"pageCount":9}"#,
                PagingError::NoCursors { pages: 9 },
            ),
        ];
        for (data, meta, error) in replies {
            let body = format!(r#"{{"status":true,"data":{data},"meta":{meta}}}"#);
            assert_eq!(paging_error(paginator.on_reply(decode(body))), error);
            let here = paginator.next_request(0).unwrap();
            assert_eq!(here.position(), Some(after("b")));
        }
    }

    #[test]
    fn a_cursor_to_an_earlier_page_is_an_error() {
        for (pages, back_to) in [(2, 1), (3, 1), (3, 2), (100, 1), (1_000, 999)] {
            let mut paginator = Paginator::new(list(None));
            for page in 1..=pages {
                let meta = format!(r#"{{"next":"page {page}"}}"#);
                assert!(paginator.on_reply(reply("[{}]", &meta)).unwrap().is_some());
            }
            let meta = format!(r#"{{"next":"page {back_to}"}}"#);
            for _ in 0..2 {
                let refused = paging_error(paginator.on_reply(reply("[{}]", &meta)));
                assert_eq!(refused, PagingError::RepeatedCursor, "{pages} {back_to}");
            }
            let meta = r#"{"next":"elsewhere"}"#;
            assert!(paginator.on_reply(reply("[{}]", meta)).unwrap().is_some());
        }
    }

    #[test]
    fn a_cursor_to_the_first_position_is_an_error() {
        let point = "after:de6edc70:b".parse::<ResumePoint>().unwrap();
        let of_hundred = ListCustomers::new().per_page(100);
        let resumed = Paginator::resume(of_hundred.decode_as(), &point).unwrap();
        for mut paginator in [Paginator::new(list(after("b"))), resumed] {
            let led_on = paginator
                .on_reply(reply("[{}]", r#"{"next":"c"}"#))
                .unwrap();
            assert!(led_on.is_some());
            let refused = paging_error(paginator.on_reply(reply("[{}]", r#"{"next":"b"}"#)));
            assert_eq!(refused, PagingError::RepeatedCursor);
        }
    }
}
