//! Pages of an operation that returns one thing. For one operation the compiler would list those with pages.

use paystack_transport::{Client, Operation, Transport};

async fn walk<T: Transport, Fetch: Operation>(client: Client<T>, fetch: Fetch) {
    let _ = client.pages(fetch);
}

fn main() {}
