//! A verifier without a key, which would take nothing, or everything.

use paystack_webhook::Verifier;

fn main() {
    let _ = Verifier::default();
}
