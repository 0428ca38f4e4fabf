//! An `Api` does no IO: it has no `send`.

use paystack_transport::customers::FetchCustomer;
use paystack_transport::{Api, CustomerCode};

async fn fetch(api: &Api, code: &CustomerCode) {
    let _ = api.send(FetchCustomer::new(code)).await;
}

fn main() {}
