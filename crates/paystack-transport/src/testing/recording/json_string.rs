//! JSON strings that may be cut off or invalid.

use paystack_core::{RawJson, read_json};

/// The JSON string at the start of a text: its token, and the text after it. A string that is cut off ends with the
/// text.
pub(super) fn string_token(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = inner.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    Some(match end {
        Some(end) => text.split_at(end.saturating_add(2)),
        None => (text, ""),
    })
}

/// The text of a token, with replacement characters for what is invalid.
pub(super) fn decode(token: &str) -> String {
    read_json(token.as_bytes()).unwrap_or_else(|_| decode_lossy(token))
}

/// A token for a text, cut off as the original one is.
pub(super) fn encode(text: &str, original: &str) -> String {
    let json = RawJson::encode(text);
    let mut json = json.map_or_else(|_| String::new(), |json| json.as_str().to_owned());
    if !is_closed(original) {
        json.pop();
    }
    json
}

fn is_closed(token: &str) -> bool {
    string_token(token).is_some_and(|(token, _)| {
        let inner = token
            .strip_prefix('"')
            .and_then(|token| token.strip_suffix('"'));
        let escapes = inner.map(|inner| {
            let text = inner.trim_end_matches('\\');
            inner.len().saturating_sub(text.len())
        });
        escapes.is_some_and(|escapes| escapes % 2 == 0)
    })
}

fn decode_lossy(token: &str) -> String {
    let inner = token.strip_prefix('"').unwrap_or(token);
    let inner = match is_closed(token) {
        true => inner.strip_suffix('"').unwrap_or(inner),
        false => inner,
    };
    let mut units: Vec<u16> = Vec::new();
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        rest = rest.split_at(first.len_utf8()).1;
        let mut character = first;
        if first == '\\' {
            let Some(escape) = rest.chars().next() else {
                break;
            };
            rest = rest.split_at(escape.len_utf8()).1;
            let hex = rest.split_at_checked(4);
            let unit = hex.and_then(|(hex, _)| u16::from_str_radix(hex, 16).ok());
            if let ('u', Some(unit), Some((_, after))) = (escape, unit, hex) {
                units.push(unit);
                rest = after;
                continue;
            }
            character = match escape {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            };
        }
        units.extend(character.encode_utf16(&mut [0; 2]).iter());
    }
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_off_string_is_decoded_and_encoded() {
        for (token, text) in [
            (r#""Ada \"#, "Ada "),
            (r#""Ada \u00"#, "Ada u00"),
            (r#""Ad\u0061 \ud800 \"x"#, "Ada \u{fffd} \"x"),
            (r#""Ad\u0061\ud800""#, "Ada\u{fffd}"),
        ] {
            assert_eq!(string_token(token), Some((token, "")));
            assert_eq!(decode(token), text, "{token}");
        }
        assert_eq!(encode("x\"", r#""a\""#), r#""x\""#);
        assert_eq!(encode("x", r#""a\\""#), r#""x""#);
        assert_eq!(encode("x", "\""), "\"x");
    }
}
