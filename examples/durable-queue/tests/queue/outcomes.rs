//! The states of rows after replies and faults that leave something open.

use std::time::Duration;

use paystack_hyper::http::StatusCode;
use paystack_sandbox::Fault;
use sqlx::Connection as _;

use crate::support::{HEADER, Queue, signal};

/// The documented reply of a creation, which has no names.
const CREATED: &str = r#"{"status":true,"message":"Customer created","data":{"email":"customer@email.com",
    "integration":100032,"domain":"test","customer_code":"CUS_xnxdt6s1zg1f4nx","id":1173,"identified":false,
    "identifications":null,"createdAt":"2016-03-29T20:03:09.584Z","updatedAt":"2016-03-29T20:03:09.584Z"}}"#;

const DONE: &str = "0 waiting, 0 under way or unknown, 1 done, 0 failed\n";
const FAILED: &str = "0 waiting, 0 under way or unknown, 0 done, 1 failed\nrows.csv line 2: ";

/// Returns the customer `CUS_row1`, without a list of authorizations.
fn customer() -> String {
    let data = r#"{"id":1,"customer_code":"CUS_row1","email":"existing1@example.com"}"#;
    format!(r#"{{"status":true,"message":"Customer retrieved","data":{data}}}"#)
}

/// Returns a queue with one row, and the customer `CUS_row1`.
async fn queue(name: &str, row: &str) -> Queue {
    let queue = Queue::new(name).await;
    queue.seed(1);
    queue.enqueue(&format!("{HEADER}{row}\n"));
    queue
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_with_the_documented_reply_is_done() {
    let row = r#"create,,ada@example.com,Ada,Obi,+234812,"{""plan"":""gold""}",,,,,,"#;
    let queue = queue("documented", row).await;
    let reply = Fault::status(StatusCode::OK).body(CREATED).processed();
    queue.inject(reply.on("customers.create"));
    assert_eq!(queue.work(&[]), DONE);
    assert_eq!(queue.requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_of_a_customer_with_another_phone_fails() {
    let queue = queue("phone", "create,,existing1@example.com,,,+234812,,,,,,,").await;
    let status = queue.work(&[]);
    let message = "customers.create: the customer existed before, and has other values; Paystack changed nothing\n";
    assert_eq!(status, format!("{FAILED}{message}"));

    // The same after a reply that does not decode.
    let reply = Fault::status(StatusCode::OK).body(r#"{"status":true,"message":"","data":7}"#);
    queue.inject(reply.processed().on("customers.create"));
    queue.succeed(&["retry"]);
    assert_eq!(queue.work(&[]), status);
}

#[tokio::test(flavor = "multi_thread")]
async fn deactivation_of_an_unlisted_authorization_fails() {
    let queue = queue(
        "unlisted",
        "deactivate_authorization,CUS_row1,,,,,,,,,,,AUTH_row2",
    )
    .await;
    queue.seed(2);
    let status = queue.work(&[]);
    let message =
        "customers.deactivate_authorization: the customer does not have this authorization\n";
    assert_eq!(status, format!("{FAILED}{message}"));
    assert_eq!(queue.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn absent_authorizations_prove_no_deactivation() {
    let queue = queue(
        "absent",
        "deactivate_authorization,CUS_row1,,,,,,,,,,,AUTH_row1",
    )
    .await;
    queue.inject(Fault::request_lost().on("writes").times(1));
    let fetched = Fault::status(StatusCode::OK).body(customer());
    queue.inject(fetched.on("reads").after(1).times(1));
    assert_eq!(queue.work(&["--settle", "1"]), DONE);
    assert_eq!(queue.server.with(|sandbox, _| sandbox.writes()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rate_limit_after_an_unknown_outcome_keeps_it() {
    // Another person: Paystack accepts the validation, but the customer is never identified.
    let row = "validate,CUS_row1,,Ada,Obi,,,,NG,007,0111111111,222222222221,";
    let queue = queue("limited", row).await;
    queue.inject(Fault::answer_lost().on("writes").times(1));
    let limited = Fault::rate_limited().retry_after(Duration::from_secs(1));
    queue.inject(limited.on("writes").times(1));
    assert_eq!(queue.work(&["--settle", "1"]), DONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_with_a_refused_check_fails_and_is_checked_by_retry() {
    let queue = queue("refused-check", "set_risk_action,CUS_row1,,,,,,deny,,,,,").await;
    queue.inject(Fault::answer_lost().on("writes").times(1));
    let refusal = r#"{"status":false,"message":"Not allowed"}"#;
    let refused = Fault::status(StatusCode::FORBIDDEN).body(refusal);
    queue.inject(refused.on("reads").times(1));
    let status = queue.work(&[]);
    let message = "customers.set_risk_action: unknown outcome; the check failed: customers.fetch: 403: Not allowed";
    assert!(
        status.starts_with(&format!("{FAILED}{message}")),
        "{status}"
    );
    queue.succeed(&["retry"]);
    assert_eq!(queue.work(&[]), DONE);
    assert_eq!(queue.server.with(|sandbox, _| sandbox.writes()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn outcome_survives_an_error_of_the_database() {
    let queue = queue("database", "set_risk_action,CUS_row1,,,,,,deny,,,,,").await;
    queue.inject(Fault::delay(Duration::from_secs(1)));
    let mut worker = queue.start_worker(&[]);
    queue.received(1).await;
    let mut database = sqlx::SqliteConnection::connect(&queue.database)
        .await
        .unwrap();
    for rename in [
        "paystack_rows RENAME TO hidden",
        "hidden RENAME TO paystack_rows",
    ] {
        let rename = sqlx::AssertSqlSafe(format!("ALTER TABLE {rename}"));
        sqlx::query(rename).execute(&mut database).await.unwrap();
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    assert!(worker.wait().unwrap().success());
    assert_eq!(queue.succeed(&["status"]), DONE);
    assert_eq!(queue.requests(), 1);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn outcome_of_a_frozen_worker_counts() {
    let queue = queue("frozen", "set_risk_action,CUS_row1,,,,,,deny,,,,,").await;
    queue.inject(Fault::delay(Duration::from_millis(500)).on("writes"));
    queue.inject(Fault::server_error(StatusCode::SERVICE_UNAVAILABLE).on("reads"));
    let mut frozen = queue.start_worker(&["--settle", "60"]);
    queue.received(1).await;
    signal(&frozen, "-STOP");
    let mut other = queue.start_worker(&["--settle", "60"]);
    queue.received(4).await; // with three attempts of a check
    tokio::time::sleep(Duration::from_secs(1)).await;
    signal(&frozen, "-CONT");
    assert!(frozen.wait().unwrap().success());
    assert!(other.wait().unwrap().success());
    assert_eq!(queue.succeed(&["status"]), DONE);
}
