//! A durable queue of writes to Paystack: many rows, many machines, one quota.
//!
//! `docs/queue.md` explains it. `durable-queue --help` lists the commands.

mod csv_rows;
mod database;
mod job;
mod progress;
mod rows;
mod status;
mod worker;

use std::error::Error;
use std::io::{self, Write};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short, Value};
use paystack_hyper::{Client, Mode};

use crate::database::Database;
use crate::worker::Settings;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const HELP: &str = "\
Sends the writes of a CSV file to Paystack, across crashes and machines. Checks a write with an
unknown outcome before it repeats it.

Usage: durable-queue [OPTIONS] COMMAND

  enqueue FILE.csv    check all rows, and add them to the queue
  work                send the rows until none is left; Ctrl-C finishes the calls under way
  status              print the counts and the failed rows
  retry               queue the failed rows again

  --database URL      sqlite:FILE or postgres://... (default: DATABASE_URL, or sqlite:queue.db)
  --json              print JSON
  --calls N           make at most this many calls at once (default: 32)
  --settle SECONDS    repeat a write with an unknown outcome only after this time (default: 360)
  --heartbeat SECONDS the interval of heartbeats; the rows of a worker that missed two go to
                      another worker (default: 30)
  --live              the queue is for a live key
  --help              print this help

`work` reads PAYSTACK_SECRET_KEY and, if it is set, PAYSTACK_BASE_URL.
";

enum Command {
    Enqueue(PathBuf),
    Work,
    Status,
    Retry,
}

struct Arguments {
    command: Command,
    database: String,
    mode: Mode,
    output: Output,
    settings: Settings,
}

/// The format of the output.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Output {
    Text,
    Json,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            // Standard error may be closed.
            let _ = writeln!(io::stderr(), "durable-queue: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode> {
    let Some(arguments) = arguments()? else {
        write!(io::stdout(), "{HELP}")?;
        return Ok(ExitCode::SUCCESS);
    };
    let output = arguments.output;
    let mut code = ExitCode::SUCCESS;
    let database;
    match arguments.command {
        Command::Enqueue(file) => {
            csv_rows::check(&file)?;
            database = Database::open(&arguments.database).await?;
            database.use_mode(&arguments.mode).await?;
            let count = database.enqueue(&file).await?;
            writeln!(io::stdout(), "{count} rows are in the queue")?;
        }
        Command::Work => {
            let client = client(&arguments.mode)?;
            database = Database::open(&arguments.database).await?;
            database.use_mode(&arguments.mode).await?;
            code = worker::work(database.clone(), client, arguments.settings, output).await?;
        }
        Command::Status => {
            database = Database::open(&arguments.database).await?;
            status::print(&database, output).await?;
        }
        Command::Retry => {
            database = Database::open(&arguments.database).await?;
            let count = database.retry_failed().await?;
            writeln!(io::stdout(), "{count} rows are in the queue again")?;
        }
    }
    database.close().await;
    Ok(code)
}

fn client(mode: &Mode) -> Result<Client> {
    let client = paystack_hyper::client_from_env()?;
    match client.api().mode() {
        key if key == *mode => Ok(client),
        Mode::Live => {
            Err("PAYSTACK_SECRET_KEY is a live key; use a test key, or add --live".into())
        }
        _ => Err("PAYSTACK_SECRET_KEY is a test key; remove --live, or use a live key".into()),
    }
}

fn arguments() -> Result<Option<Arguments>> {
    let mut words = Vec::new();
    let mut database =
        std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:queue.db".to_owned());
    let mut mode = Mode::Test;
    let mut output = Output::Text;
    let mut settings = Settings::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("database") => database = parser.value()?.string()?,
            Long("json") => output = Output::Json,
            Long("calls") => settings.calls = parser.value()?.parse::<NonZeroUsize>()?.get(),
            Long("settle") => settings.settle = seconds(&mut parser)?,
            Long("heartbeat") => settings.heartbeat = seconds(&mut parser)?,
            Long("live") => mode = Mode::Live,
            Long("help") | Short('h') => return Ok(None),
            Value(word) => words.push(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let command = match words[..] {
        ["enqueue", file] => Command::Enqueue(file.into()),
        ["work"] => Command::Work,
        ["status"] => Command::Status,
        ["retry"] => Command::Retry,
        [] => return Ok(None),
        _ => return Err("the command must be one of those in --help".into()),
    };
    Ok(Some(Arguments {
        command,
        database,
        mode,
        output,
        settings,
    }))
}

fn seconds(parser: &mut lexopt::Parser) -> Result<Duration> {
    let seconds: NonZeroU32 = parser.value()?.parse()?;
    Ok(Duration::from_secs(seconds.get().into()))
}
