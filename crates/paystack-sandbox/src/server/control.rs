//! The requests that are for tests and not of Paystack's API.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use url::form_urlencoded;

use super::Shared;
use crate::answer::{Answer, Refusal};

/// Answers a request that is one of them.
pub(super) fn answer(
    shared: &Shared,
    request: &http::Request<Bytes>,
) -> Option<http::Response<Bytes>> {
    let path = request.uri().path().strip_prefix("/sandbox/")?;
    let answer = match (request.method(), path) {
        (&Method::POST, "advance") => advance(shared, request.uri().query()),
        (&Method::POST, "webhooks/resend") => resend(shared),
        _ => Err(Refusal::no_route()),
    };
    Some(answer.unwrap_or_else(Answer::from).into_response())
}

fn advance(shared: &Shared, query: Option<&str>) -> Result<Answer, Refusal> {
    let seconds = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "seconds")
        .and_then(|(_, seconds)| seconds.parse().ok())
        .ok_or_else(|| Refusal::invalid("seconds must be a whole number"))?;
    shared.advance(Duration::from_secs(seconds));
    Ok(Answer::done(StatusCode::OK, "Time has passed"))
}

fn resend(shared: &Shared) -> Result<Answer, Refusal> {
    if shared.with(|sandbox, now| sandbox.resend_last_webhook(now)) {
        Ok(Answer::done(StatusCode::OK, "Webhook is sent again"))
    } else {
        let message = "No webhook was sent yet";
        Err(Refusal::plain(StatusCode::NOT_FOUND, message))
    }
}
