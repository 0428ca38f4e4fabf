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
        ("GET", ["customer"]) => list::respond(integration, request),
        ("POST", ["customer"]) => create::respond(integration, request),
        (_, ["customer"]) => Err(Refusal::method_not_allowed("GET, HEAD, POST")),

        ("POST", ["customer", "set_risk_action"]) => set_risk_action::respond(integration, request),
        // The legacy path, which most SDKs still use.
        ("POST", ["customer", "deactivate_authorization"])
        | ("POST", ["customer", "authorization", "deactivate"]) => {
            deactivate_authorization::respond(integration, request)
        }
        (_, ["customer", "authorization", "deactivate"]) => {
            Err(Refusal::method_not_allowed("POST"))
        }

        ("GET", ["customer", identifier]) => fetch::respond(integration, identifier),
        ("PUT", ["customer", identifier]) => update::respond(integration, request, identifier),
        (_, ["customer", "set_risk_action" | "deactivate_authorization"]) => {
            Err(Refusal::method_not_allowed("GET, HEAD, POST, PUT"))
        }
        (_, ["customer", _]) => Err(Refusal::method_not_allowed("GET, HEAD, PUT")),

        ("POST", ["customer", identifier, "identification"]) => {
            validate::respond(integration, request, identifier)
        }
        (_, ["customer", _, "identification"]) => Err(Refusal::method_not_allowed("POST")),

        _ => direct_debit::respond(integration, request, &segments),
    }
}
