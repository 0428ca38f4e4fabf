//! The digest, which anybody can make, compared with the signature, which only the key can make.

use paystack_core::http::HeaderValue;
use paystack_webhook::VerifiedEvent;

fn is_genuine(event: &VerifiedEvent, signature: &HeaderValue) -> bool {
    event.digest() == *signature
}

fn main() {}
