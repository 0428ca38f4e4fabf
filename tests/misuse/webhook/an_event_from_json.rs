//! An event read from JSON, with nobody having looked at its signature.

use paystack_webhook::Event;

fn main() {
    let _ = serde_json::from_str::<Event>("{}");
}
