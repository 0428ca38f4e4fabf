//! Exports all customers as JSON Lines or CSV, in constant memory. An interrupted export can be resumed.
//!
//! `cargo run --example export -- customers.jsonl` exports from a sandbox on this machine. With
//! `PAYSTACK_SECRET_KEY=sk_test_…` set, it exports from Paystack's test mode, or from the server in `PAYSTACK_BASE_URL`.

mod format;
mod output;

use std::error::Error;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use anstream::{eprintln, print};
use indicatif::{ProgressBar, ProgressStyle};
use lexopt::ValueExt;
use lexopt::prelude::{Long, Short, Value};
use paystack_hyper::Position;
use paystack_hyper::customers::ListCustomers;
use paystack_hyper::{
    Api, Client, HyperTransport, Mode, Operation, RateLimiter, RawJson, SecretKey,
};
use paystack_sandbox::{Sandbox, server::Server};
use time::macros::datetime;

use crate::format::Format;
use crate::output::{Output, Partial};

const HELP: &str = "\
Exports all customers, newest first, from a sandbox on this machine; with PAYSTACK_SECRET_KEY set,
from Paystack's test mode, or from the server in PAYSTACK_BASE_URL.

Usage: export [OPTIONS] [FILE]

  FILE               write here; without it, to standard output
  --resume FILE      go on with an export to FILE that was interrupted, or begin it
  --anew             begin anew, and overwrite an interrupted export
  --csv              write CSV in place of JSON Lines
  --per-page N       ask for this many customers at once (default: 100)
  --customers N      how many the sandbox has (default: 1000)
  --rate-limits      keep to the limit of live mode in the sandbox as well
  --base-url URL     a sandbox that runs elsewhere
  --help             show this
";

/// The maximum number of consecutive failures. With waits of up to a minute, they take about 10 hours.
const FAILURES: u32 = 600;

