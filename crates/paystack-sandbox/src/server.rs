//! The sandbox as an HTTP server on loopback.

mod control;
mod webhook_sender;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use time::OffsetDateTime;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

use crate::response::{Refusal, Response};
use crate::sandbox::Sandbox;
use crate::shared_sandbox::SharedSandbox;

/// The largest request body, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// A sandbox as an HTTP server on loopback. It accepts HTTP/1.1 and, with prior knowledge, HTTP/2.
///
/// The server runs on the tokio runtime that starts it and uses the clock of the machine. It stops soon after
/// it is dropped; [`Server::stop`] waits until it stopped. Every response to a request is JSON. Hyper responds
/// to bytes that are not HTTP with a bare 4xx.
///
/// If the sandbox has a [webhook URL](Sandbox::with_webhook_url), the server sends webhooks when they are due,
/// over plain HTTP and to loopback only.
///
/// Two control requests are not part of Paystack's API and need no key:
///
/// - `POST /sandbox/advance?seconds=3600` advances the clock.
/// - `POST /sandbox/webhooks/resend` sends the last webhook again.
///
/// ```
/// use paystack_sandbox::{Sandbox, server::Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = Server::start(Sandbox::new(1), 0).await?; // port 0 selects a free port
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// server.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    address: SocketAddr,
    sandbox: Arc<ServedSandbox>,
    /// The task that accepts connections and, if there is a webhook URL, the task that sends webhooks.
    tasks: Vec<Task>,
}

/// A task that is aborted when it is dropped.
struct Task(JoinHandle<()>);

impl Task {
    fn spawn(future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(future))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The sandbox, and a notification for the webhook task that the sandbox may have changed.
struct ServedSandbox {
    sandbox: SharedSandbox,
    changed: Notify,
}

impl ServedSandbox {
    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let result = self.sandbox.with(act);
        self.changed.notify_one();
        result
    }

    fn advance(&self, duration: Duration) {
        self.sandbox.advance(duration);
        self.changed.notify_one();
    }
}

impl Server {
    /// Serves a sandbox on a port of 127.0.0.1. Port 0 selects a free port.
    ///
    /// # Errors
    ///
    /// Returns an error if the server cannot listen on the port, or if the webhook URL is not plain HTTP on
    /// loopback.
    pub async fn start(sandbox: Sandbox, port: u16) -> io::Result<Self> {
        let receiver = sandbox.webhook_url().map(webhook_sender::Receiver::new);
        let receiver = receiver.transpose()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let sandbox = Arc::new(ServedSandbox {
            sandbox: SharedSandbox::new(sandbox, OffsetDateTime::now_utc),
            changed: Notify::new(),
        });
        let mut tasks = vec![Task::spawn(accept(listener, Arc::clone(&sandbox)))];
        if let Some(receiver) = receiver {
            tasks.push(Task::spawn(webhook_sender::run(
                receiver,
                Arc::clone(&sandbox),
            )));
        }
        Ok(Self {
            address,
            sandbox,
            tasks,
        })
    }

    /// Returns the base URL for clients, such as `http://127.0.0.1:4010`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Calls a function with the sandbox and the current time, for example to seed customers.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.sandbox.with(act)
    }

    /// Advances the clock of the sandbox.
    pub fn advance(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    /// Closes the port and all connections, and stops sending webhooks.
    pub async fn stop(mut self) {
        for Task(task) in &mut self.tasks {
            task.abort();
            // An aborted task returns an error.
            let _ = task.await;
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.url())
    }
}

/// Accepts connections. Dropping the future closes them.
async fn accept(listener: TcpListener, sandbox: Arc<ServedSandbox>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&sandbox)));
                }
                // Most likely the process has no file descriptors left: wait until some are free.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, sandbox: Arc<ServedSandbox>) {
    let service = service_fn(move |request| respond(request, Arc::clone(&sandbox)));
    let server = auto::Builder::new(TokioExecutor::new());
    // The client notices a broken connection by itself.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(
    request: http::Request<Incoming>,
    sandbox: Arc<ServedSandbox>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => {
            let request = http::Request::from_parts(head, body.to_bytes());
            control::respond(&sandbox, &request)
                .unwrap_or_else(|| sandbox.with(|sandbox, now| sandbox.handle(now, request)))
        }
        Err(error) => {
            let (status, message) = if error.is::<LengthLimitError>() {
                (StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")
            } else {
                (StatusCode::BAD_REQUEST, "The request broke off")
            };
            Response::from(Refusal::plain(status, message)).into_http()
        }
    };
    Ok(response.map(Full::new))
}
