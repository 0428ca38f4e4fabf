//! A success: what came, typed, and all of what came.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::error::{self, ApiError, DecodeError, Error, ErrorKind, JsonError};
use crate::lenient::{Flag, Object, Scalar};
use crate::meta::Meta;
use crate::personal::Scrubbed;
use crate::rate_limit::RateLimit;

/// A success: what the operation answers with, and everything else that came.
///
/// ```
/// # use paystack_core::{Api, SecretKey, CustomerCode, customers::FetchCustomer, http};
/// # let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// # let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
/// # let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
/// #   "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"bojack@example.com","horse":"yes"}}"#;
/// # let response = http::Response::new(body.into());
/// let reply = api.read(&fetch, response)?;
/// assert_eq!(reply.status(), 200);
/// assert_eq!(reply.message, "Customer retrieved");
/// assert_eq!(reply.data.email.as_str(), "bojack@example.com");
///
/// // What the SDK does not model is read from the same bytes, borrowing from them.
/// #[derive(serde::Deserialize)]
/// struct Horse<'a> { horse: &'a str }
/// assert_eq!(reply.decode::<Horse>()?.horse, "yes");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
pub struct Reply<T> {
    /// What the operation answers with.
    pub data: T,
    /// What Paystack says about it.
    pub message: String,
    /// What Paystack says about the page, if this is one.
    pub meta: Option<Meta>,
    answer: Answer,
}

impl<T> Reply<T> {
    pub(crate) fn into_parts(self) -> (T, String, Option<Meta>, Answer) {
        (self.data, self.message, self.meta, self.answer)
    }

    /// The HTTP status: 200, or 202 where the work goes on.
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &Bytes {
        self.answer.body()
    }

    /// The name of this answer in Paystack's own logs, to quote to their support.
    pub fn request_id(&self) -> Option<&str> {
        self.answer.request_id()
    }

    /// What the headers say about the rate limit.
    pub fn rate_limit(&self) -> RateLimit {
        self.answer.rate_limit()
    }

    /// Reads `data` once more as a type of the caller's, which may borrow from the body.
    ///
    /// Where the body had to be mended to be read at all (of a repeated field the last counts, half
    /// a surrogate pair is the replacement character), it is the mended one that is read again.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn decode<'a, U: Deserialize<'a>>(&'a self) -> Result<U, JsonError> {
        let json = self.answer.json()?;
        Envelope::read(json)
            .map(|envelope| envelope.data)
            .map_err(|unread| unread.locate::<U>(json))
    }
}

impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("data", &self.data)
            .field("message", &format_args!("{}", Scrubbed(&self.message)))
            .field("meta", &self.meta)
            .field("answer", &self.answer)
            .finish()
    }
}

/// Reads an answer: the HTTP status and the body's own `status` both have to say yes.
pub(crate) fn read<T: DeserializeOwned>(
    operation: &'static str,
    response: http::Response<Bytes>,
) -> Result<Reply<T>, Error> {
    let answer = Answer::new(response);
    if !answer.status().is_success() {
        return Err(Error::new(operation, ErrorKind::Api(ApiError::new(answer))));
    }
    match Envelope::<T>::of(&answer) {
        Ok(envelope) => Ok(envelope.into_reply(answer)),
        Err(unread) => read_otherwise(operation, answer, unread),
    }
}

/// A body that does not decode may be a refusal under a success's status, or JSON that only serde
/// refuses.
#[cold]
fn read_otherwise<T: DeserializeOwned>(
    operation: &'static str,
    mut answer: Answer,
    mut unread: Unread,
) -> Result<Reply<T>, Error> {
    let says_yes = error::says_yes(answer.body());
    if says_yes == Some(false) {
        return Err(Error::new(operation, ErrorKind::Api(ApiError::new(answer))));
    }
    if answer.mend() {
        match Envelope::<T>::of(&answer) {
            Ok(envelope) => return Ok(envelope.into_reply(answer)),
            Err(still) => unread = still,
        }
    }
    let json = unread.locate::<T>(answer.json().unwrap_or_default());
    let decode = DecodeError::new(json, answer, says_yes == Some(true));
    Err(Error::new(operation, ErrorKind::Decode(decode)))
}

