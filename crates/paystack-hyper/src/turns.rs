//! An HTTP/2 connection that yields to the calls after each read.

use std::io;
use std::mem::{self, MaybeUninit};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::task::yield_now;

/// The bytes of one read.
const TURN: usize = 4 * 1024;

/// A connection that yields after each read, if it is HTTP/2.
///
/// The task that reads an HTTP/2 connection continues while data are available, and buffers them for the calls.
/// A megabyte of tiny frames, which a socket may hold, takes twenty in memory. So the calls run after each read.
#[derive(Debug)]
pub struct InTurns<S> {
    stream: S,
    is_http2: bool,
    has_read: bool,
}

impl<S: Connection> InTurns<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            is_http2: stream.connected().is_negotiated_h2(),
            stream,
            has_read: false,
        }
    }
}

impl<S: Read + Unpin> Read for InTurns<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.is_http2 {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        if mem::take(&mut self.has_read) {
            // It wakes this task after all others, including the one that blocks on the runtime.
            return pin!(yield_now()).poll(context).map(Ok);
        }
        let mut space = [MaybeUninit::uninit(); TURN];
        let (space, _) = space.split_at_mut(TURN.min(buffer.remaining()));
        let mut read = ReadBuf::uninit(space);
        ready!(Pin::new(&mut self.stream).poll_read(context, read.unfilled()))?;
        self.has_read = true;
        buffer.put_slice(read.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: Write + Unpin> Write for InTurns<S> {
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

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}

impl<S: Connection> Connection for InTurns<S> {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}
