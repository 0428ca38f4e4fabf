//! A list, page after page, as a state machine without IO.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::resume::fingerprint;
use super::{Page, Paged, PagingError, ResumeError, ResumePoint, Shift, Start, last_page};
use crate::lenient::{Object, Scalar};
use crate::meta::Cursor;
use crate::reply::Reply;

/// A list, page after page, as a state machine without IO: what to ask for is a value, and so is what
/// came.
///
/// A list that does not say where to start is walked by cursor, if it can be. Only a page that was
/// [taken](Self::take) moves the walk on, so after an error, whatever it is, the same page is asked
/// for again. It holds no rows: one page's ids, and a few bytes for each cursor, so that none leads back
/// to a page that this walk has seen.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{Api, SecretKey, Walk, bytes::Bytes, http};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut answers = [(7, r#""dW5kZWZpbmVkOjQwOTc=""#), (8, "null")].into_iter();
/// # let mut send = |_: http::Request<Bytes>| {
/// #     let (id, next) = answers.next().unwrap();
/// #     http::Response::new(Bytes::from(format!(r#"{{"status":true,"message":"","data":[{{"id":{id},
/// #       "customer_code":"CUS_{id}","email":"ada@example.com"}}],"meta":{{"next":{next}}}}}"#)))
/// # };
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let mut walk = Walk::new(ListCustomers::new().per_page(100));
/// let mut customers = Vec::new();
/// while let Some(list) = walk.upcoming(0) {
///     let response: http::Response<Bytes> = send(api.request(&list)?); // anybody's IO
///     if let Some(page) = walk.take(api.read(&list, response)?)? {
///         customers.extend(page.data);
///     }
/// }
/// assert_eq!(customers.len(), 2);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Walk<O> {
    /// The page that is next to come; `None` after the last.
    here: Option<O>,
    /// What tells this list from others.
    list: u32,
    /// The number of the last page, where pages have numbers and the last answer told it.
    last_page: Option<u64>,
    total: Option<u64>,
    /// The ids on the page before.
    before: BTreeSet<u64>,
    trail: Trail,
}

impl<O: Paged> Walk<O> {
    /// A walk from where the list starts to its end.
    pub fn new(list: O) -> Self {
        let here = match list.position() {
            Some(_) => None,
            None => list.at(Start::Cursor).or_else(|| list.at(Start::Page(1))),
        };
        let list_is = fingerprint(&list);
        Self::starting(here.unwrap_or(list), list_is)
    }

    /// A walk of the same list that goes on from a page of an earlier one.
    ///
    /// # Errors
    ///
    /// [`ResumeError`] if the point belongs to another list, or to the same with other filters or
    /// another page size.
    pub fn resume(list: O, point: &ResumePoint) -> Result<Self, ResumeError> {
        Ok(Self::starting(point.enter(&list)?, fingerprint(&list)))
    }

    fn starting(here: O, list: u32) -> Self {
        let mut trail = Trail::default();
        if let Some(Start::After(cursor) | Start::Before(cursor)) = here.position() {
            trail.0.insert(Trail::mark(&cursor));
        }
        Self {
            here: Some(here),
            list,
            last_page: None,
            total: None,
            before: BTreeSet::new(),
            trail,
        }
    }

    /// The operation for the page that is next to come (0), or for one so many pages after it.
    ///
    /// `None` after the last page, and for pages whose place is not known before the one before them
    /// has come: all by cursor, and those by number until an answer has told how many there are.
    pub fn upcoming(&self, pages_later: usize) -> Option<O> {
        let here = self.here.as_ref()?;
        if pages_later == 0 {
            return Some(here.clone());
        }
        let Some(Start::Page(page)) = here.position() else {
            return None;
        };
        let page = page.checked_add(u64::try_from(pages_later).ok()?)?;
        if page > self.last_page? {
            return None;
        }
        here.at(Start::Page(page))
    }

