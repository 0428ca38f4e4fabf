//! A success: the typed data, and the whole response.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::success::decode_data;
use super::{Meta, RateLimitStatus, RawResponse};
use crate::json::{JsonError, MaybeUndecoded, OddRow};
use crate::types::Redacted;

/// A success: the operation's output, and the rest of the response.
///
/// ```
/// # use paystack_core::{Api, SecretKey, CustomerCode, customers::FetchCustomer, http};
/// # let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// # let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
/// # let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
/// #   "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"bojack@example.com","horse":"yes"}}"#;
/// # let response = http::Response::new(body.into());
/// let reply = api.read(&fetch, response)?;
/// assert_eq!(reply.status(), 200);
/// assert_eq!(reply.message, "Customer retrieved");
/// assert_eq!(reply.data.email.as_str(), "bojack@example.com");
///
/// // Fields that the SDK does not model are decoded from the same bytes, and may borrow from them.
/// #[derive(serde::Deserialize)]
/// struct Horse<'a> { horse: &'a str }
/// assert_eq!(reply.decode::<Horse>()?.horse, "yes");
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// # Odd fields and rows
///
/// An optional field of the wrong type is `None`, and a row that does not decode is left out: see
/// [`ignored_fields`](Self::ignored_fields) and [`odd_rows`](Self::odd_rows). These limits hold:
///
/// | in | at most |
/// | --- | --- |
/// | a value, or one row of a page | 64 ignored fields; after that, the outermost field around a further one is `None` |
/// | a page | 10,000 odd rows; after 10,000 ignored fields, further ones are `None` without a report |
/// | a list inside an object | 10,000 rows |
/// | data | 127 levels of nesting |
/// | JSON decoded to find odd fields | 32 times the body, or 2 MiB for a small one |
/// | memory | 32 times the body, or 8 MiB for a small one; output types of your own are not bounded |
///
/// A reply beyond any other limit is an error with the outcome [`Processed`](crate::Outcome::Processed); a row beyond
/// one is an odd row. Behind `flatten`, `try_from`, and tagged or untagged enums, serde does not report the field: an odd
/// one makes the value around it odd. A byte order mark is skipped.
#[non_exhaustive]
pub struct Reply<T> {
    /// The operation's output.
    pub data: T,
    /// Paystack's message.
    pub message: String,
    /// Information about the page, for lists.
    pub meta: Option<Meta>,
    pub(crate) undecoded: MaybeUndecoded,
    pub(crate) attempts: u32,
    pub(crate) queued_for: Duration,
    pub(crate) response: RawResponse,
}

impl<T> Reply<T> {
    /// A reply for tests: 200 after one request, without a message, headers or a body.
    ///
    /// ```
    /// use paystack_core::{Reply, customers::Customer};
    ///
    /// let reply = Reply::example(Customer::example());
    /// assert_eq!((reply.status().as_u16(), reply.data.id.get()), (200, 1173));
    /// ```
    pub fn example(data: T) -> Self {
        Self {
            data,
            message: String::new(),
            meta: None,
            undecoded: MaybeUndecoded(None),
            attempts: 1,
            queued_for: Duration::ZERO,
            response: RawResponse::new(http::Response::new(Bytes::new())),
        }
    }

    /// The optional fields of the wrong type, which were read as `None`, and the repeated ones: at most 64, or 64
    /// for each row of a list, and at most 10,000 for a page.
    ///
    /// Each error has the path to the field, or to a required field inside it, but no line and no column.
    ///
    /// ```
    /// # use paystack_core::{Api, SecretKey, CustomerCode, customers::FetchCustomer, http};
    /// # let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
    /// # let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
    /// let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
    ///     "customer_code":"CUS_x","email":"ada@example.com","createdAt":"yesterday"}}"#;
    /// let reply = api.read(&fetch, http::Response::new(body.into()))?;
    /// assert_eq!(reply.data.created_at, None);
    /// assert_eq!(reply.ignored_fields()[0].path(), "data.createdAt");
    /// # Ok::<(), paystack_core::Error>(())
    /// ```
    pub fn ignored_fields(&self) -> &[JsonError] {
        self.undecoded.ignored_fields()
    }

    /// The rows of a list that do not decode, which `data` lacks. With more than 10,000, the reply is an error.
    pub fn odd_rows(&self) -> &[OddRow] {
        self.undecoded.odd_rows()
    }

    /// The number of attempts of the call.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call waited for the rate limit, over all attempts. Waits between attempts do not count.
    pub fn queued_for(&self) -> Duration {
        self.queued_for
    }

    /// The response: status, headers and body.
    pub fn response(&self) -> &RawResponse {
        &self.response
    }

    /// The HTTP status: 200, or 202 if the work goes on.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body, byte for byte.
    pub fn body(&self) -> &Bytes {
        self.response.body()
    }

    /// The id of the request in Paystack's logs, to quote to their support.
    pub fn request_id(&self) -> Option<&str> {
        self.response.request_id()
    }

    /// The rate limit that the headers state.
    pub fn rate_limit(&self) -> RateLimitStatus {
        self.response.rate_limit()
    }

    /// Decodes `data` once more as a type of your own, which may borrow from the body.
    ///
    /// # Errors
    ///
    /// [`JsonError`] with the path to the field that does not fit.
    pub fn decode<'a, U: Deserialize<'a>>(&'a self) -> Result<U, JsonError> {
        decode_data(&self.response)
    }
}

impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("data", &self.data)
            .field("message", &format_args!("{}", Redacted(&self.message)))
            .field("meta", &self.meta)
            .field("ignored_fields", &self.ignored_fields())
            .field("odd_rows", &self.odd_rows())
            .field("attempts", &self.attempts)
            .field("queued_for", &self.queued_for)
            .field("response", &self.response)
            .finish()
    }
}
