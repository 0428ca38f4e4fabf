//! The webhooks and their deliveries.

use serde::Serialize;

use super::{ServedSandbox, done, json, not_found, number};
use crate::response::{Refusal, Response};
use crate::server::rows::WebhookRow;

/// The number of webhooks that are listed, the newest.
const MOST: usize = 1_000;

pub(super) fn list(served: &ServedSandbox) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Webhooks<'a> {
        webhooks: Vec<WebhookRow<'a>>,
    }

    Ok(served.sandbox.with(|sandbox, now| {
        let newest = sandbox.webhooks(now).rev().take(MOST);
        let mut webhooks: Vec<_> = newest.map(WebhookRow::complete).collect();
        webhooks.reverse();
        json(&Webhooks { webhooks })
    }))
}

pub(super) fn resend_last(served: &ServedSandbox) -> Result<Response, Refusal> {
    if served.with(|sandbox, now| sandbox.resend_last_webhook(now)) {
        Ok(done("The webhook is sent again"))
    } else {
        Err(not_found("No webhook was sent yet"))
    }
}

pub(super) fn resend(served: &ServedSandbox, segment: &str) -> Result<Response, Refusal> {
    let number = number(segment)?;
    if served.with(|sandbox, now| sandbox.resend_webhook(number, now)) {
        Ok(done("The webhook is sent again"))
    } else {
        Err(not_found("The sandbox does not keep this webhook"))
    }
}

pub(super) fn drop(served: &ServedSandbox, segment: &str) -> Result<Response, Refusal> {
    let number = number(segment)?;
    if served.with(|sandbox, _| sandbox.drop_webhook(number)) {
        Ok(done("The webhook is not sent any more"))
    } else {
        Err(not_found(
            "The sandbox keeps no such webhook, or it was delivered",
        ))
    }
}
