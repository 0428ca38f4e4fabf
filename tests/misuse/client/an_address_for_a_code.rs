//! An address where Paystack takes the code alone.

use paystack_client::Email;
use paystack_client::customers::UpdateCustomer;

fn change(email: &Email) {
    let _ = UpdateCustomer::new(email).clear_phone();
}

fn main() {}
