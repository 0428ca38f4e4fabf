//! Checks of the timer and of time limits.

use std::time::{Duration, Instant};

use paystack_transport::TransportErrorKind;

use crate::harness::{CheckError, CheckResult, Harness, describe, expect_maybe, post};
use crate::server::Server;
use crate::transport_under_test::TransportUnderTest;

pub(super) async fn timer<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    const REQUESTED: Duration = Duration::from_millis(20);
    /// A busy machine delays one sleep, but not each of them.
    const LONGEST: Duration = Duration::from_millis(80);
    let mut last = harness.transport.now();
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let start = harness.transport.now();
        harness.transport.sleep(REQUESTED).await;
        let end = harness.transport.now();
        let elapsed = end.saturating_sub(start);
        if start < last || end < start {
            return Err(CheckError::Failed("`now` went back".into()));
        }
        // Clocks and timers may round differently.
        if elapsed.saturating_add(Duration::from_millis(2)) < REQUESTED {
            let fault = format!("expected a sleep of {REQUESTED:?}, got {elapsed:?}");
            return Err(CheckError::Failed(fault));
        }
        last = end;
        shortest = shortest.min(elapsed);
    }
    if shortest > LONGEST {
        let fault = format!("expected a sleep of {REQUESTED:?}, got at least {shortest:?}");
        return Err(CheckError::Failed(fault));
    }
    Ok(())
}

pub(super) async fn time_outs<T: TransportUnderTest>(harness: &Harness<'_, T>) -> CheckResult {
    const TIMEOUT: Duration = Duration::from_millis(200);
    /// Some clients count whole seconds.
    const LATEST: Duration = Duration::from_secs(2);
    let stall = harness.stall();
    for partial_response in [
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
    ] {
        let server = Server::start(move |connection| {
            connection.read_request()?;
            connection.write(partial_response)?;
            connection.stall(stall)
        })?;
        let start = Instant::now();
        let request = post(server.address(), "late", "{}");
        let result = harness.send(request, TIMEOUT).await;
        let elapsed = start.elapsed();
        let context = format!("silence after {partial_response:?}");
        match result {
            // The transport has no limit of its own: the client drops the future.
            None => {}
            Some(Err(error)) => {
                expect_maybe(&context, &error)?;
                if error.kind() != TransportErrorKind::Timeout {
                    let actual = describe(&error);
                    let fault = format!("{context}: expected Timeout, got {actual}");
                    return Err(CheckError::Failed(fault));
                }
            }
            Some(Ok(_)) => {
                let fault = format!("{context}: expected Timeout, got a response");
                return Err(CheckError::Failed(fault));
            }
        }
        if elapsed > LATEST {
            let fault = format!("{context}: expected an end within {TIMEOUT:?}, took {elapsed:?}");
            return Err(CheckError::Failed(fault));
        }
    }
    Ok(())
}
