//! A verifier without a key, which would accept nothing, or everything.

use paystack_webhook::Verifier;

fn main() {
    let _ = Verifier::default();
}
