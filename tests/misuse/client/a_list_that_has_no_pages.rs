//! Pages of an operation that responses with one thing.

use paystack_transport::customers::FetchCustomer;
use paystack_transport::{Client, CustomerCode, Transport};

async fn walk<T: Transport>(client: Client<T>, code: &CustomerCode) {
    let _ = client.pages(FetchCustomer::new(code));
}

fn main() {}
