//! Calls by paystack-rs.

use async_trait::async_trait;
use paystack::{
    CreateCustomerRequestBuilder, HttpClient, PaystackClient, ReqwestClient, ReqwestError,
};
use paystack_benches::{CODE, KEY, PAGE};

use super::Load;

/// Replaces the base URL, which paystack-rs hard-codes.
#[derive(Clone, Debug, Default)]
struct Loopback(ReqwestClient);

/// The trait's own type. An implementation has to repeat its elided lifetime.
type Query<'a> = Vec<(&'a str, &'a str)>;

static BASE: std::sync::OnceLock<String> = std::sync::OnceLock::new();

fn loopback(url: &str) -> String {
    url.replacen("https://api.paystack.co", BASE.get().unwrap(), 1)
}

#[async_trait]
impl HttpClient for Loopback {
    type Error = ReqwestError;

    async fn get(
        &self,
        url: &str,
        key: &str,
        query: Option<&Query>,
    ) -> Result<String, ReqwestError> {
        self.0.get(&loopback(url), key, query).await
    }

    async fn post(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.0.post(&loopback(url), key, body).await
    }

    async fn put(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.0.put(&loopback(url), key, body).await
    }

    async fn delete(
        &self,
        url: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Result<String, ReqwestError> {
        self.0.delete(&loopback(url), key, body).await
    }
}

pub async fn run(load: Load, operation: &str, url: &str) {
    BASE.set(url.to_owned()).unwrap();
    let client: &'static PaystackClient<Loopback> =
        Box::leak(Box::new(PaystackClient::new(KEY.to_owned())));
    match operation {
        "fetch" => {
            load.run(move || async move {
                let read = client
                    .customers
                    .fetch_customer(CODE.to_owned())
                    .await
                    .unwrap();
                assert_eq!(read.data.unwrap().id, 9_387_490_384);
            })
            .await;
        }
        "create" => {
            load.run(move || async move {
                let create = CreateCustomerRequestBuilder::default()
                    .email("ada@example.com".to_owned())
                    .first_name("Ada".to_owned())
                    .last_name("Obi".to_owned())
                    .build()
                    .unwrap();
                let read = client.customers.create_customer(create).await.unwrap();
                assert_eq!(read.data.unwrap().id, 1_173);
            })
            .await;
        }
        "list" => {
            load.run(move || async move {
                let page = u8::try_from(PAGE).unwrap();
                let read = client
                    .customers
                    .list_customers(Some(page), Some(1))
                    .await
                    .unwrap();
                assert_eq!(read.data.unwrap().len(), PAGE);
            })
            .await;
        }
        _ => panic!("no such operation"),
    }
}
