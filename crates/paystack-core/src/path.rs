//! The path of a request, built so that no value can leave its segment.

use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::identifiers::{self, IdentifierError};

/// Everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Room beside the fixed part, for the slashes and a customer's code: of most paths, all there is. What
/// is left over is cut off again, which costs where it is much.
const ROOM: usize = "//CUS_xnxdt6s1zg1f4nx".len();

/// The path of a request, segment by segment.
///
/// Each value fills exactly one segment, whatever it holds: it is percent-encoded, and what URL
/// libraries would resolve away even then (empty, `.`, `..`) is remembered and refused when the
/// request is built.
///
/// ```
/// use paystack_core::Path;
///
/// let path = Path::new("customer").segment("a/b?c#d").segment("identification");
/// assert_eq!(path.as_str(), "/customer/a%2Fb%3Fc%23d/identification");
/// ```
///
/// `Debug` shows its length only: it may hold an e-mail address.
#[derive(Clone)]
pub struct Path {
    text: String,
    refused: Option<IdentifierError>,
}

impl Path {
    /// Starts with the fixed part as the documentation writes it, such as `customer` or
    /// `customer/set_risk_action`.
    pub fn new(fixed: &str) -> Self {
        let path = Self {
            text: String::with_capacity(fixed.len().saturating_add(ROOM)),
            refused: None,
        };
        fixed
            .trim_start_matches('/')
            .split('/')
            .fold(path, |path, segment| path.segment(segment))
    }

    /// Appends a value as one segment.
    #[must_use]
    pub fn segment(mut self, value: impl AsRef<str>) -> Self {
        let value = value.as_ref();
        if let Err(refused) = identifiers::check("path segment", value) {
            self.refused.get_or_insert(refused);
        }
        self.text.push('/');
        self.text.extend(utf8_percent_encode(value, ENCODED));
        self
    }

    /// Appends a number as one segment.
    #[must_use]
    pub fn number(mut self, value: u64) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "/{value}");
        self
    }

    /// The path so far, encoded.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_checked(self) -> Result<String, IdentifierError> {
        match self.refused {
            None => Ok(self.text),
            Some(refused) => Err(refused),
        }
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IdentifierProblem;

    #[test]
    fn a_bad_segment_is_remembered_wherever_it_stands() {
        for path in [
            Path::new("").segment("a"),
            Path::new("customer").segment("").segment("a"),
            Path::new("customer/../transaction"),
            Path::new("customer").segment("a").segment(".."),
        ] {
            assert!(path.into_checked().is_err());
        }
    }

    #[test]
    fn the_first_bad_segment_is_the_one_named() {
        let path = Path::new("customer").segment(".").segment("..");
        assert_eq!(
            path.into_checked().unwrap_err().problem(),
            IdentifierProblem::Dot
        );
    }

    #[test]
    fn a_fixed_part_cannot_bring_a_query() {
        assert_eq!(Path::new("/bank?country=x").as_str(), "/bank%3Fcountry%3Dx");
    }

    #[test]
    fn debug_shows_the_length_only() {
        let path = Path::new("customer").segment("canary@example.com");
        assert_eq!(format!("{path:?}"), "Path(30 bytes)");
    }

    #[test]
    fn numbers_are_written_whole() {
        assert_eq!(
            Path::new("customer").number(u64::MAX).as_str(),
            "/customer/18446744073709551615"
        );
    }
}
