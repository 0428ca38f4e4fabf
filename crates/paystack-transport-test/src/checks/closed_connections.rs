//! Checks that a transport notices connections that the server has closed: while the transport waits, while its
//! runtime is starved, and while the process is frozen.

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

/// Long enough for the close to arrive on a busy machine.
const ARRIVAL: Duration = Duration::from_millis(20);

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
        thread::sleep(ARRIVAL);
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

#[cfg(unix)]
mod frozen {
    use std::io;
    use std::net::TcpStream;
    use std::os::fd::OwnedFd;
    use std::process::{Command, Stdio};
    use std::sync::mpsc;

    use super::{POOLED, ROUNDS, send_after};
    use crate::harness::{CheckError, CheckResult, Harness};
    use crate::server::{Server, response};
    use crate::transport_under_test::TransportUnderTest;

    pub(super) async fn check<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
        let (sender, connections) = mpsc::channel();
        let server = Server::start(move |connection| {
            connection.read_request()?;
            connection.write(response("200 OK", "{}"))?;
            // Fails if the check has ended.
            let _ = sender.send(connection.detach()?);
            Ok(())
        })?;
        for _ in 0..ROUNDS {
            send_after(harness, &server, "the process was frozen").await?;
            harness
                .wait_until(harness.timeout, || server.open_connections() == 0)
                .await;
            harness.transport.sleep(POOLED).await;
            let connection = connections.recv_timeout(harness.timeout);
            let connection = connection.map_err(|error| format!("the connection: {error}"))?;
            close_while_frozen(connection)
                .map_err(|error| CheckError::Unchecked(format!("`sh` failed: {error}")))?;
        }
        Ok(())
    }

    /// Stops this process, closes the connection in another process, and continues this process.
    fn close_while_frozen(connection: TcpStream) -> io::Result<()> {
        // `read` waits until this process has closed its own copy of the connection.
        const SCRIPT: &str = "read _; kill -STOP $PPID; exec >&-; sleep 0.02; kill -CONT $PPID";
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(OwnedFd::from(connection))
            .spawn()?;
        shell.wait().map(drop) // closes its input first
    }
}
