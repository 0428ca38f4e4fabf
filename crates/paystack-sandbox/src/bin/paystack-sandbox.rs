//! The program `paystack-sandbox`: the sandbox as a server.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program prints its output"
)]

use std::error::Error;
use std::process::ExitCode;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short};
use paystack_sandbox::{Sandbox, server::Server};
use paystack_transport::{Mode, SecretKey};

const HELP: &str = "\
Serves an in-memory imitation of Paystack's Customers API on loopback. Accepts any secret key.

Usage: paystack-sandbox [OPTIONS]

  --port N            listen on this port of 127.0.0.1; 0 selects a free port (default: 4010)
  --seed N            seed the generator of random codes (default: 1)
  --customers N       create N customers in test mode and N in live mode
  --no-rate-limits    disable the rate limits
  --webhook-url URL   send webhooks to this URL, which must be plain http on loopback
  --webhook-key KEY   sign the webhooks of the key's mode with this key (default: the key of
                      the mode's last request); do not pass a real key
  --help              print this help

For tests: POST /sandbox/advance?seconds=N advances the clock, and POST /sandbox/webhooks/resend
sends the last webhook again. Neither needs a key.
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("paystack-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (mut port, mut seed, mut customers, mut has_rate_limits) = (4010, 1, 0, true);
    let (mut webhook_url, mut webhook_key) = (None, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            Long("seed") => seed = arguments.value()?.parse()?,
            Long("customers") => customers = arguments.value()?.parse()?,
            Long("no-rate-limits") => has_rate_limits = false,
            Long("webhook-url") => webhook_url = Some(arguments.value()?.parse()?),
            Long("webhook-key") => {
                webhook_key = Some(SecretKey::new(arguments.value()?.string()?)?);
            }
            Long("help") | Short('h') => {
                print!("{HELP}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    let mut sandbox = Sandbox::new(seed);
    if !has_rate_limits {
        sandbox = sandbox.without_rate_limits();
    }
    if let Some(url) = webhook_url {
        sandbox = sandbox.with_webhook_url(url);
    }
    if let Some(key) = webhook_key {
        sandbox = sandbox.with_webhook_key(key);
    }
    let server = Server::start(sandbox, port).await?;
    server.with(|sandbox, now| {
        sandbox.seed_customers(&Mode::Test, customers, now);
        sandbox.seed_customers(&Mode::Live, customers, now);
    });
    println!("{}", server.url());
    std::future::pending().await
}
