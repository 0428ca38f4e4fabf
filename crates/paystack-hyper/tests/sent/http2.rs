//! The faults of HTTP/2.

use hyper_util::rt::TokioIo;

use super::*;

const DATA: u8 = 0;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// Encodes a HEADERS frame of the first stream.
fn headers(flags: u8, block: &[u8]) -> Vec<u8> {
    const HEADERS: u8 = 1;
    let mut headers = frame(HEADERS, 1, block);
    headers[4] = flags;
    headers
}

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
    // `:status: 200` with and without `content-length: 10`, in HPACK.
    for block in [&b"\x88\x0f\x0d\x0210"[..], b"\x88"] {
        for data in [&[][..], &frame(DATA, 1, b"{")] {
            let headers = headers(END_HEADERS, block);
            let reset = frame(RST_STREAM, 1, &NO_ERROR);
            let url = responding_over_http2([&headers, data, &reset].concat(), false).await;
            let error = fails(http2(), post(&url)).await;
            assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
        }
    }
}

#[tokio::test]
async fn response_that_ends_before_a_reset_is_whole() {
    let mut end = frame(DATA, 1, b"");
    end[4] = END_STREAM;
    let reset = frame(RST_STREAM, 1, &NO_ERROR);
    let data = frame(DATA, 1, b"{}");
    let trailers = headers(END_HEADERS | END_STREAM, b"\x00\x01x\x01y");
    for (rest, body) in [
        ([&data[..], &end], "{}"),
        ([&data[..], &trailers], "{}"),
        ([&end[..], &[]], ""),
    ] {
        let frames = [&headers(END_HEADERS, b"\x88"), &rest.concat(), &reset[..]].concat();
        let url = responding_over_http2(frames, false).await;
        assert_eq!(http2().send(post(&url)).await.unwrap().body(), body);
    }
}

#[tokio::test]
async fn no_if_the_call_that_connects_is_dropped() {
    let response = headers(END_HEADERS | END_STREAM, b"\x88");
    let url = responding_over_http2(response, false).await;
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let connector = service_fn(move |uri: http::Uri| {
        let is_first = counted.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if is_first {
                pending::<()>().await;
            }
            let stream = TcpStream::connect(uri.authority().unwrap().as_str()).await;
            stream.map(TokioIo::new)
        }
    });
    let builder = HyperTransport::builder().http2_only();
    let transport = builder.connector(connector).build().unwrap();
    let call = || {
        let (transport, request) = (transport.clone(), post(&url));
        tokio::spawn(async move { transport.send(request).await })
    };
    let first = call();
    while connections.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    let second = call();
    for _ in 0..10 {
        tokio::task::yield_now().await; // the second call waits for the connection of the first
    }
    first.abort();
    let error = second.await.unwrap().unwrap_err();
    let unsent = (TransportErrorKind::Connect, Sent::No);
    assert_eq!(kind_and_sent(&error), unsent);
    assert_eq!(transport.send(post(&url)).await.unwrap().status(), 200);
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
