//! The check that a request is sent once, however its connection ends.

use std::net::SocketAddr;
use std::time::Duration;

use crate::harness::{
    CheckError, CheckResult, Harness, expect_eq, expect_error, expect_maybe, get, post,
};
use crate::server::{Server, response};
use crate::transport_under_test::TransportUnderTest;

/// Checks that the transport does not resend a request that the server received.
///
/// The server sends a response that invites a retry, half a response, or none.
pub(super) async fn check<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    for last_bytes in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 Reason\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Reason\r\nConnection: close\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
    ] {
        closed(harness, last_bytes).await?;
    }
    reset(harness).await?;
    silent(harness).await
}

/// The server sends these bytes and closes the connection, which is new or was used before.
async fn closed<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    last_bytes: &'static str,
) -> CheckResult {
    for is_reused in [false, true] {
        let server = Server::start(move |connection| {
            while let Some(received) = connection.read_request()? {
                if received.name() == "once" {
                    return connection.write(last_bytes);
                }
                connection.write(response("200 OK", "warm"))?;
            }
            Ok(())
        })?;
        let address: SocketAddr = server.address();
        let requests = [get(address, "once"), post(address, "once", "{}")];
        for (expected, request) in (1..).zip(requests) {
            if is_reused {
                harness.expect_response(get(address, "warm")).await?;
            }
            let context = format!("{}, closed after {last_bytes:?}", request.method());
            let result = harness.send(request, harness.timeout).await;
            let received = server.received_requests();
            let actual = received.iter().filter(|one| one.name() == "once").count();
            expect_eq(&format!("{context}: times sent"), &actual, &expected)?;
            if last_bytes.is_empty() {
                let error = expect_error(result).map_err(|fault| format!("{context}: {fault}"))?;
                expect_maybe(&context, &error)?;
            }
        }
    }
    Ok(())
}

/// The server reads part of the request and resets the connection.
async fn reset<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = Server::start(|connection| connection.read_byte())?;
    let request = post(server.address(), "once", vec![b'x'; 1 << 16]);
    harness.send(request, harness.timeout).await;
    let context = "reset at the first byte: number of connections";
    Ok(expect_eq(context, &server.accepted_connections(), &1)?)
}

/// The server stays silent.
async fn silent<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    /// Longer than a client waits before it hedges the request on a second connection.
    const SILENCE: Duration = Duration::from_millis(300);
    let stall = harness.stall();
    let server = Server::start(move |connection| {
        connection.read_request()?;
        connection.stall(stall)
    })?;
    let request = post(server.address(), "once", "{}");
    harness.send(request, SILENCE).await;
    let actual = server.received_requests().len();
    if actual > 1 {
        let fault = format!("silence for {SILENCE:?}: the request was sent {actual} times");
        return Err(CheckError::Failed(fault));
    }
    Ok(())
}
