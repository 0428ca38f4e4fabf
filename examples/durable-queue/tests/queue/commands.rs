//! What the commands print, refuse and keep.

use std::time::Duration;

use paystack_sandbox::server::Server;
use paystack_sandbox::{Fault, Sandbox};

use crate::support::{Folder, HEADER, Queue, rows};

async fn sandbox() -> Server {
    let server = Server::builder().allow_live_keys();
    server
        .start(Sandbox::new(1).without_rate_limits())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_rows_are_listed_and_nothing_is_queued() {
    let (folder, server) = (Folder::new("wrong"), sandbox().await);
    let queue = Queue {
        database: &folder.sqlite(),
        server: &server,
        key: "sk_test_any",
    };
    let csv = format!(
        "{HEADER}create,,ada@example.com,Ada,,,,,,,\ncreate,,secret.example.com,,,,,,,,\n\
         \"update\",CUS_a,,\"two\nlines\",,,,,,,\nset_risk_action,CUS_a,,,,forbid,,,,,\nrefund,CUS_a,,,,,,,,,\n"
    );
    let file = folder.write("rows.csv", &csv);
    let output = queue.run(&["enqueue", file.to_str().unwrap()]);
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "durable-queue: nothing was queued: 3 rows are wrong\n  \
         line 3: e-mail address must contain exactly one `@`\n  \
         line 6: `risk_action` must be default, allow or deny\n  \
         line 7: `operation` must be create, update, set_risk_action, validate or deactivate_authorization\n"
    );
    let status = queue.succeed(&["status", "--json"]);
    assert_eq!(
        status,
        "{\"waiting\":0,\"sent\":0,\"done\":0,\"failed\":0}\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_keep_the_message_and_can_be_retried() {
    let (folder, server) = (Folder::new("refused"), sandbox().await);
    let queue = Queue {
        database: &folder.sqlite(),
        server: &server,
        key: "sk_live_refused",
    };
    let csv = format!(
        "{HEADER}set_risk_action,CUS_row2,,,,deny,,,,,\ncreate,,ada@example.com,Ada,,,,,,,\n"
    );
    queue.enqueue(&folder.write("rows.csv", &csv));
    assert!(queue.start_worker(&[]).wait().unwrap().success());
    let status = queue.succeed(&["status"]);
    assert_eq!(
        status,
        "0 waiting, 0 under way or unknown, 1 done, 1 failed\n\
         rows.csv line 2: customers.set_risk_action: 404 api_error/customer_not_found: Customer not found \
         (Ensure that the customer code or email belongs to this integration.); the request was not processed\n"
    );
    rows(&server, 2..3); // creates the customer
    assert_eq!(queue.succeed(&["retry"]), "1 rows are in the queue again\n");
    assert!(queue.start_worker(&[]).wait().unwrap().success());
    let status = queue.succeed(&["status", "--json"]);
    assert_eq!(
        status,
        "{\"waiting\":0,\"sent\":0,\"done\":2,\"failed\":0}\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_key_stops_the_worker_and_fails_no_row() {
    let (folder, server) = (
        Folder::new("key"),
        Server::start(Sandbox::new(1), 0).await.unwrap(),
    );
    let queue = Queue {
        database: &folder.sqlite(),
        server: &server,
        key: "sk_live_refused",
    };
    queue.enqueue(&folder.write("rows.csv", &rows(&server, 0..5)));
    assert!(
        !queue.run(&["work"]).status.success(),
        "a live key needs --live"
    );
    assert!(!queue.start_worker(&[]).wait().unwrap().success());
    let status = queue.succeed(&["status"]);
    assert_eq!(
        status,
        "5 waiting, 0 under way or unknown, 0 done, 0 failed\n"
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_worker_finishes_the_calls_under_way() {
    let (folder, server) = (Folder::new("interrupt"), sandbox().await);
    server.with(|sandbox, _| sandbox.inject(Fault::delay(Duration::from_secs(1))));
    let queue = Queue {
        database: &folder.sqlite(),
        server: &server,
        key: "sk_live_interrupt",
    };
    queue.enqueue(&folder.write("rows.csv", &rows(&server, 0..100)));
    let mut worker = queue.start_worker(&["--calls", "8"]);
    while server.with(|sandbox, _| sandbox.requests().count()) < 8 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let id = worker.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &id])
        .status()
        .unwrap();
    assert_eq!(worker.wait().unwrap().code(), Some(130));
    let requests = server.with(|sandbox, _| sandbox.requests().count());
    let status = queue.succeed(&["status"]);
    let expected = format!(
        "{} waiting, 0 under way or unknown, {requests} done, 0 failed\n",
        100 - requests
    );
    assert_eq!(status, expected);
}
