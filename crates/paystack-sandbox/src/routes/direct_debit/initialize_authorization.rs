//! `POST /customer/authorization/initialize`: creates a mandate for the customer with an e-mail address.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{InitializedMandate, Refusal, Response};
use crate::state::Owner;

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let body = &request.body;
    let email = body.required("email")?;
    if body.required("channel")? != "direct_debit" {
        return Err(Refusal::wrong_type("channel", "one of [direct_debit]"));
    }
    let callback_url = body.text("callback_url")?.value();
    if callback_url.is_some_and(|url| url::Url::parse(&url).is_err()) {
        return Err(Refusal::wrong_type("callback_url", "a valid uri"));
    }
    let account = super::account(body)?;
    let customer = integration
        .by_email(&email)
        .ok_or_else(Refusal::customer_not_found)?;
    let owner = Owner::from(&*customer);
    let mandate = integration.create_mandate(owner, account, request.now);
    Ok(Response::ok(
        "Authorization initialized",
        InitializedMandate::new(&mandate, "checkout"),
    ))
}
