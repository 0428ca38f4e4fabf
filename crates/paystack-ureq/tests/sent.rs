//! The kind and `Sent` that the transport reports for each fault. A wrong `Sent::No` writes twice.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use paystack_ureq::{
    BlockingTransport, Sent, TransportError, TransportErrorKind, UreqTransport, http,
};
use ureq::Agent;

/// Longer than any of these tests needs.
const AMPLE: Option<Duration> = Some(Duration::from_secs(10));

/// Long enough to connect and send a request on a busy machine.
const SHORT: Option<Duration> = Some(Duration::from_secs(1));

/// Serves each connection with a script on its own thread, and returns the URL.
fn server(script: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let script = Arc::new(script);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let script = Arc::clone(&script);
            thread::spawn(move || script(stream.unwrap()));
        }
    });
    url
}

/// Reads a request, responds with these bytes and closes the connection.
fn responding(bytes: impl Into<Vec<u8>>) -> String {
    let bytes = bytes.into();
    server(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(&bytes);
    })
}

/// Reads a whole request: the head and, for a POST, a body of two bytes.
///
/// Returns no bytes if the client closes the connection without a request.
fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut byte = [0];
    while matches!(stream.read(&mut byte), Ok(1)) {
        request.extend(byte);
        let end: &[u8] = match request.starts_with(b"POST") {
            true => b"\r\n\r\n{}",
            false => b"\r\n\r\n",
        };
        if request.ends_with(end) {
            break;
        }
    }
    request
}

/// Keeps a connection open until the client closes it, or until `AMPLE` has passed.
fn hold(mut stream: TcpStream) {
    stream.set_read_timeout(AMPLE).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
}

fn post(url: &str) -> http::Request<Bytes> {
    let request = http::Request::post(url);
    request.body(Bytes::from_static(b"{}")).unwrap()
}

fn get(url: &str) -> http::Request<Bytes> {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

fn fails(request: http::Request<Bytes>) -> TransportError {
    UreqTransport::new().send(request, AMPLE).unwrap_err()
}

fn limited(body: usize) -> UreqTransport {
    UreqTransport::builder().body_limit(body).build().unwrap()
}

fn kind_and_sent(error: &TransportError) -> (TransportErrorKind, Sent) {
    (error.kind(), error.sent())
}

#[test]
fn no_if_the_connection_is_refused() {
    // The socket is bound and does not listen: the port is reserved and refuses connections.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    for request in [post(&url), get(&url)] {
        let error = fails(request);
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::ConnectionRefused, Sent::No)
        );
    }
}

/// The URL of a host name that is invalid, because a label has at most 63 letters. Needs no resolver.
fn unknown_name() -> String {
    format!("http://{}.test/", "a".repeat(64))
}

#[test]
fn no_if_the_name_is_unknown() {
    for request in [post(&unknown_name()), get(&unknown_name())] {
        let error = fails(request);
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::NameLookup, Sent::No)
        );
    }
}

#[test]
fn no_if_the_tls_handshake_stalls() {
    let url = server(hold).replace("http:", "https:");
    let builder = UreqTransport::builder().connect_timeout(Duration::from_millis(80));
    let transport = builder.build().unwrap();
    for request in [post(&url), get(&url)] {
        let error = transport.send(request, AMPLE).unwrap_err();
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::Connect, Sent::No)
        );
    }
}

#[test]
fn no_if_the_server_does_not_speak_tls() {
    for request in [post(&plain_text()), get(&plain_text())] {
        let error = fails(request);
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::Connect, Sent::No)
        );
    }
}

/// The https URL of a server that responds in plain text.
fn plain_text() -> String {
    let url = server(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        hold(stream);
    });
    url.replace("http:", "https:")
}

#[test]
fn no_if_the_tls_handshake_times_out() {
    let url = server(hold).replace("http:", "https:");
    for request in [post(&url), get(&url)] {
        let error = UreqTransport::new().send(request, SHORT).unwrap_err();
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::Timeout, Sent::No)
        );
    }
}

#[test]
fn maybe_if_the_response_times_out() {
    let url = server(hold);
    let error = UreqTransport::new().send(post(&url), SHORT).unwrap_err();
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::Timeout, Sent::Maybe)
    );
}

#[test]
fn shorter_timeout_of_the_agent_applies() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        hold(stream);
    });
    let agent = Agent::config_builder().timeout_global(SHORT).build();
    let transport = UreqTransport::builder().config(agent).build().unwrap();
    for within in [AMPLE, None] {
        let error = transport.send(post(&url), within).unwrap_err();
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::Timeout, Sent::Maybe)
        );
    }
}

#[test]
fn maybe_if_a_slow_response_body_times_out() {
    // Each byte arrives quickly, but the whole body does not.
    let url = server(|mut stream| {
        read_request(&mut stream);
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
        let _ = stream.write_all(head);
        for _ in 0..1000 {
            if stream.write_all(b" ").is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
    });
    let error = UreqTransport::new().send(post(&url), SHORT).unwrap_err();
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::Timeout, Sent::Maybe)
    );
}

