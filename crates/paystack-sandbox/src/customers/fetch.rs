//! `GET /customer/{email_or_code}`

use http::StatusCode;

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;

pub(super) fn answer(integration: &mut Integration, name: &str) -> Result<Answer, Refusal> {
    let domain = integration.domain.clone();
    match integration.named(name) {
        Some(customer) => Ok(Answer::ok("Customer retrieved", customer.fetched())),
        None if name.contains('@') => Err(Refusal::plain(
            StatusCode::NOT_FOUND,
            format!("Customer email is invalid for your {domain} domain."),
        )),
        None => Err(Refusal::customer_not_found()),
    }
}
