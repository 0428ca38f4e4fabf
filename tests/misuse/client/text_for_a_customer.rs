//! Text for a customer: it may be an address, a code, or empty.

use paystack_transport::customers::FetchCustomer;

fn main() {
    let _ = FetchCustomer::new("CUS_xnxdt6s1zg1f4nx");
}
