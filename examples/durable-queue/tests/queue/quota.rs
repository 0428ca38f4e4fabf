//! Eight workers share one queue in PostgreSQL, and the quota of live mode, for three windows of real time.

use std::time::{Duration, Instant};

use paystack_sandbox::Sandbox;
use sqlx::Connection as _;

use crate::support::{HEADER, Queue, signal};

const WORKERS: usize = 8;
const WINDOW: Duration = Duration::from_secs(60);
const WINDOWS: u32 = 3;
const QUOTA: u32 = 600;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL and five minutes: `.ci/deep queue`"]
async fn eight_workers_share_the_quota() {
    let queue = Queue::with("quota", Sandbox::new(1))
        .await
        .in_postgres("quota");
    let rows = (0..5_000).map(|n| format!("create,,row{n}@example.com,Ada,Obi,,,,,,,,\n"));
    queue.enqueue(&(HEADER.to_owned() + &rows.collect::<String>()));

    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        workers.push(queue.start_worker(&[]));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // The workers learn the limit in the first window.
    let first = loop {
        let first = queue
            .server
            .with(|sandbox, _| sandbox.requests().next().map(|entry| entry.time));
        if let Some(first) = first {
            break first;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let start = first + WINDOW;
    let end = start + WINDOW * WINDOWS;
    let before = tokio::spawn(answered_by_each(queue.database.clone(), WINDOW));
    let after = tokio::spawn(answered_by_each(
        queue.database.clone(),
        WINDOW * (WINDOWS + 1),
    ));
    let (before, after) = (before.await.unwrap(), after.await.unwrap());
    for worker in &workers {
        signal(worker, "-KILL");
    }
    for mut worker in workers {
        worker.wait().unwrap();
    }

    let statuses: Vec<_> = queue.server.with(|sandbox, _| {
        let entries = sandbox
            .requests()
            .filter(|entry| start <= entry.time && entry.time < end);
        entries
            .map(|entry| entry.response.as_ref().unwrap().status().as_u16())
            .collect()
    });
    let limited = statuses.iter().filter(|status| **status == 429).count();
    let served = statuses.len() - limited;
    let used = served as f64 / f64::from(QUOTA * WINDOWS);
    let refused = limited as f64 / statuses.len() as f64;
    let each: Vec<i64> = after
        .iter()
        .map(|(worker, count)| {
            count
                - before
                    .iter()
                    .find(|(name, _)| name == worker)
                    .map_or(0, |(_, count)| *count)
        })
        .collect();
    let share = *each.iter().min().unwrap() as f64 / *each.iter().max().unwrap() as f64;
    println!(
        "{:.1} % of the quota, {:.2} % refused, the slowest worker finished {share:.2} of the fastest: {each:?}",
        used * 100.0,
        refused * 100.0
    );
    assert_eq!(each.len(), WORKERS);
    assert!(used >= 0.98, "{used}");
    assert!(refused <= 0.005, "{refused}");
    assert!(share >= 0.7, "{share}");
}

/// Returns the number of tasks that each worker has finished after this time.
async fn answered_by_each(url: String, after: Duration) -> Vec<(String, i64)> {
    let end = Instant::now() + after;
    tokio::time::sleep_until(end.into()).await;
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    let select = "SELECT lock_by, COUNT(*) FROM apalis.jobs WHERE status = 'Done' GROUP BY lock_by ORDER BY lock_by";
    sqlx::query_as(select)
        .fetch_all(&mut connection)
        .await
        .unwrap()
}
