//! However large an answer is, or without end, reading it takes no more memory than the limit of a
//! body and 256 KiB. A test of its own, since the allocator counts for the whole process.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use paystack_hyper::{HyperTransport, Transport, TransportErrorKind, bytes::Bytes, http};
use peak_alloc::PeakAlloc;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::Builder;
use tower::Service;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const LIMIT: usize = 1024 * 1024;
/// So that what holds no body has no room for one.
const LOW_LIMIT: usize = 1024;
const OVER: usize = 256 * 1024;

/// As often as tokio lets a task read from a socket that has something before others have their turn.
const READS: usize = 128;

/// What a server sends at most; more than what anybody should keep.
const MOST: usize = 8 * 1024 * 1024;

/// An answer: what it begins with, and what then comes again and again.
struct Answer {
    name: &'static str,
    is_http2: bool,
    begins: Vec<u8>,
    again: Vec<u8>,
    /// What one more of them takes of HTTP/2's windows.
    takes: usize,
    ends: &'static [TransportErrorKind],
}

fn answers() -> Vec<Answer> {
    let http1 = |name, begins: &str, again: Vec<u8>, ends| Answer {
        name,
        is_http2: false,
        begins: begins.as_bytes().to_vec(),
        again,
        takes: 0,
        ends,
    };
    // The client's settings hold once they are acknowledged.
    let http2 = |name, begins: Vec<u8>, again, takes, ends| Answer {
        name,
        is_http2: true,
        begins: [&[0, 0, 0, 4, 1, 0, 0, 0, 0], &begins[..]].concat(),
        again,
        takes,
        ends,
    };
    let large_chunk = [&b"10000\r\n"[..], &[b' '; 0x10000], b"\r\n"].concat();
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let told = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", LIMIT + 1);
    const IO: &[TransportErrorKind] = &[TransportErrorKind::Io];
    const TOO_LARGE: &[TransportErrorKind] = &[TransportErrorKind::TooLarge];
    // h2 goes away if many of them wait to be read.
    const EITHER: &[TransportErrorKind] = &[TransportErrorKind::TooLarge, TransportErrorKind::Io];
    vec![
        http1("told to be too large", &told, vec![b' '; 65_536], TOO_LARGE),
        http1("large chunks without end", chunked, large_chunk, TOO_LARGE),
        http1(
            "chunks of a byte without end",
            chunked,
            b"1\r\n \r\n".repeat(4096),
            TOO_LARGE,
        ),
        http1(
            "until closed, never closed",
            "HTTP/1.1 200 OK\r\n\r\n",
            vec![b' '; 65_536],
            TOO_LARGE,
        ),
        http1(
            "headers without end",
            "HTTP/1.1 200 OK\r\n",
            b"X: x\r\n".repeat(4096),
            IO,
        ),
        http1(
            "a header without end",
            "HTTP/1.1 200 OK\r\nX: ",
            vec![b'x'; 65_536],
            IO,
        ),
        http1(
            "1xx without end",
            "",
            b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1024),
            IO,
        ),
        http1(
            "trailers without end",
            &format!("{chunked}0\r\n"),
            b"X: x\r\n".repeat(4096),
            IO,
        ),
        http1(
            "a chunk's extension without end",
            &format!("{chunked}1;"),
            vec![b'x'; 65_536],
            IO,
        ),
        http2(
            "told to be too large",
            frame(1, 4, b"\x88\x0f\x0d\x071048577"),
            frame(0, 0, &[b' '; 16_384]),
            16_384,
            TOO_LARGE,
        ),
        http2(
            "body without end",
            frame(1, 4, b"\x88"),
            frame(0, 0, &[b' '; 16_384]),
            16_384,
            TOO_LARGE,
        ),
        http2(
            "frames of a byte without end",
            frame(1, 4, b"\x88"),
            frame(0, 0, b" ").repeat(1024),
            1024,
            EITHER,
        ),
        http2(
            "frames of 300 bytes without end",
            frame(1, 4, b"\x88"),
            frame(0, 0, &[b' '; 300]).repeat(64),
            64 * 300,
            TOO_LARGE,
        ),
        http2(
            "frames of nothing without end",
            frame(1, 4, b"\x88"),
            frame(0, 0, b"").repeat(1024),
            0,
            IO,
        ),
        http2(
            "headers without end",
            frame(1, 0, b"\x88"),
            frame(9, 0, &b"\0\x01x\x01x".repeat(2048)),
            0,
            IO,
        ),
        http2(
            "1xx without end",
            Vec::new(),
            frame(1, 4, b"\x08\x03103").repeat(1024),
            0,
            IO,
        ),
        http2(
            "settings without end",
            Vec::new(),
            SETTINGS.repeat(1024),
            0,
            IO,
        ),
        http2(
            "pings without end",
            Vec::new(),
            [&[0, 0, 8, 6, 0, 0, 0, 0, 0][..], b"12345678"]
                .concat()
                .repeat(1024),
            0,
            IO,
        ),
    ]
}

