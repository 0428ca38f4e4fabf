//! The query of a request.

use std::fmt::{self, Display, Write};

use url::form_urlencoded::byte_serialize;

/// The query of a request, which an operation fills pair by pair.
///
/// Names and values are form-encoded, so that no value can add a pair.
///
/// ```
/// # use paystack_core::{Operation, Path, Query, Resend, http::Method};
/// # struct Search;
/// # impl Operation for Search {
/// #     const NAME: &'static str = "search";
/// #     const METHOD: Method = Method::GET;
/// #     const RESEND: Resend = Resend::Always;
/// #     type Output = ();
/// #     fn path(&self) -> Path { Path::new("customer") }
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
    /// The path, and after it the query: one buffer serves both.
    text: String,
    start: usize,
}

impl Query {
    /// A query after a path.
    pub(crate) fn after(path: String) -> Self {
        Self {
            start: path.len(),
            text: path,
        }
    }

    /// Appends a name and its value, as its `Display` writes it. Of an open word such as
    /// [`Domain`](crate::Domain) give `as_str()`: its `Display` leaves out what looks personal.
    pub fn pair(&mut self, name: &str, value: impl Display) {
        let first = self.as_str().is_empty();
        self.text.push(if first { '?' } else { '&' });
        self.text.extend(byte_serialize(name.as_bytes()));
        self.text.push('=');
        // Writing to a string cannot fail; a value's own `Display` that does leaves what it wrote.
        let _ = write!(Encoding(&mut self.text), "{value}");
    }

    /// The query so far, encoded, with its `?`; empty if there is no pair.
    pub fn as_str(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }

    pub(crate) fn into_path_and_query(self) -> String {
        self.text
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({} bytes)", self.as_str().len())
    }
}

/// Encodes what is written into it.
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
    fn no_name_and_no_value_can_add_a_pair() {
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
