//! The sandbox as an HTTP server on loopback.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use time::OffsetDateTime;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::answer::{Answer, Refusal};
use crate::sandbox::Sandbox;

const BODY_LIMIT: usize = 1024 * 1024;

/// A sandbox as an HTTP server on loopback, for HTTP/1.1 and, with prior knowledge, HTTP/2.
///
/// It runs on the tokio runtime that starts it and stops when it is dropped.
///
/// ```
/// use paystack_sandbox::{Sandbox, server::Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = Server::start(Sandbox::new(1), 0).await?; // port 0: any that is free
/// assert!(server.url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
pub struct Server {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    serving: JoinHandle<()>,
}

struct Shared {
    sandbox: Sandbox,
    /// How far the sandbox's clock is ahead.
    ahead: Duration,
}

impl Shared {
    fn now(&self) -> OffsetDateTime {
        let ahead = time::Duration::try_from(self.ahead).unwrap_or(time::Duration::MAX);
        OffsetDateTime::now_utc().saturating_add(ahead)
    }
}

impl Server {
    /// Serves a sandbox on a port of 127.0.0.1; port 0 picks one that is free.
    ///
    /// # Errors
    ///
    /// If the port cannot be listened on.
    pub async fn start(sandbox: Sandbox, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Mutex::new(Shared {
            sandbox,
            ahead: Duration::ZERO,
        }));
        let serving = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            serving,
        })
    }

    /// Where it listens: the base URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Does something with the sandbox, which is told the time: seed it, take its webhooks.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let mut shared = lock(&self.shared);
        let now = shared.now();
        act(&mut shared.sandbox, now)
    }

    /// Lets time pass, without waiting, for what the sandbox does later on its own account.
    pub fn advance(&self, duration: Duration) {
        let mut shared = lock(&self.shared);
        shared.ahead = shared.ahead.saturating_add(duration);
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.url())
    }
}

/// Takes connections until it is dropped, and drops them then.
async fn accept(listener: TcpListener, shared: Arc<Mutex<Shared>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&shared)));
                }
                // Out of file descriptors, most likely: those in use will be given back.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let answer = service_fn(move |request| answer(request, Arc::clone(&shared)));
    let server = auto::Builder::new(TokioExecutor::new());
    // A connection that breaks is the client's to notice.
    let _ = server.serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(
    request: http::Request<Incoming>,
    shared: Arc<Mutex<Shared>>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => {
            let request = http::Request::from_parts(head, body.to_bytes());
            let mut shared = lock(&shared);
            let now = shared.now();
            shared.sandbox.handle(now, request)
        }
        Err(_) => {
            let status = http::StatusCode::PAYLOAD_TOO_LARGE;
            Answer::from(Refusal::plain(status, "The request is too large")).into_response()
        }
    };
    Ok(response.map(Full::new))
}
