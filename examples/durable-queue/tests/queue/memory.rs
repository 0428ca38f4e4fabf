//! The memory of a worker does not depend on the length of its queue.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

use paystack_sandbox::Sandbox;
use paystack_sandbox::server::Server;

use crate::support::{Folder, HEADER, Queue};

const ROWS: u32 = 1_000_000;
const LIMIT: u64 = 64 * 1024;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs minutes: `.ci/deep queue`"]
async fn worker_with_a_million_rows_needs_64_mib() {
    let folder = Folder::new("memory");
    let mut file = BufWriter::new(File::create(folder.file("rows.csv")).unwrap());
    file.write_all(HEADER.as_bytes()).unwrap();
    for n in 0..ROWS {
        writeln!(file, "create,,row{n}@example.com,Ada,Obi,,,,,,").unwrap();
    }
    file.into_inner().unwrap();
    let server = Server::builder()
        .allow_live_keys()
        .start(Sandbox::new(1))
        .await
        .unwrap();
    let postgres = std::env::var("QUEUE_POSTGRES").map(|url| url.replace("NAME", "memory"));
    for database in [Some(folder.sqlite()), postgres.ok()].into_iter().flatten() {
        let queue = Queue {
            database: &database,
            server: &server,
            key: "sk_live_memory",
        };
        queue.enqueue(&folder.file("rows.csv"));
        let before = server.with(|sandbox, _| sandbox.requests().count());
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
        let requests = server.with(|sandbox, _| sandbox.requests().count()) - before;
        let kind = database.split(':').next().unwrap();
        println!(
            "{kind}: {requests} requests, {:.1} MiB at most",
            peak as f64 / 1024.0
        );
        assert!(requests >= 100, "{kind}: {requests} requests");
        assert!(peak <= LIMIT, "{kind}: {peak} KiB");
    }
}
