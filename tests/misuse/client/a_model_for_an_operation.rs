//! The output of an operation in place of the operation. For one model the compiler would list operations.

use paystack_transport::{Client, Transport};

async fn save<T: Transport, Model>(client: &Client<T>, customer: Model) {
    let _ = client.send(customer).await;
}

fn main() {}
