//! The state of the sandbox as a document.

use super::{ServedSandbox, done, json};
use crate::request::{Query, check_json};
use crate::response::{Refusal, Response};
use crate::saved_state::State;

/// Returns the state, or only its newest customers and mandates.
pub(super) fn save(served: &ServedSandbox, query: &Query) -> Result<Response, Refusal> {
    let newest = query.positive("newest", u64::MAX)?;
    let newest = usize::try_from(newest).unwrap_or(usize::MAX);
    let state = served.sandbox.with(|sandbox, now| {
        sandbox.run_due_events(now);
        sandbox.newest_state(newest)
    });
    Ok(json(&state))
}

pub(super) fn load(served: &ServedSandbox, body: &[u8]) -> Result<Response, Refusal> {
    let state = parse(body)?;
    let loaded = served.load(state);
    loaded.map_err(|error| Refusal::invalid(error.to_string()))?;
    Ok(done("The state is loaded"))
}

pub(super) fn add(served: &ServedSandbox, body: &[u8]) -> Result<Response, Refusal> {
    let state = parse(body)?;
    let added = served.with(|sandbox, now| sandbox.add(state, now));
    added.map_err(|error| Refusal::invalid(error.to_string()))?;
    Ok(done("The state is added"))
}

fn parse(body: &[u8]) -> Result<State, Refusal> {
    check_json(body)?;
    // Serde would read a list as the fields of an object.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Refusal::invalid("the state must be an object"));
    }
    serde_json::from_slice(body).map_err(|error| Refusal::invalid(error.to_string()))
}
