//! Endpoint and credentials: encodes operations into requests and decodes responses.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST,
    HeaderName, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::request::{BaseUrl, PRODUCT, Query};
use crate::response::{Failure, RawResponse, Reply, decode};
use crate::types::{InvalidInput, Mode, REDACTED, SecretKey};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The headers that the SDK or the transport sets.
const RESERVED: [HeaderName; 15] = [
    ACCEPT,
    ACCEPT_ENCODING,
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    HOST,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    USER_AGENT,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Endpoint and credentials. Encodes operations into requests and decodes responses, without IO.
///
/// ```
/// use paystack_core::{Api, CustomerCode, SecretKey, bytes::Bytes, customers::FetchCustomer, http};
///
/// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?);
/// let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
///
/// let request: http::Request<Bytes> = api.request(&fetch)?;
/// assert_eq!(request.method(), "GET");
/// assert_eq!(request.uri(), "https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx");
///
/// // Send it with any HTTP client, and decode the response:
/// let body = r#"{"status":true,"message":"Customer retrieved","data":{"id":1173,
///     "customer_code":"CUS_xnxdt6s1zg1f4nx","email":"bojack@example.com"}}"#;
/// let customer = api.read(&fetch, http::Response::new(body.into()))?.data;
/// assert_eq!(customer.id.get(), 1173);
/// # Ok::<(), paystack_core::Error>(())
/// ```
///
/// A clone is cheap.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    mode: Mode,
    base: BaseUrl,
    authorization: HeaderValue,
    user_agent: HeaderValue,
    /// The headers of the caller.
    more_headers: Vec<(HeaderName, HeaderValue)>,
}

impl Api {
    /// Paystack's API with this key, at `https://api.paystack.co`.
    pub fn new(key: SecretKey) -> Self {
        Self(Arc::new(Inner {
            mode: key.mode(),
            base: BaseUrl::paystack(),
            authorization: bearer(&key),
            user_agent: HeaderValue::from_static(PRODUCT),
            more_headers: Vec::new(),
        }))
    }

    /// The mode of the key.
    pub fn mode(&self) -> Mode {
        self.0.mode.clone()
    }

    /// The same credentials for another base URL: a proxy, or a sandbox on this machine. The path of each
    /// request is appended to the URL's.
    ///
    /// ```
    /// # use paystack_core::{Api, SecretKey};
    /// # let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    /// let api = Api::new(key).with_base_url("http://127.0.0.1:4010")?;
    /// assert!(api.with_base_url("http://api.paystack.co").is_err(), "the key would be unencrypted");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] unless the URL is https, or http to `localhost` or a loopback address, and has no
    /// user, query or fragment.
    pub fn with_base_url(mut self, url: &str) -> Result<Self, InvalidInput> {
        Arc::make_mut(&mut self.0).base = BaseUrl::new(url)?;
        Ok(self)
    }

