//! What the transport says about a request's fate, one test a row of its rules. A wrong `Sent::No`
//! writes twice, so each row meets a server of its own that really behaves so.
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

/// Longer than any of these tests takes.
const AMPLE: Option<Duration> = Some(Duration::from_secs(10));

const SHORT: Option<Duration> = Some(Duration::from_millis(80));

/// Serves each connection with a script, on a thread of its own, and says where.
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

/// Reads a request, answers with these bytes and hangs up.
fn answering(bytes: impl Into<Vec<u8>>) -> String {
    let bytes = bytes.into();
    server(move |mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(&bytes);
    })
}

/// Reads a request to its end: the head and, if there is one, a body of two bytes. Without a request it
/// is no bytes.
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

/// Keeps a connection open until the client closes it, or has failed the test.
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

fn said(error: &TransportError) -> (TransportErrorKind, Sent) {
    (error.kind(), error.sent())
}

#[test]
fn no_when_the_connection_is_refused() {
    // Bound and never listened on: nobody else gets the port, and nobody is there.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    for request in [post(&url), get(&url)] {
        let error = fails(request);
        assert_eq!(said(&error), (TransportErrorKind::Connect, Sent::No));
    }
}

/// A name that no resolver has to ask about: a label has 63 letters at most.
fn unknown_name() -> String {
    format!("http://{}.test/", "a".repeat(64))
}

#[test]
fn no_when_the_name_is_unknown() {
    for request in [post(&unknown_name()), get(&unknown_name())] {
        let error = fails(request);
        assert_eq!(said(&error), (TransportErrorKind::Connect, Sent::No));
    }
}

#[test]
fn no_when_the_tls_handshake_stalls() {
    let url = server(hold).replace("http:", "https:");
    let config = Agent::config_builder()
        .proxy(None)
        .timeout_connect(SHORT)
        .build();
    let transport = UreqTransport::with_config(config);
    for request in [post(&url), get(&url)] {
        let error = transport.send(request, AMPLE).unwrap_err();
        assert_eq!(said(&error), (TransportErrorKind::Connect, Sent::No));
    }
}

#[test]
fn no_when_tls_meets_plain_text() {
    for request in [post(&plain_text()), get(&plain_text())] {
        let error = fails(request);
        assert_eq!(said(&error), (TransportErrorKind::Connect, Sent::No));
    }
}

/// Where TLS is expected and plain text is spoken.
fn plain_text() -> String {
    let url = server(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        hold(stream);
    });
    url.replace("http:", "https:")
}

#[test]
fn no_when_the_time_is_up_in_the_tls_handshake() {
    let url = server(hold).replace("http:", "https:");
    for request in [post(&url), get(&url)] {
        let error = UreqTransport::new().send(request, SHORT).unwrap_err();
        assert_eq!(said(&error), (TransportErrorKind::Timeout, Sent::No));
    }
}

#[test]
fn maybe_when_no_answer_comes_in_time() {
    let url = server(hold);
    let error = UreqTransport::new().send(post(&url), SHORT).unwrap_err();
    assert_eq!(said(&error), (TransportErrorKind::Timeout, Sent::Maybe));
}

#[test]
fn an_agents_own_limit_of_time_holds_beside_the_time_left() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        thread::sleep(Duration::from_millis(400));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    let agent = Agent::config_builder().timeout_global(SHORT).build();
    let transport = UreqTransport::with_config(agent);
    for within in [AMPLE, None] {
        let error = transport.send(post(&url), within).unwrap_err();
        assert_eq!(said(&error), (TransportErrorKind::Timeout, Sent::Maybe));
    }
}

#[test]
fn maybe_when_the_answer_comes_in_drops_and_the_time_is_up() {
    // Each drop comes in time, but not all of them.
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
    assert_eq!(said(&error), (TransportErrorKind::Timeout, Sent::Maybe));
}

#[test]
fn maybe_when_the_server_hangs_up_without_an_answer() {
    let error = fails(post(&answering("")));
    assert_eq!(said(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn maybe_when_the_server_resets_the_connection() {
    // What it has not read makes its close a reset.
    let url = server(|mut stream| {
        let _ = stream.read(&mut [0]);
    });
    let error = fails(post(&url));
    assert_eq!(said(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn maybe_when_the_answer_breaks_off() {
    for answer in [
        &b"HTTP/1.1 20"[..],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"hello\r\n\r\n",
    ] {
        let error = fails(post(&answering(answer)));
        assert_eq!(said(&error), (TransportErrorKind::Io, Sent::Maybe));
    }
}

#[test]
fn maybe_when_a_connection_that_was_used_before_closes_after_the_request() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        read_request(&mut stream);
    });
    let transport = UreqTransport::new();
    transport.send(post(&url), AMPLE).unwrap();
    let error = transport.send(post(&url), AMPLE).unwrap_err();
    assert_eq!(said(&error), (TransportErrorKind::Io, Sent::Maybe));
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_replaced() {
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
fn an_answer_that_says_it_is_too_large_is_not_read() {
    // Not a byte of the body ever comes: waiting for it would run into the time-out.
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n");
        hold(stream);
    });
    let transport = UreqTransport::new().body_limit(10);
    let error = transport.send(post(&url), AMPLE).unwrap_err();
    assert_eq!(said(&error), (TransportErrorKind::TooLarge, Sent::Maybe));
}

#[test]
fn an_answer_that_grows_too_large_is_cut_off() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n3\r\n9ab\r\n0\r\n\r\n";
    let until_closed = "HTTP/1.0 200 OK\r\n\r\n123456789ab";
    for answer in [chunked, until_closed] {
        let url = answering(answer);
        let transport = UreqTransport::new();
        let small = transport.clone().body_limit(10);
        let error = small.send(get(&url), AMPLE).unwrap_err();
        assert_eq!(said(&error), (TransportErrorKind::TooLarge, Sent::Maybe));

        let whole = transport.body_limit(11).send(get(&url), AMPLE).unwrap();
        assert_eq!(whole.into_body(), "123456789ab");
    }
}

#[test]
fn headers_without_end_are_cut_off() {
    let url = server(|mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx: ");
        while stream.write_all(&[b'x'; 1024]).is_ok() {}
    });
    let error = fails(post(&url));
    assert_eq!(said(&error), (TransportErrorKind::TooLarge, Sent::Maybe));
}

#[test]
fn every_status_is_an_answer_and_redirects_are_not_followed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let elsewhere = server(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    });
    for status in [200, 301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 599] {
        let url = answering(format!(
            "HTTP/1.1 {status} So\r\nLocation: {elsewhere}\r\nContent-Length: 2\r\n\r\n[]"
        ));
        for request in [get(&url), post(&url)] {
            let answer = UreqTransport::new().send(request, AMPLE).unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(answer.into_body(), "[]");
        }
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[test]
fn interim_answers_are_passed_over() {
    let url = answering(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
         HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
    );
    let answer = UreqTransport::new().send(post(&url), AMPLE).unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.into_body(), "{}");
}

#[test]
fn no_error_shows_the_url_or_the_key() {
    let canary = |url: &str| {
        let mut request = post(&format!("{url}/customer/canary%40example.com"));
        let key = http::HeaderValue::from_static("Bearer sk_test_canary");
        request.headers_mut().insert("authorization", key);
        request
    };
    let broken = answering("");
    let config = Agent::config_builder().proxy(None).https_only(true).build();
    let https_only = UreqTransport::with_config(config);
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
