//! The content of a success: its data, message and page information.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::envelope::Envelope;
use super::{Meta, RawResponse};
use crate::json::{JsonError, Scalar, Undecoded, decode_leniently, is_list, locate};

/// Decodes `data` of a success.
pub(crate) fn decode_data<'a, T: Deserialize<'a>>(
    response: &'a RawResponse,
) -> Result<T, JsonError> {
    let json = response.json();
    let success = Success::decode(json).ok_or_else(|| match Envelope::<T>::parse(json) {
        Err(error) => locate::<Envelope<'_, T>>(json, &error),
        Ok(envelope) => {
            let status = envelope.require_success().err();
            status.unwrap_or_else(|| JsonError::missing("data"))
        }
    })?;
    Ok(success.data)
}

/// The content of a success.
pub(super) struct Success<T> {
    pub(super) data: T,
    pub(super) message: String,
    pub(super) meta: Option<Meta>,
}

impl<'a, T: Deserialize<'a>> Success<T> {
    /// `None` if the body does not decode as a whole.
    pub(super) fn decode(json: &'a str) -> Option<Self> {
        let mut envelope = Envelope::empty();
        envelope.read(json).ok()?;
        envelope.require_success().ok()?;
        Some(Self {
            data: match envelope.data {
                Some(data) => data,
                // Absent data is decoded as null, which some types accept.
                None => serde_json::from_str("null").ok()?,
            },
            message: text(envelope.message),
            meta: envelope.meta.and_then(Meta::read),
        })
    }
}

impl<T: DeserializeOwned> Success<T> {
    /// Decodes a body that does not decode as a whole, without its odd fields and rows.
    pub(super) fn decode_leniently(json: &str) -> Result<(Self, Undecoded), JsonError> {
        let envelope = Envelope::<&RawValue>::parse(json)
            .map_err(|error| locate::<Envelope<'_, T>>(json, &error))?;
        envelope.require_success()?;
        let (data, undecoded) = match envelope.data {
            Some(data) => decode_leniently(json, data.get())?,
            None => {
                let is_empty_list = envelope.has_data && is_list::<T>();
                let nothing = if is_empty_list { "[]" } else { "null" };
                let data = serde_json::from_str(nothing);
                let data = data.map_err(|_| JsonError::missing("data"))?;
                (data, Undecoded::default())
            }
        };
        let success = Self {
            data,
            message: text(envelope.message),
            meta: envelope.meta.and_then(Meta::read),
        };
        Ok((success, undecoded))
    }
}

fn text(message: Scalar) -> String {
    message.text().unwrap_or_default().into()
}
