//! Where the API is and who asks: what turns operations into requests and reads their answers.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::base_url::{BaseUrl, BaseUrlError};
use crate::domain::Domain;
use crate::error::{Error, ErrorKind, RequestError};
use crate::key::SecretKey;
use crate::operation::Operation;
use crate::query::Query;
use crate::reply::{self, Reply};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// How this SDK names itself in the `User-Agent`.
pub(crate) const PRODUCT: &str = concat!("paystack-rust/", env!("CARGO_PKG_VERSION"));

/// Room for the body of any operation with names and numbers of usual lengths, and some metadata.
const SMALL_BODY: usize = 512;

/// Where the API is and who asks. It turns operations into requests and reads their answers; it
/// does no IO.
///
/// ```
/// use paystack_core::{Api, CustomerCode, SecretKey, customers::FetchCustomer, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
///
/// let request: http::Request<bytes::Bytes> = api.request(&fetch)?;
/// assert_eq!(request.method(), "GET");
/// assert_eq!(request.uri(), "https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx");
///
/// // Send it with anything that speaks HTTP. What comes back:
/// let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
///     "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"bojack@example.com"}}"#;
/// let customer = api.read(&fetch, http::Response::new(body.into()))?.data;
/// assert_eq!(customer.id.get(), 1173);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    domain: Domain,
    base: BaseUrl,
    /// For requests without a body.
    headers: HeaderMap,
    /// For requests with one.
    headers_with_body: HeaderMap,
}

impl Api {
    /// Paystack's API with this key.
    pub fn new(key: SecretKey) -> Self {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(ACCEPT, JSON);
        headers.insert(AUTHORIZATION, bearer(&key));
        headers.insert(USER_AGENT, HeaderValue::from_static(PRODUCT));
        let mut headers_with_body = headers.clone();
        headers_with_body.insert(CONTENT_TYPE, JSON);
        Self(Arc::new(Parts {
            domain: key.domain(),
            base: BaseUrl::paystack(),
            headers,
            headers_with_body,
        }))
    }

    /// Whether the key is for test or for live mode.
    pub fn domain(&self) -> Domain {
        self.0.domain.clone()
    }

    /// The same at another address: a proxy, or a sandbox on this machine. A path in it is kept.
    ///
    /// ```
    /// # use paystack_core::{Api, SecretKey};
    /// # let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    /// let api = Api::new(key).with_base_url("http://127.0.0.1:4010")?;
    /// assert!(api.with_base_url("http://api.paystack.co").is_err(), "the key in the open");
    /// # Ok::<(), paystack_core::BaseUrlError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BaseUrlError`] unless it is https (or http on a loopback host) without user, query and
    /// fragment.
    pub fn with_base_url(mut self, url: &str) -> Result<Self, BaseUrlError> {
        Arc::make_mut(&mut self.0).base = BaseUrl::new(url)?;
        Ok(self)
    }

    /// Names the application in the `User-Agent`, after this SDK: `paystack-rust/0.1.0 shop/2.1`.
    ///
    /// # Errors
    ///
    /// [`ApplicationNameError`] if the name is empty or holds anything but visible ASCII and
    /// single spaces.
    pub fn with_application(mut self, name: &str) -> Result<Self, ApplicationNameError> {
        let visible =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        if !name.split(' ').all(visible) {
            return Err(ApplicationNameError);
        }
        let value =
            HeaderValue::try_from(format!("{PRODUCT} {name}")).map_err(|_| ApplicationNameError)?;
        let parts = Arc::make_mut(&mut self.0);
        parts.headers.insert(USER_AGENT, value.clone());
        parts.headers_with_body.insert(USER_AGENT, value);
        Ok(self)
    }

