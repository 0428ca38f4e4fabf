//! Checks of the responses that the transport returns.

use std::thread;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::http;

use crate::harness::{
    CheckError, CheckResult, Harness, expect_eq, expect_maybe, get, post, unknown_encoding,
};
use crate::server::{Server, response};
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn statuses<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = Server::start(|connection| {
        while let Some(received) = connection.read_request()? {
            let status = received.name();
            connection.write(match status {
                // These statuses never have a body.
                "204" | "304" => format!("HTTP/1.1 {status} Reason\r\n\r\n").into_bytes(),
                _ => response(&format!("{status} Reason"), "{}"),
            })?;
        }
        Ok(())
    })?;
    for status in 200_u16..600 {
        let request = get(server.address(), &status.to_string());
        let response = harness.expect_response(request).await;
        let response = response.map_err(|fault| format!("{status}: {fault}"))?;
        expect_eq("status", &response.status().as_u16(), &status)?;
        if !matches!(status, 204 | 304) {
            let context = format!("body of a {status}");
            expect_eq(&context, response.body(), &Bytes::from_static(b"{}"))?;
        }
    }
    Ok(())
}

pub(super) async fn repeated_headers<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
) -> CheckResult {
    let response = "HTTP/1.1 200 OK\r\nX-Twice: one\r\nX-Between: b\r\nx-twice: Two, three\r\n\
                  X-TWICE: one\r\nx-twice: last\r\nX-Empty:\r\nContent-Length: 2\r\n\r\n{}";
    let response = exchange(harness, response).await?;
    let header = |name| values(&response, name);
    let expected: [&[u8]; 4] = [b"one", b"Two, three", b"one", b"last"];
    expect_eq(
        "x-twice",
        &header("x-twice"),
        &expected.map(Vec::from).to_vec(),
    )?;
    expect_eq("x-between", &header("x-between"), &vec![b"b".to_vec()])?;
    expect_eq("x-empty", &header("x-empty"), &vec![Vec::new()])?;
    Ok(())
}

pub(super) async fn header_bytes<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let value = b"\"A\";  b\t=\xC3\xA9 \xE9\xFF";
    let head: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Value: ";
    let response = exchange(harness, [head, value, b"\r\n\r\n{}"].concat()).await?;
    expect_eq(
        "x-value",
        &values(&response, "x-value"),
        &vec![value.to_vec()],
    )?;
    Ok(())
}

pub(super) async fn body_bytes<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    /// `{"status":true}`
    const GZIP: &[u8] =
        b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xabV*.I,)-V\xb2*)*M\xad\x05\0L\x0f\xb3\xa1\x0f\0\0\0";
    let all_bytes: Vec<u8> = (0..=u8::MAX).collect::<Vec<_>>().repeat(4);
    let not_gzip = all_bytes.clone();
    let server = Server::start(move |connection| {
        let Some(received) = connection.read_request()? else {
            return Ok(());
        };
        // Without a request for gzip, a transport must not even look at the encoding.
        let body = match received.values("accept-encoding").is_empty() {
            true => &not_gzip,
            false => GZIP,
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=latin-1\r\n\
             Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
        );
        connection.write([head.as_bytes(), body].concat())
    })?;
    let response = harness
        .expect_response(get(server.address(), "body"))
        .await?;
    let requests = server.received_requests();
    let requested = requests
        .iter()
        .flat_map(|request| request.values("accept-encoding"));
    let encoding = values(&response, "content-encoding");
    let expected = match requested.map(to_string).next().as_deref() {
        None => {
            expect_eq("content-encoding", &encoding, &vec![b"gzip".to_vec()])?;
            all_bytes
        }
        Some("gzip") => {
            expect_eq("content-encoding", &encoding, &Vec::new())?;
            b"{\"status\":true}".to_vec()
        }
        Some(other) => return Err(CheckError::Failed(unknown_encoding(other))),
    };
    let body = response.body();
    if *body != expected {
        let (length, other) = (expected.len(), body.len());
        let fault = format!("expected {length} bytes, got {other} other bytes");
        return Err(CheckError::Failed(fault));
    }
    Ok(())
}

