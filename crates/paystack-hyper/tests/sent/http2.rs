//! The faults of HTTP/2.

use super::*;

#[tokio::test]
async fn no_if_the_server_refuses_the_stream() {
    let url = responding_over_http2(frame(RST_STREAM, 1, &REFUSED_STREAM), false).await;
    let error = fails(http2(), post(&url)).await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::No));
}

#[tokio::test]
async fn maybe_if_the_stream_is_reset_for_another_reason() {
    let url = responding_over_http2(frame(RST_STREAM, 1, &INTERNAL_ERROR), false).await;
    let error = fails(http2(), post(&url)).await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[tokio::test]
async fn maybe_if_the_client_resets_the_stream_or_sends_goaway() {
    const DATA: u8 = 0;
    const WINDOW_UPDATE: u8 = 8;
    let invalid_frames = [
        // DATA on stream 0: the client sends GOAWAY with PROTOCOL_ERROR.
        frame(DATA, 0, b"x"),
        // WINDOW_UPDATE with an increment of 0: the client resets the stream.
        frame(WINDOW_UPDATE, 1, &[0, 0, 0, 0]),
    ];
    for frame in invalid_frames {
        let url = responding_over_http2(frame, false).await;
        let error = fails(http2(), post(&url)).await;
        assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
    }
}

#[tokio::test]
async fn maybe_if_the_response_is_truncated_by_a_reset_with_no_error() {
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;
    const END_HEADERS: u8 = 4;
    // `:status: 200` and `content-length: 10`, in HPACK.
    let mut headers = frame(HEADERS, 1, b"\x88\x0f\x0d\x0210");
    headers[4] = END_HEADERS;
    let frames = [
        headers,
        frame(DATA, 1, b"{"),
        frame(RST_STREAM, 1, &NO_ERROR),
    ]
    .concat();
    let url = responding_over_http2(frames, false).await;
    let error = fails(http2(), post(&url)).await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[tokio::test]
async fn no_if_goaway_excludes_a_request_with_a_body() {
    for reason in [NO_ERROR, ENHANCE_YOUR_CALM] {
        let below = [[0, 0, 0, 0], reason].concat();
        let url = responding_over_http2(frame(GOAWAY, 0, &below), false).await;
        let error = fails(http2(), post(&url)).await;
        assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::No));
    }
}

#[tokio::test]
async fn maybe_if_goaway_excludes_a_request_without_a_body() {
    // The headers are the whole request, and may have been sent: see `is_surely_unsent`.
    let below = [[0, 0, 0, 0], NO_ERROR].concat();
    let url = responding_over_http2(frame(GOAWAY, 0, &below), false).await;
    let error = fails(http2(), get(&url)).await;
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[tokio::test]
async fn maybe_if_goaway_includes_the_stream_and_the_server_closes() {
    for reason in [NO_ERROR, ENHANCE_YOUR_CALM] {
        let above = [[0, 0, 0, 1], reason].concat();
        let url = responding_over_http2(frame(GOAWAY, 0, &above), true).await;
        let error = fails(http2(), post(&url)).await;
        assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
    }
}
