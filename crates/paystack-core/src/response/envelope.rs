//! The object around the body of every reply, refusal and webhook.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::{JsonError, Scalar, decode, decode_leniently, lossy_text};

/// The object around every body. Only `data` can fail to decode: the other fields are read leniently. The
/// last value of a repeated field counts.
pub(super) struct Envelope<'a, T> {
    has_status: bool,
    is_success: bool,
    is_refusal: bool,
    pub(super) message: Scalar,
    pub(super) error_type: Scalar,
    pub(super) code: Scalar,
    event: Scalar,
    /// At the top level, where some refusals have it.
    pub(super) next_step: Scalar,
    pub(super) meta: Option<&'a RawValue>,
    /// Some refusals write it instead of `meta`.
    pub(super) metadata: Option<&'a RawValue>,
    /// Whether there is `data`, even if it is null.
    pub(super) has_data: bool,
    pub(super) data: Option<T>,
}

impl<'a, T: Deserialize<'a>> Envelope<'a, T> {
    pub(super) fn parse(json: &'a str) -> Result<Self, serde_json::Error> {
        let mut envelope = Self::empty();
        envelope.read(json)?;
        Ok(envelope)
    }

    /// Parses a body in place, because an envelope is large and expensive to move.
    pub(super) fn read(&mut self, json: &'a str) -> Result<(), serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        deserializer.deserialize_map(self)?;
        deserializer.end()
    }
}

impl<T> Envelope<'_, T> {
    pub(super) fn empty() -> Self {
        Self {
            has_status: false,
            is_success: false,
            is_refusal: false,
            message: Scalar::Other,
            error_type: Scalar::Other,
            code: Scalar::Other,
            event: Scalar::Other,
            next_step: Scalar::Other,
            meta: None,
            metadata: None,
            has_data: false,
            data: None,
        }
    }

    /// Fails unless the status is `true`.
    pub(super) fn require_success(&self) -> Result<(), JsonError> {
        match self.status() {
            Some(true) => Ok(()),
            _ if self.has_status => Err(JsonError::mismatch("status", "true", "another value")),
            _ => Err(JsonError::missing("status")),
        }
    }

    /// The meaning of `status`. `None` if it is absent, unknown or contradicts itself.
    pub(super) fn status(&self) -> Option<bool> {
        match (self.is_success, self.is_refusal) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Status,
    Message,
    Type,
    Code,
    Event,
    #[serde(alias = "nextStep")]
    NextStep,
    Meta,
    Metadata,
    Data,
    #[serde(other)]
    Other,
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Envelope<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut envelope = Self::empty();
        deserializer.deserialize_map(&mut envelope)?;
        Ok(envelope)
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for &mut Envelope<'a, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while let Some(key) = fields.next_key()? {
            match key {
                Key::Status => {
                    self.has_status = true;
                    let status = fields.next_value::<Scalar>()?.flag();
                    self.is_success |= status == Some(true);
                    self.is_refusal |= status == Some(false);
                }
                Key::Message => self.message = fields.next_value()?,
                Key::Type => self.error_type = fields.next_value()?,
                Key::Code => self.code = fields.next_value()?,
                Key::Event => self.event = fields.next_value()?,
                Key::NextStep => self.next_step = fields.next_value()?,
                Key::Meta => self.meta = fields.next_value()?,
                Key::Metadata => self.metadata = fields.next_value()?,
                Key::Data => {
                    self.has_data = true;
                    self.data = fields.next_value()?;
                }
                Key::Other => {
                    fields.next_value::<serde::de::IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Decodes the body of a webhook into the name of its event and its data. Absent or null data is `None`.
///
/// It is as lenient as [`Api::read`](crate::Api::read): an optional field of the wrong type is read as null.
///
/// It does not check the signature; use `paystack-webhook` for Paystack's own webhooks.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Refund {
///     id: u64,
/// }
///
/// let body = br#"{"event":"refund.processed","data":{"id":7}}"#;
/// let (event, refund) = paystack_core::read_event::<Refund>(body)?;
/// assert_eq!((&*event, refund.unwrap().id), ("refund.processed", 7));
/// # Ok::<(), paystack_core::JsonError>(())
/// ```
///
/// # Errors
///
/// [`JsonError`] if the body is not an object with an `event`, or its data does not fit.
pub fn read_event<T: DeserializeOwned>(body: &[u8]) -> Result<(Box<str>, Option<T>), JsonError> {
    let text = lossy_text(body);
    let envelope: Envelope<'_, &RawValue> = decode(&text)?;
    let event = envelope.event.text();
    let event = event.ok_or_else(|| JsonError::missing("event"))?;
    let Some(data) = envelope.data.map(RawValue::get) else {
        return Ok((event, None));
    };
    let data = match serde_json::from_str(data) {
        Ok(data) => data,
        Err(_) => decode_leniently(&text, data)?.0,
    };
    Ok((event, Some(data)))
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;
    use serde_json::Value;

    use super::*;

    #[test]
    fn status_has_several_forms_and_may_contradict_itself() {
        for (body, status) in [
            (r#"{"status":true}"#, Some(true)),
            (r#"{"status":"1","status":"1"}"#, Some(true)),
            (r#"{"status":"false","data":[]}"#, Some(false)),
            ("\u{feff}{\"status\":false}", Some(false)),
            (r#"{"status":true,"status":false}"#, None),
            (r#"{"status":7}"#, None),
            ("{}", None),
        ] {
            let text = lossy_text(body.as_bytes());
            let envelope = Envelope::<IgnoredAny>::parse(&text).unwrap();
            assert_eq!(envelope.status(), status, "{body}");
        }
        for body in ["[true]", "", "<html>", r#"{"status":true"#] {
            assert!(Envelope::<IgnoredAny>::parse(body).is_err(), "{body}");
        }
    }

    #[test]
    fn an_event_has_a_name_and_may_have_data() {
        let body = r#"{"event":"a.b","data":{"id":1},"more":7}"#;
        let (event, data) = read_event::<Value>(body.as_bytes()).unwrap();
        assert_eq!((&*event, &data.unwrap()["id"]), ("a.b", &Value::from(1)));
        for data in ["", r#","data":null"#] {
            let body = format!(r#"{{"event":"a.b"{data}}}"#);
            let (_, data) = read_event::<Value>(body.as_bytes()).unwrap();
            assert_eq!(data, None, "{body}");
        }
    }

    #[test]
    fn an_event_that_does_not_fit_is_an_error_with_a_path() {
        #[derive(Debug, Deserialize)]
        struct Data {
            #[allow(dead_code, reason = "only read")]
            id: u64,
        }
        for (body, path) in [
            (r#"{"event":"a.b","data":{"id":"canary"}}"#, "data.id"),
            (r#"{"event":"a.b","data":{}}"#, "data.id"),
            (r#"{"data":{"id":1}}"#, "event"),
            (r#"{"event":["a"],"data":{"id":1}}"#, "event"),
            ("[]", ""),
            ("<html>", ""),
        ] {
            let error = read_event::<Data>(body.as_bytes()).unwrap_err();
            assert_eq!(error.path(), path, "{body}");
        }
    }
}
