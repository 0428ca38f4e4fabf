//! `POST /customer/set_risk_action`: sets the risk action of a customer.

use http::StatusCode;
use paystack_transport::customers::RiskAction;

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response, UpdatedCustomer};
use crate::state::Timestamp;

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let identifier = request.body.required("customer")?;
    let risk_action = request.body.text("risk_action")?.value();
    let risk_action = risk_action
        .as_deref()
        .map_or(RiskAction::Default, RiskAction::from);
    if let RiskAction::Unrecognized(_) = risk_action {
        let expected = "one of [default, allow, deny]";
        return Err(Refusal::wrong_type("risk_action", expected));
    }
    if !integration.may_set_risk_actions {
        return Err(Refusal::plain(
            StatusCode::FORBIDDEN,
            "You cannot modify risk level of customers on this integration",
        ));
    }
    let customer = integration
        .by_email_or_code(&identifier)
        .ok_or_else(Refusal::customer_not_found)?;
    customer.risk_action = risk_action;
    customer.updated_at = Timestamp(request.now);
    Ok(Response::ok(
        "Customer updated",
        UpdatedCustomer::new(customer),
    ))
}
