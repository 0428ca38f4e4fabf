//! `PUT /customer/{code}`

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

pub(super) fn answer(
    integration: &mut Integration,
    request: &Request,
    code: &str,
) -> Result<Answer, Refusal> {
    let body = &request.body;
    let first_name = body.text("first_name")?;
    let last_name = body.text("last_name")?;
    let phone = body.text("phone")?;
    let metadata = body.metadata()?;

    let customer = integration
        .by_code(code)
        .ok_or_else(Refusal::customer_not_found)?;
    first_name.apply(&mut customer.first_name);
    last_name.apply(&mut customer.last_name);
    phone.apply(&mut customer.phone);
    metadata.apply(&mut customer.metadata);
    customer.updated_at = request.now;
    Ok(Answer::ok("Customer updated", customer.updated()))
}
