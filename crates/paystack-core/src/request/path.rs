//! The path of a request, in which no value can leave its segment.

use std::borrow::Cow;
use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::types::{InvalidInput, check_segment};

/// The characters that a path encodes: all but the unreserved ones of RFC 3986.
#[doc(hidden)]
pub const ENCODED_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Room for a customer's code beside the template: nearly all paths need no second allocation.
const ROOM: usize = "CUS_xnxdt6s1zg1f4nx".len();

const PARTIAL_PLACEHOLDER: InvalidInput =
    InvalidInput::new("path", "must have a whole segment for each placeholder");

/// The path of a request: a template whose placeholders are filled segment by segment.
///
/// Each value fills exactly one segment, because it is percent-encoded. A segment that is empty, `.` or `..`, or
/// contains a control character, makes the request fail. So does a placeholder without a value, or in a part of a
/// segment.
///
/// ```
/// use paystack_core::Path;
///
/// let path = Path::new("/customer/{email_or_code}/identification").segment("a/b?c#d");
/// assert_eq!(path.as_str(), "/customer/a%2Fb%3Fc%23d/identification");
/// ```
///
/// `Debug` shows its length only: it may contain an e-mail address.
#[derive(Clone)]
pub struct Path {
    text: Cow<'static, str>,
    /// The rest of the template, from a placeholder on.
    rest: &'static str,
    refused: Option<InvalidInput>,
}

impl Path {
    /// A path from a template, such as `/customer/{code}`.
    pub fn new(template: &'static str) -> Self {
        if is_plain(template) {
            return Self {
                text: Cow::Borrowed(template),
                rest: "",
                refused: None,
            };
        }
        let is_root = template.bytes().all(|byte| byte == b'/');
        let mut path = Self {
            text: String::with_capacity(template.len().saturating_add(ROOM)).into(),
            rest: template,
            refused: is_root.then(|| InvalidInput::new("path", "must not be the root")),
        };
        path.copy_literals();
        path
    }

    /// Fills the next placeholder, or appends a segment if there is none.
    #[must_use]
    pub fn segment(mut self, value: impl AsRef<str>) -> Self {
        let value = value.as_ref();
        if let Err(refused) = check_segment("path segment", value) {
            self.refused.get_or_insert(refused);
        }
        self.push_segment(value);
        self.end_placeholder();
        self
    }

    /// Fills the next placeholder with a number, or appends it as a segment if there is none.
    #[must_use]
    pub fn number(mut self, value: u64) -> Self {
        // Writing to a string cannot fail.
        let _ = write!(self.text.to_mut(), "/{value}");
        self.end_placeholder();
        self
    }

    /// Makes the request fail, for an operation with an invalid value elsewhere.
    pub(crate) fn refuse(mut self, invalid: InvalidInput) -> Self {
        self.refused.get_or_insert(invalid);
        self
    }

    /// The encoded path, up to the next placeholder.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_checked(self) -> Result<Cow<'static, str>, InvalidInput> {
        match self.refused {
            None if self.rest.is_empty() => Ok(self.text),
            None => Err(InvalidInput::new(
                "path",
                "must have a value for each placeholder",
            )),
            Some(refused) => Err(refused),
        }
    }

    fn end_placeholder(&mut self) {
        let end = position(self.rest, b'}').map_or(0, |brace| brace.saturating_add(1));
        self.rest = self.rest.split_at(end).1;
        if !self.rest.is_empty() && !self.rest.starts_with('/') {
            self.refused.get_or_insert(PARTIAL_PLACEHOLDER);
        }
        self.copy_literals();
    }

    /// Copies the segments of the template before the next placeholder.
    fn copy_literals(&mut self) {
        while !self.rest.is_empty() {
            let segments = self.rest.strip_prefix('/').unwrap_or(self.rest);
            if segments.starts_with('{') {
                return;
            }
            let end = position(segments, b'/').unwrap_or(segments.len());
            let (segment, rest) = segments.split_at(end);
            if let Err(refused) = check_segment("path segment", segment) {
                self.refused.get_or_insert(refused);
            }
            // For a few bytes this is faster than `str::contains`.
            if segment.bytes().any(|byte| matches!(byte, b'{' | b'}')) {
                self.refused.get_or_insert(PARTIAL_PLACEHOLDER);
            }
            self.push_segment(segment);
            self.rest = rest;
        }
    }

    fn push_segment(&mut self, segment: &str) {
        let text = self.text.to_mut();
        text.push('/');
        text.extend(utf8_percent_encode(segment, ENCODED_IN_PATHS));
    }
}

