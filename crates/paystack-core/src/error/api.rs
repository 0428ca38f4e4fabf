//! What Paystack, or a proxy in front of it, answers instead of a success.

use std::fmt;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::code::{ErrorCode, ErrorType};
use crate::answer::Answer;
use crate::lenient::{Flag, Scalar};
use crate::mended;
use crate::personal::Scrubbed;

/// What Paystack, or a proxy in front of it, answers instead of a success.
///
/// `Display` and `Debug` leave out the words of the message that look personal;
/// [`ApiError::message`] has them all.
///
/// See <https://paystack.com/docs/api/errors/>.
#[derive(Clone)]
pub struct ApiError {
    refusal: Refusal,
    answer: Answer,
}

impl ApiError {
    /// Reads any answer as a refusal.
    pub(crate) fn new(answer: Answer) -> Self {
        let mut refusal =
            Refusal::from_json(answer.body()).unwrap_or_else(|| Refusal::from_text(answer.body()));
        if refusal.message.is_empty() {
            let reason = answer.status().canonical_reason();
            refusal.message = reason.unwrap_or("no reason given").into();
        }
        Self {
            refusal,
            answer: answer.into_excerpt(0),
        }
    }

    /// Whether it is in the shape of Paystack's own errors, and not a proxy's.
    pub(crate) fn is_paystacks_own(&self) -> bool {
        self.refusal.says_no
    }

    /// The HTTP status. A refusal may come under 200.
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// What sort of error it is.
    pub fn error_type(&self) -> Option<&ErrorType> {
        self.refusal.error_type.as_ref()
    }

    /// Which error it is.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.refusal.code.as_ref()
    }

    /// What Paystack says, up to 1,000 characters of it. Of an HTML page the title; of other text the
    /// first line.
    pub fn message(&self) -> &str {
        &self.refusal.message
    }

    /// What Paystack says to do about it.
    pub fn next_step(&self) -> Option<&str> {
        self.refusal.next_step.as_deref()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The whole answer. Its body is cut off after [`Answer::EXCERPT`] bytes.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status().as_u16())?;
        match (self.error_type(), self.code()) {
            (Some(sort), Some(code)) => write!(f, " {sort}/{code}")?,
            (Some(sort), None) => write!(f, " {sort}")?,
            (None, Some(code)) => write!(f, " {code}")?,
            (None, None) => {}
        }
        write!(f, ": {}", Scrubbed(self.message()))?;
        if let Some(next_step) = self.next_step() {
            write!(f, " ({})", Scrubbed(next_step))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("says", &format_args!("{self}"))
            .field("answer", &self.answer)
            .finish()
    }
}

impl std::error::Error for ApiError {}

/// What a refusal says, in whichever of its shapes it came.
///
/// No error is lost to how it is written: what is no UTF-8 is replaced, and of a repeated field the
/// last counts.
#[derive(Clone)]
struct Refusal {
    says_no: bool,
    message: Box<str>,
    error_type: Option<ErrorType>,
    code: Option<ErrorCode>,
    next_step: Option<Box<str>>,
}

impl Refusal {
    /// How much is kept of a message, in characters; what is longer stands in the body.
    const TEXT: usize = 1_000;
    /// How much is kept of a word, or of a message that is no JSON.
    const LINE: usize = 200;

    fn from_json(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Fields {
            #[serde(default)]
            status: Scalar,
            #[serde(default)]
            message: Scalar,
            #[serde(default, rename = "type")]
            error_type: Scalar,
            #[serde(default)]
            code: Scalar,
            meta: Option<Box<RawValue>>,
            metadata: Option<Box<RawValue>>,
            #[serde(default)]
            next_step: Scalar,
            #[serde(default, rename = "nextStep")]
            next_step_camel: Scalar,
        }

        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Hint {
            #[serde(rename = "nextStep")]
            next_step_camel: Scalar,
            next_step: Scalar,
        }

        let fields: Fields = mended::object(&String::from_utf8_lossy(body), &[])?;
        let hint = |raw: Option<Box<RawValue>>| {
            let hint: Hint = mended::object(raw?.get(), &[])?;
            hint.next_step_camel
                .text()
                .or_else(|| hint.next_step.text())
        };
        let next_step = hint(fields.meta)
            .or_else(|| hint(fields.metadata))
            .or_else(|| fields.next_step.text())
            .or_else(|| fields.next_step_camel.text());

        let error_type = fields.error_type.text();
        let code = fields.code.text();
        // Some errors have the type's word where the code belongs.
        let (error_type, code) = match (error_type, code) {
            (None, Some(word)) if ErrorType::from(&*word).is_known() => (Some(word), None),
            pair => pair,
        };
        Some(Self {
            says_no: fields.status.is_false(),
            message: cut(&fields.message.text().unwrap_or_default(), Self::TEXT),
            error_type: error_type.map(|word| ErrorType::from(&*cut(&word, Self::LINE))),
            code: code.map(|word| ErrorCode::from(&*cut(&word, Self::LINE))),
            next_step: next_step.map(|text| cut(text.trim(), Self::TEXT)),
        })
    }

