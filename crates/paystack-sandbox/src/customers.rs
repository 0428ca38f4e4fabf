//! The operations, one file each, and which request means which.

mod create;
mod deactivate_authorization;
mod direct_debit;
mod fetch;
mod list;
mod set_risk_action;
mod update;
mod validate;

use http::Method;

use self::direct_debit::{
    charge_activation, initialize_authorization, initialize_direct_debit,
    list_mandate_authorizations, verify_authorization,
};
use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

/// Carries out what a request asks for.
pub(crate) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    let segments: Vec<_> = request.segments.iter().map(String::as_str).collect();
    let (get, post, put) = (
        request.method == Method::GET,
        request.method == Method::POST,
        request.method == Method::PUT,
    );
    match &segments[..] {
        ["customer"] if post => create::answer(integration, request),
        ["customer"] if get => list::answer(integration, request),
        ["customer", "set_risk_action"] if post => set_risk_action::answer(integration, request),
        // The latter is the path of old, which most SDKs still send to.
        ["customer", "authorization", "deactivate"] | ["customer", "deactivate_authorization"]
            if post =>
        {
            deactivate_authorization::answer(integration, request)
        }
        ["customer", "authorization", "initialize"] if post => {
            initialize_authorization::answer(integration, request)
        }
        ["customer", "authorization", "verify", reference] if get => {
            verify_authorization::answer(integration, reference)
        }
        ["customer", id, "initialize-direct-debit"] if post => {
            initialize_direct_debit::answer(integration, request, id)
        }
        ["customer", id, "directdebit-activation-charge"] if put => {
            charge_activation::answer(integration, request, id)
        }
        ["customer", id, "directdebit-mandate-authorizations"] if get => {
            list_mandate_authorizations::answer(integration, request, Some(id))
        }
        ["directdebit", "mandate-authorizations"] if get => {
            list_mandate_authorizations::answer(integration, request, None)
        }
        ["customer", email_or_code] if get => fetch::answer(integration, email_or_code),
        ["customer", code] if put => update::answer(integration, request, code),
        ["customer", code, "identification"] if post => {
            validate::answer(integration, request, code)
        }
        _ => Err(Refusal::no_route()),
    }
}
