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

use paystack_transport::Operation;
use paystack_transport::customers::direct_debit::{
    ChargeActivation, InitializeAuthorization, InitializeDirectDebit,
    ListIntegrationMandateAuthorizations, ListMandateAuthorizations, TriggerActivationCharge,
    VerifyAuthorization,
};
use paystack_transport::customers::{
    CreateCustomer, DeactivateAuthorization, FetchCustomer, ListCustomers, SetRiskAction,
    UpdateCustomer, ValidateCustomer,
};

use self::direct_debit::{
    charge_activation, initialize_authorization, initialize_direct_debit,
    list_integration_mandate_authorizations, list_mandate_authorizations,
    trigger_activation_charge, verify_authorization,
};
use crate::integration::Integration;
use crate::operations;
use crate::request::Request;
use crate::response::{Refusal, Response};

/// Dispatches a request to its route.
pub(crate) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let segments: Vec<_> = request.segments.iter().map(String::as_str).collect();
    let (operation, identifier) = operations::find(&request.method, &segments)?;
    match operation {
        CreateCustomer::NAME => create::respond(integration, request),
        ListCustomers::NAME => list::respond(integration, request),
        FetchCustomer::NAME => fetch::respond(integration, identifier),
        UpdateCustomer::NAME => update::respond(integration, request, identifier),
        ValidateCustomer::NAME => validate::respond(integration, request, identifier),
        SetRiskAction::NAME => set_risk_action::respond(integration, request),
        DeactivateAuthorization::NAME => deactivate_authorization::respond(integration, request),
        InitializeAuthorization::NAME => initialize_authorization::respond(integration, request),
        VerifyAuthorization::NAME => verify_authorization::respond(integration, identifier),
        InitializeDirectDebit::NAME => {
            initialize_direct_debit::respond(integration, request, identifier)
        }
        ChargeActivation::NAME => charge_activation::respond(integration, request, identifier),
        TriggerActivationCharge::NAME => trigger_activation_charge::respond(integration, request),
        ListMandateAuthorizations::NAME => {
            list_mandate_authorizations::respond(integration, request, identifier)
        }
        ListIntegrationMandateAuthorizations::NAME => {
            list_integration_mandate_authorizations::respond(integration, request)
        }
        _ => Err(Refusal::route_not_found()),
    }
}
