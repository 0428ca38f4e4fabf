//! A refusal by Paystack, or by a proxy in front of it.

use std::collections::BTreeMap;
use std::fmt;

use http::StatusCode;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::envelope::Envelope;
use super::{ErrorCode, ErrorType, RawResponse};
use crate::json::{Scalar, decode_object, lossy_text};
use crate::types::Redacted;

/// A refusal by Paystack, or by a proxy in front of it.
///
/// `Display` and `Debug` redact what looks like personal data in the message; [`ApiError::message`]
/// returns it whole.
///
/// ```
/// use paystack_core::{Error, ErrorCode, ErrorKind};
///
/// fn explain(error: &Error) -> Option<String> {
///     let ErrorKind::Api(refused) = error.kind() else { return None };
///     Some(match refused.code() {
///         Some(ErrorCode::MissingParams) => "a field is missing".into(),
///         Some(other) => format!("{}: {}", other.as_str(), refused.message()),
///         None => refused.message().to_owned(),
///     })
/// }
/// # let _ = explain;
/// ```
///
/// # The predicate of a refusal
///
/// At most one of these four predicates of [`Error`](crate::Error) holds. The first row that matches decides:
///
/// | the response | predicate |
/// | --- | --- |
/// | status 429, by anyone | [`is_rate_limited`](crate::Error::is_rate_limited) |
/// | any other status, by a proxy: the body lacks `"status": false` | none |
/// | status 401 | [`is_unauthorized`](crate::Error::is_unauthorized) |
/// | status 404 | [`is_not_found`](crate::Error::is_not_found) |
/// | status 422 | [`is_validation`](crate::Error::is_validation) |
/// | status 403, 408 or 5xx | none |
/// | code `customer_not_found` | `is_not_found` |
/// | code `rate_limited` | `is_rate_limited` |
/// | code `missing_params`, `invalid_params` or `invalid_email_address` | `is_validation` |
/// | type `validation_error` | `is_validation` |
/// | status 400 without a code or a type | `is_validation` |
/// | anything else | none |
///
/// See <https://paystack.com/docs/api/errors/>.
#[derive(Clone)]
pub struct ApiError {
    refusal: Refusal,
    response: RawResponse,
}

impl ApiError {
    /// A refusal by Paystack, for tests.
    ///
    /// ```
    /// use paystack_core::http::StatusCode;
    /// use paystack_core::{ApiError, Error, ErrorCode, ErrorKind};
    ///
    /// let refusal = ApiError::example(
    ///     StatusCode::NOT_FOUND,
    ///     ErrorCode::CustomerNotFound,
    ///     "Customer not found",
    /// );
    /// let error = Error::new("customers.fetch", ErrorKind::Api(refusal));
    /// assert!(error.is_not_found());
    /// ```
    pub fn example(status: StatusCode, code: ErrorCode, message: &str) -> Self {
        let code = code.as_str();
        let body = serde_json::json!({"status": false, "message": message, "code": code});
        let mut response = http::Response::new(body.to_string().into());
        *response.status_mut() = status;
        Self::new(RawResponse::new(response))
    }

    /// Reads any response as a refusal.
    pub(crate) fn new(response: RawResponse) -> Self {
        let mut refusal = Refusal::from_json(response.body())
            .unwrap_or_else(|| Refusal::from_text(response.body()));
        if refusal.message.is_empty() {
            let reason = response.status().canonical_reason();
            refusal.message = reason.unwrap_or("no reason given").into();
        }
        Self {
            refusal,
            response: response.into_excerpt(0),
        }
    }

    /// Whether Paystack wrote the response, and not a proxy.
    pub(crate) fn is_paystacks_own(&self) -> bool {
        self.refusal.is_paystacks_own
    }

    /// The HTTP status. A refusal may have status 200.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The type of the error.
    pub fn error_type(&self) -> Option<&ErrorType> {
        self.refusal.error_type.as_ref()
    }

