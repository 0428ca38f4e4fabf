//! A connection of HTTP/2 that lets the calls have their turn after each read.

use std::io;
use std::mem::{self, MaybeUninit};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::task::yield_now;

/// How many bytes are read in a turn.
const TURN: usize = 4 * 1024;

/// A connection that is read once a turn, if it is of HTTP/2.
///
/// The task that reads a connection of HTTP/2 goes on for as long as there is something to read, and
/// all that it reads waits for the calls. Frames of a few bytes wait in hundreds each: a megabyte of
/// them, which a socket may hold ready, in twenty. So the calls have their turn after each read.
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
            // It wakes this task only after all others, and the one that blocks on the runtime.
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
