//! `POST /customer`

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

pub(super) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    const MESSAGE: &str = "Customer created";
    let body = &request.body;
    let email = match body.text("email")?.set() {
        Some(email) if !email.is_empty() => email,
        _ => return Err(Refusal::missing("Email Address is required")),
    };
    if !email.contains('@') {
        return Err(Refusal::invalid("Email Address is invalid"));
    }
    let first_name = body.text("first_name")?.set();
    let last_name = body.text("last_name")?.set();
    let phone = body.text("phone")?.set();
    let metadata = body.metadata()?.set();

    // Nothing of what was sent is applied to a customer that exists.
    if let Some(existing) = integration.by_email(&email) {
        return Ok(Answer::ok(MESSAGE, existing.created()));
    }
    let mut customer = integration.new_customer(&email, request.now);
    customer.first_name = first_name;
    customer.last_name = last_name;
    customer.phone = phone;
    customer.metadata = metadata;
    let answer = Answer::ok(MESSAGE, customer.created());
    integration.keep(customer);
    Ok(answer)
}
