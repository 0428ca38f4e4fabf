//! Creates a customer, at Paystack or at a sandbox.
//!
//! ```sh
//! cargo run -p paystack-sandbox --features server -- --port 4010
//! PAYSTACK_BASE_URL=http://127.0.0.1:4010 PAYSTACK_SECRET_KEY=sk_test_any cargo run --example first_call
//! ```
#![allow(clippy::print_stdout, reason = "it is a program to copy")]

use paystack_hyper::customers::{CreateCustomer, ListCustomers};
use paystack_hyper::{Email, Error, InvalidInput, Mode};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let paystack = paystack_hyper::client_from_env()?;
    if paystack.api().mode() == Mode::Live {
        return Err(InvalidInput::new("PAYSTACK_SECRET_KEY", "must not be a live key").into());
    }

    let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
    let ada = paystack.send(create).await?.data;
    println!("{} was created at {:?}", ada.customer_code, ada.created_at);

    let mut customers = paystack.pages(ListCustomers::new()).items();
    while let Some(customer) = customers.next().await {
        println!("{}", customer?.customer_code);
    }
    Ok(())
}