/// Whether a template needs no copy: it has no placeholder, and no segment to encode or to refuse.
fn is_plain(template: &str) -> bool {
    let is_unencoded = |byte: &u8| byte.is_ascii_lowercase() || b"-_/".contains(byte);
    let bytes = template.as_bytes();
    let has_empty_segment = bytes.ends_with(b"/") || bytes.windows(2).any(|pair| pair == b"//");
    bytes.starts_with(b"/") && !has_empty_segment && bytes.iter().all(is_unencoded)
}

/// The position of an ASCII character. For a few bytes this is faster than `str::find`.
fn position(text: &str, ascii: u8) -> Option<usize> {
    text.bytes().position(|byte| byte == ascii)
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_order() {
        for (path, text) in [
            (Path::new("/customer"), "/customer"),
            (Path::new("bank"), "/bank"),
            (Path::new("/a/{b}/c/{d}").segment("1").number(2), "/a/1/c/2"),
            (Path::new("/{a}/{b}").segment("x").segment("y"), "/x/y"),
            (Path::new("/a").segment("b").number(7), "/a/b/7"),
            (
                Path::new("/a/{b}").number(u64::MAX),
                "/a/18446744073709551615",
            ),
            (Path::new("/bank?country=x"), "/bank%3Fcountry%3Dx"),
        ] {
            assert_eq!(path.into_checked().unwrap(), text);
        }
    }

    #[test]
    fn a_plain_template_is_not_copied() {
        for template in ["/customer/set_risk_action", "/dedicated-account"] {
            let path = Path::new(template).into_checked().unwrap();
            assert!(matches!(path, Cow::Borrowed(_)), "{template}");
        }
    }

    #[test]
    fn a_placeholder_without_a_value_is_rejected() {
        for path in [
            Path::new("/customer/{code}"),
            Path::new("/{a}/{b}").segment("x"),
            Path::new("/a/{b"),
        ] {
            assert_eq!(path.into_checked().unwrap_err().field(), "path");
        }
    }

    #[test]
    fn placeholder_in_a_part_of_a_segment_is_rejected() {
        for path in [
            Path::new("/a/{b}.json").segment("1"),
            Path::new("/a/{b}{c}").segment("1").segment("2"),
            Path::new("/a/x{b}"),
            Path::new("/a/x{b}").segment("1"),
            Path::new("/a/b}"),
        ] {
            assert_eq!(path.into_checked().unwrap_err(), PARTIAL_PLACEHOLDER);
        }
    }

    #[test]
    fn a_segment_that_changes_the_route_is_rejected() {
        for path in [
            Path::new("/customer/"),
            Path::new("/customer/{code}").segment(""),
            Path::new("/customer/../transaction"),
            Path::new("/customer//transaction"),
            Path::new("/customer/{a}/{b}").segment("a").segment(".."),
        ] {
            assert_eq!(path.into_checked().unwrap_err().field(), "path segment");
        }
        for root in [Path::new(""), Path::new("/"), Path::new("").segment("a")] {
            assert_eq!(root.into_checked().unwrap_err().field(), "path");
        }
    }

    #[test]
    fn debug_shows_the_length_only() {
        let path = Path::new("/customer/{email}").segment("canary@example.com");
        assert_eq!(format!("{path:?}"), "Path(30 bytes)");
    }
}
