//! The program of the README: it creates a customer, at Paystack or at a sandbox.
//!
//! ```sh
//! cargo run -p paystack-sandbox --features server -- --port 4010
//! PAYSTACK_BASE_URL=http://127.0.0.1:4010 PAYSTACK_SECRET_KEY=sk_test_any cargo run --example first_call
//! ```
#![allow(
    clippy::exit,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "it is a program to copy"
)]

use paystack_hyper::customers::CreateCustomer;
use paystack_hyper::{Api, Client, Email, HyperTransport, SecretKey};

#[tokio::main]
async fn main() {
    if let Err(error) = first_call().await {
        eprintln!("{error}"); // one line that says what to do
        std::process::exit(1);
    }
}

async fn first_call() -> Result<(), Box<dyn std::error::Error>> {
    let key = std::env::var("PAYSTACK_SECRET_KEY").map_err(|_| "set PAYSTACK_SECRET_KEY")?;
    let mut api = Api::new(SecretKey::new(key)?);
    if let Ok(url) = std::env::var("PAYSTACK_BASE_URL") {
        api = api.with_base_url(&url)?;
    }
    let client = Client::new(api, HyperTransport::new());

    let create = CreateCustomer::new(Email::new("ada@example.com")?).first_name("Ada");
    let ada = client.send(create).await?.data;
    println!("{} was created at {:?}", ada.customer_code, ada.created_at);
    Ok(())
}
