//! The query of a request.

use std::borrow::Cow;
use std::fmt::{self, Display, Write};

use url::form_urlencoded::byte_serialize;

/// Room for a few pairs beside the path: nearly all queries need no second allocation.
const ROOM: usize = 64;

/// The query of a request. An operation appends its pairs.
///
/// Names and values are form-encoded, so a value cannot add a pair.
///
/// ```
/// # use paystack_core::{Operation, Query, RetryRule, http::Method};
/// # struct Search;
/// # impl Operation for Search {
/// #     const NAME: &'static str = "search";
/// #     const METHOD: Method = Method::GET;
/// #     const PATH: &'static str = "/customer";
/// #     const RETRY: RetryRule = RetryRule::Idempotent;
/// #     type Output = ();
/// fn query(&self, query: &mut Query) {
///     query.pair("perPage", 50);
///     query.pair("next", "dW5k==&page=1");
///     assert_eq!(query.as_str(), "?perPage=50&next=dW5k%3D%3D%26page%3D1");
/// }
/// # }
/// # let api = paystack_core::Api::new(paystack_core::SecretKey::new("sk_test_3f2a9c").unwrap());
/// # api.request(&Search).unwrap();
/// ```
///
/// `Debug` shows its length only.
pub struct Query {
    /// The path followed by the query, in one buffer.
    text: Cow<'static, str>,
    start: usize,
}

impl Query {
    /// A query after a path.
    pub(crate) fn after(path: Cow<'static, str>) -> Self {
        Self {
            start: path.len(),
            text: path,
        }
    }

    /// Appends a name and a value, formatted by its `Display`. Pass `as_str()` of an open enum such as
    /// [`Mode`](crate::Mode): its `Display` redacts what looks like personal data.
    pub fn pair(&mut self, name: &str, value: impl Display) {
        let first = self.as_str().is_empty();
        if let Cow::Borrowed(path) = self.text {
            let mut text = String::with_capacity(path.len().saturating_add(ROOM));
            text.push_str(path);
            self.text = text.into();
        }
        let text = self.text.to_mut();
        text.push(if first { '?' } else { '&' });
        text.extend(byte_serialize(name.as_bytes()));
        text.push('=');
        // Writing to a string cannot fail. If the value's own `Display` fails, its output so far stays.
        let _ = write!(Encoding(text), "{value}");
    }

    /// Appends a pair if there is a value.
    pub fn optional_pair(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.pair(name, value);
        }
    }

    /// The encoded query with its `?`; empty if there are no pairs.
    pub fn as_str(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn into_path_and_query(self) -> Cow<'static, str> {
        self.text
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({} bytes)", self.as_str().len())
    }
}

/// Encodes the text that is written to it.
struct Encoding<'a>(&'a mut String);

impl Write for Encoding<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(byte_serialize(text.as_bytes()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_cannot_add_a_pair() {
        for (name, value, expected) in [
            ("page", "2", "?page=2&last=1"),
            ("a&b", "1&c=2", "?a%26b=1%26c%3D2&last=1"),
            ("q", "x y+z#?%", "?q=x+y%2Bz%23%3F%25&last=1"),
            ("q", "\u{e9}", "?q=%C3%A9&last=1"),
            ("q", "", "?q=&last=1"),
        ] {
            let mut query = Query::after("/customer".into());
            assert_eq!(query.as_str(), "");
            query.pair(name, value);
            query.pair("last", 1);
            assert_eq!(query.as_str(), expected);
            assert_eq!(query.into_path_and_query(), format!("/customer{expected}"));
        }
    }

    #[test]
    fn debug_shows_the_length_only() {
        let mut query = Query::after("/customer".into());
        query.pair("email", "canary");
        assert_eq!(format!("{query:?}"), "Query(13 bytes)");
    }
}
