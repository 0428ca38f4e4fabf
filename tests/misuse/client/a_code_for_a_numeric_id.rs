//! The code where direct debit takes the numeric id.

use paystack_transport::customers::Customer;
use paystack_transport::customers::direct_debit::ListMandateAuthorizations;

fn mandates(customer: &Customer) {
    let _ = ListMandateAuthorizations::new(&customer.customer_code);
}

fn main() {}
