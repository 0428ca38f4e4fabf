//! Text for a key: it may be the public one, or have a line end from a file.

use paystack_webhook::Verifier;

fn main() {
    let _ = Verifier::new("sk_test_3f2a9c\n");
}
