//! The sandbox as an HTTP server (feature `server`).

mod access;
mod builder;
mod connection;
mod control;
mod events;
mod page;
mod request_body;
mod response_body;
mod rows;
mod webhook_sender;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::sandbox::Sandbox;
use crate::saved_state::{InvalidState, State};
use crate::shared_sandbox::SharedSandbox;

pub use self::builder::ServerBuilder;

/// A sandbox as an HTTP server. It accepts HTTP/1.1 and, with prior knowledge, HTTP/2.
///
/// The server runs on the tokio runtime that starts it and uses the clock of the machine. It stops soon after
/// it is dropped; [`Server::stop`] waits for that. Every response is JSON, except those of faults and of the page at
/// `/sandbox`. Bytes that are not HTTP receive a bare 4xx.
///
/// If the sandbox has a [webhook URL](Sandbox::with_webhook_url), the server sends webhooks there when they are due,
/// over plain HTTP.
///
/// The server refuses live keys unless [`ServerBuilder::allow_live_keys`] accepts them, because no program should
/// send a real key to an imitation.
///
/// Paths below `/sandbox` control the sandbox from tests in any language. They need no key. The guide lists them, and
/// `GET /sandbox/openapi.json` describes them.
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
    served: Arc<ServedSandbox>,
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

/// The sandbox with its address, and a notification that it may have changed.
struct ServedSandbox {
    address: SocketAddr,
    serves_page: bool,
    allowed_hosts: Vec<String>,
    request_timeout: Duration,
    sandbox: SharedSandbox,
    changed: watch::Sender<()>,
}

impl ServedSandbox {
    fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        let result = self.sandbox.with(act);
        self.changed.send_replace(());
        result
    }

    fn advance(&self, duration: Duration) {
        self.sandbox.advance(duration);
        self.sandbox.with(|sandbox, _| sandbox.mark_changed());
        self.changed.send_replace(());
    }

    fn reset(&self) {
        self.sandbox.reset();
        self.changed.send_replace(());
    }

    /// Loads a state, and returns the clock to the real time.
    fn load(&self, state: State) -> Result<(), InvalidState> {
        self.sandbox.load(state)?;
        self.changed.send_replace(());
        Ok(())
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Server {
    /// Serves a sandbox on a port of 127.0.0.1. Port 0 selects a free port.
    ///
    /// # Errors
    ///
    /// Returns an error if the server cannot listen on the port, or if the webhook URL is not plain HTTP.
    pub async fn start(sandbox: Sandbox, port: u16) -> io::Result<Self> {
        Self::builder().port(port).start(sandbox).await
    }

    /// Returns a builder with settings: the address, the page, and whether live keys are accepted.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    async fn listen(settings: ServerBuilder, mut sandbox: Sandbox) -> io::Result<Self> {
        let receiver = sandbox.webhook_url().map(webhook_sender::Receiver::new);
        let receiver = receiver.transpose()?;
        sandbox.set_live_keys_allowed(settings.allows_live_keys);
        let listener = TcpListener::bind(settings.address).await;
        let listener = listener.map_err(|error| {
            let message = format!("cannot listen on {}: {error}", settings.address);
            io::Error::new(error.kind(), message)
        })?;
        let served = Arc::new(ServedSandbox {
            address: listener.local_addr()?,
            serves_page: settings.serves_page || settings.address.ip().is_loopback(),
            allowed_hosts: settings.allowed_hosts,
            request_timeout: settings.request_timeout,
            sandbox: SharedSandbox::new(sandbox, OffsetDateTime::now_utc),
            changed: watch::Sender::new(()),
        });
        let accept = connection::accept(listener, Arc::clone(&served));
        let mut tasks = vec![Task::spawn(accept)];
        if let Some(receiver) = receiver {
            let sender = webhook_sender::run(receiver, Arc::clone(&served));
            tasks.push(Task::spawn(sender));
        }
        Ok(Self { served, tasks })
    }

    /// Returns the address of the server.
    pub fn address(&self) -> SocketAddr {
        self.served.address
    }

    /// Returns the base URL for clients, such as `http://127.0.0.1:4010`.
    pub fn url(&self) -> String {
        self.served.url()
    }

    /// Calls a function with the sandbox and the current time, for example to seed customers.
    pub fn with<T>(&self, act: impl FnOnce(&mut Sandbox, OffsetDateTime) -> T) -> T {
        self.served.with(act)
    }

    /// Advances the clock of the sandbox.
    pub fn advance(&self, duration: Duration) {
        self.served.advance(duration);
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
