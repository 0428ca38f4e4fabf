//! The name and the data of an event.

use std::iter;

use paystack_core::{JsonError, RawJson, optional_unless_empty, read_event, read_json};
use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer};

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
        Some(Data(data)) => Ok(data),
        None => read_json(b"{}"),
    }
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Data<T>(#[serde(deserialize_with = "object")] T);

/// Reads `[]` as the empty object, so that an error about a missing field names its place in the body.
fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    let empty = MapDeserializer::<_, D::Error>::new(iter::empty::<((), ())>());
    optional_unless_empty(deserializer)?.map_or_else(|| T::deserialize(empty), Ok)
}
