//! The tables, as Markdown.

use std::fmt::Write;
use std::process::Command;

use crate::measure::Program;

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
