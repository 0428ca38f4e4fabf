//! JSON that browsers read and serde refuses, made readable.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::lenient;

/// What names somebody or something, or is money: where one of these stands twice in an object and
/// says two things, a success is not read by guessing which of them is meant.
pub(crate) const EXACT: [&str; 12] = [
    "status",
    "id",
    "code",
    "customer_code",
    "customer_id",
    "email",
    "authorization_code",
    "authorization_id",
    "mandate_id",
    "reference",
    "currency",
    "amount",
];

/// Nested more deeply than serde_json reads, nothing is mended.
const DEEPEST: usize = 128;

/// Reads an object, mended if need be but for these fields.
pub(crate) fn object<T: DeserializeOwned>(json: &str, exact: &[&str]) -> Option<T> {
    let json = without_mark(json);
    let read = |json: &str| serde_json::from_str::<lenient::Object<T>>(json).ok();
    let lenient::Object(object) = read(json).or_else(|| read(&mended(json, exact)?))?;
    Some(object)
}

/// A text without the mark that some servers put before it.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The JSON as `JSON.parse` of a browser takes it, if that is another: of a field that is repeated
/// in an object the last counts, and half a surrogate pair (`\ud83d`, as a cut-off emoji leaves it)
/// is the replacement character. Fields named in `exact` stay repeated if they contradict each other.
///
/// It is as long as it was, with blanks where something was taken out: lines and columns are the
/// same.
#[cold]
pub(crate) fn mended(json: &str, exact: &[&str]) -> Option<String> {
    // What is taken out below has to be JSON as well.
    serde_json::from_str::<&RawValue>(json).ok()?;
    let mut bytes = json.as_bytes().to_vec();
    let mut blanks = Vec::new();
    // The objects and lists around the place; a list is `None`.
    let mut around: Vec<Option<Object>> = Vec::new();
    let mut at = 0_usize;
    while let Some(byte) = bytes.get(at) {
        let mut next = at.saturating_add(1);
        match byte {
            b'"' => {
                next = mend_string(&mut bytes, at)?;
                if let Some(Some(object)) = around.last_mut()
                    && object.member.is_none()
                {
                    let name = serde_json::from_slice(bytes.get(at..next)?).ok()?;
                    object.member = Some((name, at));
                }
            }
            b'{' => around.push(Some(Object::default())),
            b'[' => around.push(None),
            b',' => {
                if let Some(Some(object)) = around.last_mut() {
                    blanks.extend(object.end_member(at, &bytes, exact));
                }
            }
            b'}' => blanks.extend(around.pop()??.end_member(at, &bytes, exact)),
            b']' => drop(around.pop()?),
            _ => {}
        }
        if around.len() > DEEPEST {
            return None;
        }
        at = next;
    }
    for byte in blanks.into_iter().flatten() {
        match bytes.get_mut(byte)? {
            b'\n' => {}
            other => *other = b' ',
        }
    }
    (bytes != json.as_bytes()).then(|| String::from_utf8(bytes).ok())?
}

/// The JSON with half surrogate pairs replaced and nothing else, if it has any.
#[cold]
pub(crate) fn whole_pairs(json: &str) -> Option<String> {
    let mut bytes = json.as_bytes().to_vec();
    let mut at = 0_usize;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => mend_string(&mut bytes, at)?,
            _ => at.saturating_add(1),
        };
    }
    (bytes != json.as_bytes()).then(|| String::from_utf8(bytes).ok())?
}

/// An object on the way through it.
#[derive(Default)]
struct Object {
    /// Where the last member of each name stands.
    members: BTreeMap<String, Range<usize>>,
    /// The member that is being read, and where it begins.
    member: Option<(String, usize)>,
}

impl Object {
    /// Ends a member before a comma or a brace. Answers with an earlier one of the same name, its
    /// comma included, that it takes the place of.
    fn end_member(&mut self, at: usize, bytes: &[u8], exact: &[&str]) -> Option<Range<usize>> {
        let (name, begin) = self.member.take()?;
        let is_exact = exact.contains(&name.as_str());
        let earlier = self.members.insert(name, begin..at)?;
        let text = |range: Range<usize>| bytes.get(range).map(<[u8]>::trim_ascii);
        let contradicts = text(earlier.clone()) != text(begin..at);
        (!(is_exact && contradicts)).then(|| earlier.start..earlier.end.saturating_add(1))
    }
}

/// Mends the string that begins here, and answers where it ends.
fn mend_string(bytes: &mut [u8], begin: usize) -> Option<usize> {
    let mut at = begin.saturating_add(1);
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at.saturating_add(1)),
            b'\\' => {}
            _ => {
                at = at.saturating_add(1);
                continue;
            }
        }
        at = match (escaped(bytes, at), escaped(bytes, at.saturating_add(6))) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => at.saturating_add(12),
            (Some(0xd800..0xe000), _) => {
                let end = at.saturating_add(6);
                bytes.get_mut(at..end)?.copy_from_slice(br"\ufffd");
                end
            }
            _ => at.saturating_add(2),
        };
    }
}