pub(super) async fn interim<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let interim = [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
    ];
    for interim in [interim.concat().as_str()].iter().chain(&interim) {
        let context = interim.lines().next().unwrap_or_default();
        let response = exchange(harness, format!("{interim}{last}")).await;
        let response = response.map_err(|error| error.with_context(context))?;
        expect_eq(context, &response.status().as_u16(), &200)?;
        expect_eq(context, response.body(), &Bytes::from_static(b"{}"))?;
        expect_eq(
            "the `Link` of an interim response",
            &values(&response, "link"),
            &Vec::new(),
        )?;
    }
    Ok(())
}

pub(super) async fn http_1_0<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    for head in ["", "Content-Length: 2\r\n"] {
        let response = exchange(harness, format!("HTTP/1.0 200 OK\r\n{head}\r\n{{}}")).await?;
        expect_eq("status", &response.status().as_u16(), &200)?;
        expect_eq("body", response.body(), &Bytes::from_static(b"{}"))?;
    }
    Ok(())
}

pub(super) async fn chunked<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    // Write single bytes, so that chunks differ from the pieces that arrive.
    let server = Server::start(|connection| {
        while connection.read_request()?.is_some() {
            let response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                          1\r\n{\r\nB;name=\"value\"\r\n\"id\":1173}\n\r\n0000\r\nX-Trailer: late\r\n\r\n";
            for byte in response.as_bytes() {
                connection.write([*byte])?;
            }
        }
        Ok(())
    })?;
    // The second response on the same connection must not contain bytes of the first.
    for _ in 0..2 {
        let response = harness
            .expect_response(get(server.address(), "chunked"))
            .await?;
        expect_eq(
            "body",
            response.body(),
            &Bytes::from_static(b"{\"id\":1173}\n"),
        )?;
    }
    let large = exchange(harness, {
        let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
        let chunks = chunk.repeat(4);
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n{chunks}0\r\n\r\n")
    });
    expect_eq("length", &large.await?.body().len(), &0x1_0000)?;
    Ok(())
}

pub(super) async fn no_length<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = Server::start(|connection| {
        connection.read_request()?;
        connection.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")?;
        thread::sleep(Duration::from_millis(20));
        connection.write("}")
    })?;
    let response = harness
        .expect_response(get(server.address(), "no-length"))
        .await?;
    expect_eq("body", response.body(), &Bytes::from_static(b"{}"))?;
    Ok(())
}

pub(super) async fn truncated<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    for partial_response in [
        "Content-Length: 10\r\n\r\n",
        "Content-Length: 10\r\n\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ] {
        let server = respond_and_close(format!("HTTP/1.1 200 OK\r\n{partial_response}"))?;
        let error = harness
            .expect_error(post(server.address(), "truncated", "{}"))
            .await;
        let context = format!("closed after {partial_response:?}");
        let error = error.map_err(|fault| format!("{context}: {fault}"))?;
        expect_maybe(&context, &error)?;
    }
    Ok(())
}

/// Starts a server that responds to a request with these bytes and closes the connection.
fn respond_and_close(bytes: impl Into<Vec<u8>>) -> std::io::Result<Server> {
    let bytes = bytes.into();
    Server::start(move |connection| {
        connection.read_request()?;
        connection.write(&bytes)
    })
}

/// Sends a request to a server that responds with these bytes.
async fn exchange<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    bytes: impl Into<Vec<u8>>,
) -> Result<http::Response<Bytes>, CheckError> {
    let server = respond_and_close(bytes)?;
    Ok(harness
        .expect_response(get(server.address(), "response"))
        .await?)
}

fn to_string(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

/// Returns the values of a response header.
fn values(response: &http::Response<Bytes>, name: &str) -> Vec<Vec<u8>> {
    let values = response.headers().get_all(name).iter();
    values.map(|value| value.as_bytes().to_vec()).collect()
}
