//! `PUT /customer/{id}/directdebit-activation-charge`: charges an account to activate its mandate.

use http::StatusCode;
use paystack_transport::customers::direct_debit::MandateStatus;

use super::CHARGE_DELAY;
use crate::integration::{Integration, ScheduledEvent};
use crate::request::Request;
use crate::response::{Refusal, Response};
use crate::state::Mandate;

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Response, Refusal> {
    let customer = super::customer(integration, id)?.id;
    let Some(authorization_id) = request.body.number("authorization_id")? else {
        return Err(Refusal::missing("authorization_id is required"));
    };
    let mandate = Mandate::id_of(authorization_id)
        .and_then(|id| integration.mandates().by_id(id))
        .filter(|mandate| mandate.customer.id == customer)
        .ok_or_else(Refusal::authorization_not_found)?;
    if mandate.status != MandateStatus::Pending {
        let message = format!("Mandate is already {}", mandate.status.as_str());
        return Err(Refusal::invalid(message));
    }
    let mandate = mandate.id;
    integration.schedule(
        ScheduledEvent::BankActivates { mandate },
        request.now,
        CHARGE_DELAY,
    );
    Ok(Response::without_data(
        StatusCode::OK,
        "Mandate is queued for retry",
    ))
}
