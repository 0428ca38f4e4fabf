//! The error of a page that does not lead to the next one.

use std::fmt;

/// The reason why a page does not lead to the next one. To continue would repeat rows or miss some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagingError {
    /// The cursor leads to a page that was received before.
    RepeatedCursor,
    /// The server returned another page than requested.
    WrongPage {
        /// The number of the requested page.
        requested: u64,
        /// The number of the returned page.
        returned: u64,
    },
    /// There are more pages, but the server returned no cursor.
    NoCursors {
        /// The number of pages.
        pages: u64,
    },
    /// The `data` of the response is not a list.
    NoList,
    /// The operation cannot start at the next page.
    Unsupported,
}

impl fmt::Display for PagingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RepeatedCursor => {
                f.write_str("the cursor leads to a page that was received before")
            }
            Self::WrongPage {
                requested,
                returned,
            } => write!(
                f,
                "the server returned page {returned} instead of page {requested}"
            ),
            Self::NoCursors { pages } => write!(
                f,
                "the server has {pages} pages and returned no cursor: list by page number"
            ),
            Self::NoList => f.write_str("the data of the response is not a list"),
            Self::Unsupported => f.write_str(
                "the operation cannot start at the next page: `Paginate::at` must return it",
            ),
        }
    }
}

impl std::error::Error for PagingError {}
