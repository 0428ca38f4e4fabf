//! A server in memory with one fault.

use std::future::{pending, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use paystack_transport::http::Uri;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tower::Service;

use crate::http2_server::Http2;
use crate::tls::{self, Handshake};

/// The behaviour of a server.
#[derive(Clone)]
pub enum Act {
    /// The name look-up fails.
    Nameless,
    /// The server refuses connections.
    Refuse,
    /// The server never accepts a connection.
    Vanish,
    /// The TLS handshake fails.
    Tls(Handshake),
    /// The server closes the connection at the first byte of a request.
    HangUp,
    /// The server reads a request and writes this response.
    Respond(Vec<u8>, Then),
    /// The server responds over HTTP/2.
    Http2(Http2),
}

impl Act {
    /// Whether complete requests arrive.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Respond(..) | Self::Http2(_))
    }

    /// Whether the client can reuse the connection of a good response.
    pub fn keeps_connections(&self) -> bool {
        self.is_asked() || matches!(self, Self::HangUp)
    }
}

/// The server's behaviour after the response.
#[derive(Clone)]
pub enum Then {
    HangUp,
    /// Resets the connection, like a TCP RST.
    Reset,
    Stall,
    /// Reads the next request.
    GoOn,
    /// Repeats these bytes at this interval until the client closes the connection.
    Repeat(&'static [u8], Duration),
}

/// Whether the fault occurs on a new connection, or on one that has carried a response.
#[derive(Clone, Copy, Debug)]
pub enum Use {
    Fresh,
    Reused,
}

/// A server, and a connector to it.
#[derive(Clone)]
pub struct Server {
    act: Arc<Act>,
    requests: Arc<AtomicU64>,
    /// The number of good responses before the fault.
    good: Arc<AtomicU64>,
    opened: Arc<AtomicU64>,
    connections: Arc<AtomicU64>,
}

impl Server {
    pub fn new(act: Act, connection: Use) -> Self {
        Self {
            act: Arc::new(act),
            requests: Arc::default(),
            good: Arc::new(AtomicU64::new(match connection {
                Use::Fresh => 0,
                Use::Reused => 1,
            })),
            opened: Arc::default(),
            connections: Arc::default(),
        }
    }

    /// Removes the fault.
    pub fn remove_fault(&self) {
        self.good.store(u64::MAX, Ordering::SeqCst);
    }

    /// Returns the number of connections opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::SeqCst)
    }

    /// Returns the number of open connections.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    fn is_good(&self) -> bool {
        self.requests() < self.good.load(Ordering::SeqCst)
    }

    /// Counts a request. Returns whether the response is good.
    pub fn count(&self) -> bool {
        let is_good = self.is_good();
        self.requests.fetch_add(1, Ordering::SeqCst);
        is_good
    }

    /// Returns the number of complete requests.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Returns the base URL. It is https only for faults of TLS.
    pub fn url(&self) -> &'static str {
        match *self.act {
            Act::Tls(_) => "https://paystack.test",
            _ => "http://127.0.0.1",
        }
    }

    async fn serve(self, stream: DuplexStream, reset: Arc<AtomicBool>) {
        match &*self.act {
            Act::Http2(http2) => http2.serve(&self, stream).await,
            Act::Tls(_) if self.is_good() => {
                let stream = tls::acceptor(Handshake::Good).accept(stream).await;
                self.serve_http1(stream.unwrap(), &reset).await;
            }
            Act::Tls(handshake) => handshake.serve(stream).await,
            _ => self.serve_http1(stream, &reset).await,
        }
    }

    async fn serve_http1(
        &self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin,
        reset: &AtomicBool,
    ) {
        loop {
            if !self.is_good() && matches!(*self.act, Act::HangUp) {
                let _ = stream.read_u8().await;
                return;
            }
            if read_request(&mut stream).await.is_none() {
                return;
            }
            if self.count() {
                let response = crate::kinds::response("200 OK", "", crate::sending::CUSTOMER);
                stream.write_all(&response).await.unwrap();
                if self.act.keeps_connections() {
                    continue;
                }
                let _ = stream.shutdown().await;
                return; // the next call must connect again
            }
            let Act::Respond(response, then) = &*self.act else {
                return;
            };
            if stream.write_all(response).await.is_err() {
                return;
            }
            match then {
                Then::HangUp => return,
                Then::Reset => return reset.store(true, Ordering::SeqCst),
                Then::Stall => return until_closed(&mut stream).await,
                Then::GoOn => {}
                Then::Repeat(bytes, every) => {
                    while stream.write_all(bytes).await.is_ok() {
                        tokio::time::sleep(*every).await;
                    }
                }
            }
        }
    }
}

/// Reads until the client closes the connection.
pub async fn until_closed(stream: &mut (impl AsyncRead + Unpin)) {
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.split_once("content-length: ").map_or(0, |(_, rest)| {
        rest.split_once("\r\n").unwrap().0.parse().unwrap()
    });
    stream.read_exact(&mut vec![0; length]).await.ok()?;
    Some(())
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Service<Uri> for Server {
    type Response = TokioIo<InMemory>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        if !self.is_good() {
            match *self.act {
                Act::Nameless => return Box::pin(look_up(uri)),
                Act::Refuse => {
                    return Box::pin(ready(Err(io::Error::from(
                        io::ErrorKind::ConnectionRefused,
                    )
                    .into())));
                }
                Act::Vanish => return Box::pin(pending()),
                _ => {}
            }
        }
        let (ours, theirs) = tokio::io::duplex(4096);
        let reset = Arc::<AtomicBool>::default();
        self.opened.fetch_add(1, Ordering::SeqCst);
        self.connections.fetch_add(1, Ordering::SeqCst);
        let (connections, serving) = (
            Arc::clone(&self.connections),
            self.clone().serve(theirs, Arc::clone(&reset)),
        );
        tokio::spawn(async move {
            serving.await;
            connections.fetch_sub(1, Ordering::SeqCst);
        });
        Box::pin(ready(Ok(TokioIo::new(InMemory {
            stream: ours,
            reset,
            is_http2: matches!(*self.act, Act::Http2(_)),
        }))))
    }
}

/// Returns the error of hyper's own connector for an unknown name. Opens no socket.
async fn look_up(uri: Uri) -> Result<TokioIo<InMemory>, BoxError> {
    let unknown = tower::service_fn(|_| {
        ready(Err::<std::vec::IntoIter<SocketAddr>, _>(io::Error::other(
            "no such name",
        )))
    });
    let uri = uri.to_string().replace("127.0.0.1", "paystack.test");
    let connected = HttpConnector::new_with_resolver(unknown)
        .call(uri.parse().unwrap())
        .await;
    Err(connected.unwrap_err().into())
}

/// The client's end of a connection.
pub struct InMemory {
    stream: DuplexStream,
    /// Whether the connection ends with a reset.
    reset: Arc<AtomicBool>,
    is_http2: bool,
}

impl Connection for InMemory {
    fn connected(&self) -> Connected {
        if self.is_http2 {
            Connected::new().negotiated_h2()
        } else {
            Connected::new()
        }
    }
}

impl AsyncRead for InMemory {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let is_end = matches!(read, Poll::Ready(Ok(()))) && buffer.filled().len() == before;
        if is_end && self.reset.load(Ordering::SeqCst) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        read
    }
}

impl AsyncWrite for InMemory {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
