//! No request is written to a connection whose close the kernel already knows.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use paystack_hyper::{HyperTransport, HyperTransportBuilder, Transport, http};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::LocalSet;

use crate::loopback::{post, serve};

/// Rounds of one test: `PAYSTACK_STALE_ROUNDS` sets more of them.
fn rounds() -> u32 {
    let rounds = std::env::var("PAYSTACK_STALE_ROUNDS").ok();
    rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(10)
}

/// The protocol, and how the server closes a connection.
#[derive(Clone, Copy, Debug)]
struct Close {
    is_http2: bool,
    is_reset: bool,
}

const CLOSES: [Close; 4] = [
    Close {
        is_http2: false,
        is_reset: false,
    },
    Close {
        is_http2: false,
        is_reset: true,
    },
    Close {
        is_http2: true,
        is_reset: false,
    },
    Close {
        is_http2: true,
        is_reset: true,
    },
];

/// A server on a thread of its own. It closes its connection when the test wants it.
struct Closing {
    _runtime: Runtime,
    port: u16,
    close: Arc<Notify>,
    closed: mpsc::Receiver<()>,
}

impl Closing {
    fn start(close: Close) -> Self {
        let runtime = workers(1);
        let notify = Arc::new(Notify::new());
        let (sender, closed) = mpsc::channel();
        let server_notify = Arc::clone(&notify);
        let port = runtime.block_on(serve(move |stream| {
            let (notify, closed) = (Arc::clone(&server_notify), sender.clone());
            async move {
                if close.is_reset {
                    #[allow(deprecated, reason = "zero does not block")]
                    stream.set_linger(Some(Duration::ZERO)).unwrap();
                }
                let service = service_fn(async |request: http::Request<Incoming>| {
                    let _ = request.into_body().collect().await;
                    Ok::<_, hyper::Error>(http::Response::new(Full::new(Bytes::from("{}"))))
                });
                let server = auto::Builder::new(TokioExecutor::new());
                tokio::select! {
                    _ = server.serve_connection(TokioIo::new(stream), service) => {}
                    () = notify.notified() => {}
                }
                closed.send(()).ok()
            }
        }));
        Self {
            _runtime: runtime,
            port,
            close: notify,
            closed,
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Closes the connection, and blocks the thread until that has arrived. On a busy machine, that takes some time.
    fn close(&self) {
        self.close.notify_one();
        self.closed.recv().unwrap();
        thread::sleep(Duration::from_millis(2));
        #[cfg(target_os = "linux")]
        while self.has_client() {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether the kernel has an established connection to this server.
    #[cfg(target_os = "linux")]
    fn has_client(&self) -> bool {
        let server = format!("0100007F:{:04X}", self.port);
        let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
        sockets.lines().any(|line| {
            let mut fields = line.split_whitespace().skip(2);
            fields.next() == Some(&server) && fields.next() == Some("01")
        })
    }
}

fn transport(close: Close) -> HyperTransport {
    let builder = match close.is_http2 {
        false => HyperTransportBuilder::http1_only,
        true => HyperTransportBuilder::http2_only,
    };
    builder(HyperTransport::builder()).build().unwrap()
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn workers(count: usize) -> Runtime {
    let mut runtime = Builder::new_multi_thread();
    runtime.worker_threads(count).enable_all().build().unwrap()
}

/// Starves a runtime: sends a request, blocks the thread until the server has closed the connection, and so on.
fn starve(run: impl Fn(std::pin::Pin<Box<dyn Future<Output = ()> + Send>>)) {
    for close in CLOSES {
        let server = Arc::new(Mutex::new(Closing::start(close)));
        let shared = Arc::clone(&server);
        let url = server.lock().unwrap().url();
        run(Box::pin(async move {
            let transport = transport(close);
            for round in 1..=rounds() {
                let response = transport.send(post(&url)).await;
                assert!(response.is_ok(), "{close:?}, round {round}: {response:?}");
                // hyper puts the connection into its pool.
                tokio::task::yield_now().await;
                shared.lock().unwrap().close(); // the reactor does not run meanwhile
            }
        }));
    }
}

#[test]
fn starved_runtime_loses_no_write_in_block_on() {
    starve(|requests| current_thread().block_on(requests));
}

#[test]
fn starved_runtime_loses_no_write_in_a_task() {
    for count in [1, 2] {
        starve(|requests| {
            let runtime = workers(count);
            runtime.block_on(runtime.spawn(requests)).unwrap();
        });
    }
}

#[test]
fn starved_runtime_loses_no_write_in_block_on_with_workers() {
    starve(|requests| workers(2).block_on(requests));
}

#[test]
fn starved_runtime_loses_no_write_in_a_local_task() {
    starve(|requests| {
        let tasks = LocalSet::new();
        let local = async { tokio::task::spawn_local(requests).await.unwrap() };
        tasks.block_on(&current_thread(), local);
    });
}

/// Stops or continues a process.
fn signal(process: &Child, name: &str) {
    let kill = Command::new("kill")
        .args([name, &process.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
}

#[test]
#[cfg(unix)]
fn frozen_process_loses_no_write() {
    for close in CLOSES {
        for runtime in ["current thread", "block on", "task"] {
            freeze(close, runtime);
        }
    }
}

fn freeze(close: Close, runtime: &str) {
    let server = Closing::start(close);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "stale::sends_on_each_line",
            "--ignored",
            "--nocapture",
        ])
        .env("PAYSTACK_STALE_URL", server.url())
        .env("PAYSTACK_STALE_RUNTIME", runtime)
        .env("PAYSTACK_STALE_HTTP2", close.is_http2.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut results = output.map(Result::unwrap).filter_map(|line| {
        let (_, result) = line.split_once("sent: ")?;
        Some(result.to_owned())
    });
    for round in 1..=rounds() {
        writeln!(lines, "send").unwrap();
        let result = results.next();
        assert_eq!(
            result.as_deref(),
            Some("ok"),
            "{close:?}, {runtime}, round {round}"
        );
        signal(&child, "-STOP");
        server.close();
        signal(&child, "-CONT");
    }
    drop(lines);
    assert!(child.wait().unwrap().success());
}

#[test]
#[ignore = "the process that `frozen_process_loses_no_write` freezes"]
fn sends_on_each_line() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let url = variable("PAYSTACK_STALE_URL");
    let is_http2 = variable("PAYSTACK_STALE_HTTP2") == "true";
    let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
    thread::spawn(move || {
        std::io::stdin()
            .lines()
            .try_for_each(|line| sender.send(line))
    });
    let requests = async move {
        let transport = transport(Close {
            is_http2,
            is_reset: false,
        });
        while lines.recv().await.is_some() {
            let response = transport.send(post(&url)).await;
            let result = response.map_or_else(|error| format!("{error:?}"), |_| "ok".to_owned());
            println!("sent: {result}");
        }
    };
    match &*variable("PAYSTACK_STALE_RUNTIME") {
        "current thread" => current_thread().block_on(requests),
        "block on" => workers(2).block_on(requests),
        _ => {
            let runtime = workers(2);
            runtime.block_on(runtime.spawn(requests)).unwrap();
        }
    }
}
