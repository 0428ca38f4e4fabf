//! The error of JSON that does not fit a type.

use std::fmt;
use std::str::Utf8Error;

use serde_json::error::Category;
use serde_path_to_error::Segment;

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

    /// The error of bytes that are not UTF-8.
    pub(crate) fn not_utf8(bytes: &[u8], error: Utf8Error) -> Self {
        let read = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let mut lines = read.rsplit(|byte| *byte == b'\n');
        let column = lines.next().map_or(0, <[u8]>::len).saturating_add(1);
        Self {
            line: lines.count().saturating_add(1),
            column,
            ..Self::nowhere(FieldPath::default(), JsonProblem::NotUtf8)
        }
    }

    pub(crate) fn missing(field: &str) -> Self {
        let problem = JsonProblem::Missing {
            field: field.into(),
        };
        Self::nowhere(FieldPath::default().field(field), problem)
    }

    pub(crate) fn refused(field: &str) -> Self {
        Self::nowhere(FieldPath::default().field(field), JsonProblem::Refused)
    }

    /// The same error in a field of an outer object. The place is that of the inner JSON, so it is dropped.
    pub(crate) fn below(self, field: &str) -> Self {
        let mut path = FieldPath::default().field(field);
        for (outer, inner) in [
            (&mut path.text, self.path.text),
            (&mut path.shown, self.path.shown),
        ] {
            if !inner.is_empty() && !inner.starts_with('[') {
                outer.push('.');
            }
            outer.push_str(&inner);
        }
        Self::nowhere(path, self.problem)
    }

    fn nowhere(path: FieldPath, problem: JsonProblem) -> Self {
        Self {
            path,
            problem,
            line: 0,
            column: 0,
        }
    }

    pub(super) fn new(path: Option<&serde_path_to_error::Path>, error: &serde_json::Error) -> Self {
        let path = path.map(FieldPath::new).unwrap_or_default();
        let message = error.to_string();
        let problem = match error.classify() {
            Category::Data => mismatch(&message),
            Category::Eof => JsonProblem::CutOff,
            Category::Syntax | Category::Io if message.starts_with("recursion limit") => {
                JsonProblem::TooDeep
            }
            Category::Syntax | Category::Io => JsonProblem::Syntax,
        };
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

/// A path to a field, and the same with redacted keys for `Display`: a key may be an e-mail address.
#[derive(Clone, Default, PartialEq, Eq)]
struct FieldPath {
    text: String,
    shown: String,
}

impl FieldPath {
    fn new(segments: &serde_path_to_error::Path) -> Self {
        let path = Self::default();
        segments.iter().fold(path, |path, segment| match segment {
            Segment::Seq { index } => path.row(*index),
            Segment::Map { key } | Segment::Enum { variant: key } => path.field(key),
            Segment::Unknown => path.field("?"),
        })
    }

    /// Appends the index of a row.
    fn row(mut self, index: usize) -> Self {
        for text in [&mut self.text, &mut self.shown] {
            text.push_str(&format!("[{index}]"));
        }
        self
    }

    /// Appends the name of a field or the key of a map.
    fn field(mut self, name: &str) -> Self {
        let shown = Redacted(name).all_or_nothing();
        let names = [name, &shown];
        for (text, name) in [&mut self.text, &mut self.shown].into_iter().zip(names) {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(name);
        }
        self
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// The reason why JSON does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonProblem {
    /// It is not JSON.
    Syntax,
    /// The JSON ends too early.
    CutOff,
    /// The JSON is nested more than 128 levels deep.
    TooDeep,
    /// It is not UTF-8.
    NotUtf8,
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

impl fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("is not valid"),
            Self::CutOff => f.write_str("ends too early"),
            Self::TooDeep => f.write_str("is nested more than 128 levels deep"),
            Self::NotUtf8 => f.write_str("is not UTF-8"),
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
        expected
            .rsplit_once(" at line ")
            .map_or(expected, |(expected, _)| expected)
    });
    match (found, expected) {
        (Some(found), Some(expected)) => JsonProblem::Mismatch {
            expected: expected.into(),
            found,
        },
        _ => JsonProblem::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_utf8_is_located() {
        for (bytes, place) in [
            (&b"\xff"[..], (1, 1)),
            (b"ab\xff\xff", (1, 3)),
            (b"a\nb\n\xff", (3, 1)),
            (b"\xc3\xa9\n\xc3\xa9\xff\n", (2, 3)),
        ] {
            let error = JsonError::not_utf8(bytes, std::str::from_utf8(bytes).unwrap_err());
            assert_eq!((error.line(), error.column()), place);
            assert_eq!(error.problem(), &JsonProblem::NotUtf8);
            assert_eq!(bytes[error.offset(bytes) - 1], 0xff);
        }
    }

    #[test]
    fn an_error_without_a_place_has_line_0() {
        let error = JsonError::refused("status");
        assert_eq!((error.line(), error.column()), (0, 0));
        assert_eq!(
            error.to_string(),
            "status is rejected by the type that decodes it"
        );
    }
}