/// A frame of HTTP/2 on the first stream.
fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags, 0, 0, 0, 1], payload].concat()
}

#[test]
fn no_answer_takes_more_than_the_limit_and_256_kib() {
    let mut over = Vec::new();
    // Many threads have the larger one alone, since interim answers over HTTP/2 may take more on them.
    for (case, limit, runtime) in [
        (
            "one thread, low limit",
            LOW_LIMIT,
            Builder::new_current_thread as fn() -> Builder,
        ),
        ("one thread", LIMIT, Builder::new_current_thread),
        ("many threads", LIMIT, Builder::new_multi_thread),
    ] {
        for answer in answers() {
            let version = if answer.is_http2 { 2 } else { 1 };
            let name = format!("{case}, HTTP/{version}, {}", answer.name);
            let expected = answer.ends;
            let (peak, ended) = peak_of(answer, limit, runtime());
            println!("{name}: {} KiB, {ended:?}", peak / 1024);
            if !expected.contains(&ended) {
                over.push(format!("{name}: {ended:?}"));
            }
            if peak > limit + OVER {
                over.push(format!("{name}: {peak} bytes"));
            }
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

/// The most memory that was held at once, and how the call ended.
fn peak_of(answer: Answer, limit: usize, mut runtime: Builder) -> (usize, TransportErrorKind) {
    let runtime = runtime.enable_time().build().unwrap();
    runtime.block_on(async {
        let connector = Once(Arc::new(Mutex::new(Some(Peer::new(answer)))));
        let transport = HyperTransport::with_connector(connector).body_limit(limit);
        let request = http::Request::get("http://127.0.0.1/customer")
            .body(Bytes::new())
            .unwrap();
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let error = transport.send(request).await.unwrap_err();
        let peak = ALLOCATOR.peak_usage().saturating_sub(before);
        (peak, error.kind())
    })
}

/// The other end of a connection: it answers the first request as fast as it is read, and as the
/// windows of HTTP/2 allow, and hangs up in the end. It allocates nothing, so all that is counted is
/// the client's.
struct Peer {
    answer: Answer,
    /// What is being sent, and how much of it has been.
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
    /// Settings, before the request.
    Preface,
    Begins,
    Again,
}

const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

impl Peer {
    fn new(answer: Answer) -> Self {
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

    /// What may go out now.
    fn part(&self) -> &[u8] {
        match self.sending {
            Part::Preface => &SETTINGS,
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
            self.windows.told(bytes);
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

/// What the client has written of a frame yet, and how much it takes, on the first stream and on the
/// connection.
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

    fn told(&mut self, bytes: &[u8]) {
        self.received.extend_from_slice(bytes);
        if !self.is_begun && self.received.len() >= 24 {
            self.received.drain(..24);
            self.is_begun = true;
        }
        while self.is_begun && self.received.len() >= 9 {
            let frame = &self.received;
            let length = 9 + usize::from(frame[1]) * 256 + usize::from(frame[2]);
            if frame.len() < length {
                break;
            }
            let number = |at: usize| {
                let bytes = frame[at..at + 4].try_into().unwrap();
                usize::try_from(u32::from_be_bytes(bytes)).unwrap()
            };
            match (frame[3], number(5)) {
                (1, _) => self.is_asked = true,
                // INITIAL_WINDOW_SIZE
                (4, _) => {
                    for setting in (9..length).step_by(6) {
                        if frame[setting..setting + 2] == [0, 4] {
                            self.stream = number(setting + 2);
                        }
                    }
                }
                (8, 0) => self.connection += number(9),
                (8, _) => self.stream += number(9),
                _ => {}
            }
            self.received.drain(..length);
        }
    }
}

/// Connects once, to a peer made before.
#[derive(Clone)]
struct Once(Arc<Mutex<Option<Peer>>>);

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