/// What every success is wrapped in.
struct Envelope<T> {
    message: String,
    data: T,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Fields<'a, T> {
    status: Flag,
    #[serde(default)]
    message: Scalar,
    data: Option<T>,
    #[serde(borrow)]
    meta: Option<&'a RawValue>,
}

impl<T: DeserializeOwned> Envelope<T> {
    fn of(answer: &Answer) -> Result<Self, Unread> {
        Self::read(answer.json().map_err(Unread::Told)?)
    }

    fn into_reply(self, answer: Answer) -> Reply<T> {
        Reply {
            data: self.data,
            message: self.message,
            meta: self.meta,
            answer,
        }
    }
}

impl<'a, T: Deserialize<'a>> Envelope<T> {
    fn read(json: &'a str) -> Result<Self, Unread> {
        let Object(fields) = serde_json::from_str::<Object<Fields<'a, T>>>(json)?;
        if let Flag(false) = fields.status {
            return Err(Unread::Told(JsonError::refused("status")));
        }
        let data = match fields.data {
            Some(data) => data,
            // Absent data reads as null, which some types take.
            None => serde_json::from_str("null")
                .map_err(|_| Unread::Told(JsonError::missing("data")))?,
        };
        Ok(Self {
            message: fields.message.text().unwrap_or_default().into(),
            data,
            meta: fields.meta.and_then(Meta::read),
        })
    }
}

/// Why a body was not read, before anybody asks where in it.
enum Unread {
    Told(JsonError),
    Json(serde_json::Error),
}

impl Unread {
    /// Reads the body once more, slowly, to find the path.
    #[cold]
    fn locate<'a, T: Deserialize<'a>>(self, json: &'a str) -> JsonError {
        match self {
            Self::Told(error) => error,
            Self::Json(error) => error::locate::<Object<Fields<'a, T>>>(json, &error),
        }
    }
}

impl From<serde_json::Error> for Unread {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::operation::NoData;
    use crate::{ErrorType, JsonProblem};

    fn answer(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
        let mut response = http::Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response
            .headers_mut()
            .insert("cf-ray", "8a1-LOS".parse().unwrap());
        response
    }

    fn fails<T: DeserializeOwned + fmt::Debug>(status: u16, body: impl Into<Bytes>) -> ErrorKind {
        read::<T>("test", answer(status, body))
            .unwrap_err()
            .into_kind()
    }

    fn refused<T: DeserializeOwned + fmt::Debug>(status: u16, body: impl Into<Bytes>) -> ApiError {
        match fails::<T>(status, body) {
            ErrorKind::Api(error) => error,
            other => panic!("{other}"),
        }
    }

