//! Repairs of JSON that browsers accept and serde rejects.

use std::borrow::Cow;

/// The text of a body: without a byte order mark, with repaired surrogates, and with the replacement character
/// in place of bytes that are not UTF-8.
pub(crate) fn lossy_text(body: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(text) => {
            let text = without_byte_order_mark(text);
            repair(text).map_or(Cow::Borrowed(text), Cow::Owned)
        }
        Cow::Owned(text) => {
            let text = without_byte_order_mark(&text);
            Cow::Owned(repair(text).unwrap_or_else(|| text.to_owned()))
        }
    }
}

/// Removes the byte order mark that some servers write before JSON.
pub(crate) fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Replaces unpaired surrogates (`\ud83d`, the rest of a cut-off emoji) by the replacement character.
/// `None` if there are none.
///
/// The result is as long as the input, so lines and columns stay the same.
#[cold]
pub(crate) fn repair(json: &str) -> Option<String> {
    // Nearly all JSON ends here.
    if !json.contains(r"\u") {
        return None;
    }
    let mut bytes = json.as_bytes().to_vec();
    let mut at = 0_usize;
    let mut is_repaired = false;
    while let Some(byte) = bytes.get(at) {
        // A backslash is valid in strings only.
        if *byte != b'\\' {
            at = at.saturating_add(1);
            continue;
        }
        let end = at.saturating_add(6);
        at = match (surrogate(&bytes, at), surrogate(&bytes, end)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => end.saturating_add(6),
            (Some(0xd800..0xe000), _) => {
                bytes.get_mut(at..end)?.copy_from_slice(br"\ufffd");
                is_repaired = true;
                end
            }
            _ => at.saturating_add(2),
        };
    }
    is_repaired.then(|| String::from_utf8(bytes).ok())?
}

/// The number in `\u1234`.
fn surrogate(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at.saturating_add(6))?;
    let digits = std::str::from_utf8(escape.strip_prefix(br"\u")?).ok()?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn unpaired_surrogates_become_the_replacement_character() {
        for (json, expected) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""\uDBFF\ud83d\ude00\udc00""#, "\u{fffd}\u{1f600}\u{fffd}"),
            (r#""a\\\udfff\"b""#, "a\\\u{fffd}\"b"),
            (r#""\\ud800\ud800""#, "\\ud800\u{fffd}"),
        ] {
            let repaired = repair(json).unwrap();
            assert_eq!(repaired.len(), json.len());
            assert_eq!(serde_json::from_str::<String>(&repaired).unwrap(), expected);
        }
    }

    #[test]
    fn json_without_unpaired_surrogates_is_left_alone() {
        for json in [
            r#"{"a":1,"a":2,"d":"\ud83d\ude00"}"#,
            "",
            "{",
            r#"{"a"#,
            r#""\"#,
            r#""\u"#,
            "<html>",
        ] {
            assert_eq!(repair(json), None, "{json}");
        }
    }

    proptest! {
        #[test]
        fn repaired_json_is_valid(parts in prop::collection::vec(
            prop::sample::select(vec![r"\ud800", r"\udc00", r"\ud83d\ude00", "a", r"\\", r#"\""#]), 0..12
        )) {
            let json = format!("[\"{}\"]", parts.concat());
            let repaired = repair(&json).unwrap_or(json);
            prop_assert!(serde_json::from_str::<Value>(&repaired).is_ok(), "{}", repaired);
        }

        #[test]
        fn any_text_is_accepted(text in any::<String>(), hostile in r#"[{}\[\],:"\\u d8]{0,40}"#) {
            let _ = (repair(&text), repair(&hostile));
        }
    }
}
