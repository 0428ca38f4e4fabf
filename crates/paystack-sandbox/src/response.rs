//! Responses in Paystack's envelope, and the data that they contain.

mod customer;
mod mandate;
mod refusal;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use serde::Serialize;

pub(crate) use self::customer::{CreatedCustomer, FetchedCustomer, UpdatedCustomer};
pub(crate) use self::mandate::{InitializedMandate, ListedMandate};
pub(crate) use self::refusal::Refusal;

/// The status and JSON body of a response.
#[derive(Debug)]
pub(crate) struct Response {
    status: StatusCode,
    allow: Option<Box<str>>,
    body: Bytes,
}

impl Response {
    /// Creates a 200 response with data.
    pub(crate) fn ok(message: &str, data: impl Serialize) -> Self {
        Self::success(StatusCode::OK, message, Some(data), None::<()>)
    }

    /// Creates a 200 response with a page of data.
    pub(crate) fn page(message: &str, data: impl Serialize, meta: impl Serialize) -> Self {
        Self::success(StatusCode::OK, message, Some(data), Some(meta))
    }

    /// Creates a success response without data.
    pub(crate) fn without_data(status: StatusCode, message: &str) -> Self {
        Self::success(status, message, None::<()>, None::<()>)
    }

    fn success(
        status: StatusCode,
        message: &str,
        data: Option<impl Serialize>,
        meta: Option<impl Serialize>,
    ) -> Self {
        #[derive(Serialize)]
        struct Envelope<'a, D, M> {
            status: bool,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            data: Option<D>,
            #[serde(skip_serializing_if = "Option::is_none")]
            meta: Option<M>,
        }

        Self::json(
            status,
            &Envelope {
                status: true,
                message,
                data,
                meta,
            },
        )
    }

    /// Creates a 200 response with this text, which is JSON.
    #[cfg(feature = "server")]
    pub(crate) fn of_text(json: &'static str) -> Self {
        Self {
            status: StatusCode::OK,
            allow: None,
            body: Bytes::from_static(json.as_bytes()),
        }
    }

    /// Creates a response with this JSON, without an envelope.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(json) => Self {
                status,
                allow: None,
                body: json.into(),
            },
            Err(_) => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                allow: None,
                body: Bytes::from_static(br#"{"status":false,"message":"Internal server error"}"#),
            },
        }
    }

    pub(crate) fn into_http(self) -> http::Response<Bytes> {
        let length = self.body.len();
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(CONTENT_TYPE, json);
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(Ok(allow)) = self.allow.as_deref().map(HeaderValue::from_str) {
            headers.insert(ALLOW, allow);
        }
        response
    }

    /// Creates the response to a method. The response to HEAD has the length of the body, and no body.
    pub(crate) fn into_http_for(self, method: &Method) -> http::Response<Bytes> {
        let mut response = self.into_http();
        if method == Method::HEAD {
            *response.body_mut() = Bytes::new();
        }
        response
    }
}
