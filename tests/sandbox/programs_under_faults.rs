//! The programs of the guide meet each fault of the sandbox: they end, never write twice, and recover.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use paystack_sandbox::{Fault, PageFormat, Sandbox, server::Server};
use paystack_transport::Mode;
use time::macros::datetime;
use tokio::task::JoinSet;

/// The faults of requests. Each affects two requests.
fn faults() -> Vec<Fault> {
    let faults = [
        Fault::status(StatusCode::IM_A_TEAPOT).body("short and stout"),
        Fault::rate_limited().retry_after(Duration::from_secs(1)),
        Fault::server_error(StatusCode::INTERNAL_SERVER_ERROR),
        Fault::server_error(StatusCode::BAD_GATEWAY).processed(),
        Fault::cloudflare(StatusCode::FORBIDDEN, PageFormat::Html),
        Fault::cloudflare(StatusCode::TOO_MANY_REQUESTS, PageFormat::ProblemJson),
        Fault::cloudflare(StatusCode::from_u16(524).unwrap(), PageFormat::Html),
        Fault::delay(Duration::from_millis(20)),
        Fault::truncated(),
        Fault::garbage(),
        Fault::gzip(),
        Fault::connection_closed(),
        Fault::request_lost(),
        Fault::answer_lost(),
    ];
    faults.map(|fault| fault.times(2)).into()
}

/// Returns the operations that are not safe to repeat, and that took effect.
fn writes(server: &Server) -> Vec<&'static str> {
    server.with(|sandbox, _| {
        let effective = sandbox.requests().filter(|entry| entry.took_effect);
        let operations = effective.filter_map(|entry| entry.operation);
        let once = |name: &&str| matches!(*name, "customers.create" | "customers.validate");
        operations.filter(once).collect()
    })
}

/// Runs the quickstart against a sandbox with a fault, after this many requests without.
async fn run_quickstart(fault: Fault, spared: u64) {
    let server = Server::start(Sandbox::new(1), 0).await.unwrap();
    server.with(|sandbox, _| sandbox.inject(fault.clone().after(spared)).unwrap());
    let mut quickstart = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    quickstart
        .env("PAYSTACK_SECRET_KEY", "sk_test_quickstart")
        .env("PAYSTACK_BASE_URL", server.url());
    let output = tokio::task::spawn_blocking(move || quickstart.output().unwrap());
    let output = output.await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code().is_some(), "{fault:?}: {errors}");
    assert!(!errors.contains("panicked"), "{fault:?}: {errors}");
    assert_eq!(
        output.status.success(),
        errors.is_empty(),
        "{fault:?}: {errors}"
    );
    let hits = server.with(|sandbox, _| sandbox.faults().next().unwrap().hits);
    assert!(hits > 0, "{fault:?} had no effect");
    let mut writes = writes(&server);
    let count = writes.len();
    writes.sort_unstable();
    writes.dedup();
    assert_eq!(writes.len(), count, "{fault:?} wrote twice");
}

#[tokio::test]
async fn quickstart_ends_and_never_writes_twice_under_each_fault() {
    // The programs mostly wait, so all run at once.
    let mut programs = JoinSet::new();
    for fault in faults() {
        for spared in [0, 3] {
            programs.spawn(run_quickstart(fault.clone(), spared));
        }
    }
    programs.join_all().await;
}

/// Exports the customers of a server. Returns whether the export succeeded.
async fn export(server: &Server, file: &Path, arguments: &[&str]) -> bool {
    let mut export = Command::new(env!("CARGO_BIN_EXE_export"));
    export
        .env_remove("PAYSTACK_SECRET_KEY")
        .args(["--base-url", &server.url(), "--per-page", "10"])
        .args(arguments)
        .arg(file);
    let output = tokio::task::spawn_blocking(move || export.output().unwrap());
    let output = output.await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!errors.contains("panicked"), "{errors}");
    output.status.success()
}

/// Starts a sandbox with 60 customers.
async fn server() -> Server {
    let builder = Server::builder().allow_live_keys();
    let server = builder.start(Sandbox::new(1)).await.unwrap();
    server.with(|sandbox, _| {
        sandbox.seed_customers(&Mode::Live, 60, datetime!(2026-01-01 0:00 UTC));
    });
    server
}

/// Exports from a sandbox with a fault, and resumes twice at most.
async fn export_under(fault: Fault, file: PathBuf, expected: Arc<[u8]>) {
    let server = server().await;
    server.with(|sandbox, _| sandbox.inject(fault.clone().after(2)).unwrap());
    let mut is_complete = export(&server, &file, &[]).await;
    for _ in 0..2 {
        assert_eq!(file.exists(), is_complete, "{fault:?}");
        is_complete = is_complete || export(&server, &file, &["--resume"]).await;
    }
    assert_eq!(std::fs::read(&file).unwrap(), *expected, "{fault:?}");
    let hits = server.with(|sandbox, _| sandbox.faults().next().unwrap().hits);
    assert!(hits > 0, "{fault:?} had no effect");
}

#[tokio::test]
async fn export_as_csv_keeps_odd_fields() {
    let server = server().await;
    let odd = r#"{"status":true,"message":"","data":[{"id":"7","customer_code":"CUS_x",
        "email":"ada@example.com","createdAt":"yesterday","identified":"yes","metadata":{"n":1.00}}],
        "meta":{"next":null,"previous":null,"perPage":10}}"#;
    let fault = Fault::status(StatusCode::OK).body(odd);
    server.with(|sandbox, _| sandbox.inject(fault.on("customers.list")).unwrap());
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("odd.csv");
    let _ = std::fs::remove_file(&file);
    assert!(export(&server, &file, &["--csv"]).await);
    let csv = std::fs::read_to_string(&file).unwrap();
    let row = csv.lines().nth(1).unwrap();
    assert_eq!(
        row,
        r#"7,CUS_x,ada@example.com,,,,,"{""n"":1.00}",yesterday,"#
    );
}

#[tokio::test]
async fn export_is_complete_or_resumable_under_each_fault() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("export_under_faults");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let whole = folder.join("whole.jsonl");
    assert!(export(&server().await, &whole, &[]).await);
    let expected = Arc::from(std::fs::read(whole).unwrap());
    let mut programs = JoinSet::new();
    for (number, fault) in faults().into_iter().enumerate() {
        let file = folder.join(format!("{number}.jsonl"));
        programs.spawn(export_under(fault, file, Arc::clone(&expected)));
    }
    programs.join_all().await;
}
