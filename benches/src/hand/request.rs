use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request};
use http_body_util::Full;
use serde::Serialize;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The base URL and the headers that all requests share.
#[derive(Clone)]
pub struct Api {
    pub base: String,
    authorization: HeaderValue,
}

impl Api {
    pub fn new(base: &str, key: &str) -> Self {
        let mut authorization = HeaderValue::try_from(format!("Bearer {key}")).unwrap();
        authorization.set_sensitive(true);
        Self {
            base: base.to_owned(),
            authorization,
        }
    }

    /// Builds a request with the headers that the SDK sends. The caller formats the URL, which must need no
    /// escaping.
    pub fn request(
        &self,
        method: Method,
        url: String,
        body: Option<&impl Serialize>,
    ) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header(ACCEPT, JSON)
            .header(AUTHORIZATION, self.authorization.clone())
            .header(USER_AGENT, HeaderValue::from_static("shop/1.0"));
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, JSON);
                Bytes::from(serde_json::to_vec(body).unwrap())
            }
            None => Bytes::new(),
        };
        request.body(Full::new(body)).unwrap()
    }
}
