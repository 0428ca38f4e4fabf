//! Faults over HTTP/2.

use std::time::Duration;

use paystack_tests::http2::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, NO_FLAGS, OK, RST_STREAM,
    SETTINGS, frame,
};

use super::{Fault, broken, dead, gone_away, last, late, refused, too_large, unknown};
use crate::http2_server::Http2;
use crate::server::Act;

pub fn faults() -> Vec<Fault> {
    const EVERY: Duration = Duration::from_millis(10);
    let says = |name, response, expected| Fault {
        name,
        act: Act::Http2(Http2 {
            response,
            again: None,
            then_hangs_up: false,
            answers_pings: true,
        }),
        expected,
    };
    let repeats = |name, response, again, expected| Fault {
        name,
        act: Act::Http2(Http2 {
            response,
            again: Some((again, EVERY)),
            then_hangs_up: false,
            answers_pings: true,
        }),
        expected,
    };
    let hangs_up = |name, response| Fault {
        name,
        act: Act::Http2(Http2 {
            response,
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
        hangs_up("HTTP/2: closed before the response", |_| Vec::new()),
        hangs_up("HTTP/2: closed in the body", |id| {
            [head(id), frame(DATA, NO_FLAGS, id, b"{")].concat()
        }),
        says(
            "HTTP/2: body ended early by NO_ERROR",
            |id| {
                let declared = frame(HEADERS, END_HEADERS, id, b"\x88\x0f\x0d\x0210");
                [declared, frame(DATA, NO_FLAGS, id, b"{"), reset(id, 0)].concat()
            },
            broken(),
        ),
        says("HTTP/2: no response", |_| Vec::new(), late()),
        Fault {
            name: "HTTP/2: no response, nor to pings",
            act: Act::Http2(Http2 {
                response: |_| Vec::new(),
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
            "HTTP/2: declared body too large",
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
            last("Decode", "Unknown"),
        ),
        // `:status: 204` in HPACK with a `content-length`.
        says(
            "HTTP/2: 204 with a length",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, b"\x89\x0f\x0d\x0210"),
            last("Decode", "Unknown"),
        ),
        // `:status: 500` and `:status: 404` in HPACK.
        says(
            "HTTP/2: 500",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, b"\x8e"),
            unknown("Api: 500"),
        ),
        says(
            "HTTP/2: 404",
            |id| frame(HEADERS, END_HEADERS | END_STREAM, id, b"\x8d"),
            last("Api: 404", "Unknown"),
        ),
    ]
}

fn head(id: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, id, OK)
}

fn reset(id: u32, reason: u8) -> Vec<u8> {
    frame(RST_STREAM, NO_FLAGS, id, &[0, 0, 0, reason])
}

/// A GOAWAY frame with the last stream that the server processed.
fn go_away(last: u32) -> Vec<u8> {
    let no_error = 0_u32;
    let payload = [last.to_be_bytes(), no_error.to_be_bytes()].concat();
    frame(GOAWAY, NO_FLAGS, 0, &payload)
}
