//! The name and the data of an event.

use paystack_core::{JsonError, RawJson, optional_unless_empty, read_event, read_json};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The name and the data of an event.
#[derive(Clone)]
pub(crate) struct Envelope {
    pub(crate) name: Box<str>,
    pub(crate) data: Option<RawJson>,
}

impl Envelope {
    /// Decodes the body of a webhook.
    pub(crate) fn decode(body: &[u8]) -> Result<Self, JsonError> {
        let (name, data) = read_event(body)?;
        Ok(Self { name, data })
    }
}

/// Decodes the data of the event in this body. Absent data and `[]` are decoded as the empty object.
pub(crate) fn decode_data<T: DeserializeOwned>(body: &[u8]) -> Result<T, JsonError> {
    let (_, data) = read_event(body)?;
    match data {
        Some(Data(Some(data))) => Ok(data),
        Some(Data(None)) | None => read_json(b"{}"),
    }
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Data<T>(#[serde(deserialize_with = "optional_unless_empty")] Option<T>);
