//! The tables, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use crate::measure::{CLIENTS, CONCURRENCY, CallTimes, OPERATIONS, Program};

pub fn call_times(times: &CallTimes) -> String {
    let mut table = String::from(
        "| call | at once | ours, µs | ÷ hand | ÷ reqwest | ÷ paystack-rs |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for operation in OPERATIONS {
        for concurrency in CONCURRENCY {
            let time = |client| times[&(operation, concurrency, client)];
            let ours = time("ours");
            let microseconds = ours / 1_000.0;
            write!(table, "| {operation} | {concurrency} | {microseconds:.1} ").unwrap();
            for client in &CLIENTS[1..] {
                write!(table, "| {:.2} ", ours / time(client)).unwrap();
            }
            table.push_str("|\n");
        }
    }
    table
}

pub fn pages(times: &BTreeMap<String, f64>) -> String {
    let mut table = String::from(
        "| customers | ours, µs | ours, ns a customer | ÷ plain | ÷ lean |\n\
         | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for customers in [10_u32, 50, 100, 1_000, 10_000] {
        let time = |author| times[&format!("page/{customers}/{author}")];
        let [ours, hand, lean] = ["ours", "hand", "lean"].map(time);
        writeln!(
            table,
            "| {customers} | {:.1} | {:.0} | {:.2} | {:.2} |",
            ours / 1_000.0,
            ours / f64::from(customers),
            ours / hand,
            ours / lean
        )
        .unwrap();
    }
    let [owned, borrowed] = ["owned", "borrowed"].map(|how| times[&format!("decode/1000/{how}")]);
    writeln!(
        table,
        "\n`reply.decode` of a page of 1,000: {:.1} µs into owned types, {:.1} µs into borrowed ones, {:.2} times as fast.",
        owned / 1_000.0,
        borrowed / 1_000.0,
        owned / borrowed
    )
    .unwrap();
    table
}

pub fn programs(programs: &[Program]) -> String {
    let mut table = String::from(
        "| program | crates | cold release build, s | stripped, MiB |\n| --- | ---: | ---: | ---: |\n",
    );
    for program in programs {
        writeln!(
            table,
            "| {} | {} | {:.0} | {:.2} |",
            program.name,
            program.crates,
            program.seconds,
            program.bytes as f64 / 1_048_576.0
        )
        .unwrap();
    }
    table
}

/// The date, the machine and the versions.
pub fn machine() -> String {
    let output_of = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let lock = include_str!("../../../Cargo.lock");
    let version = |name: &str| {
        let entry = format!("name = \"{name}\"\nversion = \"");
        // The lock file lists two versions of reqwest, because paystack-rs needs an older one. The newer is last.
        let (_, rest) = lock.rsplit_once(&entry).unwrap();
        rest.split('"').next().unwrap()
    };
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = processor.map_or("unknown", |(_, model)| model);
    let cores = std::thread::available_parallelism().unwrap();
    let versions: Vec<_> = [
        "hyper",
        "hyper-util",
        "tokio",
        "serde_json",
        "reqwest",
        "paystack-rs",
    ]
    .iter()
    .map(|name| format!("{name} {}", version(name)))
    .collect();
    format!(
        "{} on {processor}, {cores} cores, {}; {}; {}.\n",
        output_of("date", &["-u", "+%Y-%m-%d"]),
        output_of("uname", &["-sm"]),
        output_of("rustc", &["--version"]),
        versions.join(", ")
    )
}
