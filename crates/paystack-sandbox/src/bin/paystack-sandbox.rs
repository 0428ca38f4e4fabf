//! `paystack-sandbox`: the sandbox as a program.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is how a program talks"
)]

use std::error::Error;
use std::process::ExitCode;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short};
use paystack_client::{Domain, SecretKey};
use paystack_sandbox::{Sandbox, server::Server};

const HELP: &str = "\
Paystack's Customers API in a box, on loopback. It takes any secret key.

Usage: paystack-sandbox [OPTIONS]

  --port N            listen on this port of 127.0.0.1; 0 picks one (default: 4010)
  --seed N            decides on the codes that are given out (default: 1)
  --customers N       begin with this many customers, in test and in live mode
  --no-rate-limits    let everything in, however fast it comes
  --webhook-url URL   send webhooks there: plain http on loopback
  --webhook-key KEY   sign the webhooks of this key's mode with it (default: with the
                      key of the mode's last request); any will do, take no real one
  --help              show this

For tests: POST /sandbox/advance?seconds=N lets time pass, and POST /sandbox/webhooks/resend
sends the last webhook once more. Neither needs a key.
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
    let (mut port, mut seed, mut customers, mut rate_limits) = (4010, 1, 0, true);
    let (mut webhook_url, mut webhook_key) = (None, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = arguments.value()?.parse()?,
            Long("seed") => seed = arguments.value()?.parse()?,
            Long("customers") => customers = arguments.value()?.parse()?,
            Long("no-rate-limits") => rate_limits = false,
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
    if !rate_limits {
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
        sandbox.seed_customers(&Domain::Test, customers, now);
        sandbox.seed_customers(&Domain::Live, customers, now);
    });
    println!("{}", server.url());
    std::future::pending().await
}
