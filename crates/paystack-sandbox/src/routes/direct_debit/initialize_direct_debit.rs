//! `POST /customer/{id}/initialize-direct-debit`: creates a mandate for the customer with an id.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{InitializedMandate, Refusal, Response};

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Response, Refusal> {
    let customer = super::customer(integration, id)?.clone();
    let account = super::account(&request.body)?;
    if account.is_none() {
        return Err(Refusal::missing("account is required"));
    }
    let mandate = integration.create_mandate(&customer, account, request.now);
    Ok(Response::ok(
        "Authorization initialized",
        InitializedMandate::new(&mandate),
    ))
}
