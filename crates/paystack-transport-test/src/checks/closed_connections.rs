//! Checks that a transport notices connections that the server has closed: while the transport waits, while its
//! runtime is starved, and while the process is frozen.

#[cfg(unix)]
mod frozen;

use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{CheckResult, Harness, get, post};
use crate::server::{Server, response};
use crate::transport_under_test::TransportUnderTest;

/// Long enough for a transport that polls its connections or is woken by them.
const DETECTION: Duration = Duration::from_millis(100);

/// How long the server keeps a connection open after its response.
const OPEN: Duration = Duration::from_millis(20);

/// Long enough for a transport to put a connection into its pool, and shorter than [`OPEN`].
const POOLED: Duration = Duration::from_millis(5);

/// This many sleeps of a millisecond are long enough for the close to arrive on a busy machine. A single sleep could
/// end while another suite freezes the process.
const ARRIVAL: u32 = 20;

/// A transport that does not notice the close still wins the race in some rounds.
const ROUNDS: u8 = 8;

pub(super) async fn check<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let server = Server::start(|connection| {
        connection.read_request()?;
        connection.write(response("200 OK", "{}"))?;
        thread::sleep(OPEN);
        Ok(())
    })?;
    harness
        .expect_response(get(server.address(), "first"))
        .await?;
    for _ in 0..2 {
        harness
            .wait_until(harness.timeout, || server.open_connections() == 0)
            .await;
        harness.transport.sleep(DETECTION).await;
        send_after(harness, &server, "the server closed the connection").await?;
    }
    for _ in 0..ROUNDS {
        harness.transport.sleep(POOLED).await;
        let started = Instant::now();
        while server.open_connections() > 0 && started.elapsed() < harness.timeout {
            thread::sleep(Duration::from_millis(1)); // the runtime does not run
        }
        for _ in 0..ARRIVAL {
            thread::sleep(Duration::from_millis(1));
        }
        send_after(harness, &server, "the runtime was starved").await?;
    }
    #[cfg(unix)]
    frozen::check(harness).await?;
    Ok(())
}

async fn send_after<T: TransportUnderTest>(
    harness: &Harness<'_, T>,
    server: &Server,
    event: &str,
) -> Result<(), String> {
    let request = post(server.address(), "next", "{}");
    let response = harness.expect_response(request).await;
    let response = response.map_err(|fault| format!("after {event}: {fault}"));
    response.map(drop)
}
