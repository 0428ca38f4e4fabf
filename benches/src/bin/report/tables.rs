//! The tables, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

use crate::measure::{CLIENTS, CONCURRENCY, COUNTED, CallTimes, Counts, OPERATIONS, Program};

/// Single calls over HTTP/1.1 on this machine.
pub fn call_counts(counts: &Counts) -> String {
    let mut table = String::from(
        "| call | client | ours ÷ it | thousand instructions | allocations | reallocations |\n\
         | --- | --- | ---: | ---: | ---: | ---: |\n",
    );
    for operation in OPERATIONS {
        let ours = counts.of(&format!("calls/{operation}/ours"));
        for client in COUNTED {
            let count = counts.of(&format!("calls/{operation}/{client}"));
            let (ratio, thousands) = (
                ours.instructions / count.instructions,
                count.instructions / 1_000.0,
            );
            let (allocations, reallocations) = (count.allocations, count.reallocations);
            writeln!(
                table,
                "| {operation} | {client} | {ratio:.2} | {thousands:.1} | {allocations:.0} | {reallocations:.0} |"
            )
            .unwrap();
        }
    }
    table
}

pub fn call_times(times: &CallTimes) -> String {
    let mut table = String::from(
        "| call | at once | ours ÷ hand | ours ÷ reqwest | ours ÷ paystack-rs | ours, µs | hand, µs | reqwest, µs | paystack-rs, µs |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for operation in OPERATIONS {
        for concurrency in CONCURRENCY {
            let time = |client| times[&(operation, concurrency, client)];
            let ours = time("ours");
            write!(table, "| {operation} | {concurrency} ").unwrap();
            for client in &CLIENTS[1..] {
                write!(table, "| {:.2} ", ours / time(client)).unwrap();
            }
            for client in CLIENTS {
                write!(table, "| {:.1} ", time(client) / 1_000.0).unwrap();
            }
            table.push_str("|\n");
        }
    }
    table
}

pub fn requests(counts: &Counts) -> String {
    beside_hand(counts, "request/")
}

pub fn responses(counts: &Counts) -> String {
    beside_hand(counts, "read/")
}

fn beside_hand(counts: &Counts, kind: &str) -> String {
    let mut table = String::from(
        "| | ours ÷ hand | ours, instructions | hand, instructions | ours, allocations | hand, allocations |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for name in counts.under(kind) {
        let [ours, hand] =
            ["ours", "hand"].map(|author| counts.of(&format!("{kind}{name}/{author}")));
        writeln!(
            table,
            "| `{name}` | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} |",
            ours.instructions / hand.instructions,
            ours.instructions,
            hand.instructions,
            ours.allocations,
            hand.allocations
        )
        .unwrap();
    }
    table
}

/// The overhead around a request and its response, and around HMAC.
pub fn overhead(counts: &Counts) -> String {
    let mut table = String::from(
        "| | ÷ the first | instructions | allocations |\n| --- | ---: | ---: | ---: |\n",
    );
    for (first, rows) in [
        (
            "call/fetch/parts",
            &[
                ("request and response of a fetch", "call/fetch/parts"),
                ("the same as a `Call`", "call/fetch/call"),
                ("the same as `Client::send`", "call/fetch/client"),
            ][..],
        ),
        (
            "webhook/verify/hmac",
            &[
                ("HMAC-SHA512 of a webhook's body", "webhook/verify/hmac"),
                ("`Verifier::verify` of the webhook", "webhook/verify/ours"),
            ],
        ),
    ] {
        let first = counts.of(first).instructions;
        for (label, name) in rows {
            let count = counts.of(name);
            let (instructions, allocations) = (count.instructions, count.allocations);
            let ratio = instructions / first;
            writeln!(
                table,
                "| {label} | {ratio:.2} | {instructions:.0} | {allocations:.0} |"
            )
            .unwrap();
        }
    }
    table
}

pub fn pages(times: &BTreeMap<String, f64>) -> String {
    let mut table = String::from(
        "| customers | plain ÷ ours | lean ÷ ours | ours, µs | ours, ns a customer | plain, µs | lean, µs | our types, µs |\n\
         | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for customers in [10_u32, 50, 100, 1_000, 10_000] {
        let time = |author| times[&format!("page/{customers}/{author}")];
        let [ours, hand, lean, types] = ["ours", "hand", "lean", "our-types"].map(time);
        writeln!(
            table,
            "| {customers} | {:.2} | {:.2} | {:.1} | {:.0} | {:.1} | {:.1} | {:.1} |",
            hand / ours,
            lean / ours,
            ours / 1_000.0,
            ours / f64::from(customers),
            hand / 1_000.0,
            lean / 1_000.0,
            types / 1_000.0
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
