//! `GET /customer/{id}/directdebit-mandate-authorizations`: lists the mandates of a customer.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response};

/// The page size. Paystack documents no parameter for it.
const PER_PAGE: u64 = 50;

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Response, Refusal> {
    let customer = super::customer(integration, id)?.id;
    let mandates = integration.mandates().of_customer(customer);
    super::page(integration.id, request, PER_PAGE, mandates)
}
