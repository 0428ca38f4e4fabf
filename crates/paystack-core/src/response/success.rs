//! The content of a success: its data, message and page information.

use serde::Deserialize;

use super::envelope::Envelope;
use super::{Meta, RawResponse};
use crate::json::{JsonError, locate};

/// Decodes `data` of a success.
pub(super) fn decode_data<'a, T: Deserialize<'a>>(
    response: &'a RawResponse,
) -> Result<T, JsonError> {
    let decoded = Success::decode(response).map(|success| success.data);
    decoded.map_err(|error| error.locate::<T>(response.json().unwrap_or_default()))
}

/// The content of a success.
pub(super) struct Success<T> {
    pub(super) data: T,
    pub(super) message: String,
    pub(super) meta: Option<Meta>,
}

impl<'a, T: Deserialize<'a>> Success<T> {
    pub(super) fn decode(response: &'a RawResponse) -> Result<Self, Undecoded> {
        let envelope = Envelope::parse(response.json()?)?;
        envelope.require_success()?;
        let data = match envelope.data {
            Some(data) => data,
            // Absent data is decoded as null, which some types accept.
            None => serde_json::from_str("null").map_err(|_| JsonError::missing("data"))?,
        };
        Ok(Self {
            data,
            message: envelope.message.text().unwrap_or_default().into(),
            meta: envelope.meta.and_then(Meta::read),
        })
    }
}

/// The error of a body, before its path is known.
pub(super) enum Undecoded {
    Located(JsonError),
    Json(serde_json::Error),
}

impl Undecoded {
    /// Decodes the body once more, slowly, to find the path.
    pub(super) fn locate<'a, T: Deserialize<'a>>(self, json: &'a str) -> JsonError {
        match self {
            Self::Located(error) => error,
            Self::Json(error) => locate::<Envelope<'a, T>>(json, &error),
        }
    }
}

impl From<JsonError> for Undecoded {
    fn from(error: JsonError) -> Self {
        Self::Located(error)
    }
}

impl From<serde_json::Error> for Undecoded {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}
