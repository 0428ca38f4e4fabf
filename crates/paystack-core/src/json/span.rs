//! The place of a part of a text.

use std::ops::Range;

/// The place of a slice in the text that it is part of.
pub(super) fn span(text: &str, slice: &str) -> Option<Range<usize>> {
    let start = slice.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let end = start.checked_add(slice.len())?;
    (end <= text.len()).then_some(start..end)
}
