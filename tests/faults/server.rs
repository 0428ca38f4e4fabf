//! A server in memory that does what it is told.

use std::future::{pending, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use paystack_client::http::Uri;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};
use tower::Service;

/// What a server does.
#[derive(Clone)]
pub enum Act {
    /// It refuses connections.
    Refuse,
    /// It never takes one.
    Vanish,
    /// It reads a request and answers with this.
    Answer(Vec<u8>, Then),
}

/// What it does after its answer.
#[derive(Clone)]
pub enum Then {
    HangUp,
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
    warm_ups: u64,
}

impl Server {
    pub fn new(act: Act, connection: Use) -> Self {
        Self {
            act: Arc::new(act),
            requests: Arc::default(),
            warm_ups: match connection {
                Use::Fresh => 0,
                Use::Reused => 1,
            },
        }
    }

    /// How many requests arrived whole.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    async fn serve(self, mut stream: DuplexStream) {
        while read_request(&mut stream).await.is_some() {
            if self.requests.fetch_add(1, Ordering::SeqCst) < self.warm_ups {
                let answer = crate::kinds::answer("200 OK", "", crate::operations::CUSTOMER);
                stream.write_all(&answer).await.unwrap();
                if let Act::Answer(..) = *self.act {
                    continue;
                }
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
                Then::Stall => pending().await,
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

async fn read_request(stream: &mut DuplexStream) -> Option<()> {
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

    fn call(&mut self, _: Uri) -> Self::Future {
        if self.requests() >= self.warm_ups {
            match *self.act {
                Act::Refuse => {
                    return Box::pin(ready(Err(io::ErrorKind::ConnectionRefused.into())));
                }
                Act::Vanish => return Box::pin(pending()),
                Act::Answer(..) => {}
            }
        }
        let (ours, theirs) = tokio::io::duplex(4096);
        tokio::spawn(self.clone().serve(theirs));
        Box::pin(ready(Ok(TokioIo::new(InMemory(ours)))))
    }
}

/// The client's end.
pub struct InMemory(DuplexStream);

impl Connection for InMemory {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for InMemory {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for InMemory {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
