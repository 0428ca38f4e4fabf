//! Decodes JSON, with errors that name the place and quote no value.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::JsonError;
use super::field_path::Key;
use super::lenient_values::Object;
use super::repair::{repair, without_byte_order_mark};

/// Decodes JSON. A failure decodes it once more, slowly, to find the path.
pub(crate) fn decode<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, JsonError> {
    serde_json::from_str(json).map_err(|error| locate::<T>(json, &error))
}

/// Decodes JSON, after a repair if that is necessary.
pub(crate) fn decode_repaired<T: DeserializeOwned>(json: &str) -> Result<T, JsonError> {
    serde_json::from_str(json).or_else(|error| match repair(json) {
        Some(repaired) => decode(&repaired),
        None => Err(locate::<T>(json, &error)),
    })
}

/// Decodes an object, after a repair if that is necessary. `None` for anything else.
pub(crate) fn decode_object<T: DeserializeOwned>(json: &str) -> Option<T> {
    let Object(object) = decode_repaired(without_byte_order_mark(json)).ok()?;
    Some(object)
}

/// Decodes JSON that failed to decode once more, slowly, to find the path of the problem.
#[cold]
pub(crate) fn locate<'a, T: Deserialize<'a>>(
    json: &'a str,
    error: &serde_json::Error,
) -> JsonError {
    match decode_with_path::<T>(json) {
        Err((path, located)) if !path.is_empty() => JsonError::new(&path, &located),
        _ => JsonError::new(&[], error),
    }
}

/// Decodes JSON, slowly. An error has the path of the problem.
pub(super) fn decode_with_path<'a, T: Deserialize<'a>>(
    json: &'a str,
) -> Result<T, (Vec<Key>, serde_json::Error)> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|located| (Key::path(located.path()), located.into_inner()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::IpAddr;

    use serde_json::Value;

    use super::*;
    use crate::json::JsonProblem;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Row {
        id: u64,
        name: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    enum Word {
        Yes,
    }

    fn fails<T: DeserializeOwned>(json: &str) -> JsonError {
        decode::<T>(json).map(|_| ()).unwrap_err()
    }

    #[test]
    fn messages_name_the_path_and_the_types() {
        let deep = "[".repeat(1_000);
        let messages = [
            fails::<u8>(r#""canary""#),
            fails::<String>("7"),
            fails::<u8>("1.5"),
            fails::<u8>("true"),
            fails::<u8>("null"),
            fails::<u8>("[7]"),
            fails::<u8>(r#"{"canary":7}"#),
            fails::<u8>("300"),
            fails::<char>(r#""canary""#),
            fails::<[u8; 2]>("[7]"),
            fails::<Word>(r#""canary""#),
            fails::<IpAddr>(r#""canary""#),
            fails::<Row>("{}"),
            fails::<Row>(r#"{"id":1,"id":2}"#),
            fails::<u8>("canary"),
            fails::<Vec<u8>>("["),
            fails::<Value>(&deep),
            fails::<Vec<Row>>(r#"[{"id":1},{"id":"canary, expected canary"}]"#),
            fails::<BTreeMap<String, Row>>(r#"{"data":{"name":null}}"#),
            fails::<BTreeMap<String, Row>>(r#"{"canary@example.com":{"id":"canary"}}"#),
            fails::<BTreeMap<String, Row>>(r#"{"opening hours":{"id":"x"}}"#),
            fails::<Vec<Row>>("[{\"id\":1},\n {\"id\":\"x\"}]"),
        ]
        .map(|error| {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary"), "{shown}");
            error.to_string()
        });
        insta::assert_snapshot!(messages.join("\n"), @"
        expected u8, found a string (line 1, column 8)
        expected a string, found a number (line 1, column 1)
        expected u8, found a number (line 1, column 3)
        expected u8, found a boolean (line 1, column 4)
        expected u8, found null (line 1, column 4)
        expected u8, found a list (line 1, column 0)
        expected u8, found an object (line 1, column 0)
        expected u8, found another number (line 1, column 3)
        expected a character, found another string (line 1, column 8)
        expected an array of length 2, found a list of another length (line 1, column 3)
        expected `Yes`, found another word (line 1, column 8)
        JSON is rejected by the type that decodes it (line 1, column 8)
        id is missing (line 1, column 2)
        id is repeated (line 1, column 12)
        JSON is not valid (line 1, column 1)
        JSON ends too early (line 1, column 1)
        [0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0] is nested more than 127 levels deep (line 1, column 128)
        [1].id: expected u64, found a string (line 1, column 41)
        data.id is missing (line 1, column 21)
        [redacted].id: expected u64, found a string (line 1, column 36)
        opening hours.id: expected u64, found a string (line 1, column 26)
        [1].id: expected u64, found a string (line 2, column 10)
        ");
    }

    #[test]
    fn truncated_and_malformed_json_are_distinguished() {
        for (json, problem) in [
            ("", JsonProblem::CutOff),
            (r#"{"id":"#, JsonProblem::CutOff),
            ("<html>", JsonProblem::Syntax),
            (r#"{"id":1} canary"#, JsonProblem::Syntax),
        ] {
            assert_eq!(fails::<Row>(json).problem(), &problem, "{json}");
        }
    }

    #[test]
    fn an_error_has_its_line_and_column() {
        let error = fails::<Vec<Row>>("[{\"id\":1},\n {\"id\":\"x\"}]");
        assert_eq!((error.line(), error.column()), (2, 10));
    }

    #[test]
    fn a_long_index_is_not_redacted() {
        let json = format!("[{}\"x\"]", "0,".repeat(1_234_567));
        let error = fails::<Vec<u8>>(&json);
        assert!(
            error.to_string().starts_with("[1234567]: expected"),
            "{error}"
        );
    }

    #[test]
    fn a_key_is_redacted_as_a_whole() {
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
    }

    #[test]
    fn an_unpaired_surrogate_is_repaired_first() {
        let row: Row = decode_repaired(r#"{"id":7,"name":"Ada \ud83d"}"#).unwrap();
        assert_eq!(row.name.as_deref(), Some("Ada \u{fffd}"));
        let error = decode_repaired::<Row>(r#"{"id":"\ud83d"}"#).unwrap_err();
        assert_eq!(error.path(), "id");
        assert!(decode_object::<Row>("\u{feff}{\"id\":7}").is_some());
        assert!(decode_object::<Row>(r#"[7,"x"]"#).is_none());
    }
}
