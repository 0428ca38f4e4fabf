//! The routes, one file each. File names match those of the operations in `paystack-core`.

mod create;
mod cursor;
mod deactivate_authorization;
mod direct_debit;
mod fetch;
mod list;
mod set_risk_action;
mod update;
mod validate;

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response};

/// Dispatches a request to its route.
pub(crate) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let segments: Vec<_> = request.segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), &segments[..]) {
        ("POST", ["customer"]) => create::respond(integration, request),
        ("GET", ["customer"]) => list::respond(integration, request),
        ("POST", ["customer", "set_risk_action"]) => set_risk_action::respond(integration, request),
        ("POST", ["customer", "authorization", "deactivate"])
        // The legacy path, which most SDKs still use.
        | ("POST", ["customer", "deactivate_authorization"]) => {
            deactivate_authorization::respond(integration, request)
        }
        ("GET", ["customer", identifier]) => fetch::respond(integration, identifier),
        ("PUT", ["customer", identifier]) => update::respond(integration, request, identifier),
        ("POST", ["customer", identifier, "identification"]) => {
            validate::respond(integration, request, identifier)
        }
        _ => direct_debit::respond(integration, request, &segments),
    }
}
