//! The operations, one file each, and which request means which.

mod create;
mod deactivate_authorization;
mod direct_debit;
mod fetch;
mod list;
mod set_risk_action;
mod update;
mod validate;

use self::direct_debit::{
    charge_activation, initialize_authorization, initialize_direct_debit,
    list_integration_mandate_authorizations, list_mandate_authorizations, verify_authorization,
};
use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

/// Carries out what a request asks for.
pub(crate) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    let segments: Vec<_> = request.segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), &segments[..]) {
        ("POST", ["customer"]) => create::answer(integration, request),
        ("GET", ["customer"]) => list::answer(integration, request),
        ("POST", ["customer", "set_risk_action"]) => set_risk_action::answer(integration, request),
        ("POST", ["customer", "authorization", "deactivate"])
        // The path of old, which most SDKs still send to.
        | ("POST", ["customer", "deactivate_authorization"]) => {
            deactivate_authorization::answer(integration, request)
        }
        ("POST", ["customer", "authorization", "initialize"]) => {
            initialize_authorization::answer(integration, request)
        }
        ("GET", ["customer", "authorization", "verify", reference]) => {
            verify_authorization::answer(integration, reference)
        }
        ("POST", ["customer", id, "initialize-direct-debit"]) => {
            initialize_direct_debit::answer(integration, request, id)
        }
        ("PUT", ["customer", id, "directdebit-activation-charge"]) => {
            charge_activation::answer(integration, request, id)
        }
        ("GET", ["customer", id, "directdebit-mandate-authorizations"]) => {
            list_mandate_authorizations::answer(integration, request, id)
        }
        ("GET", ["directdebit", "mandate-authorizations"]) => {
            list_integration_mandate_authorizations::answer(integration, request)
        }
        ("GET", ["customer", name]) => fetch::answer(integration, name),
        ("PUT", ["customer", name]) => update::answer(integration, request, name),
        ("POST", ["customer", name, "identification"]) => {
            validate::answer(integration, request, name)
        }
        _ => Err(Refusal::no_route()),
    }
}
