//! An event read from JSON, without a check of its signature.

use paystack_webhook::Event;

fn main() {
    let _ = serde_json::from_str::<Event>("{}");
}
