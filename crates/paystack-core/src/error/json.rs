//! Where JSON does not fit a type, and how, without a word of what it says.

use std::fmt;
use std::str::Utf8Error;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;

use crate::mended::{self, mended};
use crate::personal::Scrubbed;

/// Where JSON does not fit a type, and how.
///
/// It holds names of fields and types, never a value: serde's own errors quote what they found,
/// which may be anybody's phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    path: FieldPath,
    problem: JsonProblem,
    line: usize,
    column: usize,
}

impl JsonError {
    /// The path to the field, such as `data.authorizations[0].exp_month`; empty for the whole.
    ///
    /// It is the whole text: a key of a map stands in it as it came, which `Display` and `Debug`
    /// leave out where it looks personal.
    pub fn path(&self) -> &str {
        &self.path.text
    }

    /// How it does not fit.
    pub fn problem(&self) -> &JsonProblem {
        &self.problem
    }

    /// The line, from 1; 0 where unknown.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The byte that it was found at.
    pub(super) fn offset(&self, json: &[u8]) -> usize {
        let lines = json.split_inclusive(|byte| *byte == b'\n');
        let before = lines.take(self.line.saturating_sub(1)).map(<[u8]>::len);
        before.sum::<usize>().saturating_add(self.column)
    }

    /// The column in bytes, from 1; 0 where unknown.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Of bytes that are no UTF-8.
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

    fn nowhere(path: FieldPath, problem: JsonProblem) -> Self {
        Self {
            path,
            problem,
            line: 0,
            column: 0,
        }
    }

    fn new(path: FieldPath, error: &serde_json::Error) -> Self {
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
            // These have no place of their own; serde names the object.
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
        if !self.path.text.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        self.problem.fmt(f)?;
        if self.line > 0 {
            write!(f, " (line {}, column {})", self.line, self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for JsonError {}

/// A path to a field: as it is, and as it may be shown, since the keys of a map may be anybody's
/// e-mail address.
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

    /// One level down, to this row of a list.
    fn row(mut self, index: usize) -> Self {
        for text in [&mut self.text, &mut self.shown] {
            text.push_str(&format!("[{index}]"));
        }
        self
    }

    /// One level down, to this field of an object or key of a map.
    fn field(mut self, name: &str) -> Self {
        let shown = Scrubbed(name).all_or_nothing();
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

/// How JSON does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonProblem {
    /// It is not JSON.
    Syntax,
    /// It ends too early.
    CutOff,
    /// It is nested too deeply to be read safely.
    TooDeep,
    /// It is not UTF-8.
    NotUtf8,
    /// A field is missing.
    Missing {
        /// The name of the field.
        field: Box<str>,
    },
    /// A field stands twice in an object, and says two things.
    Repeated {
        /// The name of the field.
        field: Box<str>,
    },
    /// A field holds something else than expected.
    Mismatch {
        /// What the type takes there, such as `a whole number`.
        expected: Box<str>,
        /// What stands there: `a string`, `a number`, `null`, …
        found: &'static str,
    },
    /// The type refuses it for a reason of its own.
    Refused,
}

impl fmt::Display for JsonProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("this is not JSON"),
            Self::CutOff => f.write_str("the JSON ends too early"),
            Self::TooDeep => f.write_str("the JSON is nested too deeply"),
            Self::NotUtf8 => f.write_str("this is not UTF-8"),
            Self::Missing { .. } => f.write_str("the field is missing"),
            Self::Repeated { .. } => f.write_str("the field is repeated"),
            Self::Mismatch { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Refused => f.write_str("the value is refused by the type that reads it"),
        }
    }
}

/// Reads JSON. Only if that fails is it read once more, slowly, to find the path.
pub(crate) fn decode<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, JsonError> {
    serde_json::from_str(json).map_err(|error| locate::<T>(json, &error))
}

/// The same, and JSON that only serde refuses is read as well: of a repeated field the last counts.
pub(crate) fn decode_owned<T: DeserializeOwned>(json: &str) -> Result<T, JsonError> {
    serde_json::from_str(json).or_else(|error| match mended(json, &mended::EXACT) {
        Some(json) => decode(&json),
        None => Err(locate::<T>(json, &error)),
    })
}

/// Reads JSON that was not read once more, slowly, to find the path to what does not fit.
#[cold]
pub(crate) fn locate<'a, T: Deserialize<'a>>(
    json: &'a str,
    error: &serde_json::Error,
) -> JsonError {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(located) if located.path().iter().next().is_some() => {
            JsonError::new(FieldPath::new(located.path()), located.inner())
        }
        _ => JsonError::new(FieldPath::default(), error),
    }
}

/// Takes serde's message apart and leaves out the value that it quotes.
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
    // What is expected comes last, after the value, which may itself say ", expected ".
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
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Row {
        id: u64,
        name: Option<String>,
    }

