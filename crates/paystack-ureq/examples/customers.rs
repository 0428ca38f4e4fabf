//! A script: prints all customers, a line each.
//!
//! `cargo run --example customers` starts a sandbox on this machine with two of them. With
//! `PAYSTACK_SECRET_KEY=sk_test_…` set, it prints those of Paystack's test mode instead.
#![allow(clippy::print_stdout, reason = "it prints")]

use std::error::Error;

use paystack_sandbox::{Sandbox, server::Server};
use paystack_ureq::customers::{CreateCustomer, ListCustomers};
use paystack_ureq::{Api, BlockingClient, Domain, Email, SecretKey, UreqTransport};

fn main() -> Result<(), Box<dyn Error>> {
    let Ok(key) = std::env::var("PAYSTACK_SECRET_KEY") else {
        return in_a_sandbox();
    };
    let key = SecretKey::new(key)?;
    if key.domain() == Domain::Live {
        return Err("this is a live key; the example only runs in test mode".into());
    }
    print(&paystack_ureq::client(key))
}

fn print(client: &BlockingClient<UreqTransport>) -> Result<(), Box<dyn Error>> {
    for page in client.pages(ListCustomers::new().per_page(100)) {
        for customer in page?.data {
            println!("{}\t{}", customer.customer_code, customer.email.as_str());
        }
    }
    Ok(())
}

/// The sandbox's server has a runtime; what calls it has none.
fn in_a_sandbox() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = runtime.block_on(Server::start(Sandbox::new(1), 0))?;
    let api = Api::new(SecretKey::new("sk_test_customers")?).with_base_url(&sandbox.url())?;
    let client = BlockingClient::new(api, UreqTransport::new());
    for email in ["ada@example.com", "ben@example.com"] {
        client.send(CreateCustomer::new(Email::new(email)?))?;
    }
    print(&client)
}
