//! Checks of connections that break after the transport wrote to them.

use std::net::{Ipv4Addr, SocketAddr};

use paystack_transport::{TransportError, TransportErrorKind};

use crate::failing_stream::FailingStream;
use crate::harness::{CheckResult, Harness, describe, expect_maybe, get, post};
use crate::server::Server;
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn broken<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    // Closing with unread data resets the connection.
    let reset = Server::start(|connection| connection.read_byte())?;
    let request = post(reset.address(), "reset", vec![b'x'; 1 << 16]);
    let result = harness.expect_error(request).await;
    expect_broken("reset at the first byte", result)?;
    for partial_response in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
        "hello\r\n\r\n",
    ] {
        let server = Server::start(move |connection| {
            connection.read_request()?;
            connection.write(partial_response)
        })?;
        let context = format!("closed after {partial_response:?}");
        let address = server.address();
        for request in [get(address, "closed"), post(address, "closed", "{}")] {
            expect_broken(&context, harness.expect_error(request).await)?;
        }
    }
    Ok(())
}

/// Resets connections at the first byte of a request, also of one too large for any socket buffer.
pub(super) async fn error_numbers<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = Server::start(|connection| connection.read_byte())?;
    for size in [2, 1 << 16, 1 << 24] {
        let request = post(server.address(), "reset", vec![b'x'; size]);
        let context = format!("reset at the first byte of a body of {size} bytes");
        let error = harness.expect_error(request).await;
        let error = error.map_err(|fault| format!("{context}: {fault}"))?;
        expect_maybe(&context, &error)?;
    }
    let request = get(server.address(), "reset");
    let error = harness.expect_error(request).await?;
    expect_maybe("reset at the first byte", &error)?;
    Ok(())
}

/// Checks `error-numbers` over a stream of the suite, which can fail with any error.
pub(crate) async fn failing_stream<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    stream: &FailingStream,
) -> CheckResult {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 80));
    for request in [
        post(address, "failing", "{}"),
        post(address, "failing", vec![b'x'; 1 << 20]),
        get(address, "failing"),
    ] {
        let context = format!("{} over {stream:?}", request.method());
        let error = harness.expect_error(request).await;
        let error = error.map_err(|fault| format!("{context}: {fault}"))?;
        expect_maybe(&context, &error)?;
    }
    Ok(())
}

fn expect_broken(context: &str, result: Result<TransportError, String>) -> Result<(), String> {
    let error = result.map_err(|fault| format!("{context}: {fault}"))?;
    expect_maybe(context, &error)?;
    match error.kind() {
        TransportErrorKind::Io | TransportErrorKind::Other => Ok(()),
        _ => {
            let actual = describe(&error);
            Err(format!("{context}: expected Io or Other, got {actual}"))
        }
    }
}
