//! Answers, in Paystack's envelope.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// An answer before it has its headers.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Bytes,
}

impl Answer {
    /// 200 with data.
    pub(crate) fn ok(message: &str, data: impl Serialize) -> Self {
        Self::new(
            StatusCode::OK,
            &Success {
                status: true,
                message,
                data: Some(data),
                meta: None::<()>,
            },
        )
    }

    /// 200 with a page of data.
    pub(crate) fn page(message: &str, data: impl Serialize, meta: impl Serialize) -> Self {
        Self::new(
            StatusCode::OK,
            &Success {
                status: true,
                message,
                data: Some(data),
                meta: Some(meta),
            },
        )
    }

    /// A success without data.
    pub(crate) fn done(status: StatusCode, message: &str) -> Self {
        Self::new(
            status,
            &Success {
                status: true,
                message,
                data: None::<()>,
                meta: None::<()>,
            },
        )
    }

    fn new(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => Self {
                status,
                body: json.into(),
            },
            Err(_) => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                body: Bytes::from_static(br#"{"status":false,"message":"Internal server error"}"#),
            },
        }
    }

    pub(crate) fn into_response(self) -> http::Response<Bytes> {
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }
}

#[derive(Serialize)]
struct Success<'a, D, M> {
    status: bool,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<D>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<M>,
}

/// Why a request is refused, in the words that Paystack has for it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: Cow<'static, str>,
    /// Type, code and next step; the older of Paystack's errors have none of them.
    details: Option<Details>,
}

#[derive(Clone, Copy, Debug)]
struct Details {
    /// Most errors have the next step under `meta`, some under `metadata`.
    hint_under: &'static str,
    error_type: &'static str,
    code: &'static str,
    next_step: &'static str,
}

impl Refusal {
    /// A status and a message, as the older errors are.
    pub(crate) fn plain(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            details: None,
        }
    }

    /// A required parameter is missing.
    pub(crate) fn missing(message: impl Into<Cow<'static, str>>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, message).with(Details {
            hint_under: "meta",
            error_type: "validation_error",
            code: "missing_params",
            next_step: "Provide all required params\u{a0}",
        })
    }

    /// A parameter is wrong.
    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, message).with(Details {
            hint_under: "meta",
            error_type: "validation_error",
            code: "invalid_params",
            next_step: "Ensure that the value(s) you're passing are valid.",
        })
    }

    /// There is no such customer.
    pub(crate) fn customer_not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "Customer not found").with(Details {
            hint_under: "meta",
            error_type: "api_error",
            code: "customer_not_found",
            next_step: "Ensure that the customer code or email belongs to this integration.",
        })
    }

    /// There is no such authorization, or not yet.
    pub(crate) fn no_authorization() -> Self {
        let message = "Authorization does not exist or does not belong to integration";
        Self::plain(StatusCode::NOT_FOUND, message).with(Details {
            hint_under: "metadata",
            error_type: "api_error",
            code: "unknown",
            next_step: "Try again later",
        })
    }

    /// Too many requests in this window.
    pub(crate) fn rate_limited() -> Self {
        Self::plain(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded!").with(Details {
            hint_under: "meta",
            error_type: "api_error",
            code: "rate_limited",
            next_step: "Try again once the window has ended.",
        })
    }

    /// There is no such route.
    pub(crate) fn no_route() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "No such route")
    }

    fn with(mut self, details: Details) -> Self {
        self.details = Some(details);
        self
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        #[derive(Serialize)]
        struct Body<'a> {
            status: bool,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            meta: Option<Hint>,
            #[serde(skip_serializing_if = "Option::is_none")]
            metadata: Option<Hint>,
            #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
            error_type: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            code: Option<&'static str>,
        }

        #[derive(Serialize)]
        struct Hint {
            #[serde(rename = "nextStep")]
            next_step: &'static str,
        }

        let details = refusal.details;
        let hint = |under| {
            let details = details.filter(|details| details.hint_under == under)?;
            Some(Hint {
                next_step: details.next_step,
            })
        };
        Self::new(
            refusal.status,
            &Body {
                status: false,
                message: &refusal.message,
                meta: hint("meta"),
                metadata: hint("metadata"),
                error_type: details.map(|details| details.error_type),
                code: details.map(|details| details.code),
            },
        )
    }
}
