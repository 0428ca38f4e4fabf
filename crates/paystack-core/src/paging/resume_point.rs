//! A position in a list as a short text, to continue from later.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{Paginate, Position};
use crate::operation;
use crate::response::Cursor;
use crate::types::InvalidInput;

/// A position in a list as a short text, to continue from later, in this process or another.
///
/// It contains a fingerprint of the list with its filters and page size, and works with that list only.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{Paginator, ResumePoint};
///
/// let point: ResumePoint = "after:de6edc70:dW5kZWZpbmVkOjQwOTc=".parse()?;
/// let paginator = Paginator::resume(ListCustomers::new().per_page(100), &point)?;
/// assert!(Paginator::resume(ListCustomers::new().per_page(50), &point).is_err());
/// assert_eq!(point.to_string(), "after:de6edc70:dW5kZWZpbmVkOjQwOTc=");
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumePoint {
    list: u32,
    position: Position,
}

impl ResumePoint {
    pub(super) fn new(list: u32, position: Position) -> Self {
        Self { list, position }
    }

    /// The page of a list that starts here.
    pub(super) fn page_of<O: Paginate>(&self, list: &O) -> Result<O, InvalidInput> {
        let is_same = self.list == list_fingerprint(list);
        let page = is_same.then(|| list.at(self.position.clone())).flatten();
        page.ok_or(InvalidInput::new(
            "resume point",
            "must belong to this list, with the same filters and page size",
        ))
    }
}

/// Identifies a list, apart from its position.
pub(super) fn list_fingerprint<O: Paginate>(list: &O) -> u32 {
    let first = list
        .at(Position::Cursor)
        .or_else(|| list.at(Position::Page(1)));
    operation::fingerprint(first.as_ref().unwrap_or(list))
}

impl fmt::Display for ResumePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = self.list;
        match &self.position {
            Position::Page(page) => write!(f, "page:{list:08x}:{page}"),
            Position::Cursor => write!(f, "first:{list:08x}:"),
            Position::After(cursor) => write!(f, "after:{list:08x}:{cursor}"),
            Position::Before(cursor) => write!(f, "before:{list:08x}:{cursor}"),
        }
    }
}

impl FromStr for ResumePoint {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        let parse = || {
            let (kind, rest) = text.split_once(':')?;
            let (list, place) = rest.split_once(':')?;
            let list = u32::from_str_radix(list, 16).ok()?;
            let position = match kind {
                "page" => Position::Page(place.parse().ok()?),
                "first" => Position::Cursor,
                "after" => Position::After(Cursor::new(place).ok()?),
                "before" => Position::Before(Cursor::new(place).ok()?),
                _ => return None,
            };
            Some(Self { list, position })
        };
        // A position has exactly one text.
        let point = parse().filter(|point| point.to_string() == text);
        point.ok_or(InvalidInput::new(
            "resume point",
            "must be the unchanged text of an earlier one",
        ))
    }
}

impl Serialize for ResumePoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResumePoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::CustomerId;
    use crate::customers::ListCustomers;
    use crate::customers::direct_debit::ListMandateAuthorizations;

    fn list() -> ListCustomers {
        ListCustomers::new().per_page(100)
    }

    fn point(list: &ListCustomers, start: Position) -> ResumePoint {
        ResumePoint::new(list_fingerprint(list), start)
    }

    #[test]
    fn the_text_is_the_same_in_every_version() {
        let texts = [
            Position::Page(3),
            Position::Cursor,
            Position::After(Cursor::new("a:b").unwrap()),
            Position::Before(Cursor::new("YQ==").unwrap()),
        ]
        .map(|start| point(&list(), start).to_string());
        assert_eq!(
            texts,
            [
                "page:de6edc70:3",
                "first:de6edc70:",
                "after:de6edc70:a:b",
                "before:de6edc70:YQ=="
            ]
        );
        for text in texts {
            let point: ResumePoint = text.parse().unwrap();
            assert_eq!(point.to_string(), text);
            let json = serde_json::to_string(&point).unwrap();
            assert_eq!(json, format!("{text:?}"));
            assert_eq!(serde_json::from_str::<ResumePoint>(&json).unwrap(), point);
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "page",
            "page:de6edc70",
            "page:de6edc70:",
            "page:de6edc70:+3",
            "page:de6edc70:03",
            "page:de6edc70:-1",
            "page:DE6EDC70:3",
            "page:6edc70:3",
            "page:+e6edc70:3",
            "page:de6edc70:3\n",
            " page:de6edc70:3",
            "after:de6edc70:",
            "after:de6edc70:null",
            "first:de6edc70:x",
            "last:de6edc70:3",
            "page:99999999999999999999:3",
            "page:de6edc70:99999999999999999999",
        ] {
            let refused = text.parse::<ResumePoint>().unwrap_err();
            assert_eq!(
                refused.problem(),
                "must be the unchanged text of an earlier one",
                "{text}"
            );
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<ResumePoint>(&json).is_err());
        }
    }

    #[test]
    fn a_point_fits_its_list_only() {
        let page = point(&list(), Position::Page(3));
        for same in [list(), list().start(Position::Page(9))] {
            let entered = page.page_of(&same).unwrap();
            assert_eq!(entered.position(), Some(Position::Page(3)));
        }
        let other_size = ListCustomers::new().per_page(50);
        let filtered = list().created_from(time::macros::date!(2026 - 01 - 01));
        for other in [other_size, filtered] {
            assert!(page.page_of(&other).is_err());
        }
        let mandates = ListMandateAuthorizations::new(CustomerId::new(7));
        assert!(page.page_of(&mandates).is_err());
        let by_page: ResumePoint = format!("page:{:08x}:2", list_fingerprint(&mandates))
            .parse()
            .unwrap();
        assert!(by_page.page_of(&mandates).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn any_cursor_round_trips(text in ".{1,60}") {
            let Ok(cursor) = Cursor::new(&*text) else { return Ok(()) };
            let point = point(&list(), Position::After(cursor));
            prop_assert_eq!(point.to_string().parse::<ResumePoint>(), Ok(point));
        }
    }
}