    /// Writes the request of an operation.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`] if it cannot be written: a path segment that would change the route, a
    /// body that does not serialize, more than 64 KiB of path and query.
    pub fn request<O: Operation>(&self, operation: &O) -> Result<http::Request<Bytes>, Error> {
        let written = operation
            .path()
            .into_checked()
            .map_err(RequestError::Path)
            .and_then(|path| {
                let mut query = Query::after(path);
                operation.query(&mut query);
                let body = operation.body().as_ref().map(json).transpose()?;
                self.write(O::METHOD, query.into_path_and_query(), body)
            });
        written.map_err(|error| Error::new(O::NAME, ErrorKind::Request(error)))
    }

    /// Reads the answer to an operation.
    ///
    /// JSON that browsers read and serde refuses is read as they do: of a repeated field the last
    /// counts, and half a surrogate pair is the replacement character. Only where the repeated
    /// field is the status, an identifier or money and contradicts itself, nothing is guessed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Api`] if the status or the body says no, [`ErrorKind::Decode`] if the body is not
    /// what the operation answers with. Both keep the status, the headers and a piece of the body.
    pub fn read<O: Operation>(
        &self,
        operation: &O,
        response: http::Response<Bytes>,
    ) -> Result<Reply<O::Output>, Error> {
        let _ = operation;
        reply::read(O::NAME, response)
    }

    fn write(
        &self,
        method: Method,
        mut path_and_query: String,
        body: Option<Bytes>,
    ) -> Result<http::Request<Bytes>, RequestError> {
        let Parts {
            base,
            headers,
            headers_with_body,
            ..
        } = &*self.0;
        path_and_query.insert_str(0, &base.path);
        // Without spare room, or `Bytes` would allocate once more.
        let path_and_query = Bytes::from(path_and_query.into_boxed_str().into_boxed_bytes());
        let path_and_query =
            PathAndQuery::from_maybe_shared(path_and_query).map_err(|_| RequestError::TooLong)?;

        let mut uri = http::uri::Parts::default();
        uri.scheme = Some(base.scheme.clone());
        uri.authority = Some(base.authority.clone());
        uri.path_and_query = Some(path_and_query);

        let (headers, body) = match body {
            Some(body) => (headers_with_body, body),
            None => (headers, Bytes::new()),
        };
        let mut request = http::Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = Uri::from_parts(uri).map_err(|_| RequestError::TooLong)?;
        *request.headers_mut() = headers.clone();
        Ok(request)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BaseUrl {
            scheme,
            authority,
            path,
        } = &self.0.base;
        write!(f, "Api({scheme}://{authority}{path})")
    }
}

/// The key as a header. Its bytes are wiped when the last request that holds them is gone.
fn bearer(key: &SecretKey) -> HeaderValue {
    let text = Zeroizing::new(format!("Bearer {}", key.expose_secret()).into_bytes());
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(text));
    // A key holds visible ASCII only, which every header takes.
    let mut value = value.unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// Nearly all bodies are small enough to be written on the stack, and are copied from there into an
/// allocation of just their size.
fn json<T: Serialize>(body: &T) -> Result<Bytes, RequestError> {
    let mut space = [0; SMALL_BODY];
    let mut rest = &mut space[..];
    match serde_json::to_writer(&mut rest, body) {
        Ok(()) => {
            let written = SMALL_BODY.saturating_sub(rest.len());
            let (written, _) = space.split_at(written);
            Ok(Bytes::copy_from_slice(written))
        }
        // It has no room there, or cannot be written at all.
        Err(_) => {
            let bytes = serde_json::to_vec(body).map_err(|_| RequestError::Body)?;
            Ok(Bytes::from(bytes.into_boxed_slice()))
        }
    }
}

/// A text that cannot name an application in the `User-Agent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationNameError;

impl fmt::Display for ApplicationNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the application's name is not visible ASCII, such as shop/2.1")
    }
}

