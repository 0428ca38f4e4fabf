use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::Connect;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Api, Envelope};
use crate::TIMEOUT;

/// hyper-util's pooled client with its defaults, and only the necessary work around it.
#[derive(Clone)]
pub struct Client<C> {
    client: legacy::Client<C, Full<Bytes>>,
    pub api: Api,
}

impl<C: Connect + Clone + Send + Sync + 'static> Client<C> {
    pub fn new(connector: C, api: Api) -> Self {
        Self {
            client: legacy::Client::builder(TokioExecutor::new()).build(connector),
            api,
        }
    }

    pub async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        url: String,
        body: Option<&impl Serialize>,
    ) -> (HeaderMap, Bytes, Envelope<T>) {
        let request = self.api.request(method, url, body);
        let exchange = async {
            let (head, body) = self.client.request(request).await.unwrap().into_parts();
            (head, body.collect().await.unwrap().to_bytes())
        };
        let (head, body) = tokio::time::timeout(TIMEOUT, exchange).await.unwrap();
        assert!(head.status.is_success());
        let read = serde_json::from_str(std::str::from_utf8(&body).unwrap()).unwrap();
        (head.headers, body, read)
    }
}
