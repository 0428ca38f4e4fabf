//! `PUT /directdebit/activation-charge`: charges the accounts of customers to activate their pending mandates.

use std::collections::BTreeSet;

use http::StatusCode;
use paystack_transport::customers::direct_debit::MandateStatus;

use super::CHARGE_DELAY;
use crate::integration::{Integration, ScheduledEvent};
use crate::request::Request;
use crate::response::{Refusal, Response};

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let customer_ids: BTreeSet<_> = request.body.numbers("customer_ids")?.into_iter().collect();
    if customer_ids.is_empty() {
        return Err(Refusal::missing("customer_ids is required"));
    }
    if customer_ids
        .iter()
        .any(|id| integration.by_id(*id).is_none())
    {
        return Err(Refusal::customer_not_found());
    }
    let mandates = integration.mandates();
    let pending = customer_ids
        .iter()
        .flat_map(|customer| mandates.of_customer(*customer))
        .filter(|mandate| mandate.status == MandateStatus::Pending);
    let pending: Vec<_> = pending.map(|mandate| mandate.id).collect();
    for mandate in pending {
        let activation = ScheduledEvent::BankActivates { mandate };
        integration.schedule(activation, request.now, CHARGE_DELAY);
    }
    Ok(Response::without_data(
        StatusCode::OK,
        "Mandate is queued for retry",
    ))
}
