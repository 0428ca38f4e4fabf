//! The query parameters of a request.

use super::form::{Form, Parameter};
use crate::response::Refusal;

/// The query parameters. Empty values count as absent.
#[derive(Debug, Default)]
pub(crate) struct Query(Form);

impl Query {
    pub(crate) fn parse(query: &str) -> Result<Self, Refusal> {
        Form::parse(query.as_bytes()).map(Self)
    }

    /// Returns a parameter. Refuses nested parameters.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.0.get(name) {
            Some(Parameter::Text(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(Parameter::Nested(_)) => Err(Refusal::wrong_type(name, "a string")),
            None => Ok(None),
        }
    }

    /// Parses a positive integer, or returns the default if the parameter is absent.
    pub(crate) fn positive(&self, name: &str, default: u64) -> Result<u64, Refusal> {
        match self.text(name)?.map(str::parse) {
            None => Ok(default),
            Some(Ok(number)) if number > 0 => Ok(number),
            Some(_) => Err(Refusal::wrong_type(name, "a positive number")),
        }
    }

    /// Parses a flag. Ignores case, because Python writes `True`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        let text = self.text(name)?.map(str::to_ascii_lowercase);
        match text.as_deref() {
            Some("true" | "1") => Ok(true),
            None | Some("false" | "0") => Ok(false),
            Some(_) => Err(Refusal::wrong_type(name, "a boolean")),
        }
    }
}