    fn unreadable<T: DeserializeOwned + fmt::Debug>(
        status: u16,
        body: impl Into<Bytes>,
    ) -> DecodeError {
        match fails::<T>(status, body) {
            ErrorKind::Decode(error) => error,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn no_data_is_read_from_whatever_stands_there() {
        for body in [
            r#"{"status":true,"message":"Done"}"#,
            r#"{"status":true,"message":"Done","data":null}"#,
            r#"{"status":true,"message":"Done","data":{}}"#,
            r#"{"status":true,"message":"Done","data":[]}"#,
            r#"{"status":true,"message":"Done","data":{"one":["day"]}}"#,
        ] {
            let reply = read::<NoData>("test", answer(200, body)).unwrap();
            assert_eq!(reply.message, "Done");
            assert_eq!(reply.body(), body);
            assert_eq!(reply.request_id(), Some("8a1-LOS"));
        }
    }

    #[test]
    fn absent_data_reads_as_null_where_the_type_takes_it() {
        let body = r#"{"status":true,"message":"Done"}"#;
        assert_eq!(
            read::<Option<u8>>("test", answer(200, body)).unwrap().data,
            None
        );
        assert_eq!(
            read::<Value>("test", answer(200, body)).unwrap().data,
            Value::Null
        );
        let error = unreadable::<u8>(200, body);
        assert_eq!(error.json().path(), "data");
        assert_eq!(
            error.json().problem(),
            &JsonProblem::Missing {
                field: "data".into()
            }
        );
    }

    #[test]
    fn a_refusal_under_200_is_a_refusal() {
        for body in [
            r#"{"status":false,"message":"No","type":"api_error"}"#,
            r#"{"status":"false","message":"No","data":[],"type":"api_error"}"#,
            r#"{"status":false,"message":"No","data":{"id":1},"code":"api_error"}"#,
            r#"{"status":0,"message":"No","type":"api_error"}"#,
            r#"{"status":"0","message":"No","data":[1],"type":"api_error"}"#,
        ] {
            let error = refused::<Vec<u8>>(200, body);
            assert_eq!(error.status(), 200);
            assert_eq!(error.message(), "No");
            assert_eq!(error.error_type(), Some(&ErrorType::ApiError));
        }
    }

    #[test]
    fn a_success_that_is_none_is_an_error_with_all_that_came() {
        let bodies: [&[u8]; 9] = [
            b"",
            b"{}",
            b"[]",
            br#"[true,"Done",[1],{}]"#,
            b"<html><title>Maintenance</title></html>",
            br#"{"status":true,"message":"Done","data":{"#,
            b"{\"status\":true,\"data\":\"\xff\"}",
            b"\xff\xfe",
            br#"{"status":7,"data":1}"#,
        ];
        for body in bodies {
            let error = unreadable::<Value>(200, body.to_vec());
            assert_eq!(error.answer().status(), 200);
            assert_eq!(error.answer().request_id(), Some("8a1-LOS"));
            assert_eq!(error.answer().body(), body);
        }
    }

    #[derive(Debug, Deserialize)]
    struct Row {
        id: Option<u8>,
        name: Option<String>,
    }

    #[test]
    fn json_that_only_serde_refuses_is_read_as_a_browser_reads_it() {
        for body in [
            r#"{"status":true,"message":"Done \ud83d","data":[{"name":"x"}]}"#,
            r#"{"status":true,"status":true,"message":"No","message":"Done","data":[{"name":"x"}]}"#,
            r#"{"status":true,"data":[{"name":"\ud800","name":"x"}],"x\ud800":[]}"#,
            r#"{"status":true,"data":[{"name":7},{}],"data":[{"name":"x","a":1,"a":2}]}"#,
        ] {
            let reply = read::<Vec<Row>>("test", answer(200, body)).unwrap();
            assert_eq!(reply.data[0].name.as_deref(), Some("x"));
            assert_eq!(reply.decode::<Value>().unwrap()[0]["name"], "x");
            assert_eq!(reply.body(), body, "byte for byte");
        }
    }

    #[test]
    fn a_name_that_is_cut_off_within_an_emoji_costs_that_character_only() {
        let body = r#"{"status":true,"data":[{"id":1,"name":"Ada \ud83d"},{"id":2}]}"#;
        let rows = read::<Vec<Row>>("test", answer(200, body)).unwrap().data;
        assert_eq!(rows[0].name.as_deref(), Some("Ada \u{fffd}"));
        assert_eq!(rows[1].id, Some(2));
    }

    #[test]
    fn a_body_that_contradicts_itself_about_who_it_is_is_not_read() {
        for (body, field) in [
            (r#"{"status":true,"data":[{"id":1,"id":2}]}"#, "data[0].id"),
            (r#"{"status":false,"status":true,"data":[]}"#, "status"),
            (r#"{"status":true,"data":[],"status":false}"#, "status"),
        ] {
            let error = read::<Vec<Row>>("test", answer(200, body)).unwrap_err();
            let ErrorKind::Decode(decode) = error.kind() else {
                panic!()
            };
            assert_eq!(decode.json().path(), field);
            let name = field.rsplit('.').next().unwrap().into();
            assert_eq!(
                decode.json().problem(),
                &JsonProblem::Repeated { field: name }
            );
            assert_eq!(error.is_outcome_unknown(), field == "status");
        }
    }

    #[test]
    fn whether_it_happened_is_known_if_paystacks_own_envelope_says_so() {
        for (body, is_unknown) in [
            (r#"{"status":true,"message":"Done","data":"x"}"#, false),
            (r#"{"status":"true","message":"Done"}"#, false),
            ("<html><title>Welcome</title></html>", true),
            ("", true),
            ("{}", true),
            ("[]", true),
            (r#"{"data":{"id":1}}"#, true),
            (r#"{"status":7,"data":"x"}"#, true),
            (r#"{"status":true,"message":"Done","data":"#, true),
        ] {
            let error = read::<Vec<Row>>("test", answer(200, body)).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{body}");
            assert_eq!(error.is_outcome_unknown(), is_unknown, "{body}");
        }
    }

    #[test]
    fn of_a_large_body_what_stands_around_the_problem_is_kept() {
        let row = r#"{"id":1,"name":"Ada"}"#;
        let page = |rows: usize| vec![row; rows].join(",\n");
        for (before, after) in [(0, 5_000), (2_500, 2_500), (5_000, 0), (5_000, 5_000)] {
            let odd = r#"{"id":"odd"}"#;
            let (before, after) = (page(before), page(after));
            let body = format!(r#"{{"status":true,"data":[{before},{odd},{after}]}}"#);
            let body = body.replace("[,", "[").replace(",]", "]");
            let error = unreadable::<Vec<Row>>(200, body.clone());
            let kept = error.answer().body();
            assert_eq!(kept.len(), Answer::EXCERPT);
            let kept = std::str::from_utf8(kept).unwrap();
            assert!(kept.contains(odd) && body.contains(kept));
            let line = body.lines().position(|line| line.contains(odd)).unwrap();
            assert_eq!(error.json().line(), line + 1, "of the whole body");
        }
    }

    #[test]
    fn what_is_nested_10_000_deep_is_refused_or_passed_over() {
        let deep = [10_000; 2].map(|depth| "[".repeat(depth) + &"]".repeat(depth));
        let [in_data, in_meta] = deep;
        let body = format!(r#"{{"status":true,"data":{in_data}}}"#);
        let error = unreadable::<Value>(200, body);
        assert_eq!(error.json().problem(), &JsonProblem::TooDeep);
        assert!(error.json().path().starts_with("data[0][0]"));
        let body = format!(r#"{{"status":true,"data":1,"meta":{in_meta},"more":{in_meta}}}"#);
        assert_eq!(read::<u8>("test", answer(200, body)).unwrap().data, 1);
    }

    #[test]
    fn an_error_keeps_a_bounded_piece_of_the_body() {
        let error = refused::<Value>(502, "x".repeat(1_000_000));
        assert_eq!(error.answer().body().len(), Answer::EXCERPT);
        assert_eq!(error.message().len(), 200);
    }

    #[test]
    fn a_strange_message_or_meta_does_not_cost_the_reply() {
        for body in [
            r#"{"status":"true","message":["Done"],"data":1,"meta":"?"}"#,
            r#"{"status":true,"message":null,"data":1,"meta":[[[]]]}"#,
            r#"{"status":1,"data":1,"meta":null}"#,
        ] {
            assert_eq!(read::<u8>("test", answer(200, body)).unwrap().data, 1);
        }
    }

    #[test]
    fn a_reply_has_all_that_came() {
        let mut accepted = answer(
            202,
            r#"{"status":true,"message":"To ada@example.com","data":7}"#,
        );
        let left = http::HeaderValue::from_static("5");
        accepted.headers_mut().insert("x-ratelimit-remaining", left);
        let reply = read::<u8>("test", accepted).unwrap();
        assert_eq!((reply.status().as_u16(), reply.data), (202, 7));
        assert_eq!(reply.headers()["cf-ray"], "8a1-LOS");
        assert_eq!(reply.rate_limit().remaining, Some(5));
        assert_eq!(reply.message, "To ada@example.com");
        let shown = format!("{reply:?}");
        for part in ["Reply {", "data: 7", "To [redacted]", "8a1-LOS"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(!shown.contains("ada"), "{shown}");
    }

    #[test]
    fn what_is_mended_and_still_does_not_fit_is_told_by_the_place_in_what_came() {
        let body =
            r#"{"status":true,"message":"\ud83d","data":[{"name":"x"},{"name":["canary"]}]}"#;
        let error = unreadable::<Vec<Row>>(200, body);
        assert_eq!(error.json().path(), "data[1].name");
        assert_eq!(error.json().line(), 1);
        let canary = body.find("\"canary").unwrap();
        assert!(error.json().column().abs_diff(canary) < 3, "{error}");
        assert_eq!(error.answer().body(), body);
    }
}
