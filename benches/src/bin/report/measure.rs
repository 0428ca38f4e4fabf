//! Runs the other programs and measures them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use paystack_benches::rows;

const CLIENTS: [&str; 4] = ["ours", "hand", "reqwest", "paystack-rs"];
pub const OPERATIONS: [&str; 3] = ["fetch", "create", "list"];
const PROGRAMS: [&str; 3] = ["ours", "reqwest", "paystack-rs"];

/// The cost of one run.
#[derive(Clone, Copy)]
pub struct Count {
    pub instructions: f64,
    pub allocations: f64,
}

/// The counts by name: the name of a row, or `calls/fetch/ours`.
pub struct Counts(BTreeMap<String, Count>);

impl Counts {
    pub fn take() -> Self {
        let server = Canned::start();
        let calls = OPERATIONS.iter().flat_map(|operation| {
            let url = &server.url;
            CLIENTS.iter().map(move |client| {
                let run = |times: u32| {
                    let mut command = beside("calls");
                    command.args([client, operation]).arg(times.to_string());
                    command.args(["1", url]);
                    command
                };
                let times = if *operation == "list" { 200 } else { 500 };
                (format!("calls/{operation}/{client}"), count(run, times))
            })
        });
        let rows = rows::all().into_iter().map(|row| {
            let run = |times: u32| {
                let mut command = beside("row");
                command.args([&row.name, &times.to_string()]);
                command
            };
            let count = count(run, times_of(&row.name) / 100);
            (row.name, count)
        });
        Self(calls.chain(rows).collect())
    }

    pub fn of(&self, name: &str) -> Count {
        self.0[name]
    }

    /// The counts of the rows `request/customers.create/ours`, for each operation.
    pub fn of_each_operation(&self, kind: &str, author: &str) -> Vec<Count> {
        let (prefix, suffix) = (format!("{kind}/"), format!("/{author}"));
        let counts = self
            .0
            .iter()
            .filter(|(name, _)| name.starts_with(&prefix) && name.ends_with(&suffix));
        let counts: Vec<_> = counts.map(|(_, count)| *count).collect();
        assert_eq!(counts.len(), 14, "rows {prefix}*{suffix}");
        counts
    }
}

/// Counts one run with callgrind and with the counting allocator.
fn count(run: impl Fn(u32) -> Command, times: u32) -> Count {
    let times = times.max(2);
    let (few, many) = (times, 3 * times);
    let difference = collected(run(many)) - collected(run(few));
    let printed = printed(run(many));
    Count {
        instructions: difference / f64::from(many - few),
        allocations: printed[1],
    }
}

/// Returns the number of instructions that a program executes.
fn collected(command: Command) -> f64 {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(command.get_program())
        .args(command.get_args());
    let output = valgrind.output().expect("valgrind");
    let report = String::from_utf8(output.stderr).unwrap();
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    collected.expect(&report).1.trim().parse().unwrap()
}

fn printed(mut command: Command) -> Vec<f64> {
    let output = command.output().unwrap();
    let line = String::from_utf8(output.stdout).unwrap();
    let numbers = line
        .split_whitespace()
        .map(|number| number.parse().unwrap());
    numbers.collect()
}

/// Returns the number of runs that last some tenths of a second.
fn times_of(row: &str) -> u32 {
    let customers = row.split('/').nth(1).and_then(|size| size.parse().ok());
    customers.map_or(20_000, |customers: u32| 400_000 / customers)
}

pub struct Program {
    pub name: &'static str,
    pub crates: usize,
    pub seconds: f64,
    pub bytes: u64,
}

/// Builds each program of ten lines from scratch.
pub fn programs() -> Vec<Program> {
    let build = |name: &'static str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("programs")
            .join(name);
        let cargo = |arguments: &[&str]| {
            let mut cargo = Command::new("cargo");
            cargo.args(arguments).current_dir(&folder);
            let output = cargo.output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{errors}");
            String::from_utf8(output.stdout).unwrap()
        };
        // Download everything and remove the last build, so that only the build is timed.
        cargo(&["fetch", "--locked"]);
        let target = folder.join("target");
        let _ = fs::remove_dir_all(&target);
        let tree = [
            "tree",
            "--locked",
            "-e",
            "normal,build",
            "--prefix",
            "none",
            "--no-dedupe",
        ];
        let tree = cargo(&tree);
        let crates: std::collections::BTreeSet<_> = tree
            .lines()
            .filter_map(|line| line.split(" (").next())
            .collect();
        let started = Instant::now();
        cargo(&["build", "--locked", "--release"]);
        let seconds = started.elapsed().as_secs_f64();
        let bytes = fs::metadata(target.join("release/program")).unwrap().len();
        let _ = fs::remove_dir_all(&target);
        Program {
            name,
            crates: crates.len(),
            seconds,
            bytes,
        }
    };
    PROGRAMS.into_iter().map(build).collect()
}

/// Runs the benchmark over a far line. Returns its tables, and whether all ratios are within the limit.
pub fn far() -> (String, bool) {
    let authority = std::env::temp_dir().join(format!("authority-{}.pem", std::process::id()));
    let mut command = beside("far");
    // Set for this program only: cargo reads the variable as well.
    command.env("SSL_CERT_FILE", &authority);
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let _ = fs::remove_file(authority);
    let tables = String::from_utf8(output.stdout).unwrap();
    assert!(!tables.is_empty(), "the program must print the tables");
    (tables, output.status.success())
}

/// Runs the benchmark of the sandbox. Returns its table.
pub fn sandbox() -> String {
    let output = beside("sandbox").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The server. Killed on drop.
struct Canned {
    server: Child,
    url: String,
}

impl Canned {
    fn start() -> Self {
        let mut command = beside("canned");
        let mut server = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut url = String::new();
        let stdout = server.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        Self {
            server,
            url: url.trim().to_owned(),
        }
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Returns a command for another program of this package.
fn beside(name: &str) -> Command {
    let this = std::env::current_exe().unwrap();
    let folder: PathBuf = this.parent().unwrap().into();
    Command::new(folder.join(name))
}
