//! The faults, and what a call ends with under each.

use std::time::Duration;

use crate::http2::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, Http2, NO_FLAGS, OK, RST_STREAM,
    SETTINGS, frame,
};
use crate::server::{Act, Then};
use crate::tls::Handshake;

/// Small, so that what is too large is soon too large.
pub const BODY_LIMIT: usize = 64 * 1024;

pub struct Fault {
    pub name: &'static str,
    pub act: Act,
    pub expected: Expected,
}

/// The error, how many attempts were made, whole seconds.
type Outcome = (&'static str, u32, u64);

/// For operations that may be sent again after an unknown fate, and for the others.
pub struct Expected {
    pub sent: &'static str,
    /// The same for requests without a body.
    pub sent_without_body: &'static str,
    pub safe: Outcome,
    pub other: Outcome,
}

/// Nothing was sent: everything is tried again.
fn unsent(seconds: u64) -> Expected {
    let outcome = ("Transport: Connect", 3, seconds);
    Expected {
        sent: "No",
        sent_without_body: "No",
        safe: outcome,
        other: outcome,
    }
}

/// The connection broke with the request under way.
fn broken() -> Expected {
    Expected {
        sent: "Maybe",
        sent_without_body: "Maybe",
        safe: ("Transport: Io", 3, 0),
        other: ("Transport: Io", 1, 0),
    }
}

/// The server says that it did not touch the request: everything is tried again.
fn refused() -> Expected {
    let outcome = ("Transport: Io", 3, 0);
    Expected {
        sent: "No",
        sent_without_body: "No",
        safe: outcome,
        other: outcome,
    }
}

/// The same, but a request without a body may have gone out all the same.
fn gone_away() -> Expected {
    Expected {
        sent_without_body: "Maybe",
        ..refused()
    }
}

/// A ping after 20 s is not answered within 5 s; the third attempt runs into the deadline.
fn dead() -> Expected {
    Expected {
        sent: "Maybe",
        sent_without_body: "Maybe",
        safe: ("Deadline", 3, 60),
        other: ("Transport: Io", 1, 25),
    }
}

/// No answer within 30 s; the second attempt of what is safe runs into the deadline.
fn late() -> Expected {
    Expected {
        sent: "Maybe",
        sent_without_body: "Maybe",
        safe: ("Deadline", 2, 60),
        other: ("Transport: Timeout", 1, 30),
    }
}

/// An answer that ends every call.
fn last(error: &'static str) -> Expected {
    Expected {
        sent: "Yes",
        sent_without_body: "Yes",
        safe: (error, 1, 0),
        other: (error, 1, 0),
    }
}

/// An answer after which nobody knows what was done.
fn unknown(error: &'static str) -> Expected {
    Expected {
        sent: "Yes",
        sent_without_body: "Yes",
        safe: (error, 3, 0),
        other: (error, 1, 0),
    }
}

/// Paystack's own 429: everything is tried again, but not before it says.
fn limited(seconds: u64) -> Expected {
    let outcome = ("Api: 429", 3, seconds);
    Expected {
        sent: "Yes",
        sent_without_body: "Yes",
        safe: outcome,
        other: outcome,
    }
}

fn too_large() -> Expected {
    let outcome = ("Transport: TooLarge", 1, 0);
    Expected {
        sent: "Maybe",
        sent_without_body: "Maybe",
        safe: outcome,
        other: outcome,
    }
}

/// An answer with these lines of headers, and the length of its body.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

pub fn all() -> Vec<Fault> {
    [connecting(), over_http1(), over_http2()]
        .into_iter()
        .flatten()
        .collect()
}

fn connecting() -> Vec<Fault> {
    let fault = |name, act, expected| Fault {
        name,
        act,
        expected,
    };
    let tls = |name, handshake, seconds| fault(name, Act::Tls(handshake), unsent(seconds));
    vec![
        fault("unknown name", Act::Nameless, unsent(0)),
        fault("connection refused", Act::Refuse, unsent(0)),
        fault("connecting never ends", Act::Vanish, unsent(9)),
        tls("TLS: certificate of another host", Handshake::WrongHost, 0),
        tls("TLS: expired certificate", Handshake::Expired, 0),
        tls("TLS: unknown issuer", Handshake::UnknownIssuer, 0),
        tls("TLS: handshake stalls", Handshake::Stalls, 9),
        tls("TLS: closed in the handshake", Handshake::HangsUp, 0),
        tls("TLS: the server speaks plain text", Handshake::PlainText, 0),
    ]
}

/// Connections are shared by then, so that each stream is a call of its own.
fn over_http2() -> Vec<Fault> {
    const EVERY: Duration = Duration::from_millis(10);
    let says = |name, answer, expected| Fault {
        name,
        act: Act::Http2(Http2 {
            answer,
            again: None,
            then_hangs_up: false,
            answers_pings: true,
        }),
        expected,
    };
    let repeats = |name, answer, again, expected| Fault {
        name,
        act: Act::Http2(Http2 {
            answer,
            again: Some((again, EVERY)),
            then_hangs_up: false,
            answers_pings: true,
        }),
        expected,
    };
    let hangs_up = |name, answer| Fault {
        name,
        act: Act::Http2(Http2 {
            answer,
            again: None,
            then_hangs_up: true,
            answers_pings: true,
        }),
        expected: broken(),
    };
    vec![
        says("HTTP/2: REFUSED_STREAM", |id| reset(id, 7), refused()),
        says("HTTP/2: reset, INTERNAL_ERROR", |id| reset(id, 2), broken()),
        says(
            "HTTP/2: GOAWAY below the request",
            |id| go_away(id - 1),
            gone_away(),
        ),
        hangs_up("HTTP/2: GOAWAY above the request, closed", go_away),
        hangs_up("HTTP/2: closed before the answer", |_| Vec::new()),
        hangs_up("HTTP/2: closed in the body", |id| {
            [head(id), frame(DATA, NO_FLAGS, id, b"{")].concat()
        }),
        says(
            "HTTP/2: body ended early by NO_ERROR",
            |id| {
                let told = frame(HEADERS, END_HEADERS, id, b"\x88\x0f\x0d\x0210");
                [told, frame(DATA, NO_FLAGS, id, b"{"), reset(id, 0)].concat()
            },
            broken(),
        ),
        says("HTTP/2: no answer", |_| Vec::new(), late()),
        Fault {
            name: "HTTP/2: no answer, nor to pings",
            act: Act::Http2(Http2 {
                answer: |_| Vec::new(),
                again: None,
                then_hangs_up: false,
                answers_pings: false,
            }),
            expected: dead(),
        },
        says(
            "HTTP/2: body stalls",
            |id| [head(id), frame(DATA, NO_FLAGS, id, b"{")].concat(),
            late(),
        ),
        repeats(
            "HTTP/2: 1xx without end",
            |_| Vec::new(),
            |id| frame(HEADERS, END_HEADERS, id, b"\x08\x03103"),
            late(),
        ),
        repeats(
            "HTTP/2: settings without end",
            |_| Vec::new(),
            |_| frame(SETTINGS, NO_FLAGS, 0, &[]),
            late(),
        ),
        repeats(
            "HTTP/2: headers without end",
            |id| frame(HEADERS, NO_FLAGS, id, OK),
            |id| frame(CONTINUATION, NO_FLAGS, id, b"\0\x01x\x01x"),
            broken(),
        ),
        says(
            "HTTP/2: body said to be too large",
            |id| frame(HEADERS, END_HEADERS, id, b"\x88\x0f\x0d\x0565537"),
            too_large(),
        ),
        repeats(
            "HTTP/2: body without end",
            head,
            |id| frame(DATA, NO_FLAGS, id, &[b' '; 16_384]),
            too_large(),
        ),
        says(
            "HTTP/2: data before the headers",
            |id| frame(DATA, END_STREAM, id, b""),
            broken(),
        ),
        says(
            "HTTP/2: HTTP/1.1 instead",
            |_| b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(),
            broken(),
        ),
        says(
            "HTTP/2: empty 200",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, OK),
            last("Decode"),
        ),
        // `:status: 204` in HPACK, then the length of a body that cannot be there.
        says(
            "HTTP/2: 204 with a length",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, b"\x89\x0f\x0d\x0210"),
            last("Decode"),
        ),
        // `:status: 500` and `404`.
        says(
            "HTTP/2: 500",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, b"\x8e"),
            unknown("Api: 500"),
        ),
        says(
            "HTTP/2: 404",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, b"\x8d"),
            last("Api: 404"),
        ),
    ]
}

