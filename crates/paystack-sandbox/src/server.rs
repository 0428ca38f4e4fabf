//! The sandbox as an HTTP server on loopback.

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
    sandbox: Arc<Clocked>,
    serving: Serving,
}

/// A task that ends when nobody holds it any more.
struct Serving(JoinHandle<()>);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
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
        let sandbox = Arc::new(Clocked::new(sandbox, OffsetDateTime::now_utc));
        let serving = Serving(tokio::spawn(accept(listener, Arc::clone(&sandbox))));
        Ok(Self {
            address,
            sandbox,
            serving,
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

    /// Closes the port and all connections.
    pub async fn stop(mut self) {
        self.serving.0.abort();
        // An aborted task ends with an error, as it should.
        let _ = (&mut self.serving.0).await;
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.url())
    }
}

/// Takes connections until it is dropped, and drops them then.
async fn accept(listener: TcpListener, sandbox: Arc<Clocked>) {
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

async fn serve(stream: TcpStream, sandbox: Arc<Clocked>) {
    let answer = service_fn(move |request| answer(request, Arc::clone(&sandbox)));
    let server = auto::Builder::new(TokioExecutor::new());
    // A connection that breaks is the client's to notice.
    let _ = server.serve_connection(TokioIo::new(stream), answer).await;
}

async fn answer(
    request: http::Request<Incoming>,
    sandbox: Arc<Clocked>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => {
            let request = http::Request::from_parts(head, body.to_bytes());
            sandbox.with(|sandbox, now| sandbox.handle(now, request))
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