    fn from_text(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body.get(..Answer::EXCERPT).unwrap_or(body));
        let text = mended::without_mark(&text);
        let said = title(text).or_else(|| {
            let line = text.lines().find(|line| !line.trim().is_empty())?.trim();
            // The first line of HTML, or of JSON that is cut off, is no message.
            (!line.starts_with(['<', '{', '['])).then(|| line.to_owned())
        });
        Self {
            says_no: false,
            message: cut(&said.unwrap_or_default(), Self::LINE),
            error_type: None,
            code: None,
            next_step: None,
        }
    }
}

/// Whether a body says yes or no, by the `status` of Paystack's envelope; `None` if it is none, or
/// contradicts itself.
pub(crate) fn says_yes(body: &[u8]) -> Option<bool> {
    #[derive(Deserialize)]
    struct Envelope {
        status: Flag,
    }

    let Envelope { status: Flag(flag) } =
        mended::object(&String::from_utf8_lossy(body), &mended::EXACT)?;
    Some(flag)
}

/// The first so many characters.
fn cut(text: &str, characters: usize) -> Box<str> {
    text.chars().take(characters).collect()
}

/// The title of an HTML page.
fn title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let open = lower.get(start..)?.find('>')?.checked_add(start)?;
    let length = lower.get(open..)?.find("</title")?;
    let end = open.checked_add(length)?;
    let words: Vec<_> = html
        .get(open.checked_add(1)?..end)?
        .split_whitespace()
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn refused(status: u16, body: &str) -> ApiError {
        let mut response = http::Response::new(Bytes::from(body.to_owned()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        ApiError::new(Answer::new(response))
    }

    #[test]
    fn the_next_step_may_stand_in_four_places() {
        for body in [
            r#"{"status":false,"message":"No","meta":{"nextStep":"Go"}}"#,
            r#"{"status":false,"message":"No","metadata":{"nextStep":" Go\u00a0"}}"#,
            r#"{"status":false,"message":"No","next_step":"Go"}"#,
            r#"{"status":false,"message":"No","meta":[],"nextStep":"Go"}"#,
        ] {
            let error = refused(400, body);
            assert_eq!(
                (error.message(), error.next_step()),
                ("No", Some("Go")),
                "{body}"
            );
        }
    }

    #[test]
    fn the_types_word_may_stand_where_the_code_belongs() {
        let error = refused(
            400,
            r#"{"status":false,"message":"No","code":"validation_error"}"#,
        );
        assert_eq!(error.error_type(), Some(&ErrorType::ValidationError));
        assert_eq!(error.code(), None);
    }

    #[test]
    fn valid_json_never_costs_an_error_whatever_its_numbers_are() {
        let error = refused(
            400,
            r#"{"status":false,"message":"No","code":1e400,"type":"validation_error"}"#,
        );
        assert!(error.is_paystacks_own());
        assert_eq!((error.message(), error.code()), ("No", None));
        assert_eq!(error.error_type(), Some(&ErrorType::ValidationError));
    }

    #[test]
    fn what_an_error_keeps_is_bounded() {
        let long = "x".repeat(100_000);
        let body = format!(
            r#"{{"status":false,"message":"{long}","type":"{long}","code":"{long}","meta":{{"nextStep":"{long}"}}}}"#
        );
        let error = refused(400, &body);
        assert_eq!(error.message().len(), Refusal::TEXT);
        assert!(error.to_string().len() < 2 * (Refusal::TEXT + Refusal::LINE) + 20);
        assert_eq!(error.answer().body().len(), 16_384);
    }

    #[test]
    fn words_that_are_not_known_are_kept() {
        let error = refused(
            400,
            r#"{"type":"bank_error","code":"out_of_office","message":"No"}"#,
        );
        assert_eq!(
            error.error_type().map(ErrorType::as_str),
            Some("bank_error")
        );
        assert_eq!(error.code().map(ErrorCode::as_str), Some("out_of_office"));
        assert_eq!(error.to_string(), "400 bank_error/out_of_office: No");
    }

    #[test]
    fn strange_types_in_an_error_do_not_cost_it() {
        for body in [
            r#"{"status":7,"message":["No"],"type":{},"code":404,"meta":"?","data":[]}"#,
            r#"{"status":null,"message":null,"meta":null,"metadata":7}"#,
        ] {
            assert_eq!(refused(422, body).status(), 422);
        }
        assert_eq!(
            refused(400, r#"{"code":404}"#)
                .code()
                .map(ErrorCode::as_str),
            Some("404")
        );
    }

    #[test]
    fn no_error_is_lost_to_how_it_is_written() {
        for (body, message) in [
            (r#"{"message":"N\ud800o","more":"\udfff"}"#, "N\u{fffd}o"),
            (
                r#"{"message":"Maybe","message":"No","code":"unknown"}"#,
                "No",
            ),
            (
                r#"{"status":false,"status":true,"message":"No","x\ud800":1}"#,
                "No",
            ),
            (
                r#"{"message":"No","meta":{"nextStep":"","nextStep":"Go"}}"#,
                "No",
            ),
        ] {
            assert_eq!(refused(400, body).message(), message, "{body}");
        }
        let twice = r#"{"message":"No","meta":{"nextStep":"","nextStep":"Go"}}"#;
        assert_eq!(refused(400, twice).next_step(), Some("Go"));
        let mut response = http::Response::new(Bytes::from_static(b"{\"message\":\"N\xffo\"}"));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        assert_eq!(ApiError::new(Answer::new(response)).message(), "N\u{fffd}o");
    }

    #[test]
    fn of_html_the_title_is_the_message() {
        for (body, message) in [
            (
                "<html><head><TITLE>\n 502 Bad\n Gateway </TITLE>",
                "502 Bad Gateway",
            ),
            (
                "<title lang=en>Attention Required!</title>",
                "Attention Required!",
            ),
            ("<html><body>no title</body></html>", "Bad Gateway"),
            ("<title></title>", "Bad Gateway"),
            ("<title>never closed", "Bad Gateway"),
            ("", "Bad Gateway"),
            (
                r#"{"message":"Exists","data":{"phone":"0812"#,
                "Bad Gateway",
            ),
            ("{\n  \"message\": \"Exists\",", "Bad Gateway"),
            (
                "\n upstream connect error \nsecond line",
                "upstream connect error",
            ),
            ("\u{130}<title>\u{130}</title>", "\u{130}"),
        ] {
            assert_eq!(refused(502, body).message(), message, "{body}");
        }
    }

    #[test]
    fn an_error_without_words_says_its_status() {
        assert_eq!(refused(503, "{}").to_string(), "503: Service Unavailable");
        assert_eq!(refused(599, "").to_string(), "599: no reason given");
    }

    #[test]
    fn debug_and_display_show_no_person() {
        let body = r#"{"status":false,"message":"No canary@example.com, 08123456789",
            "type":"canary@example.com","meta":{"nextStep":"Call +2348123456789"}}"#;
        let error = refused(400, body);
        let shown = format!("{error} {error:?}");
        for personal in ["canary", "812345"] {
            assert!(!shown.contains(personal), "{shown}");
        }
        assert!(
            error.message().contains("canary"),
            "which is there for who asks"
        );
    }

    #[test]
    fn what_is_known_of_a_refusal_stands_in_its_line() {
        for (body, says) in [
            (r#"{"message":"No"}"#, "400: No"),
            (
                r#"{"message":"No","type":"api_error"}"#,
                "400 api_error: No",
            ),
            (r#"{"message":"No","code":"unknown"}"#, "400 unknown: No"),
            (
                r#"{"message":"No","type":"api_error","code":"unknown","next_step":"Go"}"#,
                "400 api_error/unknown: No (Go)",
            ),
        ] {
            assert_eq!(refused(400, body).to_string(), says);
        }
    }

    #[test]
    fn a_byte_order_mark_hides_no_refusal_and_is_no_message() {
        let own = refused(
            429,
            "\u{feff}{\"status\":false,\"message\":\"Rate limit exceeded!\"}",
        );
        assert_eq!(own.message(), "Rate limit exceeded!");
        assert!(own.is_paystacks_own());
        assert_eq!(refused(502, "\u{feff}<html>").message(), "Bad Gateway");
    }

    #[test]
    fn the_headers_stand_with_the_refusal() {
        let mut response = http::Response::new(Bytes::from_static(b"{}"));
        let wait = http::HeaderValue::from_static("7");
        response.headers_mut().insert("retry-after", wait);
        let error = ApiError::new(Answer::new(response));
        assert_eq!(error.headers()["retry-after"], "7");
    }

    #[test]
    fn the_envelope_says_yes_or_no_or_neither() {
        for (body, says) in [
            (r#"{"status":true}"#, Some(true)),
            (r#"{"status":"1","status":"1"}"#, Some(true)),
            (r#"{"status":"false","data":[]}"#, Some(false)),
            ("\u{feff}{\"status\":false}", Some(false)),
            (r#"{"status":true,"status":false}"#, None),
            (r#"{"status":7}"#, None),
            ("{}", None),
            ("[true]", None),
            ("", None),
        ] {
            assert_eq!(says_yes(body.as_bytes()), says, "{body}");
        }
    }
}