    /// The same credentials for a base URL with plain http to any host: a sandbox in another container, for example.
    ///
    /// The key travels unencrypted, so only a test key is allowed.
    ///
    /// ```
    /// # use paystack_core::{Api, SecretKey};
    /// let api = Api::new(SecretKey::new("sk_test_3f2a9c")?).with_insecure_base_url("http://sandbox:4010")?;
    /// let live = Api::new(SecretKey::new("sk_live_3f2a9c")?);
    /// assert!(live.with_insecure_base_url("http://sandbox:4010").is_err());
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] unless the key is a test key, and the URL is http or https and has no user, query or fragment.
    pub fn with_insecure_base_url(mut self, url: &str) -> Result<Self, InvalidInput> {
        if self.0.mode != Mode::Test {
            let problem =
                "must be set with `with_base_url`: only a test key may travel unencrypted";
            return Err(InvalidInput::new("base URL", problem));
        }
        Arc::make_mut(&mut self.0).base = BaseUrl::insecure(url)?;
        Ok(self)
    }

    /// Appends the application's name to the `User-Agent`: `paystack-rust/0.1.0 shop/2.1`.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] unless the name is words of visible ASCII with single spaces between them.
    pub fn with_application(mut self, name: &str) -> Result<Self, InvalidInput> {
        let is_visible =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        let value = HeaderValue::try_from(format!("{PRODUCT} {name}")).ok();
        let Some(value) = value.filter(|_| name.split(' ').all(is_visible)) else {
            let problem =
                "must be words of visible ASCII with single spaces between them, such as shop/2.1";
            return Err(InvalidInput::new("application name", problem));
        };
        Arc::make_mut(&mut self.0).user_agent = value;
        Ok(self)
    }

    /// Adds a header to every request: for a gateway in front of Paystack, for example. Snapshots and `Debug` redact
    /// its value.
    ///
    /// ```
    /// # use paystack_core::{Api, SecretKey};
    /// # let key = SecretKey::new("sk_test_3f2a9c").unwrap();
    /// let api = Api::new(key).with_header("x-api-key", "7f3c")?;
    /// assert!(api.with_header("authorization", "7f3c").is_err(), "the SDK sets it");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if the name or the value is not valid, or if the SDK or the transport sets the header.
    pub fn with_header(mut self, name: &str, value: &str) -> Result<Self, InvalidInput> {
        const NAME: &str =
            "must be the name of a header that neither the SDK nor the transport sets";
        let name = HeaderName::try_from(name)
            .ok()
            .filter(|name| !RESERVED.contains(name));
        let name = name.ok_or(InvalidInput::new("header name", NAME))?;
        let value = HeaderValue::try_from(value).ok();
        let value = value.filter(|value| value.to_str().is_ok());
        let mut value = value.ok_or(InvalidInput::new("header value", "must be visible ASCII"))?;
        value.set_sensitive(true);
        Arc::make_mut(&mut self.0).more_headers.push((name, value));
        Ok(self)
    }

    /// Encodes the request of an operation.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] if the operation has an invalid value, its [`Path`](crate::Path) lacks one, the body
    /// does not serialize to JSON, or path and query are longer than 64 KiB.
    pub fn request<O: Operation>(&self, operation: &O) -> Result<http::Request<Bytes>, Error> {
        let encode = || {
            let mut query = Query::after(operation.path().into_checked()?);
            operation.query(&mut query);
            let body = match operation.body() {
                None => None,
                Some(body) => {
                    let problem = "must serialize to JSON, and its metadata to an object";
                    let json = serde_json::to_vec(&body);
                    let json = json.map_err(|_| InvalidInput::new("request body", problem))?;
                    Some(Bytes::from(json.into_boxed_slice())) // exact: one allocation less
                }
            };
            self.encode(O::METHOD, query.into_path_and_query(), body)
        };
        encode().map_err(|refused| Error::new(O::NAME, ErrorKind::InvalidInput(refused)))
    }

    /// Decodes the response to an operation. The body must be complete and decompressed.
    ///
    /// An unpaired surrogate, the rest of a cut-off emoji, becomes the replacement character.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Api`] if the status or the body is a refusal. [`ErrorKind::Decode`] if the body does not
    /// fit the operation's output. Both keep the status, the headers and a part of the body.
    pub fn read<O: Operation>(
        &self,
        _operation: &O,
        response: http::Response<Bytes>,
    ) -> Result<Reply<O::Output>, Error> {
        decode(RawResponse::new(response), &|failure| {
            let kind = match failure {
                Failure::Api(error) => ErrorKind::Api(error),
                Failure::Decode(error) => ErrorKind::Decode(error),
            };
            Error::new(O::NAME, kind)
        })
    }

    fn encode(
        &self,
        method: Method,
        path_and_query: Cow<'static, str>,
        body: Option<Bytes>,
    ) -> Result<http::Request<Bytes>, InvalidInput> {
        let Inner {
            base,
            authorization,
            user_agent,
            more_headers,
            ..
        } = &*self.0;
        let too_long = || InvalidInput::new("path and query", "must be at most 64 KiB long");
        let path_and_query = if base.path.is_empty() {
            path_and_query
        } else {
            [&*base.path, &*path_and_query].concat().into()
        };
        let path_and_query = match path_and_query {
            Cow::Borrowed(text) => Bytes::from_static(text.as_bytes()),
            // Without spare room, or `Bytes` would allocate once more.
            Cow::Owned(text) => Bytes::from(text.into_boxed_str().into_boxed_bytes()),
        };
        let path_and_query = PathAndQuery::from_maybe_shared(path_and_query);

        let mut uri = http::uri::Parts::default();
        uri.scheme = Some(base.scheme.clone());
        uri.authority = Some(base.authority.clone());
        uri.path_and_query = Some(path_and_query.map_err(|_| too_long())?);

        // With room for `Host` and `Content-Length`, which the transport adds.
        let mut headers = HeaderMap::with_capacity(6);
        headers.insert(ACCEPT, JSON);
        headers.insert(AUTHORIZATION, authorization.clone());
        headers.insert(USER_AGENT, user_agent.clone());
        if body.is_some() {
            headers.insert(CONTENT_TYPE, JSON);
        }
        for (name, value) in more_headers {
            headers.append(name, value.clone());
        }
        let mut request = http::Request::new(body.unwrap_or_default());
        *request.method_mut() = method;
        *request.uri_mut() = Uri::from_parts(uri).map_err(|_| too_long())?;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BaseUrl {
            scheme,
            authority,
            path,
            ..
        } = &self.0.base;
        write!(f, "Api({scheme}://{authority}")?;
        // The path to a gateway may contain a token.
        match path.is_empty() {
            true => f.write_str(")"),
            false => write!(f, "/{REDACTED})"),
        }
    }
}

