//! The reply of a call that was not awaited.

use paystack_transport::customers::FetchCustomer;
use paystack_transport::{Client, CustomerCode, Transport};

async fn fetch<T: Transport>(client: &Client<T>, code: &CustomerCode) {
    let reply = client.send(FetchCustomer::new(code)).unwrap();
    drop(reply);
}

fn main() {}