    /// Takes the answer for the page that is next to come, and moves on. `None` if it has no rows: the
    /// list has ended. An empty page comes only if it tells that the list has changed.
    ///
    /// # Errors
    ///
    /// [`PagingError`] if the answer does not lead on. The walk has not moved then, and the rows are
    /// not to be trusted.
    pub fn take(
        &mut self,
        reply: Reply<O::Output>,
    ) -> Result<Option<Page<O::Output>>, PagingError> {
        let Some(here) = &self.here else {
            return Ok(None);
        };
        let ids = ids(&reply)?;
        let is_empty = ids.is_empty();
        let next = here.next_page(reply.meta.as_ref(), ids.len())?;
        let position = next.as_ref().and_then(Paged::position);
        if let Some(Start::After(cursor) | Start::Before(cursor)) = &position {
            self.trail.pass(cursor)?;
        }
        let by_number = matches!(here.position(), Some(Start::Page(_)));
        let resume = next
            .as_ref()
            .and_then(|next| ResumePoint::of(next, self.list));
        self.here = next;
        let (data, message, meta, answer) = reply.into_parts();
        self.last_page = last_page(meta.as_ref());
        let total = meta
            .as_ref()
            .filter(|_| by_number)
            .and_then(|meta| meta.total);
        let shift = self.compare(total, ids);
        if is_empty && shift.is_none() {
            return Ok(None);
        }
        Ok(Some(Page {
            data,
            message,
            meta,
            shift,
            resume,
            answer,
        }))
    }

    /// Looks for signs that the list has changed since the page before, and keeps what the next
    /// page is compared with.
    fn compare(&mut self, total: Option<u64>, ids: Vec<Option<u64>>) -> Option<Shift> {
        let mut here = BTreeSet::new();
        let mut repeated = Vec::new();
        for id in ids.into_iter().flatten() {
            if !here.insert(id) || self.before.contains(&id) {
                repeated.push(id);
            }
        }
        self.before = here;
        let before = std::mem::replace(&mut self.total, total);
        let total_before = before.filter(|before| total.is_some_and(|total| total != *before));
        (total_before.is_some() || !repeated.is_empty()).then_some(Shift {
            total_before,
            repeated,
        })
    }
}

/// The id of each row that came. They are read from the bytes, so that it does not matter what the
/// rows are read as.
fn ids<T>(reply: &Reply<T>) -> Result<Vec<Option<u64>>, PagingError> {
    #[derive(Deserialize)]
    struct Row {
        #[serde(default)]
        id: Scalar,
    }

    let rows: Option<Vec<&RawValue>> = reply.decode().map_err(|_| PagingError::NoList)?;
    let rows = rows.unwrap_or_default().into_iter();
    let id = |row: &RawValue| match serde_json::from_str(row.get()) {
        Ok(Object(Row { id })) => id.number(),
        Err(_) => None,
    };
    Ok(rows.map(id).collect())
}

/// The cursors that were passed, by their hashes: a million customers, a hundred a page, are some 200 kB.
#[derive(Clone, Debug, Default)]
struct Trail(BTreeSet<u64>);

impl Trail {
    fn pass(&mut self, cursor: &Cursor) -> Result<(), PagingError> {
        match self.0.insert(Self::mark(cursor)) {
            true => Ok(()),
            false => Err(PagingError::RepeatedCursor),
        }
    }

