//! Reading a response takes at most the body limit, one HTTP/2 window and a constant, however large it is. Joining the
//! pieces of a complete body without a declared length takes the body limit once more.

use std::io::Write;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use paystack_hyper::{HyperTransport, Transport, TransportErrorKind, bytes::Bytes, http};
use paystack_tests::http2::{
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, NO_FLAGS, PING, SETTINGS, frame,
};
use tokio::runtime::Builder;

use crate::peer::{Once, Peer};
use crate::{ALLOCATOR, alone};

const LIMIT: usize = 1024 * 1024;
/// A low limit, so that responses without a body get little memory.
const LOW_LIMIT: usize = 1024;
/// Over HTTP/1.1 a constant, and over HTTP/2 a window of 2 MiB as well.
const OVER: usize = 512 * 1024;
const WINDOW: usize = 2 * 1024 * 1024;
/// The largest payload of an HTTP/2 frame.
const FRAME: usize = 16_384;
/// A body whose pieces are joined.
const UNDECLARED: &str = "complete, not declared";
/// Floods of frames that are smaller than h2's bookkeeping for them: it reads all that the socket holds before the
/// call runs.
const FLOODS: [(&str, usize); 3] = [
    ("frames of a byte without end", 8 * 1024 * 1024),
    ("frames of 300 bytes without end", 4 * 1024 * 1024),
    ("1xx without end", 32 * 1024 * 1024),
];

/// A response: its first bytes, and bytes to repeat.
pub(crate) struct Answer {
    name: &'static str,
    pub(crate) is_http2: bool,
    pub(crate) begins: Vec<u8>,
    pub(crate) again: Vec<u8>,
    /// The HTTP/2 window that one repetition uses.
    pub(crate) takes: usize,
    /// The possible errors. A complete response has none.
    ends: &'static [TransportErrorKind],
}

fn answers(limit: usize) -> Vec<Answer> {
    let http1 = |name, begins: &str, again: Vec<u8>, ends| Answer {
        name,
        is_http2: false,
        begins: begins.as_bytes().to_vec(),
        again,
        takes: 0,
        ends,
    };
    // The server acknowledges the client's settings.
    let http2 = |name, begins: Vec<u8>, again, takes, ends| Answer {
        name,
        is_http2: true,
        begins: [frame(SETTINGS, ACK, 0, &[]), begins].concat(),
        again,
        takes,
        ends,
    };
    let large_chunk = [&b"10000\r\n"[..], &[b' '; 0x10000], b"\r\n"].concat();
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let stated = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", LIMIT + 1);
    let bomb = bomb();
    let gzip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
    let whole = " ".repeat(limit);
    let whole_chunk = format!("{limit:x}\r\n{whole}\r\n0\r\n\r\n");
    let mut frames: Vec<_> = whole.as_bytes().chunks(FRAME).collect();
    let last = frames.pop().unwrap();
    let in_frames = |head: &[u8]| {
        let mut bytes = stream_frame(HEADERS, END_HEADERS, head);
        for data in &frames {
            bytes.extend(stream_frame(DATA, NO_FLAGS, data));
        }
        bytes.extend(stream_frame(DATA, END_STREAM, last));
        bytes
    };
    let bomb_frames = bomb.chunks(FRAME);
    let bomb_frames = bomb_frames.flat_map(|data| stream_frame(DATA, NO_FLAGS, data));
    let declared = format!(
        "\u{f}\u{d}{}{limit}",
        char::from(limit.to_string().len() as u8)
    );
    const IO: &[TransportErrorKind] = &[TransportErrorKind::Io];
    const COMPLETE: &[TransportErrorKind] = &[];
    const TOO_LARGE: &[TransportErrorKind] = &[TransportErrorKind::TooLarge];
    // h2 may close the connection if many frames are unread.
    const EITHER: &[TransportErrorKind] = &[TransportErrorKind::TooLarge, TransportErrorKind::Io];
    vec![
        http1(
            "declared to be too large",
            &stated,
            vec![b' '; 65_536],
            TOO_LARGE,
        ),
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
        http1("gzip bomb", gzip, bomb.clone(), TOO_LARGE),
        http1(
            "complete, declared",
            &format!("HTTP/1.1 200 OK\r\nContent-Length: {limit}\r\n\r\n{whole}"),
            Vec::new(),
            COMPLETE,
        ),
        http1(
            UNDECLARED,
            &format!("{chunked}{whole_chunk}"),
            Vec::new(),
            COMPLETE,
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
            "declared to be too large",
            stream_frame(HEADERS, END_HEADERS, b"\x88\x0f\x0d\x071048577"),
            stream_frame(DATA, NO_FLAGS, &[b' '; 16_384]),
            16_384,
            TOO_LARGE,
        ),
        http2(
            "body without end",
            stream_frame(HEADERS, END_HEADERS, b"\x88"),
            stream_frame(DATA, NO_FLAGS, &[b' '; 16_384]),
            16_384,
            TOO_LARGE,
        ),
        http2(
            "gzip bomb",
            stream_frame(HEADERS, END_HEADERS, b"\x88\x0f\x0b\x04gzip"),
            bomb_frames.collect(),
            bomb.len(),
            TOO_LARGE,
        ),
        http2(
            "complete, declared",
            in_frames(&[b"\x88", declared.as_bytes()].concat()),
            Vec::new(),
            0,
            COMPLETE,
        ),
        http2(UNDECLARED, in_frames(b"\x88"), Vec::new(), 0, COMPLETE),
        http2(
            "frames of a byte without end",
            stream_frame(HEADERS, END_HEADERS, b"\x88"),
            stream_frame(DATA, NO_FLAGS, b" ").repeat(1024),
            1024,
            EITHER,
        ),
        http2(
            "frames of 300 bytes without end",
            stream_frame(HEADERS, END_HEADERS, b"\x88"),
            stream_frame(DATA, NO_FLAGS, &[b' '; 300]).repeat(64),
            64 * 300,
            TOO_LARGE,
        ),
        http2(
            "frames of nothing without end",
            stream_frame(HEADERS, END_HEADERS, b"\x88"),
            stream_frame(DATA, NO_FLAGS, b"").repeat(1024),
            0,
            IO,
        ),
        http2(
            "headers without end",
            stream_frame(HEADERS, NO_FLAGS, b"\x88"),
            stream_frame(CONTINUATION, NO_FLAGS, &b"\0\x01x\x01x".repeat(2048)),
            0,
            IO,
        ),
        http2(
            "1xx without end",
            Vec::new(),
            stream_frame(HEADERS, END_HEADERS, b"\x08\x03103").repeat(1024),
            0,
            IO,
        ),
        http2(
            "settings without end",
            Vec::new(),
            frame(SETTINGS, NO_FLAGS, 0, &[]).repeat(1024),
            0,
            IO,
        ),
        http2(
            "pings without end",
            Vec::new(),
            frame(PING, NO_FLAGS, 0, b"12345678").repeat(1024),
            0,
            IO,
        ),
    ]
}

