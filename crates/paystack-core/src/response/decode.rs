//! Decodes a response into a reply or a failure.

use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::envelope::Envelope;
use super::success::Success;
use super::{ApiError, DecodeError, RawResponse, Reply};
use crate::json::{JsonError, MaybeUndecoded};

/// A response that is not a success.
pub(crate) enum Failure {
    Api(ApiError),
    Decode(DecodeError),
}

/// A success needs a success status and `"status": true`. `fail` converts a failure into an error.
pub(crate) fn decode<T: DeserializeOwned, E>(
    response: RawResponse,
    fail: &dyn Fn(Failure) -> E,
) -> Result<Reply<T>, E> {
    if !response.status().is_success() {
        return Err(fail(Failure::Api(ApiError::new(response))));
    }
    match Success::decode(response.json()) {
        Some(success) => Ok(reply(success, MaybeUndecoded(None), response)),
        None => decode_leniently(response, fail),
    }
}

/// Decodes a success that does not decode as it is: repaired, or without its odd fields and rows.
#[cold]
fn decode_leniently<T: DeserializeOwned, E>(
    mut response: RawResponse,
    fail: &dyn Fn(Failure) -> E,
) -> Result<Reply<T>, E> {
    if response.repair()
        && let Some(success) = Success::decode(response.json())
    {
        return Ok(reply(success, MaybeUndecoded(None), response));
    }
    match Success::decode_leniently(response.json()) {
        Err(error) => Err(fail(failure(response, error))),
        Ok((success, undecoded)) => {
            let undecoded = MaybeUndecoded(Some(Box::new(undecoded)));
            Ok(reply(success, undecoded, response))
        }
    }
}

fn reply<T>(success: Success<T>, undecoded: MaybeUndecoded, response: RawResponse) -> Reply<T> {
    Reply {
        data: success.data,
        message: success.message,
        meta: success.meta,
        undecoded,
        attempts: 1,
        queued_for: Duration::ZERO,
        response,
    }
}

