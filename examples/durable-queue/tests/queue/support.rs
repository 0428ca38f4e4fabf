//! The program, a sandbox and a database for the tests.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use paystack_hyper::{AuthorizationCode, CustomerCode, Email, Mode};
use paystack_sandbox::server::Server;
use paystack_sandbox::{Fault, JournalEntry, Sandbox};

pub(crate) const HEADER: &str = "operation,customer,email,first_name,last_name,phone,metadata,risk_action,country,bank_code,account_number,bvn,authorization_code\n";

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("durable-queue-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program with a queue and a sandbox.
pub(crate) struct Queue {
    pub(crate) folder: Folder,
    pub(crate) server: Server,
    pub(crate) database: String,
}

impl Queue {
    /// A queue in SQLite, and a sandbox without rate limits.
    pub(crate) async fn new(name: &str) -> Self {
        Self::with(name, Sandbox::new(1).without_rate_limits()).await
    }

    pub(crate) async fn with(name: &str, sandbox: Sandbox) -> Self {
        let folder = Folder::new(name);
        let server = Server::builder().allow_live_keys();
        Self {
            server: server.start(sandbox).await.unwrap(),
            database: format!("sqlite:{}", folder.file("queue.db").display()),
            folder,
        }
    }

    /// Moves the queue to the database of this name in PostgreSQL.
    pub(crate) fn in_postgres(mut self, name: &str) -> Self {
        let url = std::env::var("QUEUE_POSTGRES").unwrap();
        self.database = url.replace("NAME", name);
        self
    }

    pub(crate) fn inject(&self, fault: Fault) {
        self.server
            .with(|sandbox, _| sandbox.inject(fault).unwrap());
    }

    pub(crate) fn requests(&self) -> usize {
        self.server.with(|sandbox, _| sandbox.requests().count())
    }

    /// Returns once the sandbox has received this many requests.
    pub(crate) async fn received(&self, requests: usize) {
        while self.requests() < requests {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Creates the customer `CUS_row7`, with the card `AUTH_row7`.
    pub(crate) fn seed(&self, number: u32) {
        let code = CustomerCode::new(format!("CUS_row{number}")).unwrap();
        let card = AuthorizationCode::new(format!("AUTH_row{number}")).unwrap();
        let email = Email::new(format!("existing{number}@example.com")).unwrap();
        self.server.with(|sandbox, now| {
            sandbox
                .seed_customer(&Mode::Live, &code, &email, now)
                .unwrap();
            sandbox.seed_authorization(&Mode::Live, &code, &card);
        });
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_durable-queue"));
        command.args(["--database", &self.database]).args(arguments);
        command.env("PAYSTACK_SECRET_KEY", "sk_live_queue");
        command.env("PAYSTACK_BASE_URL", self.server.url());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must succeed, and returns its output.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail, and returns its errors.
    pub(crate) fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Starts several programs at once, which create the database.
    pub(crate) fn create(&self) {
        let start = |_| self.command(&["status"]).stdout(Stdio::null()).spawn();
        let programs: Vec<_> = (0..8).map(start).collect();
        for program in programs {
            assert!(program.unwrap().wait().unwrap().success());
        }
    }

    pub(crate) fn write(&self, name: &str, csv: &str) -> String {
        let file = self.folder.file(name);
        std::fs::write(&file, csv).unwrap();
        file.into_os_string().into_string().unwrap()
    }

    pub(crate) fn enqueue(&self, csv: &str) {
        self.succeed(&["enqueue", "--live", &self.write("rows.csv", csv)]);
    }

    /// Returns the command of a worker with short times.
    pub(crate) fn worker(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&["work", "--live", "--heartbeat", "1", "--settle", "3"]);
        command.args(arguments).stdout(Stdio::null());
        command
    }

    pub(crate) fn start_worker(&self, arguments: &[&str]) -> Child {
        self.worker(arguments).spawn().unwrap()
    }

    /// Works until no row is left, and returns the status.
    pub(crate) fn work(&self, arguments: &[&str]) -> String {
        assert!(self.worker(arguments).status().unwrap().success());
        self.succeed(&["status"])
    }
}

/// Sends a signal such as `-INT`.
pub(crate) fn signal(process: &Child, name: &str) {
    let id = process.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(sent.success());
}

/// Returns CSV with a row for each number, whose operations alternate. Creates their customers.
pub(crate) fn rows(queue: &Queue, numbers: std::ops::Range<u32>) -> String {
    let mut csv = HEADER.to_owned();
    for n in numbers {
        if n % 5 != 0 {
            queue.seed(n);
        }
        let fields = r#"Ada,Obi,+2348123456789,"{""plan"":""gold""}""#;
        match n % 5 {
            0 => writeln!(csv, "create,,row{n}@example.com,{fields},,,,,,"),
            1 => writeln!(csv, "update,CUS_row{n},,{fields},,,,,,"),
            2 => writeln!(csv, "set_risk_action,CUS_row{n},,,,,,deny,,,,,"),
            3 => writeln!(
                csv,
                "validate,CUS_row{n},,Uchenna,Okoro,,,,NG,007,0111111111,222222222221,"
            ),
            _ => writeln!(
                csv,
                "deactivate_authorization,CUS_row{n},,,,,,,,,,,AUTH_row{n}"
            ),
        }
        .unwrap();
    }
    csv
}

/// How often the write of each row took effect, by the journal of a sandbox.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) by_row: HashMap<String, u32>,
    pub(crate) requests: u64,
    pub(crate) reads: u64,
    pub(crate) faults: u64,
    /// Writes of a row after its write took effect, even if they were refused.
    pub(crate) repeats: u64,
}

impl Effects {
    /// Counts the requests since the last call.
    pub(crate) fn count(&mut self, server: &Server) {
        server.with(|sandbox, _| self.count_in(sandbox));
    }

    fn count_in(&mut self, sandbox: &Sandbox) {
        for entry in sandbox.requests() {
            if entry.number <= self.requests {
                continue;
            }
            assert_eq!(entry.number, self.requests + 1, "the journal is too small");
            self.requests = entry.number;
            self.faults += u64::from(entry.fault.is_some());
            if entry.request.method() == "GET" {
                self.reads += 1;
            } else if let Some(row) = row_of(entry) {
                let effects = self.by_row.entry(row).or_default();
                self.repeats += u64::from(*effects > 0);
                *effects += u32::from(entry.took_effect);
            }
        }
    }
}

/// Returns the number in `row17` in a request. A connection that was closed early has no body.
fn row_of(entry: &JournalEntry) -> Option<String> {
    let body = String::from_utf8_lossy(entry.request.body());
    let text = format!("{} {body}", entry.request.uri());
    let (_, rest) = text.split_once("row")?;
    let digits = rest.chars().take_while(char::is_ascii_digit);
    Some(digits.collect())
}