#[test]
fn maybe_if_the_server_closes_without_a_response() {
    let error = fails(post(&responding("")));
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn maybe_if_the_server_resets_the_connection() {
    // To close a socket with unread data resets the connection.
    let url = server(|mut stream| {
        let _ = stream.read(&mut [0]);
    });
    let error = fails(post(&url));
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn maybe_if_the_response_is_truncated() {
    for response in [
        &b"HTTP/1.1 20"[..],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"hello\r\n\r\n",
    ] {
        let error = fails(post(&responding(response)));
        assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
    }
}

#[test]
fn maybe_if_a_reused_connection_closes_after_the_request() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        read_request(&mut stream);
    });
    let transport = UreqTransport::new();
    transport.send(post(&url), AMPLE).unwrap();
    let error = transport.send(post(&url), AMPLE).unwrap_err();
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn closed_idle_connection_is_replaced() {
    let (closed, is_closed) = std::sync::mpsc::channel();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let url = server(move |mut stream| {
        counted.fetch_add(1, Ordering::SeqCst);
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        drop(stream);
        closed.send(()).unwrap();
    });
    let transport = UreqTransport::new();
    for made in 1..=3 {
        transport.send(post(&url), AMPLE).unwrap();
        is_closed.recv().unwrap();
        assert_eq!(connections.load(Ordering::SeqCst), made);
    }
}

#[test]
fn too_large_content_length_is_rejected_unread() {
    // The server never sends the body, so a transport that waits for it times out.
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n");
        hold(stream);
    });
    let transport = limited(10);
    let error = transport.send(post(&url), AMPLE).unwrap_err();
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::TooLarge, Sent::Maybe)
    );
}

#[test]
fn body_of_unknown_length_over_the_limit_is_rejected() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n3\r\n9ab\r\n0\r\n\r\n";
    let until_closed = "HTTP/1.0 200 OK\r\n\r\n123456789ab";
    for response in [chunked, until_closed] {
        let url = responding(response);
        let error = limited(10).send(get(&url), AMPLE).unwrap_err();
        assert_eq!(
            kind_and_sent(&error),
            (TransportErrorKind::TooLarge, Sent::Maybe)
        );

        let whole = limited(11).send(get(&url), AMPLE).unwrap();
        assert_eq!(whole.into_body(), "123456789ab");
    }
}

#[test]
fn endless_headers_are_rejected() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ");
        while stream.write_all(&[b'x'; 1024]).is_ok() {}
    });
    let error = fails(post(&url));
    assert_eq!(
        kind_and_sent(&error),
        (TransportErrorKind::TooLarge, Sent::Maybe)
    );
}

#[test]
fn every_status_is_a_response_and_no_redirect_is_followed() {
    let followed = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&followed);
    let elsewhere = server(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    for status in [200, 301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 599] {
        let url = responding(format!(
            "HTTP/1.1 {status} So\r\nLocation: {elsewhere}\r\nContent-Length: 2\r\n\r\n[]"
        ));
        for request in [get(&url), post(&url)] {
            let response = UreqTransport::new().send(request, AMPLE).unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(response.into_body(), "[]");
        }
    }
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

#[test]
fn interim_responses_are_skipped() {
    let url = responding(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
         HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
    );
    let response = UreqTransport::new().send(post(&url), AMPLE).unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.into_body(), "{}");
}

// `UreqTransport` documents this limit of ureq, and the next one.
#[test]
fn maybe_if_a_chunk_line_exceeds_20_bytes() {
    let chunked = |line: &str| {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        responding(format!("{head}{line}\r\n{{}}\r\n0\r\n\r\n"))
    };
    let longest = get(&chunked("2;signature=01234567"));
    let response = UreqTransport::new().send(longest, AMPLE).unwrap();
    assert_eq!(response.into_body(), "{}");
    let error = fails(get(&chunked("2;signature=012345678")));
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn maybe_if_100_continue_has_headers() {
    let url = responding(
        "HTTP/1.1 100 Continue\r\nDate: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    );
    let error = fails(post(&url));
    assert_eq!(kind_and_sent(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn errors_do_not_show_the_url_or_the_key() {
    let canary = |url: &str| {
        let mut request = post(&format!("{url}/customer/canary%40example.com"));
        let key = http::HeaderValue::from_static("Bearer sk_test_canary");
        request.headers_mut().insert("authorization", key);
        request
    };
    let broken = responding("");
    let config = Agent::config_builder().proxy(None).https_only(true).build();
    let https_only = UreqTransport::builder().config(config).build().unwrap();
    let errors = [
        fails(canary(&broken)),
        fails(canary(&plain_text())),
        fails(canary(&unknown_name().replace("test/", "test"))),
        https_only.send(canary(&broken), AMPLE).unwrap_err(),
        fails(canary("ftp://example.com")),
    ];
    for error in errors {
        let mut shown = format!("{error} {error:?}");
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            shown.push_str(&format!("{error} {error:?}"));
            cause = error.source();
        }
        for secret in ["canary", "127.0.0.1", "customer"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
