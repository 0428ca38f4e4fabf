//! The control requests for tests, which are not part of Paystack's API.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use url::form_urlencoded;

use super::ServedSandbox;
use crate::response::{Refusal, Response};

/// Responds to a control request. Returns `None` for any other request.
pub(super) fn respond(
    sandbox: &ServedSandbox,
    request: &http::Request<Bytes>,
) -> Option<http::Response<Bytes>> {
    let path = request.uri().path().strip_prefix("/sandbox/")?;
    let response = match (request.method(), path) {
        (&Method::POST, "advance") => advance(sandbox, request.uri().query()),
        (&Method::POST, "webhooks/resend") => resend(sandbox),
        _ => Err(Refusal::route_not_found()),
    };
    Some(response.unwrap_or_else(Response::from).into_http())
}

fn advance(sandbox: &ServedSandbox, query: Option<&str>) -> Result<Response, Refusal> {
    let seconds = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "seconds")
        .and_then(|(_, seconds)| seconds.parse().ok())
        .ok_or_else(|| Refusal::invalid("seconds must be a whole number"))?;
    sandbox.advance(Duration::from_secs(seconds));
    Ok(Response::without_data(StatusCode::OK, "Time has passed"))
}

fn resend(sandbox: &ServedSandbox) -> Result<Response, Refusal> {
    if sandbox.with(|sandbox, now| sandbox.resend_last_webhook(now)) {
        Ok(Response::without_data(
            StatusCode::OK,
            "Webhook is sent again",
        ))
    } else {
        let message = "No webhook was sent yet";
        Err(Refusal::plain(StatusCode::NOT_FOUND, message))
    }
}
