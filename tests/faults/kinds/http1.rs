//! Faults over HTTP/1.1.

use std::time::Duration;

use super::{
    BODY_LIMIT, Expected, Fault, broken, last, late, limited, response, too_large, unknown,
};
use crate::server::{Act, Then};

pub fn faults() -> Vec<Fault> {
    const EVERY: Duration = Duration::from_millis(10);
    const SECOND: Duration = Duration::from_secs(1);
    const LIMITED: &str = r#"{"status":false,"message":"Rate limit exceeded!","type":"api_error","code":"rate_limited"}"#;
    const HTML: &str = "<html><title>no</title></html>";
    let cut = |name, bytes: &[u8], expected| says(name, bytes.to_vec(), Then::HangUp, expected);
    let stalled = |name, bytes: &[u8]| says(name, bytes.to_vec(), Then::Stall, late());
    let whole = |name, status, headers, body: &str, expected| {
        says(name, response(status, headers, body), Then::GoOn, expected)
    };
    let nested = "[".repeat(9_000) + &"]".repeat(9_000);
    vec![
        Fault {
            name: "closed at the first byte",
            act: Act::HangUp,
            expected: broken(),
        },
        says("reset before the response", Vec::new(), Then::Reset, broken()),
        says("reset in the headers", b"HTTP/1.1 200 OK\r\nContent-Le".to_vec(), Then::Reset, broken()),
        says("reset in the body", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec(), Then::Reset, broken()),
        cut("closed before the response", b"", broken()),
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
        stalled("no response", b""),
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
        stalled_large("declared body too large"),
        says(
            "body without end",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            Then::Repeat(CHUNKS.as_flattened(), Duration::from_millis(1)),
            too_large(),
        ),
        cut(
            "Content-Length too short",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"status\":true}",
            last("Decode", "Unknown"),
        ),
        whole(
            "truncated JSON",
            "200 OK",
            "",
            r#"{"status":true,"data":{"id""#,
            last("Decode", "Unknown"),
        ),
        cut("204", b"HTTP/1.1 204 No Content\r\n\r\n", last("Decode", "Unknown")),
        whole("empty 200", "200 OK", "", "", last("Decode", "Unknown")),
        whole("HTML under 200", "200 OK", "", HTML, last("Decode", "Unknown")),
        cut(
            "unrequested gzip",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff",
            last("Decode", "Unknown"),
        ),
        whole("deeply nested JSON", "200 OK", "", &nested, last("Decode", "Unknown")),
        whole(
            "status: false under 200",
            "200 OK",
            "",
            r#"{"status":false,"message":"no"}"#,
            last("Api: 200", "NotProcessed"),
        ),
        whole(
            "redirect to the same host",
            "302 Found",
            "Location: /customer\r\n",
            "",
            last("Api: 302", "Unknown"),
        ),
        whole(
            "redirect to another host",
            "307 Temporary Redirect",
            "Location: https://thief.example/\r\n",
            "",
            last("Api: 307", "Unknown"),
        ),
        whole("HTML 403", "403 Forbidden", "", HTML, last("Api: 403", "Unknown")),
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
            last("Api: 429", "NotProcessed"),
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
        act: Act::Respond(bytes, then),
        expected,
    }
}
