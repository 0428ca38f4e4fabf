//! Programs that are killed at random points, while the sandbox loses requests and responses.

use std::collections::BTreeMap;
use std::time::Duration;

use paystack_hyper::http::StatusCode;
use paystack_sandbox::Fault;

use crate::support::{Effects, Queue, rows};

/// The rows that each round adds.
const ROWS: u32 = 20;

/// An identification needs two seconds, so that a check shows it by then.
const SETTLE: [&str; 2] = ["--settle", "5"];

#[tokio::test(flavor = "multi_thread")]
async fn killed_sqlite_worker_writes_each_row_once() {
    kill_workers(Queue::new("kills-sqlite").await).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: `.ci/deep queue`"]
async fn killed_postgres_worker_writes_each_row_once() {
    kill_workers(Queue::new("kills-postgres").await.in_postgres("kills")).await;
}

/// Each round kills an `enqueue`, and one of two workers.
async fn kill_workers(queue: Queue) {
    let kills = std::env::var("QUEUE_KILLS").map_or(5, |kills| kills.parse().unwrap());
    queue.create();
    inject_faults(&queue);
    let mut random = fastrand::Rng::with_seed(1);
    let mut effects = Effects::default();
    let mut added_before_the_kill = 0;
    let mut other = queue.start_worker(&SETTLE);
    for round in 0..kills {
        let csv = rows(&queue, round * ROWS..(round + 1) * ROWS);
        let file = queue.write(&format!("{round}.csv"), &csv);
        let enqueue = ["enqueue", "--live", &file];
        let mut killed = queue.command(&enqueue).spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(random.u64(0..60))).await;
        killed.kill().unwrap();
        killed.wait().unwrap();
        let again = queue.run(&enqueue);
        if !again.status.success() {
            let errors = String::from_utf8(again.stderr).unwrap();
            assert!(errors.contains("is in the queue already"), "{errors}");
            added_before_the_kill += 1;
        }

        let mut worker = std::mem::replace(&mut other, queue.start_worker(&SETTLE));
        tokio::time::sleep(Duration::from_millis(random.u64(50..2_500))).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        effects.count(&queue.server);
    }
    let under_way = queue.succeed(&["status"]);
    let mut last = queue.start_worker(&SETTLE);
    while last.try_wait().unwrap().is_none() || other.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        effects.count(&queue.server);
    }
    effects.count(&queue.server);

    let count = kills * ROWS;
    println!(
        "{kills} kills of workers, {count} rows, {} requests, {} of them reads, {} faults, {} writes after the effect\n\
         {kills} kills of enqueue, {added_before_the_kill} after it added its rows\n\
         after the last kill: {under_way}",
        effects.requests, effects.reads, effects.faults, effects.repeats
    );
    let mut rows_by_effects = BTreeMap::new();
    for row in 0..count {
        let times = effects.by_row.get(&row.to_string()).copied();
        *rows_by_effects
            .entry(times.unwrap_or_default())
            .or_insert(0) += 1;
    }
    assert_eq!(
        rows_by_effects,
        BTreeMap::from([(1, count)]),
        "rows by the number of their writes"
    );
    assert_eq!(effects.repeats, 0);
    let status = queue.succeed(&["status"]);
    assert_eq!(
        status,
        format!("0 waiting, 0 under way or unknown, {count} done, 0 failed\n")
    );
}

fn inject_faults(queue: &Queue) {
    for (fault, probability) in [
        (Fault::answer_lost(), 0.05),
        (Fault::request_lost(), 0.05),
        (
            Fault::server_error(StatusCode::BAD_GATEWAY).processed(),
            0.05,
        ),
        (Fault::server_error(StatusCode::SERVICE_UNAVAILABLE), 0.03),
        (Fault::truncated(), 0.03),
        (Fault::connection_closed(), 0.03),
        (
            Fault::rate_limited().retry_after(Duration::from_secs(1)),
            0.02,
        ),
        (Fault::delay(Duration::from_millis(200)), 0.3),
    ] {
        queue.inject(fault.with_probability(probability));
    }
}
