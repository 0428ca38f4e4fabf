//! Paystack's Customers API as values: operations become [`http::Request`]s, and responses become typed
//! replies. No runtime, no IO, no clock.
//!
//! For programs with a runtime of their own, and for snapshot tests of requests. To call the API from a tokio
//! program, use `paystack-hyper`, which re-exports this crate.
//!
//! ```
//! use paystack_core::customers::CreateCustomer;
//! use paystack_core::{Api, Email, SecretKey, bytes::Bytes, http};
//!
//! let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
//! let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
//!
//! let request: http::Request<Bytes> = api.request(&create)?;
//! # let send = |_| http::Response::new(Bytes::from_static(br#"{"status":true,"message":
//! #   "Customer created","data":{"id":1173,"customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.com"}}"#));
//! let response: http::Response<Bytes> = send(request); // any HTTP client
//! let ada = api.read(&create, response)?.data;
//! assert_eq!(ada.customer_code.as_str(), "CUS_xnxdt6s1zg1f4nx");
//! # Ok::<(), paystack_core::Error>(())
//! ```
//!
//! | to | use |
//! | --- | --- |
//! | drive a call with retries, time-outs and the rate limit | [`Call`], [`Settings`], [`RateLimiter`] |
//! | drive calls of different operations in one loop | [`BoxedCall`] |
//! | encode an operation and decode its response, without retries | [`Api`], [`customers`] |
//! | handle errors | [`Error`], [`Outcome`] |
//! | list page by page | [`Paginator`] |
//! | wait for an outcome that settles later | [`Waiter`] |
//! | define an operation of your own | [`Operation`] |
//! | test the request of an operation | [`RequestSnapshot`] |

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")
)]

mod api;
mod call;
pub mod customers;
mod error;
mod json;
mod operation;
mod paging;
mod request;
mod response;
mod types;
mod waiter;

pub use bytes;
pub use http;
pub use time;

pub use self::api::Api;
pub use self::call::{BoxedCall, Call, RateLimiter, Settings, Step, WaitReason};
pub use self::error::{
    Error, ErrorKind, KNOWN_MESSAGES, Outcome, PagingError, RetryRule, Sent, TransportError,
    TransportErrorKind,
};
pub use self::json::{
    CustomField, JsonError, JsonProblem, Metadata, OddRow, OtherFields, RawJson, optional_text,
    optional_unless_empty, optional_value, read_json,
};
pub use self::operation::{DecodedAs, NoData, Operation};
pub use self::paging::{Page, Paginate, Paginator, Position, ResumePoint};
pub use self::request::{ENCODED_IN_PATHS, Path, Query, RequestSnapshot};
pub use self::response::{
    ApiError, Cursor, DecodeError, ErrorCode, ErrorType, Meta, RateLimitStatus, RawResponse, Reply,
    ResponseSnapshot, read_event, traceable_request_id,
};
pub use self::types::{
    AuthorizationCode, CodeOrId, CustomerCode, CustomerId, Email, EmailOrCode, InvalidInput, Mode,
    RateLimitGroup, Reference, SecretKey, Sensitive, UnrecognizedValue,
};
pub use self::waiter::{SavedWait, WaitEnd, Waited, Waiter};

#[cfg(test)]
mod tests {
    use super::{Api, Operation, RequestSnapshot, SecretKey};

    /// The request of an operation as text.
    pub(crate) fn snapshot(operation: &impl Operation) -> String {
        let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
        RequestSnapshot(&api.request(operation).unwrap()).to_string()
    }
}
