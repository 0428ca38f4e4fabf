//! Something that is no transport.

use paystack_transport::{Api, Client, SecretKey};

struct Http;

fn client(key: SecretKey) {
    let _ = Client::new(Api::new(key), Http);
}

fn main() {}
