//! `POST /customer`: creates a customer, or returns the existing one.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{CreatedCustomer, Refusal, Response};

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    const MESSAGE: &str = "Customer created";
    let body = &request.body;
    let email = match body.text("email")?.value() {
        Some(email) if !email.is_empty() => email,
        _ => return Err(Refusal::missing("Email Address is required")),
    };
    if !email.contains('@') {
        return Err(Refusal::invalid("Email Address is invalid"));
    }
    let first_name = body.text("first_name")?.value();
    let last_name = body.text("last_name")?.value();
    let phone = body.text("phone")?.value();
    let metadata = body.metadata()?.value();

    // The request does not change an existing customer.
    if let Some(existing) = integration.by_email(&email) {
        return Ok(Response::ok(MESSAGE, CreatedCustomer::new(existing)));
    }
    let mut customer = integration.new_customer(&email, request.now);
    customer.first_name = first_name;
    customer.last_name = last_name;
    customer.phone = phone;
    customer.metadata = metadata;
    let response = Response::ok(MESSAGE, CreatedCustomer::new(&customer));
    integration.insert(customer);
    Ok(response)
}
