//! A server that sends a response, which may have no end.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use paystack_hyper::http;
use paystack_tests::http2::{FRAME_HEAD_LENGTH, HEADERS, PREFACE_LENGTH, SETTINGS, WINDOW_UPDATE};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tower::Service;

use crate::responses::Answer;

/// tokio's limit on the reads of a task before other tasks run.
const READS: usize = 128;

/// The most bytes that the server sends. No client should keep as many.
const MOST: usize = 8 * 1024 * 1024;

/// A server that responds as fast as the client reads and as the windows of HTTP/2 allow.
///
/// It allocates nothing, so the allocator counts the client only.
pub(crate) struct Peer {
    answer: Answer,
    /// The current part, and the number of its bytes sent so far.
    sending: Part,
    at: usize,
    sent: usize,
    /// Reads since the last pause.
    reads: usize,
    windows: Windows,
    reader: Option<Waker>,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// The settings, which the server sends before the request.
    Preface,
    Begins,
    Again,
}

const EMPTY_SETTINGS: [u8; FRAME_HEAD_LENGTH] = [0, 0, 0, SETTINGS, 0, 0, 0, 0, 0];

/// The setting of the window of each stream.
const INITIAL_WINDOW_SIZE: [u8; 2] = [0, 4];

impl Peer {
    pub(crate) fn new(answer: Answer) -> Self {
        Self {
            sending: if answer.is_http2 {
                Part::Preface
            } else {
                Part::Begins
            },
            answer,
            at: 0,
            sent: 0,
            reads: 0,
            windows: Windows::default(),
            reader: None,
        }
    }

    /// Returns the bytes of the current part.
    fn part(&self) -> &[u8] {
        match self.sending {
            Part::Preface => &EMPTY_SETTINGS,
            Part::Begins if !self.windows.is_asked => &[],
            Part::Begins => &self.answer.begins,
            Part::Again => &self.answer.again,
        }
    }

    fn next_part(&mut self) -> bool {
        self.at = 0;
        match self.sending {
            Part::Preface => self.sending = Part::Begins,
            Part::Begins if !self.windows.is_asked => return false,
            Part::Begins | Part::Again => {
                self.sending = Part::Again;
                if self.answer.again.is_empty() {
                    return false;
                }
                if self.windows.left() < self.answer.takes {
                    self.at = self.answer.again.len();
                    return false;
                }
                self.windows.take(self.answer.takes);
            }
        }
        true
    }
}

impl AsyncRead for Peer {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let peer = &mut *self;
        if peer.sent >= MOST {
            return Poll::Ready(Ok(()));
        }
        if peer.reads == READS {
            peer.reads = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        while peer.at >= peer.part().len() {
            if !peer.next_part() {
                peer.reader = Some(context.waker().clone());
                return Poll::Pending;
            }
        }
        peer.reads += 1;
        let rest = &peer.part()[peer.at..];
        let now = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..now]);
        peer.at += now;
        peer.sent += now;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Peer {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.answer.is_http2 {
            self.windows.read(bytes);
        } else {
            self.windows.is_asked = true;
        }
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// The client's incomplete frame, and its windows for the first stream and the connection.
struct Windows {
    received: Vec<u8>,
    is_begun: bool,
    is_asked: bool,
    stream: usize,
    connection: usize,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            received: Vec::with_capacity(64 * 1024),
            is_begun: false,
            is_asked: false,
            stream: 65_535,
            connection: 65_535,
        }
    }
}

impl Windows {
    fn left(&self) -> usize {
        self.stream.min(self.connection)
    }

    fn take(&mut self, bytes: usize) {
        self.stream = self.stream.saturating_sub(bytes);
        self.connection = self.connection.saturating_sub(bytes);
    }

    fn read(&mut self, bytes: &[u8]) {
        self.received.extend_from_slice(bytes);
        if !self.is_begun && self.received.len() >= PREFACE_LENGTH {
            self.received.drain(..PREFACE_LENGTH);
            self.is_begun = true;
        }
        while self.is_begun && self.received.len() >= FRAME_HEAD_LENGTH {
            let frame = &self.received;
            let length = FRAME_HEAD_LENGTH + usize::from(frame[1]) * 256 + usize::from(frame[2]);
            if frame.len() < length {
                break;
            }
            let number = |at: usize| {
                let bytes = frame[at..at + 4].try_into().unwrap();
                usize::try_from(u32::from_be_bytes(bytes)).unwrap()
            };
            match (frame[3], number(5)) {
                (HEADERS, _) => self.is_asked = true,
                (SETTINGS, _) => {
                    for setting in (FRAME_HEAD_LENGTH..length).step_by(6) {
                        if frame[setting..setting + 2] == INITIAL_WINDOW_SIZE {
                            self.stream = number(setting + 2);
                        }
                    }
                }
                (WINDOW_UPDATE, 0) => self.connection += number(FRAME_HEAD_LENGTH),
                (WINDOW_UPDATE, _) => self.stream += number(FRAME_HEAD_LENGTH),
                _ => {}
            }
            self.received.drain(..length);
        }
    }
}

/// Connects once, to an existing peer.
#[derive(Clone)]
pub(crate) struct Once(pub(crate) Arc<Mutex<Option<Peer>>>);

impl Service<http::Uri> for Once {
    type Response = TokioIo<Peer>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Uri) -> Self::Future {
        let peer = self.0.lock().unwrap().take();
        ready(
            peer.map(TokioIo::new)
                .ok_or_else(|| io::ErrorKind::ConnectionRefused.into()),
        )
    }
}

impl Connection for Peer {
    fn connected(&self) -> Connected {
        if self.answer.is_http2 {
            Connected::new().negotiated_h2()
        } else {
            Connected::new()
        }
    }
}
