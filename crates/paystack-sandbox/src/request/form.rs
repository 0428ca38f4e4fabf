//! The encoding of forms and queries, with nested names as PHP and `qs` write them: `account[number]=1`, `ids[]=2`.

use percent_encoding::percent_decode;
use serde::{Serialize, Serializer};

use crate::response::Refusal;

/// The limit of `qs`, which decodes forms for most servers in JavaScript.
const MOST_PARAMETERS: usize = 1000;

/// The limit of `qs`: `metadata[a][b][c][d][e]`.
const MOST_BRACKETS: usize = 5;

/// The parameters of a form, in its order.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, Parameter)>);

/// The text of a parameter, or the parameters between its brackets.
#[derive(Debug)]
pub(super) enum Parameter {
    Text(String),
    Nested(Form),
}

impl Form {
    /// Parses a form. Refuses each parameter that it would have to drop.
    pub(super) fn parse(form: &[u8]) -> Result<Self, Refusal> {
        let pairs: Vec<_> = form
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
            .collect();
        if pairs.len() > MOST_PARAMETERS {
            return Err(Refusal::invalid(format!(
                "The request must contain at most {MOST_PARAMETERS} parameters"
            )));
        }
        let mut fields = Self::default();
        for pair in pairs {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(parts.next().unwrap_or_default())?;
            let value = decode(parts.next().unwrap_or_default())?;
            if !fields.insert(&names(&name)?, value) {
                return Err(Refusal::invalid(format!(
                    "\"{name}\" is repeated, or contradicts another parameter"
                )));
            }
        }
        Ok(fields)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Parameter> {
        let field = self.0.iter().find(|(existing, _)| existing == name);
        field.map(|(_, parameter)| parameter)
    }

    /// Inserts a value. Returns false if another parameter has the name.
    fn insert(&mut self, names: &[&str], value: String) -> bool {
        let Some((name, rest)) = names.split_first() else {
            return false;
        };
        // Items without an index and other names exclude each other: `ids[]=1&ids[a]=2`.
        if self
            .0
            .last()
            .is_some_and(|(last, _)| last.is_empty() != name.is_empty())
        {
            return false;
        }
        let existing = self
            .0
            .iter_mut()
            .find(|(existing, _)| existing == name && !name.is_empty());
        let parameter = match (existing, rest) {
            (Some((_, Parameter::Nested(nested))), [_, ..]) => return nested.insert(rest, value),
            (Some(_), _) => return false,
            (None, []) => Parameter::Text(value),
            (None, _) => {
                let mut nested = Self::default();
                nested.insert(rest, value);
                Parameter::Nested(nested)
            }
        };
        self.0.push(((*name).to_owned(), parameter));
        true
    }

    /// Returns whether the names are those of a list: none, or all indexes in order.
    fn is_list(&self) -> bool {
        let mut indexes = self.0.iter().enumerate();
        indexes.all(|(index, (name, _))| name.is_empty() || *name == index.to_string())
    }
}

/// Serializes as JSON.
impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_list() {
            return serializer.collect_seq(self.0.iter().map(|(_, parameter)| parameter));
        }
        serializer.collect_map(self.0.iter().map(|(name, parameter)| (name, parameter)))
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Nested(form) => form.serialize(serializer),
        }
    }
}

impl IntoIterator for Form {
    type Item = (String, Parameter);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Splits `a[b][]` into `a`, `b` and an empty name.
fn names(parameter: &str) -> Result<Vec<&str>, Refusal> {
    if parameter.starts_with('{') {
        return Err(Refusal::invalid(
            "The body is JSON, but its content type is that of a form",
        ));
    }
    let (first, brackets) = match parameter.split_once('[') {
        None => (parameter, Vec::new()),
        Some((first, rest)) => {
            // A name without its last bracket is refused below, because it contains the others.
            let rest = rest.strip_suffix(']').unwrap_or("[");
            (first, rest.split("][").collect())
        }
    };
    let is_malformed = |name: &&str| name.contains(['[', ']']);
    if first.is_empty() || is_malformed(&first) || brackets.iter().any(is_malformed) {
        return Err(Refusal::invalid(
            "A parameter has no name, or its brackets do not match",
        ));
    }
    if brackets.len() > MOST_BRACKETS {
        return Err(Refusal::invalid(format!(
            "A parameter must have at most {MOST_BRACKETS} pairs of brackets"
        )));
    }
    Ok([first].into_iter().chain(brackets).collect())
}

/// Decodes the text of a path's segment. Refuses malformed escapes, and text that is not UTF-8.
pub(super) fn decode_segment(encoded: &[u8]) -> Result<String, Refusal> {
    let mut escapes = encoded.split(|byte| *byte == b'%').skip(1);
    let is_well_formed = escapes.all(|rest| {
        let digits = rest.get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    String::from_utf8(percent_decode(encoded).collect())
        .ok()
        .filter(|_| is_well_formed)
        .ok_or_else(|| Refusal::invalid("The request is not percent-encoded UTF-8"))
}

/// Decodes the text of a form, where `+` means a space.
fn decode(encoded: &[u8]) -> Result<String, Refusal> {
    let spaced: Vec<_> = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    decode_segment(&spaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(form: &str) -> Option<String> {
        let form = Form::parse(form.as_bytes()).ok()?;
        Some(serde_json::to_string(&form).unwrap())
    }

    #[test]
    fn nested_names_and_lists_become_json() {
        for (form, expected) in [
            ("a=1+2%20%2B&b=", r#"{"a":"1 2 +","b":""}"#),
            ("&a&&b=x=y&", r#"{"a":"","b":"x=y"}"#),
            (
                "m[plan]=gold&m[a][b]=1&m[a][c]=2",
                r#"{"m":{"plan":"gold","a":{"b":"1","c":"2"}}}"#,
            ),
            ("a%5B%5D=1&a%5B%5D=2", r#"{"a":["1","2"]}"#),
            (
                "a[0]=1&a[1][x]=2&a[1][y]=3",
                r#"{"a":["1",{"x":"2","y":"3"}]}"#,
            ),
            ("a[1]=1", r#"{"a":{"1":"1"}}"#),
            (
                "a[b][c][d][e][f]=1",
                r#"{"a":{"b":{"c":{"d":{"e":{"f":"1"}}}}}}"#,
            ),
        ] {
            assert_eq!(json(form).as_deref(), Some(expected), "{form}");
        }
    }

    #[test]
    fn parameter_that_would_be_dropped_is_refused() {
        for form in [
            "a=1&a=2",
            "a=1&a[b]=2",
            "a[b]=1&a=2",
            "a[b]=1&a[b]=2",
            "a[b]=1&a[b][c]=2",
            "a[]=1&a[b]=2",
            "a[0]=1&a[]=2",
            "a[b=1",
            "a]b=1",
            "a[b]c=1",
            "a[[b]]=1",
            "[a]=1",
            "=1",
            "a=%zz",
            "a=%4",
            "a=%ff",
            "%=1",
            r#"{"a":1}"#,
            "a[b][c][d][e][f][g]=1",
            &"a&".repeat(1001),
        ] {
            assert_eq!(json(form), None, "{form}");
        }
    }
}
