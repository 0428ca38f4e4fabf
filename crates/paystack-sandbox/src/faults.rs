//! Faults that a test injects.

pub(crate) mod cloudflare;
mod injected;
mod kind;

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use paystack_transport::InvalidInput;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub use self::cloudflare::PageFormat;
pub use self::injected::InjectedFault;
pub(crate) use self::injected::InjectedFaults;
pub(crate) use self::kind::FaultKind;

/// A fault that the sandbox causes on purpose, and the requests that it affects.
///
/// A fault affects every request by default. [`on`](Self::on), [`after`](Self::after), [`times`](Self::times) and
/// [`with_probability`](Self::with_probability) select some. At most one fault affects a request: the first that
/// [`Sandbox::inject`](crate::Sandbox::inject) received and that selects it.
///
/// ```
/// use paystack_sandbox::{Fault, Sandbox, SandboxTransport};
/// use paystack_transport::customers::CreateCustomer;
/// use paystack_transport::{Api, Client, Email, Outcome, SecretKey};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), paystack_transport::Error> {
/// let mut sandbox = Sandbox::new(1);
/// sandbox.inject(Fault::answer_lost().on("customers.create").times(1))?;
///
/// let transport = SandboxTransport::new(sandbox);
/// let client = Client::new(Api::new(SecretKey::new("sk_test_3f2a9c")?), transport.clone());
/// let error = client.send(CreateCustomer::new(Email::new("ada@example.com")?)).await.unwrap_err();
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// assert_eq!(transport.with(|sandbox, _| sandbox.writes()), 1); // but Ada exists
/// # Ok(()) }
/// ```
///
/// Over HTTP, `POST /sandbox/faults` injects a fault as JSON: `{"fault":"answer_lost","on":"customers.create","times":1}`.
#[derive(Clone, PartialEq)]
pub struct Fault {
    pub(crate) kind: FaultKind,
    selection: Selection,
    /// Whether the request is processed before the fault replaces the response.
    processed: bool,
}

/// The requests, or the webhooks, that a fault affects.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Selection {
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    after: u64,
    probability: f64,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            on: None,
            times: None,
            after: 0,
            probability: 1.0,
        }
    }
}

impl Fault {
    /// Responds with this status and an empty body. [`body`](Self::body) sets a body.
    pub fn status(status: StatusCode) -> Self {
        Self::new(FaultKind::Status {
            status,
            body: String::new(),
            content_type: "text/plain".to_owned(),
        })
    }

    /// Rejects the request as Paystack does beyond its rate limit. [`retry_after`](Self::retry_after) adds
    /// `Retry-After`.
    pub fn rate_limited() -> Self {
        Self::new(FaultKind::RateLimited { retry_after: None })
    }

    /// Responds with a 5xx status and Paystack's JSON.
    pub fn server_error(status: StatusCode) -> Self {
        Self::new(FaultKind::ServerError { status })
    }

    /// Responds with an error page of Cloudflare, as Paystack's edge does with 403, 429, 520 to 524 and 530.
    pub fn cloudflare(status: StatusCode, format: PageFormat) -> Self {
        Self::new(FaultKind::Cloudflare {
            status,
            format,
            retry_after: None,
        })
    }

    /// Delays the response.
    pub fn delay(duration: Duration) -> Self {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self::new(FaultKind::Delay { milliseconds })
    }

    /// Processes the request, and closes the connection after half of the response body.
    pub fn truncated() -> Self {
        Self::new(FaultKind::Truncated {})
    }

    /// Processes the request, and responds with random bytes instead of JSON.
    pub fn garbage() -> Self {
        Self::new(FaultKind::Garbage {})
    }

    /// Closes the connection before the request is read.
    ///
    /// Over HTTP/2 it resets the stream, as the other lost connections do.
    ///
    /// A [`SandboxTransport`](crate::SandboxTransport) reports that it sent nothing. Over HTTP a client cannot know
    /// that, because its request may be on the way.
    pub fn connection_closed() -> Self {
        Self::new(FaultKind::ConnectionClosed {})
    }

    /// Reads the request, ignores it, and closes the connection without a response.
    pub fn request_lost() -> Self {
        Self::new(FaultKind::RequestLost {})
    }

