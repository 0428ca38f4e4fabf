//! Paystack's Customers API as values: operations become [`http::Request`]s, answers become typed
//! replies. No runtime, no IO, no clock.
//!
//! For those who bring a runtime of their own, and for those who test the shape of their requests.
//! To just call the API, take an adapter such as `paystack-hyper`, which re-exports all of this.
//!
//! ```
//! use paystack_core::customers::CreateCustomer;
//! use paystack_core::{Api, Email, SecretKey, http};
//!
//! let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
//! let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
//!
//! let request: http::Request<bytes::Bytes> = api.request(&create)?;
//! # let send = |_| http::Response::new(bytes::Bytes::from_static(br#"{"status":true,"message":
//! #   "Customer created","data":{"id":1173,"customer_code":"CUS_xnxdt6s1zg1f4nx","email":"ada@example.com"}}"#));
//! let response: http::Response<bytes::Bytes> = send(request); // anybody's IO
//! let ada = api.read(&create, response)?.data;
//! assert_eq!(ada.customer_code.as_str(), "CUS_xnxdt6s1zg1f4nx");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | what | where |
//! | --- | --- |
//! | the operations and what they answer with | [`customers`] |
//! | from an operation to a request, from an answer to a reply | [`Api`] |
//! | an operation of your own | [`Operation`] |
//! | a list, page after page | [`Walk`] |
//! | what can go wrong | [`Error`] |
//! | a request as text, for snapshots | [`WireText`] |

#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")
)]

mod answer;
mod api;
mod base_url;
mod call;
pub mod customers;
mod domain;
mod error;
mod identifiers;
mod json;
mod key;
mod lenient;
mod members;
mod mended;
mod meta;
mod metadata;
mod operation;
mod pace;
mod paging;
mod path;
mod personal;
mod query;
mod random;
mod rate_limit;
mod reply;
mod settings;
mod wire_text;
mod words;

pub use bytes;
pub use http;
pub use time;

pub use self::answer::Answer;
pub use self::api::{Api, ApplicationNameError};
pub use self::base_url::BaseUrlError;
pub use self::call::{Call, Step};
pub use self::domain::Domain;
pub use self::error::{
    ApiError, DecodeError, Error, ErrorCode, ErrorKind, ErrorType, JsonError, JsonProblem,
    RequestError, Sent, TransportError, TransportErrorKind,
};
pub use self::identifiers::{
    AuthorizationCode, CustomerCode, CustomerId, Email, EmailOrCode, IdentifierError,
    IdentifierProblem, Reference,
};
pub use self::json::{RawJson, read_json};
pub use self::key::{SecretKey, SecretKeyError};
pub use self::lenient::{optional_unless_empty, optional_value};
pub use self::meta::{Cursor, CursorError, Meta};
pub use self::metadata::{CustomField, Metadata, MetadataError};
pub use self::operation::{Answering, NoData, Operation, Resend};
pub use self::pace::Pace;
pub use self::paging::{
    Page, Paged, PagesError, PagingError, ResumeError, ResumePoint, Shift, Start, Walk,
};
pub use self::path::Path;
pub use self::personal::Personal;
pub use self::query::Query;
pub use self::rate_limit::RateLimit;
pub use self::reply::Reply;
pub use self::settings::{Settings, SettingsError};
pub use self::wire_text::WireText;
pub use self::words::OtherWord;

#[cfg(test)]
mod tests {
    use super::{Api, Operation, SecretKey, WireText};

    /// The request of an operation as text, which is what the snapshots beside them hold.
    pub(crate) fn wire_text(operation: &impl Operation) -> String {
        let api = Api::new(SecretKey::new("sk_test_3f2a9c").unwrap());
        WireText(&api.request(operation).unwrap()).to_string()
    }
}
