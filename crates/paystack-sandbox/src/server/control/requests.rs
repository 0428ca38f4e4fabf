//! The journal of requests.

use serde::Serialize;

use super::{ServedSandbox, json, not_found, number};
use crate::request::Query;
use crate::response::{Refusal, Response};
use crate::server::rows::RequestRow;

const DEFAULT_LIMIT: u64 = 100;
const MOST: u64 = 1_000;

pub(super) fn list(served: &ServedSandbox, query: &Query) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Requests<'a> {
        requests: Vec<RequestRow<'a>>,
        last: u64,
    }

    let after = query.text("after")?.map_or(Ok(0), number)?;
    let limit = query.positive("limit", DEFAULT_LIMIT)?.min(MOST);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(served.sandbox.with(|sandbox, _| {
        let entries = sandbox.requests().filter(|entry| entry.number > after);
        json(&Requests {
            requests: entries.take(limit).map(RequestRow::complete).collect(),
            last: sandbox
                .requests()
                .next_back()
                .map_or(0, |entry| entry.number),
        })
    }))
}

pub(super) fn fetch(served: &ServedSandbox, segment: &str) -> Result<Response, Refusal> {
    let number = number(segment)?;
    served.sandbox.with(|sandbox, _| {
        let entry = sandbox.requests().find(|entry| entry.number == number);
        let entry = entry.ok_or_else(|| not_found("The sandbox does not keep this request"))?;
        Ok(json(&RequestRow::complete(entry)))
    })
}