/// The number in `\u1234`.
fn escaped(bytes: &[u8], at: usize) -> Option<u16> {
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
    fn of_a_repeated_field_the_last_counts_and_nothing_moves() {
        for (json, expected) in [
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#"{"a":1,"b":2,"a":3}"#, r#"{"b":2,"a":3}"#),
            (r#"{"a":1 , "a":2, "a":3}"#, r#"{"a":3}"#),
            (r#"[{"a":[1,{"b":2}],"a":2}]"#, r#"[{"a":2}]"#),
            (
                r#"{"a":{"b":1,"b":2},"a":{"b":3,"b":4}}"#,
                r#"{"a":{"b":4}}"#,
            ),
            ("{\"a\":1,\n\"a\":\n1,\"a\":2}", "{\n\n\"a\":2}"),
            (r#"{"\u0061":"},{","a":2}"#, r#"{"a":2}"#),
            (r#"{"x\ud800":1,"x\udbff":2}"#, r#"{"x\ufffd":2}"#),
        ] {
            let mended = mended(json, &EXACT).unwrap();
            assert_eq!(mended.replace(' ', ""), expected);
            assert_eq!(mended.len(), json.len());
        }
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        for (json, expected) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""\uDBFF\ud83d\ude00\udc00""#, "\u{fffd}\u{1f600}\u{fffd}"),
            (r#""a\\\udfff\"b""#, "a\\\u{fffd}\"b"),
            (r#""\\ud800\ud800""#, "\\ud800\u{fffd}"),
        ] {
            let mended = mended(json, &EXACT).unwrap();
            assert_eq!(serde_json::from_str::<String>(&mended).unwrap(), expected);
            assert_eq!(whole_pairs(json).unwrap(), mended);
        }
    }

    #[test]
    fn of_pairs_alone_repeated_fields_stay() {
        let json = r#"{"a":"\ud800","a":2}"#;
        assert_eq!(whole_pairs(json).unwrap(), r#"{"a":"\ufffd","a":2}"#);
        assert_eq!(whole_pairs(r#"{"a":1,"a":2,"b":"\ud83d\ude00"}"#), None);
        assert_eq!(whole_pairs(r#"{"a":"\ud800"#), None, "no end");
    }

    #[test]
    fn what_names_somebody_or_is_money_is_not_guessed() {
        assert_eq!(mended(r#"{"id":1,"id":2}"#, &EXACT), None);
        assert!(mended(r#"{"id":1,"id": 1}"#, &EXACT).is_none());
        assert!(
            mended(r#"{"id":1,"id":1}"#, &EXACT).is_some(),
            "the same twice"
        );
        assert!(mended(r#"{"id":1,"id":2}"#, &[]).is_some());
    }

    #[test]
    fn what_serde_reads_and_what_is_no_json_stays() {
        for json in [
            r#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}],"d":"\ud83d\ude00"}"#,
            "",
            "{",
            "}",
            "]",
            "[}",
            "{]",
            r#"{"a"#,
            r#""\"#,
            r#""\u"#,
            r#"{"a":1,"\x":1}"#,
            "{,}",
            r#"{"a":@,"a":1}"#,
            "<html>",
            &"[".repeat(1_000),
        ] {
            assert_eq!(mended(json, &EXACT), None, "{json}");
        }
    }

    /// JSON that repeats its few names.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec!["1", "null", r#""x""#, r#""\ud800""#, "1.00", "[]"]);
        leaf.prop_map(str::to_owned)
            .prop_recursive(4, 48, 6, |inner| {
                let members = prop::collection::vec(("[ab]", inner.clone()), 0..6);
                let object = members.prop_map(|members| {
                    let members: Vec<_> = members
                        .iter()
                        .map(|(name, value)| format!("\"{name}\":{value}"))
                        .collect();
                    format!("{{{}}}", members.join(","))
                });
                let rows = prop::collection::vec(inner, 0..4);
                prop_oneof![
                    object,
                    rows.prop_map(|rows| format!("[{}]", rows.join(", ")))
                ]
            })
    }

    proptest! {
        #[test]
        fn what_is_mended_means_what_it_meant(json in json()) {
            let whole = json.replace(r"\ud800", r"\ufffd");
            let meant: Value = serde_json::from_str(&whole).unwrap();
            let mended = mended(&json, &EXACT).unwrap_or(json);
            prop_assert_eq!(serde_json::from_str::<Value>(&mended).unwrap(), meant);
        }

        #[test]
        fn any_text_at_all_is_taken(text in any::<String>(), hostile in r#"[{}\[\],:"\\u d8]{0,40}"#) {
            let _ = (mended(&text, &EXACT), mended(&hostile, &EXACT));
        }
    }
}
