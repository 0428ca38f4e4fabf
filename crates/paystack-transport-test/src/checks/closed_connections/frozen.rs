//! Checks that a transport notices connections that the server has closed while the process was frozen.

use std::fmt::Display;
use std::io::Write;
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::{POOLED, ROUNDS, send_after};
use crate::harness::{CheckError, CheckResult, Harness, get};
use crate::server::{Server, response};
use crate::transport_under_test::TransportUnderTest;

/// Stops its parent process, closes the connection after 20 ms, and continues the parent 5 ms later.
///
/// `read` waits until the parent has closed its own copy of the connection. A busy machine may stop the parent late,
/// and deliver the close late. `sleep` may not support fractions.
const SCRIPT: &str = "trap 'kill -CONT $PPID' EXIT HUP INT TERM; read _; kill -STOP $PPID || exit 1; \
                      sleep 0.02 || sleep 1; exec >&- <&-; sleep 0.005 || :";

/// If a thread of its own does not run for this long around the close, the process was frozen.
const PAUSE: Duration = Duration::from_millis(15);

/// The most rounds. A round does not count if the process was not frozen: then a transport may pass or fail by chance.
const ATTEMPTS: u8 = 32;

/// Long enough for a shell to start on a busy machine.
const SHELL: Duration = Duration::from_secs(10);

/// Long enough for many suites to have their turns.
const TURNS: Duration = Duration::from_secs(60);

pub(super) async fn check<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    let _turn = Turn::acquire(harness).await?;
    let (sender, connections) = mpsc::channel();
    let server = Server::start(move |connection| {
        if connection.read_request()?.is_none() {
            return Ok(());
        }
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
        let input = shell.stdin.take().map(Arc::new);
        let input = input.ok_or_else(|| unchecked("no input"))?;
        let pause = thread::spawn({
            let input = Arc::clone(&input);
            move || pause_around_close(&input)
        });
        if !harness.wait_until(SHELL, || is_closed(&input)).await {
            return Err(unchecked("it does not end"));
        }
        let sent = send_after(harness, &server, "the process was frozen").await;
        let status = shell.wait().map_err(unchecked)?;
        if !status.success() {
            return Err(unchecked(status));
        }
        if pause.join().is_ok_and(|pause| pause >= PAUSE) {
            sent?;
            frozen = frozen.saturating_add(1);
        } else if sent.is_err() {
            // Open a connection for the next round. The transport may have failed after the server's response.
            connections.try_iter().for_each(drop);
            harness
                .expect_response(get(server.address(), "first"))
                .await?;
        }
        if frozen == ROUNDS {
            return Ok(());
        }
    }
    Err(CheckError::Unchecked(format!(
        "the process froze in {frozen} of {ATTEMPTS} rounds, expected {ROUNDS}: use a less busy machine, or one \
         whose `sh` can stop processes"
    )))
}

/// Lets one suite at a time freeze the process: another suite's shell would continue it too early.
struct Turn;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

impl Turn {
    async fn acquire<T: TransportUnderTest>(harness: &Harness<'_, T>) -> Result<Self, CheckError> {
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

/// Waits until the shell has closed the connection, and returns how long this thread did not run around the close.
fn pause_around_close(input: &ChildStdin) -> Duration {
    let started = Instant::now();
    let mut last = started;
    while !is_closed(input) && started.elapsed() < SHELL {
        last = Instant::now();
        thread::sleep(Duration::from_millis(1));
    }
    last.elapsed()
}

/// Writes a line, the first of which starts the script. Returns whether the script has closed its input, which it does
/// after the connection.
fn is_closed(mut input: &ChildStdin) -> bool {
    input.write_all(b"\n").is_err()
}

fn unchecked(cause: impl Display) -> CheckError {
    CheckError::Unchecked(format!("`sh` failed: {cause}"))
}
