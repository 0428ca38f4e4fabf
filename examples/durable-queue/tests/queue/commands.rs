//! What the commands print, refuse and keep.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use paystack_sandbox::{Fault, Sandbox};
use sqlx::Connection as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::{HEADER, Queue, rows, signal};

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_keep_the_message_and_can_be_retried() {
    let queue = Queue::new("refused").await;
    queue.enqueue(&format!(
        "{HEADER}set_risk_action,CUS_row2,,,,,,deny,,,,,\ncreate,,ada@example.com,Ada,,,,,,,,,\n"
    ));
    assert_eq!(
        queue.work(&[]),
        "0 waiting, 0 under way or unknown, 1 done, 1 failed\n\
         rows.csv line 2: customers.set_risk_action: 404 api_error/customer_not_found: Customer not found \
         (Ensure that the customer code or email belongs to this integration); the request was not processed\n"
    );
    queue.seed(2);
    assert_eq!(queue.succeed(&["retry"]), "1 rows are in the queue again\n");
    queue.work(&[]);
    let status = queue.succeed(&["status", "--json"]);
    assert_eq!(
        status,
        "{\"waiting\":0,\"sent\":0,\"done\":2,\"failed\":0}\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_queues_all_failed_rows() {
    let queue = Queue::new("retry").await;
    queue.enqueue(&rows(&queue, 0..1_001));
    let mut database = sqlx::SqliteConnection::connect(&queue.database)
        .await
        .unwrap();
    let fail = "UPDATE paystack_rows SET state = 'failed'";
    sqlx::query(fail).execute(&mut database).await.unwrap();
    assert_eq!(
        queue.succeed(&["retry"]),
        "1001 rows are in the queue again\n"
    );
    assert_eq!(
        queue.succeed(&["status"]),
        "1001 waiting, 0 under way or unknown, 0 done, 0 failed\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_key_stops_the_worker_and_fails_no_row() {
    let queue = Queue::new("key").await;
    let refusal = r#"{"status":false,"message":"Invalid key"}"#;
    queue.inject(Fault::status(paystack_hyper::http::StatusCode::UNAUTHORIZED).body(refusal));
    queue.enqueue(&rows(&queue, 0..5));
    assert!(queue.fail(&["work"]).contains("add --live"));
    assert!(!queue.worker(&[]).status().unwrap().success());
    assert_eq!(
        queue.succeed(&["status"]),
        "5 waiting, 0 under way or unknown, 0 done, 0 failed\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn untrusted_certificate_stops_the_worker_and_fails_no_row() {
    let queue = Queue::new("certificate").await;
    queue.enqueue(&rows(&queue, 0..5));
    let mut worker = queue.worker(&[]);
    worker.env("PAYSTACK_BASE_URL", untrusted_server().await);
    let output = worker.stderr(Stdio::piped()).output().unwrap();
    assert!(!output.status.success());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(
        errors.contains("untrusted certificate; check the clock"),
        "{errors}"
    );
    assert_eq!(
        queue.succeed(&["status"]),
        "5 waiting, 0 under way or unknown, 0 done, 0 failed\n"
    );
}

/// Starts a server with a certificate of its own, and returns its URL.
async fn untrusted_server() -> String {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(default_provider().into());
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth();
    let config = config.with_single_cert(vec![certified.cert.into()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(acceptor.accept(stream));
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test(flavor = "multi_thread")]
async fn new_row_is_due_by_any_clock() {
    let queue = Queue::new("due").await;
    queue.enqueue(&rows(&queue, 0..5));
    let mut database = sqlx::SqliteConnection::connect(&queue.database)
        .await
        .unwrap();
    let select = "SELECT MAX(run_at) FROM Jobs";
    let due: (i64,) = sqlx::query_as(select)
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(due, (0,));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_worker_finishes_the_calls_under_way() {
    for name in ["-INT", "-TERM"] {
        let queue = Queue::new(&format!("interrupt{name}")).await;
        queue.inject(Fault::delay(Duration::from_secs(1)));
        queue.enqueue(&rows(&queue, 0..100));
        let mut worker = queue.start_worker(&["--calls", "8", "--settle", "60"]);
        queue.received(8).await;
        signal(&worker, name);
        assert_eq!(worker.wait().unwrap().code(), Some(130));
        let status = queue.succeed(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&status).unwrap();
        let writes = queue.server.with(|sandbox, _| sandbox.writes());
        // A row that waits for its check is `sent`.
        let written = status["done"].as_u64().unwrap() + status["sent"].as_u64().unwrap();
        assert_eq!((written, status["failed"].as_u64()), (writes, Some(0)));
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_worker_drops_calls_that_wait_for_the_limit() {
    let queue = Queue::new("interrupt-limit").await;
    let limited = Fault::rate_limited().retry_after(Duration::from_secs(60));
    queue.inject(limited.times(1));
    queue.enqueue(&rows(&queue, 0..5));
    let mut worker = queue.start_worker(&["--calls", "1"]);
    queue.received(1).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    signal(&worker, "-INT");
    let stopped = tokio::task::spawn_blocking(move || worker.wait().unwrap().code());
    let stopped = tokio::time::timeout(Duration::from_secs(20), stopped).await;
    assert_eq!(stopped.unwrap().unwrap(), Some(130));
    assert_eq!(queue.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_output_stops_the_worker() {
    let queue = Queue::new("closed").await;
    queue.enqueue(&rows(&queue, 0..5));
    let mut worker = queue.worker(&[]);
    let mut worker = worker.stdout(Stdio::piped()).spawn().unwrap();
    drop(worker.stdout.take());
    let stopped = tokio::task::spawn_blocking(move || worker.wait().unwrap().code());
    let stopped = tokio::time::timeout(Duration::from_secs(20), stopped).await;
    assert_eq!(stopped.unwrap().unwrap(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_printed_as_text_or_json() {
    let queue = Queue::new("progress").await;
    for (number, arguments) in [&[][..], &["--json"]].iter().enumerate() {
        let number = u32::try_from(number).unwrap();
        let csv = rows(&queue, number * 10..number * 10 + 10);
        let file = queue.write(&format!("{number}.csv"), &csv);
        queue.succeed(&["enqueue", "--live", &file]);
        let output = queue.worker(arguments).stdout(Stdio::piped()).output();
        let output = String::from_utf8(output.unwrap().stdout).unwrap();
        let (first, last) = (output.lines().next(), output.lines().last());
        let (first, last) = (first.unwrap(), last.unwrap());
        if arguments.is_empty() {
            assert_eq!(first, "0 done, 0 failed, 10 to go, 0.0 rows/s");
            assert!(last.starts_with("10 done, 0 failed, 0 to go, "), "{last}");
            assert!(last.ends_with(" rows/s, 0s left"), "{last}");
        } else {
            let json = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
            let expected = serde_json::json!({
                "waiting": 10, "sent": 0, "done": 10, "failed": 0, "per_second": 0.0, "seconds_left": null,
            });
            assert_eq!(json(first), expected);
            assert_eq!(
                (&json(last)["done"], &json(last)["waiting"]),
                (&20.into(), &0.into())
            );
            assert!(json(last)["per_second"].as_f64() > Some(0.0));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn options_below_the_minimum_are_refused() {
    let queue = Queue::with("minimum", Sandbox::new(1)).await;
    for option in ["--calls", "--settle", "--heartbeat"] {
        queue.fail(&["work", "--live", option, "0"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_finished_rows_is_erased() {
    let queue = Queue::new("erased").await;
    queue.enqueue(&rows(&queue, 0..50));
    let contains_data = || {
        let database = std::fs::read(queue.folder.file("queue.db")).unwrap();
        database.windows(10).any(|bytes| bytes == b"+234812345")
    };
    assert!(contains_data());
    queue.work(&[]);
    assert!(!contains_data());
    assert!(!queue.folder.file("queue.db-wal").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn database_is_read_from_the_environment() {
    let queue = Queue::new("environment").await;
    let status = |url: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_durable-queue"));
        command.arg("status").env("DATABASE_URL", url);
        let output = command
            .current_dir(queue.folder.file("."))
            .output()
            .unwrap();
        assert!(output.status.success());
    };
    for (url, file) in [
        ("sqlite:one.db", "one.db"),
        ("sqlite://a%20b.db", "a%20b.db"),
    ] {
        status(url);
        assert!(queue.folder.file(file).exists(), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_may_create_the_database_at_once() {
    Queue::new("create").await.create();
}
