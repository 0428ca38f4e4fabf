//! The clock, and the return to the starting state.

use std::time::Duration;

use serde::Serialize;
use time::{OffsetDateTime, UtcOffset};

use super::{ServedSandbox, done, json};
use crate::request::Query;
use crate::response::{Refusal, Response};
use crate::state::Timestamp;

/// The most seconds of one advance: a hundred years.
const MOST_SECONDS: u64 = 3_155_760_000;

#[derive(Serialize)]
struct Clock {
    status: bool,
    now: Timestamp,
}

pub(super) fn read(served: &ServedSandbox) -> Result<Response, Refusal> {
    Ok(clock(served.sandbox.with(|_, now| now)))
}

fn clock(now: OffsetDateTime) -> Response {
    json(&Clock {
        status: true,
        now: Timestamp(now.to_offset(UtcOffset::UTC)),
    })
}

pub(super) fn advance(served: &ServedSandbox, query: &Query) -> Result<Response, Refusal> {
    let seconds = query.text("seconds")?.and_then(|text| text.parse().ok());
    let seconds = seconds.filter(|seconds| *seconds <= MOST_SECONDS);
    let seconds = seconds.ok_or_else(|| {
        Refusal::invalid(format!(
            "seconds must be a whole number up to {MOST_SECONDS}"
        ))
    })?;
    served.advance(Duration::from_secs(seconds));
    read(served)
}

pub(super) fn reset(served: &ServedSandbox) -> Result<Response, Refusal> {
    served.reset();
    Ok(done("The sandbox is in its starting state"))
}
