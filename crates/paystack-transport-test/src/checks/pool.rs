//! Checks of pooled connections: reuse and concurrency.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use paystack_transport::bytes::Bytes;

use crate::harness::{CheckError, CheckResult, Harness, expect_eq, expect_response, get};
use crate::server::{Server, lock, response};
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn keep_alive<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = Server::start(|connection| {
        while let Some(received) = connection.read_request()? {
            let name = received.name();
            connection.write(match name {
                "chunked" => {
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nchunked\r\n0\r\n\r\n"
                        .into()
                }
                "204" => b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
                // The length describes the body that a 200 would have.
                "304" => b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n".to_vec(),
                "close" => {
                    let last =
                        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nclose";
                    return connection.write(last);
                }
                _ => response("200 OK", name),
            })?;
        }
        Ok(())
    })?;
    for first in ["length", "chunked", "204", "304", "close"] {
        for name in [first, "next", "last"] {
            let context = format!("{name} after {first}");
            let response = harness.expect_response(get(server.address(), name)).await;
            let response = response.map_err(|fault| format!("{context}: {fault}"))?;
            let (status, body) = match name {
                "204" => (204, ""),
                "304" => (304, ""),
                _ => (200, name),
            };
            expect_eq(&context, &response.status().as_u16(), &status)?;
            expect_eq(
                &context,
                response.body(),
                &Bytes::copy_from_slice(body.as_bytes()),
            )?;
        }
    }
    Ok(())
}

const CONCURRENT_CALLS: usize = 64;

pub(super) async fn concurrent_calls<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
) -> CheckResult {
    let barrier = Arc::new(NamedBarrier::default());
    let timeout = harness.timeout;
    let server_barrier = Arc::clone(&barrier);
    let server = Server::start(move |connection| {
        while let Some(received) = connection.read_request()? {
            if !server_barrier.wait(received.name(), timeout) {
                return Ok(());
            }
            connection.write(response("200 OK", received.name()))?;
        }
        Ok(())
    })?;
    let names: Vec<_> = (0..CONCURRENT_CALLS)
        .map(|number| format!("call-{number}"))
        .collect();
    let requests = names.iter().map(|name| get(server.address(), name));
    let Some(results) = harness.send_all(requests.collect()).await else {
        let cause = "the transport cannot be shared between threads";
        return Err(CheckError::Unchecked(cause.into()));
    };
    let arrived = barrier.arrived();
    if arrived < CONCURRENT_CALLS {
        let fault = format!("expected {CONCURRENT_CALLS} concurrent requests, got {arrived}");
        return Err(CheckError::Failed(fault));
    }
    for (name, result) in names.into_iter().zip(results) {
        let response = expect_response(result).map_err(|fault| format!("{name}: {fault}"))?;
        expect_eq(
            "the body of a response",
            response.body(),
            &Bytes::from(name),
        )?;
    }
    Ok(())
}

/// Delays the responses until all requests arrived.
#[derive(Default)]
struct NamedBarrier {
    state: Mutex<BarrierState>,
    changed: Condvar,
}

#[derive(Default)]
struct BarrierState {
    names: BTreeSet<String>,
    is_timed_out: bool,
}

impl NamedBarrier {
    /// Waits for the other requests for half of `timeout`. Returns whether all arrived.
    fn wait(&self, name: &str, timeout: Duration) -> bool {
        let mut state = lock(&self.state);
        if state.is_timed_out {
            return false;
        }
        state.names.insert(name.into());
        self.changed.notify_all();
        let half = timeout.checked_div(2).unwrap_or_default();
        let waited = self.changed.wait_timeout_while(state, half, |state| {
            state.names.len() < CONCURRENT_CALLS && !state.is_timed_out
        });
        let (mut state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_timed_out |= waited.timed_out();
        self.changed.notify_all();
        !state.is_timed_out
    }

    /// Returns the number of requests that arrived.
    fn arrived(&self) -> usize {
        lock(&self.state).names.len()
    }
}
