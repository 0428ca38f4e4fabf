//! A server in memory that does what it is told.

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
use paystack_client::http::Uri;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tower::Service;

use crate::http2::Http2;
use crate::tls::{self, Handshake};

/// What a server does.
#[derive(Clone)]
pub enum Act {
    /// Its name is unknown.
    Nameless,
    /// It refuses connections.
    Refuse,
    /// It never takes one.
    Vanish,
    /// It has something else than a good certificate.
    Tls(Handshake),
    /// It hangs up at the first byte of a request.
    HangUp,
    /// It reads a request and answers with this.
    Answer(Vec<u8>, Then),
    /// The same over HTTP/2.
    Http2(Http2),
}

impl Act {
    /// Whether requests arrive whole.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Answer(..) | Self::Http2(_))
    }

    /// Whether the connection of a good answer is there for the next request.
    pub fn keeps_connections(&self) -> bool {
        self.is_asked() || matches!(self, Self::HangUp)
    }
}

/// What it does after its answer.
#[derive(Clone)]
pub enum Then {
    HangUp,
    /// As a TCP RST does.
    Reset,
    Stall,
    /// Reads the next request.
    GoOn,
    /// Sends this again and again, this often, until the client hangs up.
    Repeat(&'static [u8], Duration),
}

/// Whether the fault is met on a new connection, or on one that has carried an answer before.
#[derive(Clone, Copy, Debug)]
pub enum Use {
    Fresh,
    Reused,
}

/// Connects to itself.
#[derive(Clone)]
pub struct Server {
    act: Arc<Act>,
    requests: Arc<AtomicU64>,
    /// How many requests it answers as it should before it does what it is told.
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

    /// From now on it does as it should.
    pub fn mend(&self) {
        self.good.store(u64::MAX, Ordering::SeqCst);
    }

    /// How many connections were opened so far.
    pub fn opened(&self) -> u64 {
        self.opened.load(Ordering::SeqCst)
    }

    /// How many connections are open.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    fn is_good(&self) -> bool {
        self.requests() < self.good.load(Ordering::SeqCst)
    }

    /// Counts a request, and whether it is answered as it should.
    pub fn count(&self) -> bool {
        let is_good = self.is_good();
        self.requests.fetch_add(1, Ordering::SeqCst);
        is_good
    }

    /// How many requests arrived whole.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Where it is: https where TLS is what fails.
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
                let answer = crate::kinds::answer("200 OK", "", crate::operations::CUSTOMER);
                stream.write_all(&answer).await.unwrap();
                if self.act.keeps_connections() {
                    continue;
                }
                let _ = stream.shutdown().await;
                return; // the next call has to connect
            }
            let Act::Answer(answer, then) = &*self.act else {
                return;
            };
            if stream.write_all(answer).await.is_err() {
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

/// Reads on, and says no more.
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

impl Service<Uri> for Server {
    type Response = TokioIo<InMemory>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        if !self.is_good() {
            match *self.act {
                Act::Nameless => return Box::pin(look_up(uri)),
                Act::Refuse => {
                    return Box::pin(ready(Err(io::ErrorKind::ConnectionRefused.into())));
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

/// What hyper's own connector makes of a resolver that does not know the name; no socket is opened.
async fn look_up(uri: Uri) -> io::Result<TokioIo<InMemory>> {
    let unknown = tower::service_fn(|_| {
        ready(Err::<std::vec::IntoIter<SocketAddr>, _>(io::Error::other(
            "no such name",
        )))
    });
    let uri = uri.to_string().replace("127.0.0.1", "paystack.test");
    let connected = HttpConnector::new_with_resolver(unknown)
        .call(uri.parse().unwrap())
        .await;
    Err(io::Error::other(connected.unwrap_err()))
}

/// The client's end.
pub struct InMemory {
    stream: DuplexStream,
    /// What the end of the stream is: in order, or a reset.
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
