//! The query parameters of a request.

use std::collections::BTreeMap;

use url::form_urlencoded;

use crate::response::Refusal;

/// The query parameters. The last of repeated parameters wins; empty values count as absent.
#[derive(Debug, Default)]
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(pairs.filter(|(_, value)| !value.is_empty()).collect())
    }

    /// Returns a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Parses a positive integer, or returns the default if the parameter is absent.
    pub(crate) fn positive(&self, name: &'static str, default: u64) -> Result<u64, Refusal> {
        match self.text(name) {
            None => Ok(default),
            Some(digits) => match digits.parse() {
                Ok(number) if number > 0 => Ok(number),
                _ => Err(Refusal::invalid(format!(
                    "{name} must be a positive number"
                ))),
            },
        }
    }

    /// Returns whether a parameter is `true` or `1`. Ignores case, because Python writes `True`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1")
    }
}
