//! An event without a check of its signature.

use paystack_core::bytes::Bytes;
use paystack_webhook::VerifiedEvent;

fn main() {
    let body = Bytes::from_static(b"{}");
    let _ = VerifiedEvent { body };
}
