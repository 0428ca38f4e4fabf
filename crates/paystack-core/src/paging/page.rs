//! A page of a walk, and what can keep it from coming.

use std::fmt;

use super::{PagingError, ResumePoint};
use crate::answer::Answer;
use crate::error::Error;
use crate::meta::Meta;
use crate::personal::Scrubbed;

/// A page of a list that is walked.
#[non_exhaustive]
pub struct Page<T> {
    /// What the operation answers with: the rows.
    pub data: T,
    /// What Paystack says about it.
    pub message: String,
    /// What Paystack says about the page.
    pub meta: Option<Meta>,
    /// Signs that the list has changed since the page before; `None` where there are none.
    pub shift: Option<Shift>,
    pub(super) resume: Option<ResumePoint>,
    pub(super) answer: Answer,
}

impl<T> Page<T> {
    /// Where to go on after this page, in this process or in another; `None` after the last one.
    pub fn resume(&self) -> Option<&ResumePoint> {
        self.resume.as_ref()
    }

    /// The answer as it came.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

impl<T: fmt::Debug> fmt::Debug for Page<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("data", &self.data)
            .field("message", &format_args!("{}", Scrubbed(&self.message)))
            .field("meta", &self.meta)
            .field("shift", &self.shift)
            .field("resume", &self.resume)
            .field("answer", &self.answer)
            .finish()
    }
}

/// Signs that a list has changed while it was walked: rows may have come twice, or never.
///
/// They are signs, no proof: pages by number move under the walk, and what leaves as many rows as it
/// brings is not seen. Where each row has to come exactly once, walk by cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shift {
    /// The total that the page before told, if this page, by its number, tells another.
    pub total_before: Option<u64>,
    /// The ids of rows that are on the page before as well, or twice on this one.
    pub repeated: Vec<u64>,
}

/// Why a page did not come. The walk has not moved: to ask once more asks for the same page.
#[derive(Debug)]
#[non_exhaustive]
pub enum PagesError {
    /// The call failed.
    Call(Error),
    /// The answer came, but does not lead on.
    Paging(PagingError),
}

impl PagesError {
    /// Whether the page may well come later; see [`Error::is_retryable`].
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Call(error) => error.is_retryable(),
            Self::Paging(_) => false,
        }
    }
}

impl From<Error> for PagesError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<PagingError> for PagesError {
    fn from(error: PagingError) -> Self {
        Self::Paging(error)
    }
}

impl fmt::Display for PagesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Paging(error) => write!(f, "the list cannot be walked on: {error}"),
        }
    }
}

impl std::error::Error for PagesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its own words are in this error's line already.
        match self {
            Self::Call(error) => std::error::Error::source(error),
            Self::Paging(_) => None,
        }
    }
}
