//! Checks of the limit on the size of a response body.

use paystack_transport::TransportErrorKind;

use crate::harness::{CheckError, CheckResult, Harness, describe, expect_eq, expect_maybe, get};
use crate::server::{Connection, ReceivedRequest, Server};
use crate::transport_under_test::TransportUnderTest;

const OK: &str = "HTTP/1.1 200 OK\r\n";

pub(super) async fn declared<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let limit = harness.body_limit;
    let stall = harness.stall();
    let server = Server::start(move |connection| {
        while let Some(received) = connection.read_request()? {
            match received.name() {
                "at-the-limit" => {
                    connection.write(format!("{OK}Content-Length: {limit}\r\n\r\n"))?;
                    connection.write(vec![b'x'; limit])?;
                }
                // Send no byte of the body, so that a transport that reads it times out.
                _ => {
                    let length = limit.saturating_add(1);
                    connection.write(format!("{OK}Content-Length: {length}\r\n\r\n"))?;
                    connection.stall(stall)?;
                }
            }
        }
        Ok(())
    })?;
    expect_whole_body(harness, &server).await?;
    expect_too_large(harness, &server).await
}

pub(super) async fn streamed<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let limit = harness.body_limit;
    let chunked = Server::start(move |connection| {
        while let Some(received) = connection.read_request()? {
            connection.write(format!("{OK}Transfer-Encoding: chunked\r\n\r\n"))?;
            let length = body_length(received.name(), limit);
            write_pieces(connection, length, |connection, piece| {
                connection.write(format!("{:x}\r\n", piece.len()))?;
                connection.write(piece)?;
                connection.write("\r\n")
            })?;
            connection.write("0\r\n\r\n")?;
        }
        Ok(())
    })?;
    let without_length = Server::start(move |connection| {
        let Some(received) = connection.read_request()? else {
            return Ok(());
        };
        connection.write(format!("{OK}Connection: close\r\n\r\n"))?;
        let length = body_length(received.name(), limit);
        write_pieces(connection, length, |connection, piece| {
            connection.write(piece)
        })
    })?;
    for server in [&chunked, &without_length] {
        expect_whole_body(harness, server).await?;
        expect_too_large(harness, server).await?;
    }
    if chunked.received_requests().iter().any(requests_gzip) {
        compressed(harness).await?;
    }
    Ok(())
}

/// Checks that the limit counts decoded bytes.
async fn compressed<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    /// A gzip member of 256 times `x`, and one of a single `x`.
    const MANY: &[u8] =
        b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xab\xa8\x18\xd9\0\0\x10\x1a\xees\0\x01\0\0";
    const ONE: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xab\0\0\x83\x16\xdc\x8c\x01\0\0\0";
    let limit = harness.body_limit;
    let server = Server::start(move |connection| {
        while let Some(received) = connection.read_request()? {
            let length = body_length(received.name(), limit);
            // Members in a row are one body.
            let body = [MANY.repeat(length / 256), ONE.repeat(length % 256)].concat();
            let length = body.len();
            let head = format!("{OK}Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
            connection.write([head.as_bytes(), &body].concat())?;
        }
        Ok(())
    })?;
    let in_gzip = |error: CheckError| error.with_context("compressed with gzip");
    let whole = expect_whole_body(harness, &server).await;
    whole.map_err(in_gzip)?;
    let too_large = expect_too_large(harness, &server).await;
    too_large.map_err(in_gzip)
}

fn requests_gzip(request: &ReceivedRequest) -> bool {
    request.values("accept-encoding") == [b"gzip"]
}

async fn expect_whole_body<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    server: &Server,
) -> CheckResult {
    let request = get(server.address(), "at-the-limit");
    let response = harness.expect_response(request).await;
    let limit = harness.body_limit;
    let response =
        response.map_err(|fault| format!("a body of {limit} bytes, the limit: {fault}"))?;
    Ok(expect_eq("length", &response.body().len(), &limit)?)
}

async fn expect_too_large<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    server: &Server,
) -> CheckResult {
    let limit = harness.body_limit;
    let request = get(server.address(), "over-the-limit");
    let error = harness.expect_error(request).await;
    let context = format!("a body over {limit} bytes, the limit");
    let error = error.map_err(|fault| format!("{context}: {fault}"))?;
    expect_maybe(&context, &error)?;
    if error.kind() != TransportErrorKind::TooLarge {
        let fault = format!("expected TooLarge, got {}", describe(&error));
        return Err(CheckError::Failed(fault));
    }
    Ok(())
}

/// Returns the length of the body that a request asks for by its name.
fn body_length(name: &str, limit: usize) -> usize {
    match name {
        "at-the-limit" => limit,
        _ => limit.saturating_add(1),
    }
}

fn write_pieces(
    connection: &mut Connection,
    length: usize,
    write: impl Fn(&mut Connection, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let piece = [b'x'; 16 * 1024];
    let mut remaining = length;
    while let Some(piece) = piece
        .get(..remaining.min(piece.len()))
        .filter(|piece| !piece.is_empty())
    {
        write(connection, piece)?;
        remaining = remaining.saturating_sub(piece.len());
    }
    Ok(())
}
