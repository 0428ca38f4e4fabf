//! `POST /customer`: creates a customer, or returns the existing one.

use crate::integration::Integration;
use crate::request::{Field, Request, check_email};
use crate::response::{CreatedCustomer, Refusal, Response, UpdatedCustomer};

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    const MESSAGE: &str = "Customer created";
    let body = &request.body;
    let email = body.required_or("email", || Refusal::missing("Email Address is required"))?;
    check_email(&email).map_err(|_| Refusal::invalid_email())?;
    let first_name = body.text("first_name")?.value();
    let last_name = body.text("last_name")?.value();
    let phone = body.text("phone")?.value();
    let metadata = match body.metadata()? {
        Field::Null => return Err(Refusal::wrong_type("metadata", "of type object")),
        metadata => metadata.value(),
    };

    // The request does not change an existing customer, whose missing fields are null instead of absent.
    if let Some(existing) = integration.by_email(&email) {
        return Ok(Response::ok(MESSAGE, UpdatedCustomer::new(existing)));
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
