//! `POST /customer/{id}/initialize-direct-debit`: creates a mandate for the customer with an id.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{InitializedMandate, Refusal, Response};
use crate::state::Owner;

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Response, Refusal> {
    let owner = Owner::from(super::customer(integration, id)?);
    for name in ["account", "address"] {
        if request.body.nested(name)?.is_none() {
            return Err(Refusal::missing(format!("{name} is required")));
        }
    }
    let account = super::account(&request.body)?;
    let mandate = integration.create_mandate(owner, account, request.now);
    Ok(Response::ok(
        "Authorization initialized",
        InitializedMandate::new(&mandate, "link"),
    ))
}
