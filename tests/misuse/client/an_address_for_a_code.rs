//! An address where Paystack takes the code alone.

use paystack_transport::Email;
use paystack_transport::customers::UpdateCustomer;

fn change(email: &Email) {
    let _ = UpdateCustomer::new(email).clear_phone();
}

fn main() {}
