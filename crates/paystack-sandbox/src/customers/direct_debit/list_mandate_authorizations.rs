//! `GET /customer/{id}/directdebit-mandate-authorizations`

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

/// The page is as long as Paystack makes it: no parameter for that is documented here.
const PER_PAGE: u64 = 50;

pub(crate) fn answer(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Answer, Refusal> {
    let customer = super::customer(integration, id)?.id;
    super::page(integration, request, PER_PAGE, |mandate| {
        mandate.customer.id == customer
    })
}