/// Compresses 64 MiB of spaces.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        encoder.write_all(&[b' '; 1024 * 1024]).unwrap();
    }
    encoder.finish().unwrap()
}

/// Encodes a frame on the first stream.
fn stream_frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    frame(kind, flags, 1, payload)
}

#[test]
fn response_takes_at_most_the_limit_and_a_window() {
    let _alone = alone();
    let mut over = Vec::new();
    // Interim responses over HTTP/2 may exceed the low limit on many threads.
    for (case, limit, runtime) in [
        (
            "one thread, low limit",
            LOW_LIMIT,
            Builder::new_current_thread as fn() -> Builder,
        ),
        ("one thread", LIMIT, Builder::new_current_thread),
        ("many threads", LIMIT, Builder::new_multi_thread),
    ] {
        for answer in answers(limit) {
            let (version, window) = if answer.is_http2 { (2, WINDOW) } else { (1, 0) };
            let name = format!("{case}, HTTP/{version}, {}", answer.name);
            let expected = answer.ends;
            let flood = FLOODS.iter().find(|(flood, _)| *flood == answer.name);
            let flood = flood.map_or(0, |(_, bytes)| *bytes);
            let join = if answer.name == UNDECLARED { limit } else { 0 };
            let (peak, ended) = peak_of(answer, limit, runtime());
            println!("{name}: {} KiB, {ended:?}", peak / 1024);
            let is_expected = ended.map_or(expected.is_empty(), |kind| expected.contains(&kind));
            if !is_expected {
                over.push(format!("{name}: {ended:?}"));
            }
            if peak > limit + window + OVER + flood + join {
                over.push(format!("{name}: {peak} bytes"));
            }
        }
    }
    assert!(over.is_empty(), "{}", over.join("\n"));
}

/// Returns the peak memory, and the kind of the error, if any.
fn peak_of(
    answer: Answer,
    limit: usize,
    mut runtime: Builder,
) -> (usize, Option<TransportErrorKind>) {
    let runtime = runtime.enable_time().build().unwrap();
    runtime.block_on(async {
        let connector = Once(Arc::new(Mutex::new(Some(Peer::new(answer)))));
        let transport = HyperTransport::builder()
            .connector(connector)
            .body_limit(limit)
            .gzip()
            .build()
            .unwrap();
        let request = http::Request::get("http://127.0.0.1/customer")
            .body(Bytes::new())
            .unwrap();
        let before = ALLOCATOR.current_usage();
        ALLOCATOR.reset_peak_usage();
        let result = transport.send(request).await;
        let peak = ALLOCATOR.peak_usage().saturating_sub(before);
        if let Ok(response) = &result {
            assert_eq!(response.body().len(), limit);
        }
        (peak, result.err().map(|error| error.kind()))
    })
}