    fn fails<'a, T: Deserialize<'a>>(json: &'a str) -> JsonError {
        match decode::<T>(json) {
            Ok(_) => panic!("{json} was read"),
            Err(error) => error,
        }
    }

    #[test]
    fn a_wrong_type_is_told_with_its_path_and_without_its_value() {
        let error = fails::<Vec<Row>>(r#"[{"id":1},{"id":"canary, expected canary"}]"#);
        assert_eq!(error.path(), "[1].id");
        assert_eq!(
            error.problem(),
            &JsonProblem::Mismatch {
                expected: "u64".into(),
                found: "a string"
            }
        );
        assert_eq!(
            error.to_string(),
            "[1].id: expected u64, found a string (line 1, column 41)"
        );
    }

    #[test]
    fn a_missing_field_is_told_with_its_own_path() {
        let error = fails::<BTreeMap<String, Row>>(r#"{"data":{"name":null}}"#);
        assert_eq!(error.path(), "data.id");
        assert_eq!(fails::<Row>("{}").path(), "id");
    }

    #[test]
    fn broken_json_is_told_apart() {
        assert_eq!(fails::<Row>("").problem(), &JsonProblem::CutOff);
        assert_eq!(fails::<Row>(r#"{"id":"#).problem(), &JsonProblem::CutOff);
        assert_eq!(fails::<Row>("<html>").problem(), &JsonProblem::Syntax);
        assert_eq!(
            fails::<Row>(r#"{"id":1} canary"#).problem(),
            &JsonProblem::Syntax
        );
        let deep = "[".repeat(10_000);
        assert_eq!(
            fails::<serde_json::Value>(&deep).problem(),
            &JsonProblem::TooDeep
        );
    }

    #[test]
    fn rows_of_a_path_are_shown_and_keys_that_may_be_personal_are_not() {
        let json = format!("[{}0]", "0,".repeat(1_234_567));
        let error = fails::<Vec<Option<()>>>(&json);
        assert!(error.to_string().starts_with("[0]: expected"), "{error}");
        let json = format!("[{}\"x\"]", "0,".repeat(1_234_567));
        let error = fails::<Vec<u8>>(&json);
        assert!(
            error.to_string().starts_with("[1234567]: expected"),
            "{error}"
        );
        let error = fails::<BTreeMap<String, Row>>(r#"{"ada@example":{"id":"x"}}"#);
        assert!(
            error.to_string().starts_with("[redacted].id: expected"),
            "{error}"
        );
        assert_eq!(error.path(), "ada@example.id");
    }

    #[test]
    fn a_key_is_one_step_whatever_stands_in_it() {
        for key in [
            "a.b@example",
            "x[ada@example.com",
            "[0812][345][6789]",
            "0812.345.6789",
            "AUTH_canary",
            ". ada@example.com .",
        ] {
            let json = serde_json::json!({key: [{"id": "x"}]}).to_string();
            let error = fails::<BTreeMap<String, Vec<Row>>>(&json);
            assert_eq!(error.path(), format!("{key}[0].id"));
            for shown in [error.to_string(), format!("{error:?}")] {
                assert!(shown.contains("[redacted][0].id"), "{shown}");
                for part in key.split(['.', '[', ']', '@', ' ']) {
                    assert!(part.len() < 2 || !shown.contains(part), "{part} in {shown}");
                }
            }
        }
        let json = r#"{"opening hours":{"id":"x"}}"#;
        let error = fails::<BTreeMap<String, Row>>(json);
        assert!(error.to_string().starts_with("opening hours.id: "));
    }

    #[test]
    fn nothing_that_a_value_says_gets_into_the_error() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "only read")]
        enum Word {
            Yes,
            No,
        }
        for error in [
            fails::<Row>(r#"{"id":"canary"}"#),
            fails::<Row>(r#"{"id":1,"name":["canary"]}"#),
            fails::<Word>(r#""canary""#),
            fails::<BTreeMap<String, Row>>(r#"{"canary@example.com":{"id":"canary"}}"#),
            fails::<std::net::IpAddr>(r#""canary""#),
        ] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary"), "{shown}");
        }
    }

    #[test]
    fn what_stands_in_place_of_what_is_expected_is_named_by_its_sort() {
        #[derive(Deserialize)]
        enum Word {
            Yes,
        }
        fn told<T: DeserializeOwned>(json: &str) -> String {
            fails::<T>(json).problem().to_string()
        }

        for (told, says) in [
            (told::<u8>(r#""canary""#), "expected u8, found a string"),
            (told::<String>("7"), "expected a string, found a number"),
            (told::<u8>("1.5"), "expected u8, found a number"),
            (told::<u8>("true"), "expected u8, found a boolean"),
            (told::<u8>("null"), "expected u8, found null"),
            (told::<u8>("[7]"), "expected u8, found a list"),
            (
                told::<u8>(r#"{"canary":7}"#),
                "expected u8, found an object",
            ),
            (told::<u8>("300"), "expected u8, found another number"),
            (
                told::<char>(r#""canary""#),
                "expected a character, found another string",
            ),
            (
                told::<[u8; 2]>("[7]"),
                "expected an array of length 2, found a list of another length",
            ),
            (
                told::<Word>(r#""canary""#),
                "expected `Yes`, found another word",
            ),
            (told::<Row>("{}"), "the field is missing"),
            (told::<Row>(r#"{"id":1,"id":2}"#), "the field is repeated"),
            (
                told::<std::net::IpAddr>(r#""canary""#),
                "the value is refused by the type that reads it",
            ),
            (told::<u8>("canary"), "this is not JSON"),
            (told::<Vec<u8>>("["), "the JSON ends too early"),
            (
                told::<serde_json::Value>(&"[".repeat(1_000)),
                "the JSON is nested too deeply",
            ),
        ] {
            assert_eq!(told, says);
        }
    }

    #[test]
    fn the_place_is_told_by_line_and_column_where_there_is_one() {
        let error = fails::<Vec<Row>>("[{\"id\":1},\n {\"id\":\"x\"}]");
        assert_eq!((error.line(), error.column()), (2, 10));
        assert!(
            error.to_string().ends_with(" (line 2, column 10)"),
            "{error}"
        );
        let nowhere = JsonError::refused("status");
        assert_eq!((nowhere.line(), nowhere.column()), (0, 0));
        assert_eq!(
            nowhere.to_string(),
            "status: the value is refused by the type that reads it"
        );
    }

    #[test]
    fn bytes_that_are_no_text_are_told_by_the_first_of_them() {
        for (bytes, place) in [
            (&b"\xff"[..], (1, 1)),
            (b"ab\xff\xff", (1, 3)),
            (b"a\nb\n\xff", (3, 1)),
            (b"\xc3\xa9\n\xc3\xa9\xff\n", (2, 3)),
        ] {
            let error = JsonError::not_utf8(bytes, std::str::from_utf8(bytes).unwrap_err());
            assert_eq!((error.line(), error.column()), place);
            assert_eq!(error.problem(), &JsonProblem::NotUtf8);
            assert!(error.to_string().starts_with("this is not UTF-8 (line "));
            assert_eq!(bytes[error.offset(bytes) - 1], 0xff);
        }
    }

    #[test]
    fn json_that_only_serde_refuses_is_read_and_what_still_does_not_fit_is_told() {
        let row: Row = decode_owned(r#"{"id":7,"name":"x","name":"Ada \ud83d"}"#).unwrap();
        assert_eq!((row.id, row.name.as_deref()), (7, Some("Ada \u{fffd}")));
        for (json, path) in [
            (r#"{"id":1,"id":2}"#, "id"),
            (r#"{"id":1,"name":"\ud83d","name":[]}"#, "name"),
            (r#"{"id":"x"}"#, "id"),
        ] {
            assert_eq!(
                decode_owned::<Row>(json).unwrap_err().path(),
                path,
                "{json}"
            );
        }
    }
}