    /// The code of the error.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.refusal.code.as_ref()
    }

    /// Paystack's message, at most 1,000 characters. For problem JSON its title and detail, for an HTML page
    /// its title, and for other text its first line.
    pub fn message(&self) -> &str {
        &self.refusal.message
    }

    /// Paystack's advice on what to do.
    pub fn next_step(&self) -> Option<&str> {
        self.refusal.next_step.as_deref()
    }

    /// The response, with the first [`RawResponse::EXCERPT`] bytes of its body.
    pub fn response(&self) -> &RawResponse {
        &self.response
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status().as_u16())?;
        match (self.error_type(), self.code()) {
            (Some(error_type), Some(code)) => write!(f, " {error_type}/{code}")?,
            (Some(error_type), None) => write!(f, " {error_type}")?,
            (None, Some(code)) => write!(f, " {code}")?,
            (None, None) => {}
        }
        // More text follows, so a final period is left out.
        write!(f, ": {}", Redacted(self.message().trim_end_matches('.')))?;
        if let Some(next_step) = self.next_step() {
            write!(f, " ({})", Redacted(next_step.trim_end_matches('.')))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("refusal", &format_args!("{self}"))
            .field("response", &self.response)
            .finish()
    }
}

impl std::error::Error for ApiError {}

/// A map, because a repeated field must not hide the others.
type Fields = BTreeMap<Box<str>, Scalar>;

/// The content of a refusal, in any of its forms.
#[derive(Clone)]
struct Refusal {
    is_paystacks_own: bool,
    message: Box<str>,
    error_type: Option<ErrorType>,
    code: Option<ErrorCode>,
    next_step: Option<Box<str>>,
}

impl Refusal {
    /// The most characters of a message. The body has the rest.
    const TEXT: usize = 1_000;
    /// The most characters of a type, a code, or a message that is not JSON.
    const LINE: usize = 200;

    fn from_json(body: &[u8]) -> Option<Self> {
        let text = lossy_text(body);
        let envelope = Envelope::<IgnoredAny>::parse(&text).ok()?;
        let is_paystacks_own = envelope.status() == Some(false);
        let message = envelope.message.text();
        if !is_paystacks_own
            && message.is_none()
            && let Some(problem) = Self::from_problem(&text)
        {
            return Some(problem);
        }
        let advice = |scalar: Scalar| {
            let text = scalar.text()?;
            let text = text.trim();
            (!text.is_empty()).then(|| cut(text, Self::TEXT))
        };
        let hint = |raw: Option<&RawValue>| {
            let mut hint: Fields = decode_object(raw?.get())?;
            ["nextStep", "next_step"]
                .into_iter()
                .find_map(|name| advice(hint.remove(name)?))
        };
        let next_step = hint(envelope.meta)
            .or_else(|| hint(envelope.metadata))
            .or_else(|| advice(envelope.next_step));
        // Some refusals write the type in place of the code.
        let (error_type, code) = match (envelope.error_type.text(), envelope.code.text()) {
            (None, Some(word)) if ErrorType::ALL.contains(&ErrorType::from(&*word)) => {
                (Some(word), None)
            }
            pair => pair,
        };
        Some(Self {
            is_paystacks_own,
            message: cut(&message.unwrap_or_default(), Self::TEXT),
            error_type: error_type.map(|word| ErrorType::from(&*cut(&word, Self::LINE))),
            code: code.map(|word| ErrorCode::from(&*cut(&word, Self::LINE))),
            next_step,
        })
    }

    /// The problem details of RFC 9457, which Cloudflare writes. Their `type` is a URL.
    fn from_problem(text: &str) -> Option<Self> {
        let mut fields: Fields = decode_object(text)?;
        let parts = ["title", "detail"];
        let parts = parts.map(|name| fields.remove(name).and_then(Scalar::text));
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        let message = cut(&parts.join(": "), Self::TEXT);
        (!parts.is_empty()).then_some(Self {
            is_paystacks_own: false,
            message,
            error_type: None,
            code: None,
            next_step: None,
        })
    }

    fn from_text(body: &[u8]) -> Self {
        let text = lossy_text(body.get(..RawResponse::EXCERPT).unwrap_or(body));
        let message = title(&text).or_else(|| {
            let line = text.lines().find(|line| !line.trim().is_empty())?.trim();
            // The first line of HTML, or of truncated JSON, is no message.
            (!line.starts_with(['<', '{', '['])).then(|| line.to_owned())
        });
        Self {
            is_paystacks_own: false,
            message: cut(&message.unwrap_or_default(), Self::LINE),
            error_type: None,
            code: None,
            next_step: None,
        }
    }
}

