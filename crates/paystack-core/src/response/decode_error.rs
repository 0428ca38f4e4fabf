//! The error of a success whose body does not fit the operation's output.

use std::fmt;

use super::RawResponse;
use crate::json::JsonError;

/// The error of a success whose body does not fit the operation's output, or of JSON that was decoded
/// later, by [`Reply::decode`](crate::Reply::decode) for example.
#[derive(Debug)]
pub struct DecodeError {
    json: JsonError,
    response: Option<RawResponse>,
    is_confirmed: bool,
}

impl DecodeError {
    pub(super) fn new(json: JsonError, response: RawResponse, is_confirmed: bool) -> Self {
        let around = json.offset(response.body());
        Self {
            json,
            response: Some(response.into_excerpt(around)),
            is_confirmed,
        }
    }

    /// The place in the JSON and the problem. Line and column are those of the whole body.
    pub fn json(&self) -> &JsonError {
        &self.json
    }

    /// The response, with [`RawResponse::EXCERPT`] bytes of its body around the problem. `None` if the JSON
    /// was decoded later.
    pub fn response(&self) -> Option<&RawResponse> {
        self.response.as_ref()
    }

    /// Whether the body says `"status": true`: Paystack has processed the request.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.is_confirmed
    }
}

/// The JSON may be part of a success that was decoded before, or of no response at all.
impl From<JsonError> for DecodeError {
    fn from(json: JsonError) -> Self {
        Self {
            json,
            response: None,
            is_confirmed: false,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.response {
            Some(response) => write!(
                f,
                "cannot decode the response with status {}: {}",
                response.status().as_u16(),
                self.json
            ),
            None => write!(f, "cannot decode: {}", self.json),
        }
    }
}

impl std::error::Error for DecodeError {}
