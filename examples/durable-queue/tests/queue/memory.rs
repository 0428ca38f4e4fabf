//! The memory of a worker does not depend on the length of its queue.

use std::fmt::Write as _;
use std::time::Duration;

use paystack_sandbox::Sandbox;

use crate::support::{HEADER, Queue};

const ROWS: u32 = 1_000_000;
const LIMIT: u64 = 64 * 1024;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs minutes: `.ci/deep queue`"]
async fn worker_with_a_million_rows_needs_64_mib() {
    let mut queues = vec![Queue::with("memory", Sandbox::new(1)).await];
    if std::env::var("QUEUE_POSTGRES").is_ok() {
        let queue = Queue::with("memory-postgres", Sandbox::new(1)).await;
        queues.push(queue.in_postgres("memory"));
    }
    for queue in queues {
        let mut csv = HEADER.to_owned();
        for n in 0..ROWS {
            writeln!(csv, "create,,row{n}@example.com,Ada,Obi,,,,,,,,").unwrap();
        }
        queue.enqueue(&csv);
        drop(csv);
        let mut worker = queue.start_worker(&[]);
        tokio::time::sleep(Duration::from_secs(45)).await;
        let status = std::fs::read_to_string(format!("/proc/{}/status", worker.id())).unwrap();
        worker.kill().unwrap();
        worker.wait().unwrap();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        let requests = queue.requests();
        let kind = queue.database.split(':').next().unwrap();
        println!(
            "{kind}: {requests} requests, {:.1} MiB at most",
            peak as f64 / 1024.0
        );
        assert!(requests >= 100, "{kind}: {requests} requests");
        assert!(peak <= LIMIT, "{kind}: {peak} KiB");
    }
}
