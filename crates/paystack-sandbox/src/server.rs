//! The sandbox as an HTTP server on loopback.

mod control;
mod webhooks;

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

use crate::answer::{Answer, Refusal};
use crate::clock::Clocked;
use crate::sandbox::Sandbox;

const BODY_LIMIT: usize = 1024 * 1024;

/// A sandbox as an HTTP server on loopback, for HTTP/1.1 and, with prior knowledge, HTTP/2.
///
/// It runs on the tokio runtime that starts it, goes by the clock of the machine, and ends soon after
/// it is dropped; [`Server::stop`] waits for that. Every answer to a request is JSON; bytes that are
/// no HTTP get hyper's bare 4xx.
///
/// If the sandbox has a [webhook URL](Sandbox::with_webhook_url), webhooks are sent there as they become
/// due, over plain http to loopback only. Two requests are for tests and not of Paystack's API, and need
/// no key: `POST /sandbox/advance?seconds=3600` lets time pass, and `POST /sandbox/webhooks/resend` sends
/// the last webhook once more.
///
/// ```
/// use paystack_sandbox::{Sandbox, server::Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = Server::start(Sandbox::new(1), 0).await?; // port 0: any that is free
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// server.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    address: SocketAddr,
    sandbox: Arc<Shared>,
    /// Takes requests, and sends webhooks if there is where to.
    tasks: Vec<Task>,
}

/// A task that ends when nobody holds it any more.
struct Task(JoinHandle<()>);

impl Task {
    fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The sandbox, and word for who waits that it was touched.
struct Shared {
    clocked: Clocked,
    touched: Notify,
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let result = self.clocked.with(act);
        self.touched.notify_one();
        result
    }

    fn advance(&self, duration: Duration) {
        self.clocked.advance(duration);
        self.touched.notify_one();
    }
}

impl Server {
    /// Serves a sandbox on a port of 127.0.0.1; port 0 picks one that is free.
    ///
    /// # Errors
    ///
    /// If the port cannot be listened on, or if webhooks are to be sent to anything but plain http on
    /// loopback.
    pub async fn start(sandbox: Sandbox, port: u16) -> io::Result<Self> {
        let receiver = sandbox.webhook_url().map(webhooks::Receiver::new);
        let receiver = receiver.transpose()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let sandbox = Arc::new(Shared {
            clocked: Clocked::new(sandbox, OffsetDateTime::now_utc),
            touched: Notify::new(),
        });
        let mut tasks = vec![Task::spawn(accept(listener, Arc::clone(&sandbox)))];
        if let Some(receiver) = receiver {
            tasks.push(Task::spawn(webhooks::send(receiver, Arc::clone(&sandbox))));
        }
        Ok(Self {
            address,
            sandbox,
            tasks,
        })
    }

    /// Where it listens: the base URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Does something with the sandbox, which is told the time: seed it, take its webhooks.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.sandbox.with(act)
    }

    /// Lets time pass without waiting.
    pub fn advance(&self, duration: Duration) {
        self.sandbox.advance(duration);
    }

    /// Closes the port and all connections, and sends no more webhooks.
    pub async fn stop(mut self) {
        for Task(task) in &mut self.tasks {
            task.abort();
            // An aborted task ends with an error, as it should.
            let _ = task.await;
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.url())
    }
}

/// Takes connections until it is dropped, and drops them then.
async fn accept(listener: TcpListener, sandbox: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&sandbox)));
                }
                // Out of file descriptors, most likely: those in use will be given back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, sandbox: Arc<Shared>) {
    let answer = service_fn(move |request| answer(request, Arc::clone(&sandbox)));
    let server = auto::Builder::new(TokioExecutor::new());
    // A connection that breaks is the client's to notice.
    let _ = server.serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(
    request: http::Request<Incoming>,
    sandbox: Arc<Shared>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => {
            let request = http::Request::from_parts(head, body.to_bytes());
            control::answer(&sandbox, &request)
                .unwrap_or_else(|| sandbox.with(|sandbox, now| sandbox.handle(now, request)))
        }
        Err(error) => {
            let (status, message) = if error.is::<LengthLimitError>() {
                (StatusCode::PAYLOAD_TOO_LARGE, "The request is too large")
            } else {
                (StatusCode::BAD_REQUEST, "The request broke off")
            };
            Answer::from(Refusal::plain(status, message)).into_response()
        }
    };
    Ok(response.map(Full::new))
}