/// A body that does not decode may be a refusal under a success status.
fn failure(response: RawResponse, error: JsonError) -> Failure {
    let envelope = Envelope::<IgnoredAny>::parse(response.json());
    match envelope.ok().and_then(|envelope| envelope.status()) {
        Some(false) => Failure::Api(ApiError::new(response)),
        status => Failure::Decode(DecodeError::new(error, response, status == Some(true))),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::StatusCode;
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;
    use crate::operation::NoData;
    use crate::{ErrorType, JsonProblem};

    fn response(status: u16, body: impl Into<Bytes>) -> RawResponse {
        let mut response = http::Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response
            .headers_mut()
            .insert("cf-ray", "8a1-LOS".parse().unwrap());
        RawResponse::new(response)
    }

    fn decoded<T: DeserializeOwned>(response: RawResponse) -> Result<Reply<T>, Box<Failure>> {
        decode(response, &Box::new)
    }

    fn reply<T: DeserializeOwned>(status: u16, body: impl Into<Bytes>) -> Reply<T> {
        decoded(response(status, body)).ok().unwrap()
    }

    fn fails<T: DeserializeOwned>(status: u16, body: impl Into<Bytes>) -> Failure {
        *decoded::<T>(response(status, body)).err().unwrap()
    }

    fn refused<T: DeserializeOwned>(status: u16, body: impl Into<Bytes>) -> ApiError {
        match fails::<T>(status, body) {
            Failure::Api(error) => error,
            _ => panic!("another failure"),
        }
    }

    fn unreadable<T: DeserializeOwned>(status: u16, body: impl Into<Bytes>) -> DecodeError {
        match fails::<T>(status, body) {
            Failure::Decode(error) => error,
            _ => panic!("another failure"),
        }
    }

    #[test]
    fn no_data_decodes_from_any_data() {
        for body in [
            r#"{"status":true,"message":"Done"}"#,
            r#"{"status":true,"message":"Done","data":null}"#,
            r#"{"status":true,"message":"Done","data":{}}"#,
            r#"{"status":true,"message":"Done","data":[]}"#,
            r#"{"status":true,"message":"Done","data":{"one":["day"]}}"#,
        ] {
            let reply = reply::<NoData>(200, body);
            assert_eq!(reply.message, "Done");
            assert_eq!(reply.body(), body);
            assert_eq!(reply.request_id(), Some("8a1-LOS"));
        }
    }

    #[test]
    fn absent_data_decodes_as_null() {
        let body = r#"{"status":true,"message":"Done"}"#;
        assert_eq!(reply::<Option<u8>>(200, body).data, None);
        assert_eq!(reply::<Value>(200, body).data, Value::Null);
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
    fn an_odd_success_is_an_error_with_its_response() {
        let bodies: [&[u8]; 8] = [
            b"",
            b"{}",
            b"[]",
            br#"[true,"Done",[1],{}]"#,
            b"<html><title>Maintenance</title></html>",
            br#"{"status":true,"message":"Done","data":{"#,
            b"\xff\xfe",
            br#"{"status":7,"data":1}"#,
        ];
        for body in bodies {
            let error = unreadable::<Value>(200, body.to_vec());
            assert_eq!(error.response().unwrap().status(), 200);
            assert_eq!(error.response().unwrap().request_id(), Some("8a1-LOS"));
            assert_eq!(error.response().unwrap().body(), body);
        }
    }

    #[derive(Debug, Deserialize)]
    struct Row {
        id: Option<u8>,
        name: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Rows {
        #[allow(dead_code, reason = "only read")]
        rows: Vec<[u8; 1]>,
    }

    #[test]
    fn a_cut_off_emoji_becomes_one_character() {
        let body = r#"{"status":true,"data":[{"id":1,"name":"Ada \ud83d"},{"id":2}]}"#;
        let rows = reply::<Vec<Row>>(200, body).data;
        assert_eq!(rows[0].name.as_deref(), Some("Ada \u{fffd}"));
        assert_eq!(rows[1].id, Some(2));
    }

    #[test]
    fn the_part_around_the_problem_is_kept() {
        let row = "[      1      ]";
        let page = |rows: usize| vec![row; rows].join(",\n");
        for (before, after) in [(0, 5_000), (2_500, 2_500), (5_000, 0), (5_000, 5_000)] {
            let odd = r#"["odd"]"#;
            let (before, after) = (page(before), page(after));
            let body = format!(r#"{{"status":true,"data":{{"rows":[{before},{odd},{after}]}}}}"#);
            let body = body.replace("[,", "[").replace(",]", "]");
            let error = unreadable::<Rows>(200, body.clone());
            let kept = error.response().unwrap().body();
            assert_eq!(kept.len(), RawResponse::EXCERPT);
            let kept = std::str::from_utf8(kept).unwrap();
            assert!(kept.contains(odd) && body.contains(kept));
            let line = body.lines().position(|line| line.contains(odd)).unwrap();
            assert_eq!(error.json().line(), line + 1, "of the whole body");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_or_skipped() {
        let deep = [10_000; 2].map(|depth| "[".repeat(depth) + &"]".repeat(depth));
        let [in_data, in_meta] = deep;
        let body = format!(r#"{{"status":true,"data":{in_data}}}"#);
        let error = unreadable::<Value>(200, body);
        assert_eq!(error.json().problem(), &JsonProblem::TooDeep);
        assert!(error.json().path().starts_with("data[0][0]"));
        let body = format!(r#"{{"status":true,"data":1,"meta":{in_meta},"more":{in_meta}}}"#);
        assert_eq!(reply::<u8>(200, body).data, 1);
    }

    #[test]
    fn an_error_keeps_a_bounded_piece_of_the_body() {
        let error = refused::<Value>(502, "x".repeat(1_000_000));
        assert_eq!(error.response().body().len(), RawResponse::EXCERPT);
        assert_eq!(error.message().len(), 200);
    }

    #[test]
    fn odd_messages_and_meta_are_accepted() {
        for body in [
            r#"{"status":"true","message":["Done"],"data":1,"meta":"?"}"#,
            r#"{"status":true,"message":null,"data":1,"meta":[[[]]]}"#,
            r#"{"status":1,"data":1,"meta":null}"#,
        ] {
            assert_eq!(reply::<u8>(200, body).data, 1);
        }
    }

    #[test]
    fn a_reply_has_the_whole_response() {
        let accepted = http::Response::builder()
            .status(202)
            .header("cf-ray", "8a1-LOS")
            .header("x-ratelimit-remaining", "5")
            .body(r#"{"status":true,"message":"To ada@example.com","data":7}"#.into());
        let reply = decoded::<u8>(RawResponse::new(accepted.unwrap()))
            .ok()
            .unwrap();
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
}
