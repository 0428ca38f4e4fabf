//! The control requests for tests, which are not part of Paystack's API.

mod clock;
mod faults;
mod requests;
mod state;
mod webhooks;

use std::sync::Arc;

use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use serde::Serialize;
use url::form_urlencoded;

use super::response_body::{self, ResponseBody};
use super::{ServedSandbox, events, page};
use crate::openapi;
use crate::request::Query;
use crate::response::{Refusal, Response as JsonResponse};

/// The methods of a path that only returns something.
const READ: &str = "GET, HEAD";

/// Returns whether a request controls the sandbox.
pub(super) fn is_control(head: &Parts) -> bool {
    segments(head).next() == Some("sandbox")
}

/// Returns the segments of the path.
fn segments(head: &Parts) -> impl Iterator<Item = &str> {
    head.uri.path().trim_matches('/').split('/')
}

/// Responds to a control request. The response to HEAD has the headers of GET.
pub(super) fn respond(
    served: &Arc<ServedSandbox>,
    head: &Parts,
    body: Result<Bytes, Refusal>,
) -> Response<ResponseBody> {
    let response = body.and_then(|body| dispatch(served, head, &body));
    let mut response = response.unwrap_or_else(|refusal| complete(JsonResponse::from(refusal)));
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    if head.method == Method::HEAD {
        *response.body_mut() = response_body::complete(Bytes::new());
    }
    response
}

fn complete(response: JsonResponse) -> Response<ResponseBody> {
    response.into_http().map(response_body::complete)
}

fn dispatch(
    served: &Arc<ServedSandbox>,
    head: &Parts,
    body: &[u8],
) -> Result<Response<ResponseBody>, Refusal> {
    let segments: Vec<_> = segments(head).skip(1).collect();
    let page = page::respond(head.uri.path()).filter(|_| served.serves_page);
    let allow = match page {
        Some(_) => READ,
        None => methods(&segments).ok_or_else(Refusal::route_not_found)?,
    };
    if !allow.split(", ").any(|method| head.method == method) {
        return Err(Refusal::method_not_allowed(allow));
    }
    if let Some(page) = page {
        return Ok(page);
    }
    let query = parse_query(head, &segments)?;
    if let ["events"] = segments[..] {
        return Ok(events::respond(served));
    }
    let method = match head.method.as_str() {
        "HEAD" => "GET",
        method => method,
    };
    let response = match (method, &segments[..]) {
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
    };
    response.map(complete)
}

/// Returns the methods of a path, other than those of the page.
fn methods(segments: &[&str]) -> Option<&'static str> {
    Some(match segments {
        ["requests" | "events" | "clock" | "webhooks" | "config" | "openapi.json"]
        | ["requests", _] => READ,
        ["state"] => "GET, HEAD, POST, PUT",
        ["faults"] => "DELETE, GET, HEAD, POST",
        ["faults", _] => "DELETE",
        ["advance" | "reset"] | ["webhooks", "resend"] | ["webhooks", _, "resend" | "drop"] => {
            "POST"
        }
        _ => return None,
    })
}

/// Parses the query. Refuses parameters that the route does not have.
fn parse_query(head: &Parts, segments: &[&str]) -> Result<Query, Refusal> {
    let known: &[&str] = match (head.method.as_str(), segments) {
        ("GET" | "HEAD", ["requests"]) => &["after", "limit"],
        ("GET" | "HEAD", ["state"]) => &["newest"],
        ("POST", ["advance"]) => &["seconds"],
        _ => &[],
    };
    let query = head.uri.query().unwrap_or_default();
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    if parameters.all(|(name, _)| known.contains(&name.as_ref())) {
        return Query::parse(query);
    }
    Err(Refusal::invalid(match known {
        [] => "unknown parameter; this route has none".to_owned(),
        known => format!("unknown parameter; this route has: {}", known.join(", ")),
    }))
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
    number.map_err(|_| Refusal::invalid("the number in the path must be a whole number"))
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
