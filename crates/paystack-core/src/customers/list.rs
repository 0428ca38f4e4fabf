//! `GET /customer`

use std::fmt;

use http::Method;
use time::{Date, OffsetDateTime, UtcOffset};

use super::Customer;
use crate::{Operation, Paginate, Position, Query, RetryRule};

/// Lists customers, newest first, page by page: `GET /customer`.
///
/// ```
/// use paystack_core::Position;
/// use paystack_core::customers::ListCustomers;
/// use time::macros::{date, datetime};
///
/// let by_page = ListCustomers::new().per_page(100).start(Position::Page(3));
/// let by_cursor = ListCustomers::new().per_page(100).start(Position::Cursor);
/// let in_january = ListCustomers::new()
///     .created_from(date!(2026-01-01))
///     .created_to(datetime!(2026-01-31 23:59:59.999 +1));
/// ```
///
/// The reply's [`meta`](crate::Reply::meta) has the start of the next page. Numbered pages shift when
/// customers are created, so a customer may be on two pages. Pages by cursor do not shift.
///
/// Paystack refuses with 400: an invalid cursor or date.
///
/// See <https://paystack.com/docs/api/customer/#list>.
#[derive(Clone, Debug, Default)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListCustomers {
    per_page: Option<u32>,
    start: Option<Position>,
    created_from: Option<ListBound>,
    created_to: Option<ListBound>,
}

impl ListCustomers {
    /// The first page, with Paystack's default size (50 customers).
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the most customers on a page.
    pub fn per_page(mut self, customers: u32) -> Self {
        self.per_page = Some(customers);
        self
    }

    /// Sets the start of the page, and with it the kind of pagination.
    pub fn start(mut self, start: Position) -> Self {
        self.start = Some(start);
        self
    }

    /// Excludes customers that were created before this time.
    pub fn created_from(mut self, from: impl Into<ListBound>) -> Self {
        self.created_from = Some(from.into());
        self
    }

    /// Excludes customers that were created after this time. Paystack may read a day as its first moment: use
    /// the last moment of a day to include it.
    pub fn created_to(mut self, to: impl Into<ListBound>) -> Self {
        self.created_to = Some(to.into());
        self
    }
}

impl Operation for ListCustomers {
    const NAME: &'static str = "customers.list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/customer";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = Vec<Customer>;

    fn query(&self, query: &mut Query) {
        query.optional_pair("perPage", self.per_page);
        match &self.start {
            None => {}
            Some(Position::Page(page)) => query.pair("page", page),
            Some(Position::Cursor) => query.pair("use_cursor", true),
            Some(Position::After(cursor)) => {
                query.pair("use_cursor", true);
                query.pair("next", cursor);
            }
            Some(Position::Before(cursor)) => {
                query.pair("use_cursor", true);
                query.pair("previous", cursor);
            }
        }
        query.optional_pair("from", self.created_from.as_ref());
        query.optional_pair("to", self.created_to.as_ref());
    }
}

impl Paginate for ListCustomers {
    fn position(&self) -> Option<Position> {
        self.start.clone()
    }

    fn at(&self, position: Position) -> Option<Self> {
        Some(self.clone().start(position))
    }
}

/// A bound of the creation time: a day, or a moment, which is sent in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListBound {
    /// A day. Paystack does not document which moment of the day, and which time zone, it means.
    Day(Date),
    /// A moment.
    Moment(OffsetDateTime),
}

impl From<Date> for ListBound {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<OffsetDateTime> for ListBound {
    fn from(moment: OffsetDateTime) -> Self {
        Self::Moment(moment)
    }
}

/// In the form of the query: `2026-01-31`, `2026-01-31T22:59:59.000Z`.
impl fmt::Display for ListBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |f: &mut fmt::Formatter<'_>, date: Date| {
            write!(
                f,
                "{:04}-{:02}-{:02}",
                date.year(),
                u8::from(date.month()),
                date.day()
            )
        };
        match self {
            Self::Day(date) => day(f, *date),
            Self::Moment(moment) => {
                // Only the last hours of the year 9999 have no equivalent in UTC.
                let utc = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(*moment);
                day(f, utc.date())?;
                let (hour, minute, second, milli) = utc.time().as_hms_milli();
                write!(f, "T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::Cursor;
    use crate::tests::snapshot;

    #[test]
    fn smallest() {
        insta::assert_snapshot!(snapshot(&ListCustomers::new()), @"
        GET https://api.paystack.co/customer
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn fullest() {
        let list = ListCustomers::new()
            .per_page(100)
            .start(Position::Page(3))
            .created_from(date!(2026 - 01 - 01))
            .created_to(datetime!(2026-01-31 23:59:59.5 +1));
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer?perPage=100&page=3&from=2026-01-01&to=2026-01-31T22%3A59%3A59.500Z
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn first_page_by_cursor() {
        let list = ListCustomers::new().start(Position::Cursor);
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer?use_cursor=true
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn page_after_a_cursor() {
        let cursor = Cursor::new("dW5kZWZpbmVkOjQwOTczNTgxNTg=").unwrap();
        let list = ListCustomers::new()
            .per_page(49)
            .start(Position::After(cursor));
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer?perPage=49&use_cursor=true&next=dW5kZWZpbmVkOjQwOTczNTgxNTg%3D
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn page_before_a_cursor() {
        let cursor = Cursor::new("a+b/c==").unwrap();
        let list = ListCustomers::new().start(Position::Before(cursor));
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer?use_cursor=true&previous=a%2Bb%2Fc%3D%3D
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn times_are_sent_in_utc() {
        for (moment, sent) in [
            (datetime!(2026-01-01 00:30 +1), "2025-12-31T23:30:00.000Z"),
            (datetime!(2026-01-01 00:30 UTC), "2026-01-01T00:30:00.000Z"),
            (datetime!(9999-12-31 23:59 -1), "9999-12-31T23:59:00.000Z"),
        ] {
            assert_eq!(ListBound::from(moment).to_string(), sent);
        }
    }
}