    /// Processes the request, and closes the connection without a response. A write takes effect.
    pub fn answer_lost() -> Self {
        Self::new(FaultKind::AnswerLost {})
    }

    /// Compresses the response with gzip, even if the request does not accept it.
    pub fn gzip() -> Self {
        Self::new(FaultKind::Gzip {})
    }

    /// Never delivers a webhook.
    pub fn webhook_dropped() -> Self {
        Self::new(FaultKind::WebhookDropped {})
    }

    /// Delivers a webhook twice.
    pub fn webhook_duplicated() -> Self {
        Self::new(FaultKind::WebhookDuplicated {})
    }

    /// Delivers a webhook one second after the next one.
    pub fn webhook_held() -> Self {
        Self::new(FaultKind::WebhookHeld {})
    }

    fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            selection: Selection::default(),
            processed: false,
        }
    }

    /// Sets the body of a fault made by [`Fault::status`]. Other faults ignore it.
    #[must_use]
    pub fn body(mut self, text: impl Into<String>) -> Self {
        if let FaultKind::Status { body, .. } = &mut self.kind {
            *body = text.into();
        }
        self
    }

    /// Sets the `Retry-After` of [`Fault::rate_limited`] and [`Fault::cloudflare`], in whole seconds. Other faults
    /// ignore it.
    #[must_use]
    pub fn retry_after(mut self, duration: Duration) -> Self {
        if let FaultKind::RateLimited { retry_after } | FaultKind::Cloudflare { retry_after, .. } =
            &mut self.kind
        {
            *retry_after = Some(duration.as_secs());
        }
        self
    }

    /// Processes the request before the fault replaces the response, so that a write takes effect.
    ///
    /// By default [`status`](Self::status), [`rate_limited`](Self::rate_limited), [`server_error`](Self::server_error)
    /// and [`cloudflare`](Self::cloudflare) do not process it. Other faults ignore this setting.
    #[must_use]
    pub fn processed(mut self) -> Self {
        self.processed = true;
        self
    }

    /// Affects only one operation, such as `customers.create`, only `reads` or only `writes`. A fault of webhooks
    /// affects one event, such as `customeridentification.success`.
    #[must_use]
    pub fn on(mut self, name: impl Into<String>) -> Self {
        self.selection.on = Some(name.into());
        self
    }

    /// Spares the first `count` requests that the fault would affect.
    #[must_use]
    pub fn after(mut self, count: u64) -> Self {
        self.selection.after = count;
        self
    }

    /// Affects at most `count` requests.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.selection.times = Some(count);
        self
    }

    /// Affects each request with this probability, from 0 to 1. The seed of the sandbox decides which.
    #[must_use]
    pub fn with_probability(mut self, probability: f64) -> Self {
        self.selection.probability = probability;
        self
    }

    /// Checks the status, the probability and the name.
    pub(crate) fn check(&self) -> Result<(), InvalidInput> {
        const UNKNOWN: &str = "must name an operation or an event that the fault can affect";
        self.kind.check()?;
        let Selection {
            on, probability, ..
        } = &self.selection;
        if !(0.0..=1.0).contains(probability) {
            return Err(InvalidInput::new("probability", "must be from 0 to 1"));
        }
        match on {
            Some(name) if !self.kind.can_affect(name) => Err(InvalidInput::new("on", UNKNOWN)),
            _ => Ok(()),
        }
    }

    /// Returns whether the connection is closed before the request is read.
    #[cfg(feature = "server")]
    pub(crate) fn closes_before_request(&self) -> bool {
        self.kind == FaultKind::ConnectionClosed {}
    }

    /// Returns whether the sandbox processes the request.
    pub(crate) fn processes(&self) -> bool {
        match &self.kind {
            FaultKind::ConnectionClosed {} | FaultKind::RequestLost {} => false,
            kind if kind.replaces() => self.processed,
            _ => true,
        }
    }
}