/// The first characters of a text.
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
        ApiError::new(RawResponse::new(response))
    }

    #[test]
    fn next_step_is_read_from_four_places() {
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
    fn blank_next_step_is_skipped() {
        for (other, next_step) in [("\\u00a0", None), ("Go", Some("Go"))] {
            let body = format!(
                r#"{{"status":false,"message":"No","meta":{{"nextStep":"\u00a0"}},"next_step":"{other}"}}"#
            );
            assert_eq!(refused(400, &body).next_step(), next_step);
        }
    }

    #[test]
    fn a_type_in_place_of_the_code_is_a_type() {
        let error = refused(
            400,
            r#"{"status":false,"message":"No","code":"validation_error"}"#,
        );
        assert_eq!(error.error_type(), Some(&ErrorType::ValidationError));
        assert_eq!(error.code(), None);
    }

    #[test]
    fn an_odd_number_fails_no_other_field() {
        let error = refused(
            400,
            r#"{"status":false,"message":"No","code":1e400,"type":"validation_error"}"#,
        );
        assert!(error.is_paystacks_own());
        assert_eq!((error.message(), error.code()), ("No", None));
        assert_eq!(error.error_type(), Some(&ErrorType::ValidationError));
    }

    #[test]
    fn texts_of_an_error_are_bounded() {
        let long = "x".repeat(100_000);
        let body = format!(
            r#"{{"status":false,"message":"{long}","type":"{long}","code":"{long}","meta":{{"nextStep":"{long}"}}}}"#
        );
        let error = refused(400, &body);
        assert_eq!(error.message().len(), Refusal::TEXT);
        assert!(error.to_string().len() < 2 * (Refusal::TEXT + Refusal::LINE) + 20);
        assert_eq!(error.response().body().len(), 16_384);
    }

    #[test]
    fn unrecognized_values_are_kept() {
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
    fn odd_types_are_accepted() {
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
    fn odd_json_is_accepted() {
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
        ] {
            assert_eq!(refused(400, body).message(), message, "{body}");
        }
        let mut response = http::Response::new(Bytes::from_static(b"{\"message\":\"N\xffo\"}"));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        assert_eq!(
            ApiError::new(RawResponse::new(response)).message(),
            "N\u{fffd}o"
        );
    }

    #[test]
    fn the_title_and_detail_of_a_problem_are_the_message() {
        for (body, message) in [
            (
                r#"{"type":"https://example.com/522","title":"Timed out","status":522,
                    "detail":"The origin did not respond.","code":1015}"#,
                "Timed out: The origin did not respond.",
            ),
            (r#"{"title":"Timed out"}"#, "Timed out"),
            (r#"{"detail":"No route","title":7}"#, "7: No route"),
            (r#"{"title":"","detail":null}"#, "Bad Gateway"),
            (r#"{"message":"No","title":"Timed out"}"#, "No"),
        ] {
            let error = refused(502, body);
            assert_eq!(error.message(), message, "{body}");
            assert_eq!((error.error_type(), error.code()), (None, None));
        }
    }

    #[test]
    fn the_title_of_html_is_the_message() {
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
    fn an_error_without_a_message_has_its_status() {
        assert_eq!(refused(503, "{}").to_string(), "503: Service Unavailable");
        assert_eq!(refused(599, "").to_string(), "599: no reason given");
    }

    #[test]
    fn debug_and_display_show_no_personal_data() {
        let body = r#"{"status":false,"message":"No canary@example.com, 08123456789",
            "type":"canary@example.com","meta":{"nextStep":"Call +2348123456789"}}"#;
        let error = refused(400, body);
        let shown = format!("{error} {error:?}");
        for personal in ["canary", "812345"] {
            assert!(!shown.contains(personal), "{shown}");
        }
        assert!(error.message().contains("canary"));
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let own = refused(
            429,
            "\u{feff}{\"status\":false,\"message\":\"Rate limit exceeded!\"}",
        );
        assert_eq!(own.message(), "Rate limit exceeded!");
        assert!(own.is_paystacks_own());
        assert_eq!(refused(502, "\u{feff}<html>").message(), "Bad Gateway");
    }

    #[test]
    fn headers_are_kept() {
        let mut response = http::Response::new(Bytes::from_static(b"{}"));
        let wait = http::HeaderValue::from_static("7");
        response.headers_mut().insert("retry-after", wait);
        let error = ApiError::new(RawResponse::new(response));
        assert_eq!(error.response().headers()["retry-after"], "7");
    }
}
