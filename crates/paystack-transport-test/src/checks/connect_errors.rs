//! Checks of errors from before a connection exists, which prove that nothing was sent.

use std::net::{TcpListener, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use paystack_transport::bytes::Bytes;
use paystack_transport::{Sent, TransportErrorKind, http};

use crate::harness::{CheckError, CheckResult, Harness, describe, get, post, request, target};
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn refused<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    // The local port of a client connection is in use, but no socket listens on it.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let connection = TcpStream::connect(listener.local_addr()?)?;
    let address = connection.local_addr()?;
    for request in [post(address, "refused", "{}"), get(address, "refused")] {
        expect_not_sent(harness, request, TransportErrorKind::ConnectionRefused).await?;
    }
    Ok(())
}

pub(super) async fn unknown_name<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    /// RFC 6761 reserves `.invalid` for names that never exist.
    const NAME: &str = "paystack-transport-test.invalid";
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send((NAME, 80).to_socket_addrs().is_err()));
    // A slow resolver, or one that resolves every name, is not a fault of the transport.
    let timeout = harness.timeout.checked_div(2).unwrap_or(Duration::ZERO);
    match receiver.recv_timeout(timeout) {
        Ok(true) => {}
        Ok(false) => {
            let cause = "the resolver of this machine resolves every name";
            return Err(CheckError::Unchecked(cause.into()));
        }
        Err(_) => {
            let cause = "the resolver of this machine does not respond";
            return Err(CheckError::Unchecked(cause.into()));
        }
    }
    let url = format!("http://{NAME}{}", target("unknown-name"));
    for (method, body) in [(http::Method::POST, "{}"), (http::Method::GET, "")] {
        let request = request(method, &url, body.into());
        expect_not_sent(harness, request, TransportErrorKind::NameLookup).await?;
    }
    Ok(())
}

/// Expects the exact kind, or `Connect` from a transport that does not know the cause.
async fn expect_not_sent<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    request: http::Request<Bytes>,
    kind: TransportErrorKind,
) -> CheckResult {
    let method = request.method().clone();
    let error = harness.expect_error(request).await?;
    let is_expected = error.kind() == kind || error.kind() == TransportErrorKind::Connect;
    if is_expected && error.sent() == Sent::No {
        return Ok(());
    }
    let actual = describe(&error);
    let fault = format!("{method}: expected {kind:?} or Connect, and No, got {actual}");
    Err(CheckError::Failed(fault))
}
