//! The check of cancelled requests: the transport releases or drains their connections.

use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::http;

use crate::harness::{CLOSE_TIMEOUT, CheckError, CheckResult, Harness, expect_eq, get, post};
use crate::server::{Server, response};
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn check<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    before_the_response(harness).await?;
    within_the_body(harness).await
}

/// Usually long enough for the server to receive the request.
const CANCEL_AFTER: Duration = Duration::from_millis(100);

/// Cancels a request that the server never responds to. The transport must close the connection.
async fn before_the_response<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let stall = harness.stall();
    for timeout in [CANCEL_AFTER, harness.timeout] {
        let server = Server::start(move |connection| {
            connection.read_request()?;
            connection.stall(stall)
        })?;
        let request = post(server.address(), "cancelled", "{}");
        cancel(harness, request, timeout).await?;
        if server.received_requests().is_empty() {
            continue;
        }
        let is_closed = || server.open_connections() == 0;
        if harness.wait_until(CLOSE_TIMEOUT, is_closed).await {
            return Ok(());
        }
        let fault =
            format!("the connection of a cancelled request is still open after {CLOSE_TIMEOUT:?}");
        return Err(CheckError::Failed(fault));
    }
    let fault = "expected a request, the server received none";
    Err(CheckError::Failed(fault.into()))
}

/// Cancels a request in the middle of its body. The rest of the body must not corrupt the next response.
async fn within_the_body<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    /// How long the server waits before it sends the rest.
    const PAUSE: Duration = Duration::from_millis(300);
    let server = Server::start(|connection| {
        while let Some(received) = connection.read_request()? {
            if received.name() != "cancelled" {
                connection.write(response("200 OK", received.name()))?;
                continue;
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncanc")?;
            if connection.client_closes_within(PAUSE)? {
                return Ok(());
            }
            connection.write("elled")?;
        }
        Ok(())
    })?;
    let request = get(server.address(), "cancelled");
    cancel(harness, request, CANCEL_AFTER).await?;
    harness
        .wait_until(PAUSE, || server.open_connections() == 0)
        .await;
    for name in ["next", "last"] {
        let response = harness.expect_response(get(server.address(), name)).await;
        let context = "the response after a cancelled request";
        let response = response.map_err(|fault| format!("{context}: {fault}"))?;
        let expected = Bytes::from_static(name.as_bytes());
        expect_eq(context, response.body(), &expected)?;
    }
    Ok(())
}

async fn cancel<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    request: http::Request<Bytes>,
    timeout: Duration,
) -> CheckResult {
    match harness.send(request, timeout).await {
        // The clause `time-outs` checks the error.
        None | Some(Err(_)) => Ok(()),
        Some(Ok(response)) => {
            let status = response.status().as_u16();
            let fault = format!("got status {status} before the server sent the whole response");
            Err(CheckError::Failed(fault))
        }
    }
}
