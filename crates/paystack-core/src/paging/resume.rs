//! A place in a list as a short text, to go on from in another process.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{Paged, Start};
use crate::meta::Cursor;
use crate::query::Query;

/// A place in a list as a short text, to go on from in another process.
///
/// It remembers what list it belongs to, filters and page size included (a page by its number is
/// another one under another size), and is refused by any other.
///
/// ```
/// use paystack_core::customers::ListCustomers;
/// use paystack_core::{ResumePoint, Walk};
///
/// let point: ResumePoint = "after:de6edc70:dW5kZWZpbmVkOjQwOTc=".parse()?;
/// let walk = Walk::resume(ListCustomers::new().per_page(100), &point)?;
/// assert!(Walk::resume(ListCustomers::new().per_page(50), &point).is_err());
/// assert_eq!(point.to_string(), "after:de6edc70:dW5kZWZpbmVkOjQwOTc=");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumePoint {
    list: u32,
    start: Start,
}

impl ResumePoint {
    /// The place where a page of a list starts; `None` if the page leaves that to the server.
    pub(super) fn of<O: Paged>(page: &O, list: u32) -> Option<Self> {
        let start = page.position()?;
        Some(Self { list, start })
    }

    /// The page of a list that starts here.
    pub(super) fn enter<O: Paged>(&self, list: &O) -> Result<O, ResumeError> {
        let is_the_same = self.list == fingerprint(list);
        let page = is_the_same.then(|| list.at(self.start.clone())).flatten();
        page.ok_or(ResumeError::OtherList)
    }
}

/// Tells lists apart, wherever their pages start: the FNV-1a hash of path and query. It is written to
/// files, so it is the same in every version of Rust.
pub(super) fn fingerprint<O: Paged>(list: &O) -> u32 {
    let first = list.at(Start::Cursor).or_else(|| list.at(Start::Page(1)));
    let first = first.as_ref().unwrap_or(list);
    let mut query = Query::after(first.path().as_str().to_owned());
    first.query(&mut query);
    let text = query.into_path_and_query();
    text.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl fmt::Display for ResumePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = self.list;
        match &self.start {
            Start::Page(page) => write!(f, "page:{list:08x}:{page}"),
            Start::Cursor => write!(f, "first:{list:08x}:"),
            Start::After(cursor) => write!(f, "after:{list:08x}:{cursor}"),
            Start::Before(cursor) => write!(f, "before:{list:08x}:{cursor}"),
        }
    }
}

impl FromStr for ResumePoint {
    type Err = ResumeError;

    fn from_str(text: &str) -> Result<Self, ResumeError> {
        let read = || {
            let (kind, rest) = text.split_once(':')?;
            let (list, place) = rest.split_once(':')?;
            let list = u32::from_str_radix(list, 16).ok()?;
            let start = match kind {
                "page" => Start::Page(place.parse().ok()?),
                "first" => Start::Cursor,
                "after" => Start::After(Cursor::new(place).ok()?),
                "before" => Start::Before(Cursor::new(place).ok()?),
                _ => return None,
            };
            Some(Self { list, start })
        };
        // One place has one text.
        let read = read().filter(|point| point.to_string() == text);
        read.ok_or(ResumeError::Malformed)
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

/// Why a walk cannot go on from somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResumeError {
    /// The text is no resume point.
    Malformed,
    /// The resume point belongs to another list, or to the same with other filters or another page
    /// size.
    OtherList,
}

impl fmt::Display for ResumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "this is no resume point",
            Self::OtherList => {
                "the resume point is one of another list, or of other filters or another page size"
            }
        })
    }
}

impl std::error::Error for ResumeError {}

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

    fn point(list: &ListCustomers, start: Start) -> ResumePoint {
        ResumePoint::of(&list.at(start).unwrap(), fingerprint(list)).unwrap()
    }

    #[test]
    fn the_text_is_the_same_in_every_version() {
        let texts = [
            Start::Page(3),
            Start::Cursor,
            Start::After(Cursor::new("a:b").unwrap()),
            Start::Before(Cursor::new("YQ==").unwrap()),
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
    fn what_is_no_resume_point_is_refused() {
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
            assert_eq!(
                text.parse::<ResumePoint>(),
                Err(ResumeError::Malformed),
                "{text}"
            );
            let json = serde_json::to_string(text).unwrap();
            assert!(serde_json::from_str::<ResumePoint>(&json).is_err());
        }
    }

    #[test]
    fn it_fits_the_list_that_it_was_taken_from_wherever_that_starts() {
        let page = point(&list(), Start::Page(3));
        for same in [list(), list().start(Start::Page(9))] {
            let entered = page.enter(&same).unwrap();
            assert_eq!(entered.position(), Some(Start::Page(3)));
        }
        let other_size = ListCustomers::new().per_page(50);
        let filtered = list().created_from(time::macros::date!(2026 - 01 - 01));
        for other in [other_size, filtered] {
            assert_eq!(page.enter(&other).unwrap_err(), ResumeError::OtherList);
        }
        let mandates = ListMandateAuthorizations::new(CustomerId::new(7));
        assert_eq!(page.enter(&mandates).unwrap_err(), ResumeError::OtherList);
        let by_page: ResumePoint = format!("page:{:08x}:2", fingerprint(&mandates))
            .parse()
            .unwrap();
        assert_eq!(
            by_page.enter(&mandates).unwrap_err(),
            ResumeError::OtherList
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn any_cursor_comes_back_as_it_was(text in ".{1,60}") {
            let Ok(cursor) = Cursor::new(&*text) else { return Ok(()) };
            let point = point(&list(), Start::After(cursor));
            prop_assert_eq!(point.to_string().parse::<ResumePoint>(), Ok(point));
        }
    }

    #[test]
    fn what_is_wrong_with_a_resume_point_is_told() {
        assert_eq!(
            ResumeError::Malformed.to_string(),
            "this is no resume point"
        );
        assert_eq!(
            ResumeError::OtherList.to_string(),
            "the resume point is one of another list, or of other filters or another page size"
        );
    }
}
