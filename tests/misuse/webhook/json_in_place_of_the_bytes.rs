//! JSON that was read and would be written again: the signature is over the bytes.

use paystack_core::SecretKey;
use paystack_core::http::Request;
use paystack_webhook::Verifier;

fn receive(key: &SecretKey, request: Request<serde_json::Value>) {
    let _ = Verifier::new(key).verify(&request);
}

fn main() {}
