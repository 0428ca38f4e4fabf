//! The journal of requests.

use std::borrow::Cow;

use http::{HeaderMap, Response as HttpResponse};
use paystack_transport::Mode;
use serde::Serialize;

use super::{ServedSandbox, json, not_found, number};
use crate::journal::JournalEntry;
use crate::request::Query;
use crate::response::{Refusal, Response};
use crate::state::Timestamp;

const DEFAULT_LIMIT: u64 = 100;
const MOST: u64 = 1_000;

/// A request and its response, as JSON.
#[derive(Serialize)]
pub(in crate::server) struct Exchange<'a> {
    number: u64,
    time: Timestamp,
    mode: Option<&'a Mode>,
    operation: Option<&'a str>,
    method: &'a str,
    target: String,
    status: Option<u16>,
    took_effect: bool,
    fault: Option<&'a str>,
    delay_ms: u128,
    #[serde(flatten)]
    content: Option<Content<'a>>,
}

/// The headers and bodies.
#[derive(Serialize)]
struct Content<'a> {
    request_headers: Vec<(&'a str, Cow<'a, str>)>,
    request_body: Cow<'a, str>,
    response_headers: Vec<(&'a str, Cow<'a, str>)>,
    response_body: Cow<'a, str>,
}

impl<'a> Exchange<'a> {
    /// Describes a request without headers and bodies.
    pub(in crate::server) fn summary(entry: &'a JournalEntry) -> Self {
        Self {
            number: entry.number,
            time: Timestamp(entry.time),
            mode: entry.mode.as_ref(),
            operation: entry.operation,
            method: entry.request.method().as_str(),
            target: entry.request.uri().to_string(),
            status: entry
                .response
                .as_ref()
                .map(|response| response.status().as_u16()),
            took_effect: entry.took_effect,
            fault: entry.fault,
            delay_ms: entry.delay.as_millis(),
            content: None,
        }
    }

    fn complete(entry: &'a JournalEntry) -> Self {
        let response = entry.response.as_ref();
        let content = Content {
            request_headers: headers(entry.request.headers()),
            request_body: String::from_utf8_lossy(entry.request.body()),
            response_headers: response
                .map(HttpResponse::headers)
                .map_or_else(Vec::new, headers),
            response_body: String::from_utf8_lossy(
                response.map_or(&[], |response| response.body()),
            ),
        };
        Self {
            content: Some(content),
            ..Self::summary(entry)
        }
    }
}

fn headers(headers: &HeaderMap) -> Vec<(&str, Cow<'_, str>)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

pub(super) fn list(served: &ServedSandbox, query: &Query) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Requests<'a> {
        requests: Vec<Exchange<'a>>,
        last: u64,
    }

    let after = query.text("after")?.map_or(Ok(0), number)?;
    let limit = query.positive("limit", DEFAULT_LIMIT)?.min(MOST);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(served.sandbox.with(|sandbox, _| {
        let entries = sandbox.requests().filter(|entry| entry.number > after);
        json(&Requests {
            requests: entries.take(limit).map(Exchange::complete).collect(),
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
        Ok(json(&Exchange::complete(entry)))
    })
}
