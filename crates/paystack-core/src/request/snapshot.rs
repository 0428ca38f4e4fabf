//! A request as text, for snapshots.

use std::fmt;

use http::Request;
use http::header::AUTHORIZATION;
use serde::de::IgnoredAny;

use super::PRODUCT;
use crate::types::REDACTED;

/// A request as text, for snapshot tests: the request line, the headers sorted by name, and the JSON
/// body, indented, with its keys in order and its numbers digit for digit.
///
/// It redacts the key and other sensitive headers, and omits the version of this SDK. It shows everything else,
/// because the caller chooses the test data. The format follows semver: a snapshot changes only if the request does.
///
/// ```
/// use paystack_core::{Api, Email, SecretKey, RequestSnapshot, customers::CreateCustomer};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
/// assert_eq!(RequestSnapshot(&api.request(&create)?).to_string(), r#"
/// POST https://api.paystack.co/customer
/// accept: application/json
/// authorization: Bearer [redacted]
/// content-type: application/json
/// user-agent: paystack-rust/[version]
///
/// {
///   "email": "ada@example.com",
///   "first_name": "Ada"
/// }
/// "#.trim_start());
/// # Ok::<(), paystack_core::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RequestSnapshot<'a, B>(pub &'a Request<B>);

impl<B: AsRef<[u8]>> fmt::Display for RequestSnapshot<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.0;
        writeln!(f, "{} {}", request.method(), request.uri())?;

        let mut headers: Vec<_> = request.headers().iter().collect();
        // A stable sort: repeated headers keep their order.
        headers.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in headers {
            let is_secret = value.is_sensitive() || name == AUTHORIZATION;
            let value = String::from_utf8_lossy(value.as_bytes());
            let value = value.replace(PRODUCT, "paystack-rust/[version]");
            match (is_secret, value.starts_with("Bearer ")) {
                (false, _) => writeln!(f, "{name}: {value}")?,
                (true, false) => writeln!(f, "{name}: {REDACTED}")?,
                (true, true) => writeln!(f, "{name}: Bearer {REDACTED}")?,
            }
        }

        let body = request.body().as_ref();
        if body.is_empty() {
            return Ok(());
        }
        writeln!(f)?;
        match std::str::from_utf8(body) {
            Ok(text) => write_body(f, text),
            Err(_) => writeln!(f, "[{} bytes]", body.len()),
        }
    }
}

/// Writes a body, indented if it is JSON.
pub(crate) fn write_body(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => write_indented(f, text),
        Err(_) => writeln!(f, "{text}"),
    }
}

/// The deepest level that is indented further.
const DEEPEST: usize = 64;

/// Indents JSON without changing a character of its values.
fn write_indented(f: &mut fmt::Formatter<'_>, json: &str) -> fmt::Result {
    let line = |f: &mut fmt::Formatter<'_>, depth: usize| {
        write!(f, "\n{:1$}", "", depth.min(DEEPEST).saturating_mul(2))
    };
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        if in_string {
            write!(f, "{character}")?;
            in_string = escaped || character != '"';
            escaped = character == '\\' && !escaped;
            continue;
        }
        match character {
            '"' => {
                in_string = true;
                write!(f, "{character}")?;
            }
            '{' | '[' => {
                write!(f, "{character}")?;
                while characters.next_if(char::is_ascii_whitespace).is_some() {}
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => write!(f, "{close}")?,
                    None => {
                        depth = depth.saturating_add(1);
                        line(f, depth)?;
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(f, depth)?;
                write!(f, "{character}")?;
            }
            ',' => {
                write!(f, ",")?;
                line(f, depth)?;
            }
            ':' => write!(f, ": ")?,
            white if white.is_ascii_whitespace() => {}
            other => write!(f, "{other}")?,
        }
    }
    writeln!(f)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn text(body: &[u8]) -> String {
        let request = Request::post("https://example.com/").body(body).unwrap();
        RequestSnapshot(&request).to_string()
    }

    #[test]
    fn json_keeps_its_order_numbers_and_strings() {
        let shown = text(
            br#"{"b":1.00,"a":[],"c":[1e2,{ }],"d":"a: \"{x}\", [y]\\","b":18446744073709551616}"#,
        );
        insta::assert_snapshot!(shown, @r#"
        POST https://example.com/

        {
          "b": 1.00,
          "a": [],
          "c": [
            1e2,
            {}
          ],
          "d": "a: \"{x}\", [y]\\",
          "b": 18446744073709551616
        }
        "#);
    }

    #[test]
    fn other_bodies_are_shown_unchanged() {
        for body in ["a=1&b=2", "a,b", r#"{"a":1,}"#] {
            let shown = text(body.as_bytes());
            assert_eq!(shown, format!("POST https://example.com/\n\n{body}\n"));
        }
        assert_eq!(
            text(b"\xff\xfe"),
            "POST https://example.com/\n\n[2 bytes]\n"
        );
        assert_eq!(text(b""), "POST https://example.com/\n");
    }

    #[test]
    fn deeply_nested_json_is_shown() {
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        assert!(text(&deep).len() > 200_000);
    }

    #[test]
    fn unmarked_key_is_redacted() {
        let request = Request::get("https://example.com/")
            .header("authorization", "Bearer sk_live_canary")
            .header("x-b", "2")
            .header("x-a", "1")
            .header("x-b", "1")
            .body("")
            .unwrap();
        let shown = RequestSnapshot(&request).to_string();
        assert_eq!(
            shown,
            "GET https://example.com/\nauthorization: Bearer [redacted]\nx-a: 1\nx-b: 2\nx-b: 1\n"
        );
    }

    #[test]
    fn sensitive_header_is_redacted() {
        let mut canary = HeaderValue::from_static("canary");
        canary.set_sensitive(true);
        let request = Request::get("https://example.com/")
            .header("authorization", "canary")
            .header("x-a", canary)
            .body("")
            .unwrap();
        assert_eq!(
            RequestSnapshot(&request).to_string(),
            "GET https://example.com/\nauthorization: [redacted]\nx-a: [redacted]\n"
        );
    }

    #[test]
    fn version_is_omitted_and_non_text_headers_are_shown() {
        let request = Request::get("https://example.com/")
            .header("user-agent", format!("{PRODUCT} shop/2.1"))
            .header("x-a", HeaderValue::from_bytes(b"\xff").unwrap())
            .body("")
            .unwrap();
        assert_eq!(
            RequestSnapshot(&request).to_string(),
            "GET https://example.com/\nuser-agent: paystack-rust/[version] shop/2.1\nx-a: \u{fffd}\n"
        );
    }

    #[test]
    fn whitespace_between_values_is_normalized() {
        let spaced = b" {\n\t\"a b\" : [ 1 , true ] , \"c\" : { \r\n} }\n";
        assert_eq!(
            text(spaced),
            "POST https://example.com/\n\n{\n  \"a b\": [\n    1,\n    true\n  ],\n  \"c\": {}\n}\n"
        );
    }
}
