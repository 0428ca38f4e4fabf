//! `GET /directdebit/mandate-authorizations`: lists the mandates of all customers.

use crate::integration::Integration;
use crate::request::Request;
use crate::response::{Refusal, Response};

pub(super) fn respond(
    integration: &mut Integration,
    request: &Request,
) -> Result<Response, Refusal> {
    let per_page = request.query.positive("per_page", 50)?;
    let status = request.query.text("status");
    super::page(integration, request, per_page, |mandate| {
        status.is_none_or(|status| mandate.status.as_str() == status)
    })
}