struct Arguments {
    file: Option<PathBuf>,
    resume: bool,
    anew: bool,
    format: Format,
    per_page: u32,
    customers: u32,
    rate_limits: bool,
    base_url: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        // The reader has closed the pipe, as in `export | head`.
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("export: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let Some(arguments) = arguments()? else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let (client, source, _sandbox) = connect(&arguments).await?;
    let (format, resume) = (arguments.format, arguments.resume);
    let output = match &arguments.file {
        None => Some(Output::stdout(format)),
        Some(file) if arguments.anew => {
            Some(Output::File(Partial::begin_anew(file, source, format)?))
        }
        Some(file) if resume => Partial::resume(file, source, format)?.map(Output::File),
        Some(file) => Some(Output::File(Partial::begin(file, source, format)?)),
    };
    let Some(mut output) = output else {
        eprintln!("All customers were there already");
        return Ok(ExitCode::SUCCESS);
    };

    // Without a deadline, a call waits in the rate limiter's queue for as long as necessary.
    let client = client.with_settings(client.settings().deadline(None));
    let list = ListCustomers::new().per_page(arguments.per_page);
    let mut pages = client.pages(list.decode_as::<Vec<RawJson>>());
    let mut rows = 0;
    if let Output::File(partial) = &output {
        rows = partial.state.rows;
        if let Some(point) = &partial.state.next {
            pages = pages.resume(point)?;
        }
    }
    let progress = progress(&client, &arguments, rows).await;
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let (mut failures, mut wait) = (0, Duration::ZERO);
    loop {
        let next = async {
            tokio::time::sleep(wait).await;
            pages.next().await
        };
        let page = tokio::select! {
            page = next => page,
            _ = &mut interrupted => {
                progress.finish_and_clear();
                output.pause()?;
                if let Some(file) = &arguments.file {
                    let file = file.display();
                    eprintln!(
                        "Stopped after {rows} customers; --resume {file} with the same options continues"
                    );
                }
                return Ok(ExitCode::from(130));
            }
        };
        match page {
            None => break,
            Some(Ok(page)) => {
                (failures, wait) = (0, Duration::ZERO);
                output.append(&page.data, page.resume())?;
                let here = u64::try_from(page.data.len())?;
                rows = here.saturating_add(rows);
                progress.inc(here);
            }
            Some(Err(error)) if error.is_retryable() && failures < FAILURES => {
                progress.suspend(|| eprintln!("{error}"));
                wait = Duration::from_secs((1 << failures.min(6)).min(60));
                failures = failures.saturating_add(1);
            }
            Some(Err(error)) => {
                output.pause()?;
                return Err(error.into());
            }
        }
    }
    progress.finish_and_clear();
    output.finish()?;
    if let Some(file) = &arguments.file {
        eprintln!("{rows} customers are in {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn arguments() -> Result<Option<Arguments>, lexopt::Error> {
    let mut arguments = Arguments {
        file: None,
        resume: false,
        anew: false,
        format: Format::JsonLines,
        per_page: 100,
        customers: 1_000,
        rate_limits: false,
        base_url: None,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("resume") => {
                arguments.resume = true;
                arguments.file = Some(parser.value()?.into());
            }
            Long("anew") => arguments.anew = true,
            Long("csv") => arguments.format = Format::Csv,
            Long("per-page") => arguments.per_page = parser.value()?.parse()?,
            Long("customers") => arguments.customers = parser.value()?.parse()?,
            Long("rate-limits") => arguments.rate_limits = true,
            Long("base-url") => arguments.base_url = Some(parser.value()?.string()?),
            Long("help") | Short('h') => return Ok(None),
            Value(file) if arguments.file.is_none() => arguments.file = Some(file.into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(arguments))
}

/// Returns a client, a description of its source of customers, and the sandbox if this started one.
async fn connect(
    arguments: &Arguments,
) -> Result<(Client<HyperTransport>, String, Option<Server>), Box<dyn Error>> {
    let is_set = |value: &String| !value.is_empty();
    let key = std::env::var("PAYSTACK_SECRET_KEY").ok().filter(is_set);
    let base_url = match &key {
        Some(_) => std::env::var("PAYSTACK_BASE_URL").ok().filter(is_set),
        None => None,
    };
    let base_url = arguments.base_url.clone().or(base_url);
    if let (None, None) = (&key, &base_url) {
        let sandbox = Sandbox::new(1);
        let sandbox = if arguments.rate_limits {
            sandbox
        } else {
            sandbox.without_rate_limits()
        };
        let server = Server::builder().allow_live_keys().start(sandbox).await?;
        // Seeds the same customers each time, so that a resumed export reads the same list.
        let created = datetime!(2026-01-01 0:00 UTC);
        server.with(|sandbox, _| {
            sandbox.seed_customers(&Mode::Live, arguments.customers, created);
        });
        let api = Api::new(SecretKey::new("sk_live_sandbox")?).with_base_url(&server.url())?;
        let limiter = RateLimiter::new(Mode::Live, 7);
        let limiter = if arguments.rate_limits {
            limiter
        } else {
            limiter.without_limit()
        };
        let client = Client::new(api, HyperTransport::new()).with_rate_limiter(limiter);
        let source = format!("a sandbox of {}", arguments.customers);
        return Ok((client, source, Some(server)));
    }
    let is_given = key.is_some();
    let key = SecretKey::new(key.as_deref().unwrap_or("sk_live_sandbox"))?;
    if is_given && key.mode() == Mode::Live {
        return Err("this is a live key; the example only runs in test mode".into());
    }
    let mut source = format!("{} mode, key {}", key.mode(), fingerprint(&key));
    let mut api = Api::new(key);
    if let Some(url) = &base_url {
        api = api.with_base_url(url)?;
        source.push_str(&format!(" at {url}"));
    }
    Ok((Client::new(api, HyperTransport::new()), source, None))
}

/// Returns a progress bar, which is hidden unless stderr is a terminal and the rows go elsewhere.
async fn progress(
    client: &Client<HyperTransport>,
    arguments: &Arguments,
    rows: u64,
) -> ProgressBar {
    let rows_are_shown = arguments.file.is_none() && io::stdout().is_terminal();
    if rows_are_shown || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // Only numbered pages report the total.
    let count = ListCustomers::new().per_page(1).start(Position::Page(1));
    let counted = client.send(count.decode_as::<RawJson>()).await;
    let total = counted.ok().and_then(|reply| reply.meta?.total);
    let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let style = "{wide_bar} {human_pos} of {human_len} customers, {per_sec}, {eta}";
    let bar = match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    };
    bar.with_position(rows)
}

/// Identifies a key without revealing it: the first digits of a signature.
fn fingerprint(key: &SecretKey) -> String {
    let signature = paystack_webhook::sign(key, b"paystack export");
    let digits = signature.as_bytes().iter().take(16);
    digits.map(|digit| char::from(*digit)).collect()
}

/// Returns whether the reader of the rows has closed the pipe.
///
/// Only a write of rows returns `io::Error` itself. Calls have their own error type.
fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