fn head(id: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, id, OK)
}

fn reset(id: u32, reason: u8) -> Vec<u8> {
    frame(RST_STREAM, NO_FLAGS, id, &[0, 0, 0, reason])
}

/// The last stream that the server took.
fn go_away(last: u32) -> Vec<u8> {
    let no_error = 0_u32;
    let payload = [last.to_be_bytes(), no_error.to_be_bytes()].concat();
    frame(GOAWAY, NO_FLAGS, 0, &payload)
}

fn over_http1() -> Vec<Fault> {
    const EVERY: Duration = Duration::from_millis(10);
    const SECOND: Duration = Duration::from_secs(1);
    const LIMITED: &str = r#"{"status":false,"message":"Rate limit exceeded!","type":"api_error","code":"rate_limited"}"#;
    const HTML: &str = "<html><title>no</title></html>";
    let cut = |name, bytes: &[u8], expected| says(name, bytes.to_vec(), Then::HangUp, expected);
    let stalled = |name, bytes: &[u8]| says(name, bytes.to_vec(), Then::Stall, late());
    let whole = |name, status, headers, body: &str, expected| {
        says(name, answer(status, headers, body), Then::GoOn, expected)
    };
    let nested = "[".repeat(9_000) + &"]".repeat(9_000);
    vec![
        Fault {
            name: "closed as the request comes",
            act: Act::HangUp,
            expected: broken(),
        },
        says("reset before the answer", Vec::new(), Then::Reset, broken()),
        says("reset in the headers", b"HTTP/1.1 200 OK\r\nContent-Le".to_vec(), Then::Reset, broken()),
        says("reset in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec(), Then::Reset, broken()),
        cut("closed before the answer", b"", broken()),
        cut("closed in the status line", b"HTTP/1.1 20", broken()),
        cut(
            "closed in the headers",
            b"HTTP/1.1 200 OK\r\nContent-Le",
            broken(),
        ),
        cut(
            "closed after the headers",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
            broken(),
        ),
        cut(
            "closed in the body",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
            broken(),
        ),
        cut(
            "closed in a chunk",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
            broken(),
        ),
        cut(
            "bad chunk size",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{",
            broken(),
        ),
        cut(
            "bad Content-Length",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
            broken(),
        ),
        cut("not HTTP", b"hello\r\n\r\n", broken()),
        stalled("no answer", b""),
        stalled("headers stall", b"HTTP/1.1 200 OK\r\nContent-Le"),
        stalled(
            "body stalls",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        ),
        says(
            "one byte of a header a second",
            b"HTTP/1.1 200 OK\r\nX: ".to_vec(),
            Then::Repeat(b"x", SECOND),
            late(),
        ),
        says(
            "one byte of the body a second",
            b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n".to_vec(),
            Then::Repeat(b" ", SECOND),
            late(),
        ),
        says(
            "1xx without end",
            Vec::new(),
            Then::Repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n", EVERY),
            late(),
        ),
        says(
            "headers without end",
            b"HTTP/1.1 200 OK\r\n".to_vec(),
            Then::Repeat(HEADER_LINES.as_flattened(), Duration::from_millis(1)),
            broken(),
        ),
        stalled_large("body said to be too large"),
        says(
            "body without end",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            Then::Repeat(CHUNKS.as_flattened(), Duration::from_millis(1)),
            too_large(),
        ),
        cut(
            "Content-Length too short",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"status\":true}",
            last("Decode"),
        ),
        whole(
            "truncated JSON",
            "200 OK",
            "",
            r#"{"status":true,"data":{"id""#,
            last("Decode"),
        ),
        cut("204", b"HTTP/1.1 204 No Content\r\n\r\n", last("Decode")),
        whole("empty 200", "200 OK", "", "", last("Decode")),
        whole("HTML under 200", "200 OK", "", HTML, last("Decode")),
        cut(
            "gzip nobody asked for",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff",
            last("Decode"),
        ),
        whole("deeply nested JSON", "200 OK", "", &nested, last("Decode")),
        whole(
            "status: false under 200",
            "200 OK",
            "",
            r#"{"status":false,"message":"no"}"#,
            last("Api: 200"),
        ),
        whole(
            "redirect to the same host",
            "302 Found",
            "Location: /customer\r\n",
            "",
            last("Api: 302"),
        ),
        whole(
            "redirect to another host",
            "307 Temporary Redirect",
            "Location: https://thief.example/\r\n",
            "",
            last("Api: 307"),
        ),
        whole("HTML 403", "403 Forbidden", "", HTML, last("Api: 403")),
        whole("HTML 502", "502 Bad Gateway", "", HTML, unknown("Api: 502")),
        whole(
            "500",
            "500 Internal Server Error",
            "",
            r#"{"status":false,"message":"no"}"#,
            unknown("Api: 500"),
        ),
        whole(
            "503",
            "503 Service Unavailable",
            "",
            "",
            unknown("Api: 503"),
        ),
        whole(
            "a proxy's 429",
            "429 Too Many Requests",
            "",
            HTML,
            unknown("Api: 429"),
        ),
        whole(
            "429, reset in 5 s",
            "429 Too Many Requests",
            "x-ratelimit-reset: 5\r\n",
            LIMITED,
            limited(10),
        ),
        whole(
            "429, reset since 1970",
            "429 Too Many Requests",
            "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nx-ratelimit-reset: 1767225605\r\n",
            LIMITED,
            limited(10),
        ),
        whole(
            "429, reset is garbage",
            "429 Too Many Requests",
            "x-ratelimit-reset: soon\r\n",
            LIMITED,
            limited(0),
        ),
        whole(
            "429, reset beyond the deadline",
            "429 Too Many Requests",
            "x-ratelimit-reset: 600\r\n",
            LIMITED,
            last("Api: 429"),
        ),
    ]
}

/// Chunks of one byte each.
static CHUNKS: [[u8; 6]; 4000] = [*b"1\r\n \r\n"; 4000];

static HEADER_LINES: [[u8; 6]; 4000] = [*b"X: x\r\n"; 4000];

fn stalled_large(name: &'static str) -> Fault {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
        BODY_LIMIT + 1
    );
    says(name, head.into_bytes(), Then::Stall, too_large())
}

fn says(name: &'static str, bytes: Vec<u8>, then: Then, expected: Expected) -> Fault {
    Fault {
        name,
        act: Act::Answer(bytes, then),
        expected,
    }
}