impl std::error::Error for ApplicationNameError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::{CreateCustomer, FetchCustomer};
    use crate::{CustomerCode, Email, Metadata};

    fn api() -> Api {
        Api::new(SecretKey::new("sk_test_3f2a9c").unwrap())
    }

    fn fetch() -> FetchCustomer {
        FetchCustomer::new(CustomerCode::new("CUS_x").unwrap())
    }

    fn create() -> CreateCustomer {
        CreateCustomer::new(Email::new("ada@example.com").unwrap())
    }

    #[test]
    fn the_key_goes_along_as_a_sensitive_header() {
        let request = api().request(&fetch()).unwrap();
        let authorization = &request.headers()[AUTHORIZATION];
        assert_eq!(authorization, "Bearer sk_test_3f2a9c");
        assert!(authorization.is_sensitive());
        assert!(!format!("{request:?}").contains("3f2a9c"));
    }

    #[test]
    fn a_content_type_goes_along_with_a_body_only() {
        let without = api().request(&fetch()).unwrap();
        assert_eq!(without.headers().get(CONTENT_TYPE), None);
        assert!(without.body().is_empty());
        let with = api().request(&create()).unwrap();
        assert_eq!(with.headers()[CONTENT_TYPE], "application/json");
        for request in [without, with] {
            assert_eq!(request.headers()[ACCEPT], "application/json");
            assert_eq!(request.headers().get("accept-encoding"), None);
        }
    }

    #[test]
    fn a_body_is_written_whole_whatever_its_size() {
        // Around the size of what is written on the stack, and far beyond it.
        let empty = r#"{"email":"ada@example.com","first_name":""}"#.len();
        for size in [
            empty + 1,
            SMALL_BODY - 1,
            SMALL_BODY,
            SMALL_BODY + 1,
            100_000,
        ] {
            let name = "a".repeat(size - empty);
            let request = api().request(&create().first_name(&*name)).unwrap();
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
            assert_eq!(request.body().len(), size);
            assert_eq!(body["first_name"], name);
        }
    }

    #[test]
    fn the_application_is_named_after_the_sdk() {
        let version = env!("CARGO_PKG_VERSION");
        let plain = api().request(&fetch()).unwrap();
        assert_eq!(
            plain.headers()[USER_AGENT],
            format!("paystack-rust/{version}")
        );
        let named = api().with_application("shop/2.1 (Lagos)").unwrap();
        let expected = format!("paystack-rust/{version} shop/2.1 (Lagos)");
        assert_eq!(
            named.request(&fetch()).unwrap().headers()[USER_AGENT],
            expected
        );
        assert_eq!(
            named.request(&create()).unwrap().headers()[USER_AGENT],
            expected
        );
        for name in ["", " ", "shop ", "a  b", "shop\n", "sh\u{f6}p", "a\tb"] {
            assert!(api().with_application(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn clones_keep_what_they_were_made_with() {
        let plain = api();
        let elsewhere = plain
            .clone()
            .with_base_url("http://127.0.0.1:4010")
            .unwrap();
        assert_eq!(format!("{plain:?}"), "Api(https://api.paystack.co)");
        assert_eq!(format!("{elsewhere:?}"), "Api(http://127.0.0.1:4010)");
    }

    #[test]
    fn metadata_that_was_read_and_is_no_object_is_refused_before_sending() {
        let gold: Metadata = serde_json::from_str(r#""gold""#).unwrap();
        let error = api().request(&create().metadata(gold)).unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::Request(RequestError::Body)
        ));
        let nothing: Metadata = serde_json::from_str("null").unwrap();
        let request = api().request(&create().metadata(nothing)).unwrap();
        assert_eq!(
            request.body(),
            r#"{"email":"ada@example.com","metadata":{}}"#
        );
    }

    #[test]
    fn the_domain_is_that_of_the_key() {
        assert_eq!(api().domain(), Domain::Test);
        let live = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
        assert_eq!(live.domain(), Domain::Live);
    }

    #[test]
    fn an_application_that_cannot_be_named_is_refused_with_an_example() {
        let refused = api().with_application("").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the application's name is not visible ASCII, such as shop/2.1"
        );
    }
}
