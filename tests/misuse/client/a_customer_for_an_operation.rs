//! What an operation responses with, in place of the operation.

use paystack_transport::customers::Customer;
use paystack_transport::{Client, Transport};

async fn save<T: Transport>(client: &Client<T>, customer: Customer) {
    let _ = client.send(customer).await;
}

fn main() {}
