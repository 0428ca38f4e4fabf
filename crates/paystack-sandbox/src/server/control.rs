//! The control requests for tests, which are not part of Paystack's API.

mod clock;
mod faults;
pub(super) mod requests;
mod state;
pub(super) mod webhooks;

use std::sync::Arc;

use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use serde::Serialize;

use super::response_body::{self, ResponseBody};
use super::{ServedSandbox, events, page};
use crate::openapi;
use crate::request::Query;
use crate::response::{Refusal, Response as JsonResponse};

/// Returns whether a request controls the sandbox.
pub(super) fn is_control(head: &Parts) -> bool {
    segments(head).next() == Some("sandbox")
}

/// Returns the segments of the path.
fn segments(head: &Parts) -> impl Iterator<Item = &str> {
    head.uri.path().trim_matches('/').split('/')
}

/// Responds to a control request.
pub(super) fn respond(
    served: &Arc<ServedSandbox>,
    head: &Parts,
    body: Result<Bytes, Refusal>,
) -> Response<ResponseBody> {
    if head.method == Method::GET {
        match head.uri.path() {
            "/sandbox/events" => return events::respond(served),
            path if served.serves_page => {
                if let Some(page) = page::respond(path) {
                    return page;
                }
            }
            _ => {}
        }
    }
    let response = body.and_then(|body| dispatch(served, head, &body));
    let response = response.unwrap_or_else(JsonResponse::from).into_http();
    let mut response = response.map(response_body::complete);
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

fn dispatch(served: &ServedSandbox, head: &Parts, body: &[u8]) -> Result<JsonResponse, Refusal> {
    let segments: Vec<_> = segments(head).skip(1).collect();
    let query = Query::parse(head.uri.query().unwrap_or_default())?;
    match (head.method.as_str(), &segments[..]) {
        ("GET", ["requests"]) => requests::list(served, &query),
        ("GET", ["requests", number]) => requests::fetch(served, number),
        ("GET", ["state"]) => state::save(served, &query),
        ("PUT", ["state"]) => state::load(served, body),
        ("POST", ["state"]) => state::add(served, body),
        ("GET", ["faults"]) => faults::list(served),
        ("POST", ["faults"]) => faults::inject(served, body),
        ("DELETE", ["faults"]) => faults::clear(served),
        ("DELETE", ["faults", number]) => faults::remove(served, number),
        ("GET", ["clock"]) => clock::read(served),
        ("POST", ["advance"]) => clock::advance(served, &query),
        ("POST", ["reset"]) => clock::reset(served),
        ("GET", ["webhooks"]) => webhooks::list(served),
        ("POST", ["webhooks", "resend"]) => webhooks::resend_last(served),
        ("POST", ["webhooks", number, "resend"]) => webhooks::resend(served, number),
        ("POST", ["webhooks", number, "drop"]) => webhooks::drop(served, number),
        ("GET", ["config"]) => Ok(config(served)),
        ("GET", ["openapi.json"]) => Ok(JsonResponse::of_text(openapi())),
        _ => Err(Refusal::route_not_found()),
    }
}

/// Returns a 200 response with this JSON, without an envelope.
fn json(body: &impl Serialize) -> JsonResponse {
    JsonResponse::json(StatusCode::OK, body)
}

/// Returns a 200 response that says what was done.
fn done(message: &str) -> JsonResponse {
    JsonResponse::without_data(StatusCode::OK, message)
}

fn not_found(message: &'static str) -> Refusal {
    Refusal::plain(StatusCode::NOT_FOUND, message)
}

/// Parses a number in a path.
fn number(segment: &str) -> Result<u64, Refusal> {
    let number = segment.parse();
    number.map_err(|_| Refusal::invalid("the last part of the path must be a number"))
}

/// Describes the server for the page.
fn config(served: &ServedSandbox) -> JsonResponse {
    #[derive(Serialize)]
    struct Config {
        example_key: &'static str,
        webhook_url: Option<String>,
        seed: u64,
        rate_limits: bool,
        live_keys: bool,
    }

    json(&served.sandbox.with(|sandbox, _| Config {
        example_key: "sk_test_sandbox",
        webhook_url: sandbox.webhook_url().map(ToString::to_string),
        seed: sandbox.seed(),
        rate_limits: sandbox.has_rate_limits(),
        live_keys: sandbox.allows_live_keys(),
    }))
}
