//! Calls by paystack-rs.

use paystack::{CreateCustomerRequestBuilder, PaystackClient};
use paystack_benches::paystack_rs::{self, Loopback};
use paystack_benches::{CODE, PAGE};

use super::Load;

pub async fn run(load: Load, operation: &str, url: &str) {
    let client: &'static PaystackClient<Loopback> = Box::leak(Box::new(paystack_rs::client(url)));
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
