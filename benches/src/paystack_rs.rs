//! paystack-rs, whose base URL is fixed, directed to a server on this machine.

use std::sync::Mutex;

use async_trait::async_trait;
use paystack::{HttpClient, PaystackClient, ReqwestClient, ReqwestError};

use crate::KEY;

/// Returns a client that sends its requests to this base URL.
pub fn client(url: &str) -> PaystackClient<Loopback> {
    *BASE.lock().unwrap() = url.to_owned();
    PaystackClient::new(KEY.to_owned())
}

/// The base URL for the next `Loopback`, which paystack-rs creates by `Default`.
static BASE: Mutex<String> = Mutex::new(String::new());

/// Replaces the base URL.
#[derive(Clone, Debug)]
pub struct Loopback {
    base: String,
    client: ReqwestClient,
}

impl Default for Loopback {
    fn default() -> Self {
        Self {
            base: BASE.lock().unwrap().clone(),
            client: ReqwestClient::default(),
        }
    }
}

impl Loopback {
    fn url(&self, url: &str) -> String {
        url.replacen("https://api.paystack.co", &self.base, 1)
    }
}

/// The trait's own type. An implementation has to repeat its elided lifetime.
type Query<'a> = Vec<(&'a str, &'a str)>;

#[async_trait]
impl HttpClient for Loopback {
    type Error = ReqwestError;

    async fn get(
        &self,
        url: &str,
        key: &str,
        query: Option<&Query>,
    ) -> Result<String, ReqwestError> {
        self.client.get(&self.url(url), key, query).await
    }

    async fn post(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.client.post(&self.url(url), key, body).await
    }

    async fn put(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.client.put(&self.url(url), key, body).await
    }

    async fn delete(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.client.delete(&self.url(url), key, body).await
    }
}
