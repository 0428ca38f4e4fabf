//! `POST /customer/set_risk_action`

use http::StatusCode;
use paystack_client::customers::RiskAction;

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

pub(super) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    let name = request.body.required("customer")?;
    let word = request.body.text("risk_action")?.set();
    let risk_action = word
        .as_deref()
        .map_or(RiskAction::Default, RiskAction::from);
    if let RiskAction::Other(_) = risk_action {
        return Err(Refusal::invalid(
            "risk_action must be one of: default, allow, deny",
        ));
    }
    if !integration.may_set_risk_actions {
        return Err(Refusal::plain(
            StatusCode::FORBIDDEN,
            "You cannot modify risk level of customers on this integration",
        ));
    }
    let customer = integration
        .named(&name)
        .ok_or_else(Refusal::customer_not_found)?;
    customer.risk_action = risk_action;
    customer.updated_at = request.now;
    Ok(Answer::ok("Customer updated", customer.updated()))
}
