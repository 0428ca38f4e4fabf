//! The kinds of faults, and the responses of those that replace one.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use paystack_transport::InvalidInput;
use paystack_webhook::Event;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::cloudflare::{self, PageFormat};
use crate::operations;
use crate::response::{Refusal, Response};

/// The names that select all requests that read, and all that write.
pub(super) const READS: &str = "reads";
pub(super) const WRITES: &str = "writes";

/// What a fault does. Serializes as its JSON form, whose field `fault` is the kind.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FaultKind {
    Status {
        #[serde(with = "status_code")]
        status: StatusCode,
        #[serde(default)]
        body: String,
        #[serde(default = "plain_text", deserialize_with = "content_type")]
        content_type: String,
    },
    RateLimited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    ServerError {
        #[serde(with = "status_code", default = "internal_server_error")]
        status: StatusCode,
    },
    Cloudflare {
        #[serde(with = "status_code")]
        status: StatusCode,
        #[serde(default)]
        format: PageFormat,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
    // Empty braces, because serde ignores unknown fields beside a variant without fields.
    Delay {
        milliseconds: u64,
    },
    Truncated {},
    Garbage {},
    ConnectionClosed {},
    RequestLost {},
    AnswerLost {},
    Gzip {},
    WebhookDropped {},
    WebhookDuplicated {},
    WebhookHeld {},
}

impl FaultKind {
    /// Returns the name in the JSON form.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::RateLimited { .. } => "rate_limited",
            Self::ServerError { .. } => "server_error",
            Self::Cloudflare { .. } => "cloudflare",
            Self::Delay { .. } => "delay",
            Self::Truncated {} => "truncated",
            Self::Garbage {} => "garbage",
            Self::ConnectionClosed {} => "connection_closed",
            Self::RequestLost {} => "request_lost",
            Self::AnswerLost {} => "answer_lost",
            Self::Gzip {} => "gzip",
            Self::WebhookDropped {} => "webhook_dropped",
            Self::WebhookDuplicated {} => "webhook_duplicated",
            Self::WebhookHeld {} => "webhook_held",
        }
    }

    /// Checks the status.
    pub(super) fn check(&self) -> Result<(), InvalidInput> {
        let (status, least, problem) = match self {
            // A 1xx has no body and does not end a request.
            Self::Status { status, .. } => (status, 200, "must be from 200 to 999"),
            Self::Cloudflare { status, .. } => (status, 400, "must be from 400 to 999"),
            Self::ServerError { status } => (status, 500, "must be from 500 to 999"),
            _ => return Ok(()),
        };
        match status.as_u16() >= least {
            true => Ok(()),
            false => Err(InvalidInput::new("status", problem)),
        }
    }

    /// Returns whether the fault affects webhooks instead of requests.
    pub(super) fn is_of_webhooks(&self) -> bool {
        matches!(
            self,
            Self::WebhookDropped {} | Self::WebhookDuplicated {} | Self::WebhookHeld {}
        )
    }

    /// Returns whether the fault replaces the response.
    pub(super) fn replaces(&self) -> bool {
        matches!(
            self,
            Self::Status { .. }
                | Self::RateLimited { .. }
                | Self::ServerError { .. }
                | Self::Cloudflare { .. }
        )
    }

    /// Returns whether the fault can affect requests or webhooks with this name.
    pub(super) fn can_affect(&self, name: &str) -> bool {
        if self.is_of_webhooks() {
            Event::NAMES.contains(&name)
        } else {
            matches!(name, READS | WRITES) || operations::is_name(name)
        }
    }

    /// Returns the response that replaces the sandbox's, if the fault replaces it. A 429 reports this rate limit.
    pub(crate) fn replacement(&self, rate_limit: u64) -> Option<http::Response<Bytes>> {
        match self {
            Self::Status {
                status,
                body,
                content_type,
            } => {
                let mut response = http::Response::new(Bytes::from(body.clone()));
                *response.status_mut() = *status;
                if let Ok(content_type) = HeaderValue::try_from(content_type) {
                    response.headers_mut().insert(CONTENT_TYPE, content_type);
                }
                Some(response)
            }
            Self::RateLimited { retry_after } => {
                let mut response = Response::from(Refusal::rate_limited()).into_http();
                let headers = response.headers_mut();
                headers.insert("x-ratelimit-limit", HeaderValue::from(rate_limit));
                headers.insert("x-ratelimit-remaining", HeaderValue::from(0));
                let reset = retry_after.unwrap_or(1);
                headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
                insert_retry_after(headers, *retry_after);
                Some(response)
            }
            Self::ServerError { status } => {
                Some(Response::from(Refusal::server_error(*status)).into_http())
            }
            Self::Cloudflare {
                status,
                format,
                retry_after,
            } => {
                let mut response = cloudflare::response(*status, *format);
                insert_retry_after(response.headers_mut(), *retry_after);
                Some(response)
            }
            _ => None,
        }
    }
}

fn insert_retry_after(headers: &mut HeaderMap, seconds: Option<u64>) {
    if let Some(seconds) = seconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// Accepts the value of a header.
fn content_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match HeaderValue::try_from(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(D::Error::custom(
            "`content_type` must be the value of a header",
        )),
    }
}

fn plain_text() -> String {
    "text/plain".to_owned()
}

fn internal_server_error() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

mod status_code {
    use http::StatusCode;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        status: &StatusCode,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(status.as_u16())
    }

    /// A number that is no status becomes 100, which [`FaultKind::check`](super::FaultKind::check) rejects.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<StatusCode, D::Error> {
        let number = u16::deserialize(deserializer)?;
        Ok(StatusCode::from_u16(number).unwrap_or(StatusCode::CONTINUE))
    }
}
