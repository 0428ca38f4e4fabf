//! The open TCP connections. hyper learns of a close only when the runtime polls the connection; the kernel knows it
//! before.

use std::collections::BTreeMap;
use std::io;
use std::net::TcpStream as Socket;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// The open connections of a transport.
#[derive(Clone, Default)]
pub(crate) struct OpenConnections(Arc<Mutex<BTreeMap<u64, Arc<Tracked>>>>);

/// A connection, as the transport sees it.
struct Tracked {
    socket: Socket,
    /// Whether hyper's last action was a write: over HTTP/1.1, it waits for a response.
    is_waiting: AtomicBool,
}

/// An event of the connections that the kernel has received and hyper has not handled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum News {
    None,
    Data,
    /// The server has closed a connection, or reset it.
    Close,
}

/// hyper reads the data of an idle connection within a few polls. More would only wait for responses of other calls.
const POLLS: u8 = 3;

/// With more connections than this, only those that wait for no response are checked. Over HTTP/2, hyper may write
/// last on an idle connection, but few connections suffice.
const FEW: usize = 8;

/// Another thread of the runtime may be about to poll a closed connection. hyper's task for an HTTP/2 connection ends
/// a little later than the connection.
const PAUSE: Duration = Duration::from_millis(1);

/// The longest wait for hyper to drop a closed connection, unless the runtime is starved.
const LIMIT: Duration = Duration::from_millis(50);

impl OpenConnections {
    /// Adds a connection until it is dropped.
    pub(super) fn add(&self, stream: TcpStream) -> io::Result<OpenConnection> {
        let socket = stream.into_std()?;
        let tracked = Arc::new(Tracked {
            socket: socket.try_clone()?,
            is_waiting: AtomicBool::new(false),
        });
        let stream = TokioIo::new(TcpStream::from_std(socket)?);
        let mut open = self.lock();
        let last = open.last_key_value().map_or(0, |(id, _)| *id);
        let id = last.wrapping_add(1);
        open.insert(id, Arc::clone(&tracked));
        drop(open);
        Ok(OpenConnection {
            stream,
            tracked,
            id,
            open: self.clone(),
        })
    }

    /// Waits until hyper has dropped all connections whose close the kernel knows. Its pool would hand them out
    /// otherwise.
    pub(crate) async fn drop_closed(&self) {
        if self.news() != News::None {
            Box::pin(self.wait()).await; // boxed, so that the future of each request stays small
        }
    }

    async fn wait(&self) {
        let started = Instant::now();
        let (mut polls, mut pauses) = (0_u8, 0_u8);
        loop {
            match self.news() {
                News::None => break,
                // The rest is the data of a response that another call reads.
                News::Data if polls == POLLS => break,
                News::Data => polls = polls.saturating_add(1),
                // After one long pause, a starved runtime may not have polled the connection yet.
                News::Close if pauses >= POLLS && started.elapsed() >= LIMIT => break,
                News::Close => pauses = pauses.saturating_add(1),
            }
            match pauses {
                0 => yield_now().await,
                _ => sleep(PAUSE).await,
            }
        }
    }

    fn news(&self) -> News {
        let open = self.lock();
        let is_many = open.len() > FEW;
        let idle = |one: &&Arc<Tracked>| !is_many || !one.is_waiting.load(Relaxed);
        let news = open
            .values()
            .filter(idle)
            .map(|one| match one.socket.peek(&mut [0]) {
                Ok(0) => News::Close,
                Ok(_) => News::Data,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => News::None,
                Err(_) => News::Close,
            });
        news.max().unwrap_or(News::None)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Tracked>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open connection.
pub(crate) struct OpenConnection {
    stream: TokioIo<TcpStream>,
    tracked: Arc<Tracked>,
    id: u64,
    open: OpenConnections,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.open.lock().remove(&self.id);
    }
}

impl Connection for OpenConnection {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl Read for OpenConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.tracked.is_waiting.store(false, Relaxed);
        }
        read
    }
}

impl Write for OpenConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.tracked.is_waiting.store(true, Relaxed);
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.tracked.is_waiting.store(true, Relaxed);
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A connection that the server has closed, and the runtime has not polled.
    async fn closed(open: &OpenConnections) -> OpenConnection {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = TcpStream::connect(address).await.unwrap();
        drop(listener.accept().await.unwrap());
        client.readable().await.unwrap();
        open.add(client).unwrap()
    }

    #[tokio::test]
    async fn wait_for_a_kept_connection_ends_after_its_limit() {
        let open = OpenConnections::default();
        let _kept = closed(&open).await;
        // The wait uses no socket, only the kernel's answer that the connection is closed.
        tokio::time::pause();
        let started = Instant::now();
        open.drop_closed().await;
        let waited = started.elapsed();
        assert!((LIMIT..LIMIT + 3 * PAUSE).contains(&waited), "{waited:?}");
    }

    #[tokio::test]
    async fn wait_on_a_starved_runtime_polls_again_before_its_end() {
        let open = OpenConnections::default();
        let connection = closed(&open).await;
        tokio::spawn(async move {
            yield_now().await; // the wait has begun
            std::thread::sleep(LIMIT * 2);
            yield_now().await;
            drop(connection);
        });
        open.drop_closed().await;
        assert!(open.lock().is_empty());
    }
}