/// Deserializes from the JSON form. Rejects unknown fields, and names of operations and events that do not exist.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        let selection = Selection {
            on: take(&mut fields, "on")?.flatten(),
            times: take(&mut fields, "times")?.flatten(),
            after: take(&mut fields, "after")?.unwrap_or(0),
            probability: take(&mut fields, "probability")?.unwrap_or(1.0),
        };
        let processed: Option<bool> = take(&mut fields, "processed")?.flatten();
        let kind = serde_json::from_value(fields.into());
        let kind: FaultKind = kind.map_err(|error| D::Error::custom(with_all_names(&error)))?;
        let fault = Self {
            kind,
            selection,
            processed: processed.unwrap_or_default(),
        };
        fault.check().map_err(|invalid| {
            Error::custom(format_args!("`{}` {}", invalid.field(), invalid.problem()))
        })?;
        if processed.is_some() && !fault.kind.replaces() {
            let message = "`processed` must be omitted, unless the fault replaces the response";
            return Err(Error::custom(message));
        }
        Ok(fault)
    }
}

/// Removes a field that every kind of fault has.
fn take<T: DeserializeOwned, E: Error>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, E> {
    let value = fields.remove(name).map(serde_json::from_value);
    let value = value.transpose();
    value.map_err(|error| E::custom(format_args!("`{name}`: {error}")))
}

/// The message of an error. For an unknown field, serde lists the fields of the kind only.
fn with_all_names(error: &serde_json::Error) -> String {
    const ALL: &str = "expected `on`, `times`, `after`, `probability`, `processed` or a field of this kind of fault";
    let message = error.to_string();
    match message.split_once("`, ") {
        Some((unknown, _)) if unknown.starts_with("unknown field") => format!("{unknown}`, {ALL}"),
        _ => message,
    }
}

/// Serializes as `POST /sandbox/faults` accepts it.
impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            #[serde(flatten)]
            kind: &'a FaultKind,
            #[serde(flatten)]
            selection: &'a Selection,
            #[serde(skip_serializing_if = "Option::is_none")]
            processed: Option<bool>,
        }

        let fields = Fields {
            kind: &self.kind,
            selection: &self.selection,
            processed: self.kind.replaces().then_some(self.processed),
        };
        fields.serialize(serializer)
    }
}

/// Prints the kind and the selection, but no body.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.kind.name())
            .field("selection", &self.selection)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_survives_json() {
        let faults = [
            Fault::status(StatusCode::IM_A_TEAPOT)
                .body("short")
                .processed(),
            Fault::rate_limited().retry_after(Duration::from_secs(3)),
            Fault::server_error(StatusCode::BAD_GATEWAY),
            Fault::cloudflare(StatusCode::FORBIDDEN, PageFormat::ProblemJson),
            Fault::delay(Duration::from_millis(20)).on("customers.list"),
            Fault::answer_lost().after(2).times(3).with_probability(0.5),
            Fault::webhook_held().on("customeridentification.failed"),
        ];
        for fault in faults {
            let json = serde_json::to_string(&fault).unwrap();
            assert_eq!(
                serde_json::from_str::<Fault>(&json).unwrap(),
                fault,
                "{json}"
            );
        }
    }

    #[test]
    fn invalid_json_is_rejected_with_its_fault() {
        let cases = [
            ("[]", "invalid type: sequence"),
            (r#"{"fault":"fire"}"#, "unknown variant `fire`"),
            (r#"{"times":1}"#, "missing field `fault`"),
            (
                r#"{"fault":"gzip","time":1}"#,
                "unknown field `time`, expected `on`",
            ),
            (r#"{"fault":"gzip","times":-1}"#, "`times`: invalid value"),
            (r#"{"fault":"gzip","after":null}"#, "`after`: invalid type"),
            (
                r#"{"fault":"status","status":99}"#,
                "must be from 200 to 999",
            ),
            (r#"{"fault":"gzip","processed":true}"#, "must be omitted"),
            (r#"{"fault":"gzip","probability":2}"#, "must be from 0 to 1"),
            (
                r#"{"fault":"gzip","on":"customers.creat"}"#,
                "must name an operation",
            ),
            (
                r#"{"fault":"webhook_held","on":"customers.create"}"#,
                "must name an operation",
            ),
        ];
        for (json, expected) in cases {
            let error = serde_json::from_str::<Fault>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{json}: {error}");
        }
    }
}
