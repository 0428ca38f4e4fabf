//! Prints all customers, one on each line.
//!
//! `cargo run --example customers` starts a sandbox on this machine with two customers. With
//! `PAYSTACK_SECRET_KEY=sk_test_…` set, it prints those in Paystack's test mode, or on the server in `PAYSTACK_BASE_URL`.
#![allow(clippy::print_stdout, reason = "the program prints customers")]

use std::error::Error;

use paystack_sandbox::{Sandbox, server::Server};
use paystack_ureq::customers::{CreateCustomer, ListCustomers};
use paystack_ureq::{Api, BlockingClient, Email, Mode, SecretKey, UreqTransport};

fn main() -> Result<(), Box<dyn Error>> {
    let key = std::env::var("PAYSTACK_SECRET_KEY");
    if key.unwrap_or_default().is_empty() {
        return in_a_sandbox();
    }
    let client = paystack_ureq::client_from_env()?;
    if client.api().mode() == Mode::Live {
        return Err("this is a live key; the example only runs in test mode".into());
    }
    Ok(print(&client)?)
}

fn print(client: &BlockingClient<UreqTransport>) -> Result<(), paystack_ureq::Error> {
    for customer in client.pages(ListCustomers::new().per_page(100)).items() {
        let customer = customer?;
        println!("{}\t{}", customer.customer_code, customer.email);
    }
    Ok(())
}

/// Prints the customers of a sandbox. Its server needs a runtime, and the client does not.
fn in_a_sandbox() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = runtime.block_on(Server::start(Sandbox::new(1), 0))?;
    let api = Api::new(SecretKey::new("sk_test_customers")?).with_base_url(&sandbox.url())?;
    let client = BlockingClient::new(api, UreqTransport::new());
    for email in ["ada@example.com", "ben@example.com"] {
        client.send(CreateCustomer::new(Email::new(email)?))?;
    }
    Ok(print(&client)?)
}
