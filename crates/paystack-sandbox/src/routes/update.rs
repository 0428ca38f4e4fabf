//! `PUT /customer/{code_or_id}`: updates the fields that the request contains.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response, UpdatedCustomer};
use crate::state::Timestamp;

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
    identifier: &str,
) -> Result<Response, Refusal> {
    let body = &request.body;
    let first_name = body.text("first_name")?;
    let last_name = body.text("last_name")?;
    let phone = body.text("phone")?;
    let metadata = body.metadata()?;

    let customer = integration
        .by_code_or_id(identifier)
        .ok_or_else(|| Refusal::invalid("Customer code/email specified is invalid"))?;
    // An identified customer keeps the names of the BVN.
    if customer.identification.is_none() {
        first_name.apply_to(&mut customer.first_name);
        last_name.apply_to(&mut customer.last_name);
    }
    phone.apply_to(&mut customer.phone);
    metadata.apply_to(&mut customer.metadata);
    customer.updated_at = Timestamp(request.now);
    Ok(Response::ok(
        "Customer updated",
        UpdatedCustomer::new(customer),
    ))
}
