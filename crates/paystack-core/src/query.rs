//! The query of a request.

use std::fmt::{self, Display, Write};

use url::form_urlencoded::byte_serialize;

/// The query of a request, which an operation fills pair by pair.
///
/// Names and values are form-encoded, so that no value can add a pair.
///
/// ```
/// use paystack_core::Query;
///
/// let mut query = Query::new();
/// query.pair("perPage", 50);
/// query.pair("next", "dW5k==&page=1");
/// assert_eq!(query.as_str(), "?perPage=50&next=dW5k%3D%3D%26page%3D1");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    started: bool,
}

impl Query {
    /// An empty query.
    pub fn new() -> Self {
        Self::default()
    }

    /// A query that is appended to the path, so that one buffer serves both.
    pub(crate) fn after(path: String) -> Self {
        Self {
            text: path,
            started: false,
        }
    }

    /// Appends a name and its value.
    pub fn pair(&mut self, name: &str, value: impl Display) {
        self.text.push(if self.started { '&' } else { '?' });
        self.started = true;
        self.text.extend(byte_serialize(name.as_bytes()));
        self.text.push('=');
        // Writing to a string cannot fail; a value's own `Display` that does leaves what it wrote.
        let _ = write!(Encoding(&mut self.text), "{value}");
    }

    /// The query so far, encoded, with its `?`; empty if there is no pair.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn into_text(self) -> String {
        self.text
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
