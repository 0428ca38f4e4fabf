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
    use std::cell::Cell;
    use std::fmt::Display;
    use std::io::Write;
    use std::net::TcpStream;
    use std::os::fd::OwnedFd;
    use std::process::{Child, Command, Stdio};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::{DETECTION, POOLED, ROUNDS, send_after};
    use crate::harness::{CheckError, CheckResult, Harness, get};
    use crate::server::{Server, response};
    use crate::transport_under_test::TransportUnderTest;

    /// Stops its parent process, closes the connection after 20 ms, and continues the parent 5 ms later.
    ///
    /// `read` waits until the parent has closed its own copy of the connection. A busy machine may stop the parent late,
    /// and deliver the close late. `sleep` may not support fractions.
    const SCRIPT: &str = "trap 'kill -CONT $PPID' EXIT HUP INT TERM; read _; kill -STOP $PPID || exit 1; \
                          sleep 0.02 || sleep 1; exec >&- <&-; sleep 0.005 || :";

    /// If the runtime does not run for this long around the close, the process was frozen.
    const PAUSE: Duration = Duration::from_millis(15);

    /// The most rounds, including those in which the process was not frozen.
    const ATTEMPTS: u8 = 32;

    /// Long enough for a shell to start on a busy machine.
    const SHELL: Duration = Duration::from_secs(10);

    /// Long enough for many suites to have their turns.
    const TURNS: Duration = Duration::from_secs(60);

    pub(super) async fn check<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
        let _turn = Turn::acquire(harness).await?;
        let (sender, connections) = mpsc::channel();
        let server = Server::start(move |connection| {
            connection.read_request()?;
            connection.write(response("200 OK", "{}"))?;
            // Fails if the check has ended.
            let _ = sender.send(connection.detach()?);
            Ok(())
        })?;
        harness
            .expect_response(get(server.address(), "first"))
            .await?;
        let mut frozen = 0_u8;
        for _ in 0..ATTEMPTS {
            harness
                .wait_until(harness.timeout, || server.open_connections() == 0)
                .await;
            harness.transport.sleep(POOLED).await;
            let connection = connections.recv_timeout(harness.timeout);
            let connection =
                connection.map_err(|_| "expected a connection, got none in time".to_owned())?;
            let mut shell = start(connection).map_err(unchecked)?;
            let is_frozen = pause(harness, &shell).await? >= PAUSE;
            let event = if is_frozen {
                "the process was frozen"
            } else {
                harness.transport.sleep(DETECTION).await;
                "the server closed the connection"
            };
            let sent = send_after(harness, &server, event).await;
            let status = shell.wait().map_err(unchecked)?;
            if !status.success() {
                return Err(unchecked(status));
            }
            sent?;
            frozen = frozen.saturating_add(u8::from(is_frozen));
            if frozen == ROUNDS {
                return Ok(());
            }
        }
        Err(CheckError::Unchecked(format!(
            "{frozen} of {ATTEMPTS} pauses were long enough, expected {ROUNDS}: use a less busy machine"
        )))
    }

    /// Lets one suite at a time freeze the process: another suite's shell would continue it too early.
    struct Turn;

    static IS_TAKEN: AtomicBool = AtomicBool::new(false);

    impl Turn {
        async fn acquire<T: TransportUnderTest>(
            harness: &Harness<'_, T>,
        ) -> Result<Self, CheckError> {
            let acquire = || !IS_TAKEN.swap(true, Ordering::Acquire);
            match harness.wait_until(TURNS, acquire).await {
                true => Ok(Self),
                false => {
                    let cause = "other suites freeze the process: run fewer at once";
                    Err(CheckError::Unchecked(cause.into()))
                }
            }
        }
    }

    impl Drop for Turn {
        fn drop(&mut self) {
            IS_TAKEN.store(false, Ordering::Release);
        }
    }

    fn start(connection: TcpStream) -> std::io::Result<Child> {
        Command::new("sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(OwnedFd::from(connection))
            .spawn()
    }

    /// Waits until the shell has closed the connection, and returns the time between the last two polls.
    async fn pause<T: TransportUnderTest>(
        harness: &Harness<'_, T>,
        shell: &Child,
    ) -> Result<Duration, CheckError> {
        let (pause, last) = (Cell::new(Duration::ZERO), Cell::new(Instant::now()));
        let is_closed = || {
            // The first line starts the script. It closes its input after the connection.
            let input = shell.stdin.as_ref();
            let is_closed = input.is_none_or(|mut input| input.write_all(b"\n").is_err());
            let now = Instant::now();
            pause.set(now.saturating_duration_since(last.replace(now)));
            is_closed
        };
        match harness.wait_until(SHELL, is_closed).await {
            true => Ok(pause.get()),
            false => Err(CheckError::Unchecked("`sh` does not end".into())),
        }
    }

    fn unchecked(cause: impl Display) -> CheckError {
        CheckError::Unchecked(format!("`sh` failed: {cause}"))
    }
}
