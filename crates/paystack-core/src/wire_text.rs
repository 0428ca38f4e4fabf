//! A request as text, for snapshots.

use std::fmt;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use serde::de::IgnoredAny;

use crate::api::PRODUCT;

/// A request as text, for snapshots: the request line, the headers in order of their names, and the
/// JSON body indented as it was written, with its own order of keys and its own numbers.
///
/// The key is left out and the version of this SDK is not named; everything else is shown, since
/// test data is the caller's choice. The format follows semver: a snapshot does not change
/// unless the request does.
///
/// ```
/// use paystack_core::{Api, Email, SecretKey, WireText, customers::CreateCustomer};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
/// assert_eq!(WireText(&api.request(&create)?).to_string(), r#"
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
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct WireText<'a, B>(pub &'a Request<B>);

impl<B: AsRef<[u8]>> fmt::Display for WireText<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = self.0;
        writeln!(f, "{} {}", request.method(), request.uri())?;

        let mut headers: Vec<_> = request.headers().iter().collect();
        // A stable sort: repeated headers keep their order.
        headers.sort_by_key(|(name, _)| name.as_str());
        for (name, value) in headers {
            write!(f, "{name}: ")?;
            if value.is_sensitive() || name == AUTHORIZATION {
                write_sensitive(f, value)?;
            } else {
                write_plain(f, value)?;
            }
        }

        let body = request.body().as_ref();
        if body.is_empty() {
            return Ok(());
        }
        writeln!(f)?;
        match std::str::from_utf8(body) {
            Ok(json) if serde_json::from_str::<IgnoredAny>(json).is_ok() => write_indented(f, json),
            Ok(text) => writeln!(f, "{text}"),
            Err(_) => writeln!(f, "[{} bytes]", body.len()),
        }
    }
}

fn write_sensitive(f: &mut fmt::Formatter<'_>, value: &HeaderValue) -> fmt::Result {
    let scheme = if value.as_bytes().starts_with(b"Bearer ") {
        "Bearer "
    } else {
        ""
    };
    writeln!(f, "{scheme}[redacted]")
}

fn write_plain(f: &mut fmt::Formatter<'_>, value: &HeaderValue) -> fmt::Result {
    let value = String::from_utf8_lossy(value.as_bytes());
    writeln!(f, "{}", value.replace(PRODUCT, "paystack-rust/[version]"))
}

/// Deeper than this nothing is indented further.
const DEEPEST: usize = 64;

/// Sets JSON out on lines without changing a character of its values.
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
    use super::*;

    fn text(body: &[u8]) -> String {
        let request = Request::post("https://example.com/").body(body).unwrap();
        WireText(&request).to_string()
    }

    #[test]
    fn json_keeps_its_order_its_numbers_and_its_strings() {
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
    fn other_bodies_are_shown_as_they_are() {
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
    fn json_may_be_nested_however_deeply() {
        let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
        assert!(text(&deep).len() > 200_000);
    }

    #[test]
    fn the_key_is_left_out_even_where_nobody_marked_it() {
        let request = Request::get("https://example.com/")
            .header("authorization", "Bearer sk_live_canary")
            .header("x-b", "2")
            .header("x-a", "1")
            .header("x-b", "1")
            .body("")
            .unwrap();
        let shown = WireText(&request).to_string();
        assert_eq!(
            shown,
            "GET https://example.com/\nauthorization: Bearer [redacted]\nx-a: 1\nx-b: 2\nx-b: 1\n"
        );
    }

    #[test]
    fn a_header_that_is_marked_is_left_out_whatever_it_is_called() {
        let mut canary = HeaderValue::from_static("canary");
        canary.set_sensitive(true);
        let request = Request::get("https://example.com/")
            .header("authorization", "canary")
            .header("x-a", canary)
            .body("")
            .unwrap();
        assert_eq!(
            WireText(&request).to_string(),
            "GET https://example.com/\nauthorization: [redacted]\nx-a: [redacted]\n"
        );
    }

    #[test]
    fn the_version_is_not_named_and_a_header_that_is_no_text_is_shown() {
        let request = Request::get("https://example.com/")
            .header("user-agent", format!("{PRODUCT} shop/2.1"))
            .header("x-a", HeaderValue::from_bytes(b"\xff").unwrap())
            .body("")
            .unwrap();
        assert_eq!(
            WireText(&request).to_string(),
            "GET https://example.com/\nuser-agent: paystack-rust/[version] shop/2.1\nx-a: \u{fffd}\n"
        );
    }

    #[test]
    fn spaces_between_values_are_set_anew_and_those_within_them_stay() {
        let spaced = b" {\n\t\"a b\" : [ 1 , true ] , \"c\" : { \r\n} }\n";
        assert_eq!(
            text(spaced),
            "POST https://example.com/\n\n{\n  \"a b\": [\n    1,\n    true\n  ],\n  \"c\": {}\n}\n"
        );
    }
}
