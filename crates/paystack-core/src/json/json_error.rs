//! The error of JSON that does not fit a type.

use std::fmt;

use serde_json::error::Category;

use super::field_path::{FieldPath, Key};
use super::lenient::TOO_MANY_ROWS;
use crate::types::Redacted;

/// The place where JSON does not fit a type, and the problem.
///
/// It holds names of fields and types, never a value. serde's own errors quote values, which may be
/// personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    path: FieldPath,
    problem: JsonProblem,
    line: usize,
    column: usize,
}

impl JsonError {
    /// The path to the field, such as `data.authorizations[0].exp_month`; empty for the whole document.
    ///
    /// It contains the keys of maps as received. `Display` and `Debug` redact a key that looks like
    /// personal data.
    pub fn path(&self) -> &str {
        &self.path.text
    }

    /// The problem.
    pub fn problem(&self) -> &JsonProblem {
        &self.problem
    }

    /// The line, from 1; 0 if unknown.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The offset of the problem in bytes.
    pub(crate) fn offset(&self, json: &[u8]) -> usize {
        let lines = json.split_inclusive(|byte| *byte == b'\n');
        let before = lines.take(self.line.saturating_sub(1)).map(<[u8]>::len);
        before.sum::<usize>().saturating_add(self.column)
    }

    /// The column in bytes, from 1; 0 if unknown.
    pub fn column(&self) -> usize {
        self.column
    }

    pub(crate) fn missing(field: &str) -> Self {
        let problem = JsonProblem::Missing {
            field: field.into(),
        };
        Self::nowhere(FieldPath::default().field(field), problem)
    }

    pub(crate) fn mismatch(field: &str, expected: &str, found: &'static str) -> Self {
        let expected = expected.into();
        let problem = JsonProblem::Mismatch { expected, found };
        Self::nowhere(FieldPath::default().field(field), problem)
    }

    pub(super) fn without_place(path: &[Key], problem: JsonProblem) -> Self {
        Self::nowhere(FieldPath::new(path), problem)
    }

    fn nowhere(path: FieldPath, problem: JsonProblem) -> Self {
        Self {
            path,
            problem,
            line: 0,
            column: 0,
        }
    }

    /// The error of the value at this path, which begins at this offset of the body.
    pub(super) fn at(path: &[Key], problem: JsonProblem, body: &str, offset: usize) -> Self {
        let before = body.as_bytes().get(..offset).unwrap_or_default();
        let mut lines = before.rsplit(|byte| *byte == b'\n');
        let column = lines.next().map_or(0, <[u8]>::len).saturating_add(1);
        Self {
            path: FieldPath::new(path),
            problem,
            line: lines.count().saturating_add(1),
            column,
        }
    }

    pub(super) fn new(path: &[Key], error: &serde_json::Error) -> Self {
        let path = FieldPath::new(path);
        let problem = JsonProblem::new(error);
        let path = match &problem {
            // serde's path names the object, not the field.
            JsonProblem::Missing { field } | JsonProblem::Repeated { field } => path.field(field),
            _ => path,
        };
        Self {
            path,
            problem,
            line: error.line(),
            column: error.column(),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_type = matches!(self.problem, JsonProblem::Mismatch { .. });
        match (self.path.text.is_empty(), is_type) {
            (true, true) => {}
            (true, false) => f.write_str("JSON ")?,
            (false, true) => write!(f, "{}: ", self.path)?,
            (false, false) => write!(f, "{} ", self.path)?,
        }
        self.problem.fmt(f)?;
        if self.line > 0 {
            write!(f, " (line {}, column {})", self.line, self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for JsonError {}

/// The reason why JSON does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonProblem {
    /// It is not JSON.
    Syntax,
    /// The JSON ends too early.
    CutOff,
    /// The JSON is nested more than 127 levels deep.
    TooDeep,
    /// A list inside an object has more than 10,000 rows, or a page more than 10,000 odd rows.
    TooManyRows,
    /// A value has more than 64 fields that do not decode, or a body takes too long to decode without them.
    TooManyOddFields,
    /// A field is missing.
    Missing {
        /// The name of the field.
        field: Box<str>,
    },
    /// An object repeats a field.
    Repeated {
        /// The name of the field.
        field: Box<str>,
    },
    /// A value has another type than expected.
    Mismatch {
        /// The expected type, such as `a whole number`.
        expected: Box<str>,
        /// The type of the value: `a string`, `a number`, `null`, …
        found: &'static str,
    },
    /// The type rejects the value.
    Refused,
}

impl JsonProblem {
    pub(super) fn new(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        match error.classify() {
            Category::Data => mismatch(&message),
            Category::Eof => Self::CutOff,
            _ if message.starts_with("recursion limit") => Self::TooDeep,
            // A valid number that fits no type.
            _ if message.starts_with("number out of range") => Self::Refused,
            _ => Self::Syntax,
        }
    }
}

impl fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("is not valid"),
            Self::CutOff => f.write_str("ends too early"),
            Self::TooDeep => f.write_str("is nested more than 127 levels deep"),
            Self::TooManyOddFields => f.write_str("has too many fields that do not decode"),
            Self::TooManyRows => f.write_str("has more than 10,000 rows"),
            Self::Missing { .. } => f.write_str("is missing"),
            Self::Repeated { .. } => f.write_str("is repeated"),
            Self::Mismatch { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Refused => f.write_str("is rejected by the type that decodes it"),
        }
    }
}

/// Parses serde's message and drops the value that it quotes.
fn mismatch(message: &str) -> JsonProblem {
    let named = |prefix| {
        let rest: &str = message.strip_prefix(prefix)?;
        rest.split('`').next().map(Box::from)
    };
    if message.starts_with(TOO_MANY_ROWS) {
        return JsonProblem::TooManyRows;
    }
    if let Some(field) = named("missing field `") {
        return JsonProblem::Missing { field };
    }
    if let Some(field) = named("duplicate field `") {
        return JsonProblem::Repeated { field };
    }
    let found = [
        ("invalid type: string", "a string"),
        ("invalid type: integer", "a number"),
        ("invalid type: floating point", "a number"),
        ("invalid type: boolean", "a boolean"),
        ("invalid type: null", "null"),
        ("invalid type: sequence", "a list"),
        ("invalid type: map", "an object"),
        ("invalid value: string", "another string"),
        ("invalid value: text", "another string"),
        ("invalid value: integer", "another number"),
        ("invalid value: floating point", "another number"),
        ("invalid length", "a list of another length"),
        ("unknown variant", "another word"),
    ]
    .into_iter()
    .find_map(|(prefix, found)| message.starts_with(prefix).then_some(found));
    // The expected type is last. The quoted value before it may itself contain ", expected ".
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| {
        let place = expected.rsplit_once(" at line ");
        match place.map_or(expected, |(expected, _)| expected) {
            "a sequence" => "a list",
            "a map" => "an object",
            expected => expected,
        }
    });
    match (found, expected) {
        (Some(found), Some(expected)) => JsonProblem::Mismatch {
            // The quoted value may contain ", expected " where serde names no type.
            expected: Redacted(expected).to_string().into(),
            found,
        },
        _ => JsonProblem::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_without_a_place_has_line_0() {
        let error = JsonError::missing("status");
        assert_eq!((error.line(), error.column()), (0, 0));
        assert_eq!(error.to_string(), "status is missing");
    }
}
