//! `GET /customer`

use std::fmt;

use http::Method;
use time::{Date, OffsetDateTime, UtcOffset};

use super::Customer;
use crate::{Operation, Paged, Path, Query, Resend, Start};

/// Lists customers, newest first, a page at a time: `GET /customer`.
///
/// ```
/// use paystack_core::customers::{ListCustomers, Start};
/// use time::macros::{date, datetime};
///
/// let by_page = ListCustomers::new().per_page(100).start(Start::Page(3));
/// let by_cursor = ListCustomers::new().per_page(100).start(Start::Cursor);
/// let in_january = ListCustomers::new()
///     .created_from(date!(2026-01-01))
///     .created_to(datetime!(2026-01-31 23:59:59.999 +1));
/// ```
///
/// The reply's [`meta`](crate::Reply::meta) says where the next page starts. Pages by number
/// shift while customers are created: a row may come twice or never. Pages by cursor do not.
///
/// Refused with 400: a cursor or a date that Paystack does not take.
///
/// See <https://paystack.com/docs/api/customer/#list>.
#[derive(Clone, Debug, Default)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListCustomers {
    per_page: Option<u32>,
    start: Option<Start>,
    created_from: Option<ListBound>,
    created_to: Option<ListBound>,
}

impl ListCustomers {
    /// The first page, as long as Paystack makes it (50 customers today).
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many customers a page holds at most.
    pub fn per_page(mut self, customers: u32) -> Self {
        self.per_page = Some(customers);
        self
    }

    /// Sets where the page starts, and with it the kind of paging.
    pub fn start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// Leaves out customers that were created before.
    pub fn created_from(mut self, from: impl Into<ListBound>) -> Self {
        self.created_from = Some(from.into());
        self
    }

    /// Leaves out customers that were created after. A day may be taken for its first moment: give
    /// the last moment where that day is to be among them.
    pub fn created_to(mut self, to: impl Into<ListBound>) -> Self {
        self.created_to = Some(to.into());
        self
    }
}

impl Operation for ListCustomers {
    const NAME: &'static str = "customers.list";
    const METHOD: Method = Method::GET;
    const RESEND: Resend = Resend::Always;
    type Output = Vec<Customer>;

    fn path(&self) -> Path {
        Path::new("customer")
    }

    fn query(&self, query: &mut Query) {
        if let Some(per_page) = self.per_page {
            query.pair("perPage", per_page);
        }
        match &self.start {
            None => {}
            Some(Start::Page(page)) => query.pair("page", page),
            Some(Start::Cursor) => query.pair("use_cursor", true),
            Some(Start::After(cursor)) => {
                query.pair("use_cursor", true);
                query.pair("next", cursor);
            }
            Some(Start::Before(cursor)) => {
                query.pair("use_cursor", true);
                query.pair("previous", cursor);
            }
        }
        if let Some(from) = &self.created_from {
            query.pair("from", from);
        }
        if let Some(to) = &self.created_to {
            query.pair("to", to);
        }
    }
}

impl Paged for ListCustomers {
    fn position(&self) -> Option<Start> {
        self.start.clone()
    }

    fn at(&self, start: Start) -> Option<Self> {
        Some(self.clone().start(start))
    }
}

/// An end of the time that customers were created in: a day, or a moment, which is sent in UTC and
/// to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListBound {
    /// A day, sent as it is. At which moment of it the list begins or ends, and in which time zone,
    /// Paystack does not document.
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

/// As the query holds it: `2026-01-31`, `2026-01-31T22:59:59.000Z`.
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
                // Only the last hours of the year 9999 have no time in UTC.
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
    use crate::tests::wire_text;

    #[test]
    fn smallest() {
        insta::assert_snapshot!(wire_text(&ListCustomers::new()), @"
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
            .start(Start::Page(3))
            .created_from(date!(2026 - 01 - 01))
            .created_to(datetime!(2026-01-31 23:59:59.5 +1));
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer?perPage=100&page=3&from=2026-01-01&to=2026-01-31T22%3A59%3A59.500Z
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn first_page_by_cursor() {
        let list = ListCustomers::new().start(Start::Cursor);
        insta::assert_snapshot!(wire_text(&list), @"
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
            .start(Start::After(cursor));
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer?perPage=49&use_cursor=true&next=dW5kZWZpbmVkOjQwOTczNTgxNTg%3D
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn page_before_a_cursor() {
        let cursor = Cursor::new("a+b/c==").unwrap();
        let list = ListCustomers::new().start(Start::Before(cursor));
        insta::assert_snapshot!(wire_text(&list), @"
        GET https://api.paystack.co/customer?use_cursor=true&previous=a%2Bb%2Fc%3D%3D
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn moments_are_sent_in_utc_whatever_their_offset() {
        for (moment, sent) in [
            (datetime!(2026-01-01 00:30 +1), "2025-12-31T23:30:00.000Z"),
            (datetime!(2026-01-01 00:30 UTC), "2026-01-01T00:30:00.000Z"),
            (datetime!(9999-12-31 23:59 -1), "9999-12-31T23:59:00.000Z"),
        ] {
            assert_eq!(ListBound::from(moment).to_string(), sent);
        }
    }
}
