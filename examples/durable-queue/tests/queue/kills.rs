//! Workers that are killed at random points, while the sandbox loses requests and responses.

use std::collections::BTreeMap;
use std::time::Duration;

use paystack_hyper::http::StatusCode;
use paystack_sandbox::server::Server;
use paystack_sandbox::{Fault, Sandbox};

use crate::support::{Effects, Folder, Queue, rows};

/// The rows that each round adds.
const ROWS: u32 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn killed_sqlite_worker_writes_each_row_once() {
    let folder = Folder::new("kills-sqlite");
    kill_workers(&folder, &folder.sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: `.ci/deep queue`"]
async fn killed_postgres_worker_writes_each_row_once() {
    let url = std::env::var("QUEUE_POSTGRES")
        .unwrap()
        .replace("NAME", "kills");
    kill_workers(&Folder::new("kills-postgres"), &url).await;
}

async fn kill_workers(folder: &Folder, database: &str) {
    let kills = std::env::var("QUEUE_KILLS").map_or(5, |kills| kills.parse().unwrap());
    let server = Server::builder().allow_live_keys();
    let server = server
        .start(Sandbox::new(1).without_rate_limits())
        .await
        .unwrap();
    inject_faults(&server);
    let queue = Queue {
        database,
        server: &server,
        key: "sk_live_kills",
    };
    let mut random = fastrand::Rng::with_seed(1);
    let mut effects = Effects::default();
    for round in 0..kills {
        let csv = rows(&server, round * ROWS..(round + 1) * ROWS);
        queue.enqueue(&folder.write(&format!("{round}.csv"), &csv));
        let mut worker = queue.start_worker(&[]);
        tokio::time::sleep(Duration::from_millis(random.u64(50..2_500))).await;
        worker.kill().unwrap();
        worker.wait().unwrap();
        effects.count(&server);
    }
    let under_way = queue.succeed(&["status"]);
    let mut last = queue.start_worker(&[]);
    while last.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        effects.count(&server);
    }
    effects.count(&server);

    let count = kills * ROWS;
    println!(
        "{kills} kills, {count} rows, {} requests, {} of them reads, {} faults\nafter the last kill: {under_way}",
        effects.requests, effects.reads, effects.faults
    );
    let mut rows_by_effects = BTreeMap::new();
    for row in 0..count {
        let times = effects
            .by_row
            .get(&row.to_string())
            .copied()
            .unwrap_or_default();
        *rows_by_effects.entry(times).or_insert(0) += 1;
    }
    assert_eq!(
        rows_by_effects,
        BTreeMap::from([(1, count)]),
        "rows by the number of their writes"
    );
    let status = queue.succeed(&["status"]);
    assert_eq!(
        status,
        format!("0 waiting, 0 under way or unknown, {count} done, 0 failed\n")
    );
}

fn inject_faults(server: &Server) {
    server.with(|sandbox, _| {
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
            (Fault::delay(Duration::from_millis(200)), 0.3),
        ] {
            sandbox.inject(fault.with_probability(probability));
        }
    });
}
