//! `GET /customer`

use std::fmt;

use http::Method;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, UtcOffset};

use super::Customer;
use crate::{InvalidInput, Operation, Paginate, Path, Position, Query, RetryRule};

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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ListCustomers {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per_page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_from: Option<ListBound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_to: Option<ListBound>,
}

impl ListCustomers {
    /// The first page, with Paystack's default size (50 customers).
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum number of customers on a page.
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

    fn path(&self) -> Path {
        let path = Path::new(Self::PATH);
        let mut bounds = [self.created_from, self.created_to].into_iter().flatten();
        match bounds.all(ListBound::has_four_digit_year) {
            true => path,
            false => path.refuse(INVALID_BOUND),
        }
    }

    fn query(&self, query: &mut Query) {
        query.optional_pair("perPage", self.per_page);
        if let Some(start) = &self.start {
            start.write_to(query);
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

/// A bound of the creation time: a day, or a moment, which is sent in UTC with milliseconds. A request with a year
/// outside of 0 to 9999, in UTC, is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListBound {
    /// A day. Paystack does not document which moment of the day, and which time zone, it means.
    Day(Date),
    /// A moment.
    Moment(OffsetDateTime),
}

impl ListBound {
    fn has_four_digit_year(self) -> bool {
        let date = match self {
            Self::Day(date) => Some(date),
            Self::Moment(moment) => moment
                .checked_to_offset(UtcOffset::UTC)
                .map(OffsetDateTime::date),
        };
        date.is_some_and(|date| (0..=9999).contains(&date.year()))
    }
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
                // A request rejects a moment without an equivalent in UTC.
                let utc = moment.checked_to_offset(UtcOffset::UTC).unwrap_or(*moment);
                day(f, utc.date())?;
                let (hour, minute, second, milli) = utc.time().as_hms_milli();
                write!(f, "T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
            }
        }
    }
}

const INVALID_BOUND: InvalidInput = InvalidInput::new(
    "bound of the creation time",
    "must be a date or an RFC 3339 time, in the years 0 to 9999",
);

/// As a date, or in the form of RFC 3339. Unlike the query, it keeps nanoseconds and the offset.
impl Serialize for ListBound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = match self {
            Self::Day(date) => date.format(&Iso8601::DATE),
            Self::Moment(moment) => moment.format(&Rfc3339).or_else(|refused| {
                // RFC 3339 has no seconds in offsets.
                let utc = moment.checked_to_offset(UtcOffset::UTC);
                utc.map_or(Err(refused), |utc| utc.format(&Rfc3339))
            }),
        };
        let text = text.map_err(|_| S::Error::custom(INVALID_BOUND))?;
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for ListBound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bound = if text.contains('T') {
            OffsetDateTime::parse(&text, &Rfc3339).map(Self::Moment)
        } else {
            Date::parse(&text, &Iso8601::DATE).map(Self::Day)
        };
        // The parser's error quotes parts of the text.
        bound.map_err(|_| D::Error::custom(INVALID_BOUND))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::tests::snapshot;
    use crate::{Cursor, ErrorKind};

    #[test]
    fn list_without_parameters_sends_no_query() {
        insta::assert_snapshot!(snapshot(&ListCustomers::new()), @"
        GET https://api.paystack.co/customer
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn list_with_all_parameters_sends_them_in_the_query() {
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
    fn list_from_the_first_cursor_sends_use_cursor() {
        let list = ListCustomers::new().start(Position::Cursor);
        insta::assert_snapshot!(snapshot(&list), @"
        GET https://api.paystack.co/customer?use_cursor=true
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn list_after_a_cursor_sends_it_as_next() {
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
    fn list_before_a_cursor_sends_it_as_previous() {
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
        ] {
            assert_eq!(ListBound::from(moment).to_string(), sent);
        }
    }

    #[test]
    fn stored_bound_keeps_nanoseconds_and_offset() {
        for (bound, text) in [
            (date!(2026 - 01 - 02).into(), "2026-01-02"),
            (date!(0000 - 01 - 01).into(), "0000-01-01"),
            (
                datetime!(2026-01-02 0:00 UTC).into(),
                "2026-01-02T00:00:00Z",
            ),
            (
                datetime!(2026-01-31 23:59:59.123456789 +5:45).into(),
                "2026-01-31T23:59:59.123456789+05:45",
            ),
            (
                datetime!(9999-12-31 23:59 -1).into(),
                "9999-12-31T23:59:00-01:00",
            ),
        ] {
            let json = serde_json::to_string::<ListBound>(&bound).unwrap();
            assert_eq!(json, format!("{text:?}"));
            let read: ListBound = serde_json::from_str(&json).unwrap();
            // `==` ignores the offset.
            assert_eq!(format!("{read:?}"), format!("{bound:?}"));
        }
    }

    #[test]
    fn stored_bound_with_seconds_in_its_offset_is_in_utc() {
        let bound = ListBound::from(datetime!(2026-01-02 0:00 +0:19:32));
        let json = serde_json::to_string(&bound).unwrap();
        assert_eq!(json, r#""2026-01-01T23:40:28Z""#);
        assert_eq!(serde_json::from_str::<ListBound>(&json).unwrap(), bound);
    }

    #[test]
    fn bound_outside_of_four_digit_years_is_not_stored() {
        for bound in [
            ListBound::from(date!(-0001 - 01 - 01)),
            datetime!(-0001-01-01 0:00 UTC).into(),
        ] {
            let refused = serde_json::to_string(&bound).unwrap_err().to_string();
            assert_eq!(refused, INVALID_BOUND.to_string());
        }
    }

    #[test]
    fn bound_outside_of_four_digit_years_is_not_sent() {
        let api = crate::Api::new(crate::SecretKey::new("sk_test_3f2a9c").unwrap());
        for bound in [
            ListBound::from(date!(-0001 - 01 - 01)),
            datetime!(-0001-01-01 0:00 UTC).into(),
            datetime!(0000-01-01 0:00 +1).into(),
            datetime!(9999-12-31 23:59 -1).into(),
        ] {
            for list in [
                ListCustomers::new().created_from(bound),
                ListCustomers::new().created_to(bound),
            ] {
                let error = api.request(&list).unwrap_err();
                let ErrorKind::InvalidInput(invalid) = error.kind() else {
                    panic!("{error}")
                };
                assert_eq!(*invalid, INVALID_BOUND);
            }
        }
    }

    #[test]
    fn other_text_of_a_bound_is_rejected_without_quoting_it() {
        for text in [
            "",
            "canary",
            "T",
            "canaryT",
            "2026-02-30",
            "2026-01-02canary",
            "2026-01-02T",
            "2026-01-02T00:00:00",
            "2026-01-02T24:00:00Z",
            "2026-01-02T00:00:00Zcanary",
            "2026-01-02 00:00:00Z",
            "2026-01-02t00:00:00z",
        ] {
            let json = serde_json::to_string(text).unwrap();
            let refused = serde_json::from_str::<ListBound>(&json).unwrap_err();
            let refused = refused.to_string();
            assert!(refused.starts_with(&INVALID_BOUND.to_string()), "{text}");
            assert!(!refused.contains("canary"), "{refused}");
        }
    }
}
