//! No request is written to a connection whose close the kernel already knows.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use paystack_hyper::{HyperTransport, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::{Builder, Runtime};

use crate::loopback::{post, read_head, serve};

/// Rounds of one test: `PAYSTACK_STALE_ROUNDS` sets more of them.
fn rounds() -> u32 {
    let rounds = std::env::var("PAYSTACK_STALE_ROUNDS").ok();
    rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(20)
}

/// Closes each connection some time after its first response. It runs on a thread of its own.
fn server(delay: Duration) -> (Runtime, String, Arc<AtomicU32>) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let closed = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&closed);
    let port = runtime.block_on(serve(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            read_head(&mut stream).await?;
            stream.read_exact(&mut [0; 2]).await.ok()?; // the body
            let response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
            stream.write_all(response).await.ok()?;
            tokio::time::sleep(delay).await;
            drop(stream);
            count.fetch_add(1, Ordering::SeqCst);
            Some(())
        }
    }));
    (runtime, format!("http://127.0.0.1:{port}/"), closed)
}

/// Sends a request, blocks the thread until the server has closed the connection, and so on.
async fn starve(url: &str, closed: &AtomicU32) {
    let transport = HyperTransport::new();
    for round in 1..=rounds() {
        let response = transport.send(post(url)).await;
        assert!(response.is_ok(), "round {round}: {response:?}");
        // hyper puts the connection into its pool.
        tokio::task::yield_now().await;
        while closed.load(Ordering::SeqCst) < round {
            thread::sleep(Duration::from_millis(1)); // the reactor does not run meanwhile
        }
        thread::sleep(Duration::from_millis(5)); // the close arrives
    }
}

#[test]
fn starved_runtime_loses_no_write_in_block_on() {
    let (_runtime, url, closed) = server(Duration::from_millis(2));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(starve(&url, &closed));
}

#[test]
fn starved_runtime_loses_no_write_in_a_task() {
    for workers in [1, 2] {
        let (_runtime, url, closed) = server(Duration::from_millis(2));
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .enable_all()
            .build()
            .unwrap();
        let task = runtime.spawn(async move { starve(&url, &closed).await });
        runtime.block_on(task).unwrap();
    }
}

#[test]
fn starved_runtime_loses_no_write_in_block_on_with_workers() {
    let (_runtime, url, closed) = server(Duration::from_millis(2));
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(starve(&url, &closed));
}

#[test]
fn starved_runtime_loses_no_write_in_a_local_task() {
    let (_runtime, url, closed) = server(Duration::from_millis(2));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async move {
        tokio::task::spawn_local(async move { starve(&url, &closed).await })
            .await
            .unwrap();
    });
}

/// Stops and continues a process.
fn signal(process: &Child, name: &str) {
    let kill = Command::new("kill")
        .args([name, &process.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[test]
#[cfg(unix)]
fn frozen_process_loses_no_write() {
    let (_runtime, url, closed) = server(Duration::from_millis(50));
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "stale::sends_on_each_line",
            "--ignored",
            "--nocapture",
        ])
        .env("PAYSTACK_STALE_URL", url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = child.stdin.take().unwrap();
    let mut results = BufReader::new(child.stdout.take().unwrap()).lines();
    for round in 1..=rounds() {
        writeln!(lines, "send").unwrap();
        let result = results.by_ref().map(Result::unwrap);
        let result =
            result.filter_map(|line| line.split_once("sent: ").map(|(_, sent)| sent.to_owned()));
        assert_eq!(
            result.into_iter().next().as_deref(),
            Some("ok"),
            "round {round}"
        );
        signal(&child, "-STOP");
        while closed.load(Ordering::SeqCst) < round {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(5)); // the close arrives
        signal(&child, "-CONT");
    }
    drop(lines);
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "the process that `frozen_process_loses_no_write` freezes"]
fn sends_on_each_line() {
    let url = std::env::var("PAYSTACK_STALE_URL").unwrap();
    let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
    thread::spawn(move || {
        std::io::stdin()
            .lines()
            .try_for_each(|line| sender.send(line))
    });
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let transport = HyperTransport::new();
        while lines.recv().await.is_some() {
            let response = transport.send(post(&url)).await;
            let result = response.map_or_else(|error| format!("{error:?}"), |_| "ok".to_owned());
            println!("sent: {result}");
        }
    });
}
