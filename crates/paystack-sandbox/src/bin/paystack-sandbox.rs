//! The program `paystack-sandbox`: the sandbox as a server.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program prints its output"
)]

use std::error::Error;
use std::ffi::OsStr;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::str::FromStr;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short};
use paystack_sandbox::{Sandbox, server::Server};
use paystack_transport::{Mode, SecretKey};
use time::OffsetDateTime;

const HELP: &str = "\
Serves an in-memory imitation of Paystack's Customers API. Accepts any test key.

Usage: paystack-sandbox [OPTIONS]

  --port N            listen on this port; 0 selects a free port (default: 4010)
  --listen ADDRESS    listen on this IP address (default: 127.0.0.1); everyone who reaches it can
                      read and change the sandbox
  --page              serve the page at /sandbox on an address that is not loopback
  --allow-host NAME   accept this host name in URLs of the sandbox; repeat it for more names
  --allow-live-keys   accept live keys
  --seed N            seed the generator of random codes (default: 1)
  --customers N       create N customers in test mode and N in live mode
  --state FILE        load a state that GET /sandbox/state returned, or that you wrote
  --no-rate-limits    disable the rate limits
  --webhook-url URL   send webhooks to this URL, which must be plain http
  --webhook-key KEY   sign the webhooks of the key's mode with this key (default: the key of
                      the mode's last request); do not pass a real key
  --help              print this help

Open /sandbox in a browser to see requests, customers and webhooks. Paths below /sandbox control
the sandbox from tests and need no key; GET /sandbox/openapi.json describes them.
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let is_usage = error.is::<lexopt::Error>();
            let fix = if is_usage { "; see --help" } else { "" };
            eprintln!("paystack-sandbox: {error}{fix}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let (mut seed, mut customers, mut state) = (1, 0, None);
    let mut address = SocketAddr::from((Ipv4Addr::LOCALHOST, 4010));
    let mut server = Server::builder();
    let mut has_rate_limits = true;
    let (mut webhook_url, mut webhook_key) = (None, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => address.set_port(parsed("port", &mut arguments)?),
            Long("listen") => address.set_ip(parsed("listen", &mut arguments)?),
            Long("page") => server = server.serve_page(),
            Long("allow-host") => server = server.allow_host(arguments.value()?.string()?),
            Long("allow-live-keys") => server = server.allow_live_keys(),
            Long("seed") => seed = parsed("seed", &mut arguments)?,
            Long("customers") => customers = parsed("customers", &mut arguments)?,
            Long("state") => state = Some(arguments.value()?),
            Long("no-rate-limits") => has_rate_limits = false,
            // An error of lexopt would quote the key, or the password in the URL.
            Long("webhook-url") => {
                let url = arguments.value()?.to_string_lossy().parse::<http::Uri>();
                webhook_url = Some(url.map_err(|error| format!("--webhook-url: {error}"))?);
            }
            Long("webhook-key") => {
                let key = SecretKey::new(arguments.value()?.to_string_lossy());
                webhook_key = Some(key.map_err(|error| format!("--webhook-key: {error}"))?);
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
    let now = OffsetDateTime::now_utc();
    if let Some(file) = state {
        let state = std::fs::read(&file).map_err(|error| named(&file, error))?;
        let state = serde_json::from_slice(&state).map_err(|error| named(&file, error))?;
        sandbox
            .add(state, now)
            .map_err(|error| named(&file, error))?;
    }
    sandbox.seed_customers(&Mode::Test, customers, now);
    sandbox.seed_customers(&Mode::Live, customers, now);
    // A reset returns to these customers.
    sandbox.load(sandbox.state(), now)?;
    let server = server.listen(address).start(sandbox).await?;
    // As the first process of a container, the program has no default reaction to signals.
    let stopped = stop_signal()?;
    println!("{}", server.url());
    stopped.await;
    server.stop().await;
    Ok(())
}

/// Parses the value of an option. The error names the option.
fn parsed<T>(option: &str, arguments: &mut lexopt::Parser) -> Result<T, lexopt::Error>
where
    T: FromStr<Err: Into<Box<dyn Error + Send + Sync>>>,
{
    let value = arguments.value()?.parse();
    value.map_err(|error: lexopt::Error| format!("--{option}: {error}").into())
}

/// Returns a future that ends at Ctrl-C or, on Unix, at SIGTERM.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler, Ctrl-C ends the program by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Adds the name of a file to an error.
fn named(file: &OsStr, error: impl Error) -> String {
    format!("{}: {error}", file.display())
}