/// The key as a header. This buffer is wiped when the last request that holds it is dropped. An HTTP client
/// copies it into its own buffers, which are not wiped.
fn bearer(key: &SecretKey) -> HeaderValue {
    let text = Zeroizing::new(format!("Bearer {}", key.expose_secret()).into_bytes());
    let value = HeaderValue::from_maybe_shared(Bytes::from_owner(text));
    // A key contains visible ASCII only, which every header accepts.
    let mut value = value.unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

#[cfg(test)]
pub(crate) mod tests {
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

    /// Decodes a response to the creation of a customer.
    pub(crate) fn read(
        status: u16,
        body: &str,
    ) -> Result<Reply<crate::customers::Customer>, Error> {
        let mut response = http::Response::new(Bytes::copy_from_slice(body.as_bytes()));
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        api().read(&create(), response)
    }

    #[test]
    fn the_key_is_a_sensitive_header() {
        let request = api().request(&fetch()).unwrap();
        let authorization = &request.headers()[AUTHORIZATION];
        assert_eq!(authorization, "Bearer sk_test_3f2a9c");
        assert!(authorization.is_sensitive());
        assert!(!format!("{request:?}").contains("3f2a9c"));
    }

    #[test]
    fn own_header_is_sent_and_redacted() {
        let api = api().with_header("X-Api-Key", "canary one").unwrap();
        let api = api.with_header("x-api-key", "canary two").unwrap();
        let request = api.request(&create()).unwrap();
        let sent: Vec<_> = request.headers().get_all("x-api-key").iter().collect();
        assert_eq!(sent, ["canary one", "canary two"]);
        let snapshot = crate::RequestSnapshot(&request).to_string();
        let shown = format!("{snapshot} {request:?} {api:?}");
        assert!(shown.contains("x-api-key: [redacted]"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn header_of_the_sdk_or_the_transport_is_rejected() {
        for name in [
            "authorization",
            "Host",
            "content-length",
            "Keep-Alive",
            "proxy-connection",
            "user-agent",
            "",
            "a b",
        ] {
            let invalid = api().with_header(name, "1").unwrap_err();
            assert_eq!(invalid.field(), "header name", "{name}");
        }
        for value in ["a\nb", "\u{e9}", "\u{7f}"] {
            let invalid = api().with_header("x-a", value).unwrap_err();
            assert_eq!(invalid.field(), "header value", "{value}");
        }
    }

    #[test]
    fn only_a_body_has_a_content_type() {
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
    fn the_application_name_follows_the_sdk() {
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
    fn a_clone_keeps_its_base_url() {
        let plain = api();
        let elsewhere = plain
            .clone()
            .with_base_url("http://127.0.0.1:4010")
            .unwrap();
        assert_eq!(format!("{plain:?}"), "Api(https://api.paystack.co)");
        assert_eq!(format!("{elsewhere:?}"), "Api(http://127.0.0.1:4010)");
        let gateway = plain.with_base_url("https://a.example/qWxYzAbC").unwrap();
        assert_eq!(format!("{gateway:?}"), "Api(https://a.example/[redacted])");
    }

    #[test]
    fn insecure_base_url_needs_a_test_key() {
        let sandbox = "http://sandbox:4010";
        let test = api().with_insecure_base_url(sandbox).unwrap();
        let request = test.request(&create()).unwrap();
        assert_eq!(request.uri(), "http://sandbox:4010/customer");
        let live = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
        let refused = live.with_insecure_base_url(sandbox).unwrap_err();
        assert!(refused.problem().contains("only a test key"), "{refused}");
    }

    #[test]
    fn metadata_that_is_no_object_is_rejected() {
        let gold: Metadata = serde_json::from_str(r#""gold""#).unwrap();
        let error = api().request(&create().metadata(gold)).unwrap_err();
        let ErrorKind::InvalidInput(refused) = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(refused.field(), "request body");
        let nothing: Metadata = serde_json::from_str("null").unwrap();
        let request = api().request(&create().metadata(nothing)).unwrap();
        assert_eq!(
            request.body(),
            r#"{"email":"ada@example.com","metadata":{}}"#
        );
    }

    #[test]
    fn the_mode_is_that_of_the_key() {
        assert_eq!(api().mode(), Mode::Test);
        let live = Api::new(SecretKey::new("sk_live_3f2a9c").unwrap());
        assert_eq!(live.mode(), Mode::Live);
    }

    #[test]
    fn a_bad_application_name_is_rejected() {
        let refused = api().with_application("").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "application name must be words of visible ASCII with single spaces between them, such as shop/2.1"
        );
    }
}
