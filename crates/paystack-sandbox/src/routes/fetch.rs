//! `GET /customer/{email_or_code}`: returns a customer.

use http::StatusCode;

use crate::integration::Integration;
use crate::response::{FetchedCustomer, Refusal, Response};

pub(super) fn respond(
    integration: &mut Integration,
    identifier: &str,
) -> Result<Response, Refusal> {
    let mode = integration.mode.clone();
    match integration.by_email_or_code(identifier) {
        Some(customer) => Ok(Response::ok(
            "Customer retrieved",
            FetchedCustomer::new(customer),
        )),
        None if identifier.contains('@') => Err(Refusal::plain(
            StatusCode::NOT_FOUND,
            format!("Customer email is invalid for your {mode} domain."),
        )),
        None => Err(Refusal::customer_not_found()),
    }
}
