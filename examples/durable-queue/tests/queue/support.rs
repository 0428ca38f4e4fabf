//! The program, a sandbox and a database for the tests.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use paystack_hyper::{AuthorizationCode, CustomerCode, Email, Mode};
use paystack_sandbox::server::Server;
use paystack_sandbox::{JournalEntry, Sandbox};

pub(crate) const HEADER: &str = "operation,customer,email,first_name,last_name,risk_action,country,bank_code,account_number,bvn,authorization_code\n";

/// A folder that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("durable-queue-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.file(name), text).unwrap();
        self.file(name)
    }

    pub(crate) fn sqlite(&self) -> String {
        format!("sqlite:{}", self.file("queue.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program with a queue and a sandbox.
pub(crate) struct Queue<'a> {
    pub(crate) database: &'a str,
    pub(crate) server: &'a Server,
    pub(crate) key: &'a str,
}

impl Queue<'_> {
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_durable-queue"));
        command.args(["--database", self.database]).args(arguments);
        command.env("PAYSTACK_SECRET_KEY", self.key);
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

    pub(crate) fn enqueue(&self, file: &Path) {
        self.succeed(&["enqueue", file.to_str().unwrap()]);
    }

    /// Starts a worker with short times.
    pub(crate) fn start_worker(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.args(["work", "--live", "--heartbeat", "1", "--settle", "3"]);
        command.stdout(Stdio::null()).spawn().unwrap()
    }
}

/// Seeds a customer with a card for each number. Returns CSV with a row for each, whose operations alternate.
pub(crate) fn rows(server: &Server, numbers: std::ops::Range<u32>) -> String {
    let mut csv = HEADER.to_owned();
    for n in numbers {
        let code = CustomerCode::new(format!("CUS_row{n}")).unwrap();
        let card = AuthorizationCode::new(format!("AUTH_row{n}")).unwrap();
        let email = Email::new(format!("existing{n}@example.com")).unwrap();
        if n % 5 != 0 {
            server.with(|sandbox, now| {
                sandbox.seed_customer(&Mode::Live, &code, &email, now);
                sandbox.seed_authorization(&Mode::Live, &code, &card);
            });
        }
        match n % 5 {
            0 => writeln!(csv, "create,,row{n}@example.com,Ada,Obi,,,,,,"),
            1 => writeln!(csv, "update,CUS_row{n},,Ada,Obi,,,,,,"),
            2 => writeln!(csv, "set_risk_action,CUS_row{n},,,,deny,,,,,"),
            3 => writeln!(
                csv,
                "validate,CUS_row{n},,Uchenna,Okoro,,NG,007,0111111111,222222222221,"
            ),
            _ => writeln!(
                csv,
                "deactivate_authorization,CUS_row{n},,,,,,,,,AUTH_row{n}"
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
            self.reads += u64::from(entry.request.method() == "GET");
            if entry.took_effect {
                *self.by_row.entry(row_of(entry)).or_default() += 1;
            }
        }
    }
}

/// Returns the `row17` in a request.
fn row_of(entry: &JournalEntry) -> String {
    let body = String::from_utf8_lossy(entry.request.body());
    let text = format!("{} {body}", entry.request.uri());
    let rest = text.split_once("row").expect("a request names its row").1;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..digits].to_owned()
}
