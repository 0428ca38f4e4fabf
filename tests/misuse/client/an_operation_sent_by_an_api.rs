//! An `Api` does no IO: it has no `send`.

use paystack_client::customers::FetchCustomer;
use paystack_client::{Api, CustomerCode};

async fn fetch(api: &Api, code: &CustomerCode) {
    let _ = api.send(FetchCustomer::new(code)).await;
}

fn main() {}
