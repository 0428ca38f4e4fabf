//! `GET /directdebit/mandate-authorizations`: lists the mandates of all customers.

use paystack_transport::customers::direct_debit::MandateStatus;

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response};

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let per_page = request.query.positive("per_page", 50)?;
    let status = request.query.text("status")?.map(MandateStatus::from);
    if let Some(MandateStatus::Unrecognized(_)) = status {
        let expected = "one of [pending, active, revoked]";
        return Err(Refusal::wrong_type("status", expected));
    }
    let mandates = integration.mandates().iter().filter(|mandate| {
        status
            .as_ref()
            .is_none_or(|status| mandate.status == *status)
    });
    super::page(integration.id, request, per_page, mandates)
}