    fn mark(cursor: &Cursor) -> u64 {
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::customers::ListCustomers;
    use crate::{Answering, Operation, reply};

    type Customers = Answering<ListCustomers, Vec<serde_json::Value>>;

    fn list(start: impl Into<Option<Start>>) -> Customers {
        let list = ListCustomers::new().per_page(2);
        let list = match start.into() {
            None => list,
            Some(start) => list.start(start),
        };
        list.answering()
    }

    fn came(data: &str, meta: &str) -> Reply<Vec<serde_json::Value>> {
        let body = format!(r#"{{"status":true,"message":"","data":{data},"meta":{meta}}}"#);
        reply::read("test", http::Response::new(Bytes::from(body))).unwrap()
    }

    fn after(text: impl Into<String>) -> Start {
        Start::After(Cursor::new(text).unwrap())
    }

    fn positions(walk: &Walk<Customers>) -> Vec<Start> {
        let upcoming = (0..10).map_while(|later| walk.upcoming(later));
        upcoming.map(|list| list.position().unwrap()).collect()
    }

    #[test]
    fn a_list_that_says_nothing_is_walked_by_cursor() {
        assert_eq!(positions(&Walk::new(list(None))), [Start::Cursor]);
        let by_number = Walk::new(list(Start::Page(3)));
        assert_eq!(positions(&by_number), [Start::Page(3)]);
    }

    #[test]
    fn each_page_tells_where_to_go_on_and_the_last_one_nothing() {
        let mut walk = Walk::new(list(None));
        let page = walk.take(came("[{},{}]", r#"{"next":"b"}"#));
        let point = page.unwrap().unwrap().resume().unwrap().clone();
        let mut resumed = Walk::resume(list(None), &point).unwrap();
        assert_eq!(positions(&resumed), [after("b")]);
        let last = resumed.take(came("[{}]", r#"{"next":null}"#));
        assert_eq!(last.unwrap().unwrap().resume(), None);
        assert!(resumed.upcoming(0).is_none());
        assert!(resumed.take(came("[{}]", "null")).unwrap().is_none());
    }

    #[test]
    fn by_number_what_is_ahead_is_known_once_the_pages_are_counted() {
        let mut walk = Walk::new(list(Start::Page(1)));
        assert_eq!(positions(&walk), [Start::Page(1)]);
        let meta = r#"{"page":1,"pageCount":4}"#;
        walk.take(came("[{},{}]", meta)).unwrap().unwrap();
        assert_eq!(positions(&walk), [2, 3, 4].map(Start::Page));
        let meta = r#"{"page":2,"pageCount":3}"#;
        walk.take(came("[{},{}]", meta)).unwrap().unwrap();
        assert_eq!(positions(&walk), [3].map(Start::Page));
    }

    #[test]
    fn an_empty_list_ends_at_once() {
        for data in ["[]", "null"] {
            let walked = list(None).answering::<serde_json::Value>();
            let mut walk = Walk::new(walked);
            let body = format!(r#"{{"status":true,"data":{data},"meta":{{"next":"b"}}}}"#);
            let reply = reply::read("test", http::Response::new(body.into())).unwrap();
            assert!(walk.take(reply).unwrap().is_none(), "{data}");
            assert!(walk.upcoming(0).is_none());
        }
    }

    #[test]
    fn what_does_not_lead_on_leaves_the_walk_where_it_was() {
        let mut walk = Walk::new(list(after("b")).answering::<serde_json::Value>());
        let answers = [
            (r#"{"rows":[1]}"#, r#"{"next":"c"}"#, PagingError::NoList),
            ("[1]", r#"{"next":"b"}"#, PagingError::RepeatedCursor),
            (
                "[1]",
                r#"{"pageCount":9}"#,
                PagingError::NoCursors { pages: 9 },
            ),
        ];
        for (data, meta, error) in answers {
            let body = format!(r#"{{"status":true,"data":{data},"meta":{meta}}}"#);
            let reply = reply::read("test", http::Response::new(body.into())).unwrap();
            assert_eq!(walk.take(reply).unwrap_err(), error);
            let here = walk.upcoming(0).unwrap();
            assert_eq!(here.position(), Some(after("b")));
        }
    }

    #[test]
    fn a_cursor_that_leads_back_to_any_page_that_came_is_an_error_at_once() {
        for (pages, back_to) in [(2, 1), (3, 1), (3, 2), (100, 1), (1_000, 999)] {
            let mut walk = Walk::new(list(None));
            for page in 1..=pages {
                let meta = format!(r#"{{"next":"page {page}"}}"#);
                assert!(walk.take(came("[{}]", &meta)).unwrap().is_some());
            }
            let meta = format!(r#"{{"next":"page {back_to}"}}"#);
            for _ in 0..2 {
                let refused = walk.take(came("[{}]", &meta)).unwrap_err();
                assert_eq!(refused, PagingError::RepeatedCursor, "{pages} {back_to}");
            }
            let meta = r#"{"next":"elsewhere"}"#;
            assert!(walk.take(came("[{}]", meta)).unwrap().is_some());
        }
    }

    #[test]
    fn a_cursor_that_leads_back_to_where_the_walk_began_is_an_error_at_once() {
        let point = "after:de6edc70:b".parse::<ResumePoint>().unwrap();
        let of_hundred = ListCustomers::new().per_page(100);
        let resumed = Walk::resume(of_hundred.answering(), &point).unwrap();
        for mut walk in [Walk::new(list(after("b"))), resumed] {
            let led_on = walk.take(came("[{}]", r#"{"next":"c"}"#)).unwrap();
            assert!(led_on.is_some());
            let refused = walk.take(came("[{}]", r#"{"next":"b"}"#)).unwrap_err();
            assert_eq!(refused, PagingError::RepeatedCursor);
        }
    }

    #[test]
    fn an_end_that_does_not_fit_the_total_before_it_is_told() {
        let mut walk = Walk::new(list(Start::Page(1)));
        let first = walk.take(came("[{},{}]", r#"{"page":1,"total":4,"perPage":2}"#));
        assert!(first.unwrap().is_some());
        let end = r#"{"page":2,"total":2,"perPage":2}"#;
        let page = walk.take(came("[]", end)).unwrap().unwrap();
        assert!(page.data.is_empty());
        assert_eq!(page.shift.unwrap().total_before, Some(4));
        assert!(walk.upcoming(0).is_none());
        let mut walk = Walk::new(list(Start::Page(1)));
        walk.take(came("[{},{}]", r#"{"page":1}"#)).unwrap();
        assert!(walk.take(came("[]", r#"{"page":2}"#)).unwrap().is_none());
    }

    #[test]
    fn a_list_that_moves_under_its_numbers_is_told() {
        let mut walk = Walk::new(list(Start::Page(1)));
        let mut shift = |page: u64, total: u64, data: &str| {
            let meta = format!(r#"{{"page":{page},"total":{total},"perPage":2}}"#);
            let page = walk.take(came(data, &meta)).unwrap().unwrap();
            page.shift.map(|shift| (shift.total_before, shift.repeated))
        };
        assert_eq!(shift(1, 9, r#"[{"id":9},{"id":8}]"#), None);
        let grown = shift(2, 10, r#"[{"id":8},{"id":"7"}]"#);
        assert_eq!(grown, Some((Some(9), vec![8])));
        assert_eq!(shift(3, 10, r#"[{"id":6},{"id":5}]"#), None);
        assert_eq!(
            shift(4, 9, r#"[{"id":3},{"no":2}]"#),
            Some((Some(10), vec![]))
        );
        assert_eq!(shift(5, 9, r#"[{"id":1},{"id":1}]"#), Some((None, vec![1])));
    }

    #[test]
    fn by_cursor_a_total_may_grow_and_a_row_may_not_come_twice() {
        let mut walk = Walk::new(list(None));
        let first = came(r#"[{"id":9},7]"#, r#"{"next":"b","total":9}"#);
        assert_eq!(walk.take(first).unwrap().unwrap().shift, None);
        let second = came(r#"[{"id":8},"x"]"#, r#"{"next":"c","total":10}"#);
        assert_eq!(walk.take(second).unwrap().unwrap().shift, None);
        let third = came(r#"[{"id":8}]"#, r#"{"total":10}"#);
        let shift = walk.take(third).unwrap().unwrap().shift.unwrap();
        assert_eq!((shift.total_before, shift.repeated), (None, vec![8]));
    }
}
