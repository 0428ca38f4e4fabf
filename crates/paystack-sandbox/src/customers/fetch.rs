//! `GET /customer/{email_or_code}`

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;

pub(super) fn answer(
    integration: &mut Integration,
    email_or_code: &str,
) -> Result<Answer, Refusal> {
    let domain = integration.domain.clone();
    match integration.by_email_or_code(email_or_code) {
        Some(customer) => Ok(Answer::ok("Customer retrieved", customer.fetched())),
        None if email_or_code.contains('@') => Err(Refusal::plain(
            StatusCode::NOT_FOUND,
            format!("Customer email is invalid for your {domain} domain."),
        )),
        None => Err(Refusal::customer_not_found()),
    }
}
