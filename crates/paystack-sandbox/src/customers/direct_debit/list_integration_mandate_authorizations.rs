//! `GET /directdebit/mandate-authorizations`

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

pub(crate) fn answer(integration: &mut Integration, request: &Request) -> Result<Answer, Refusal> {
    let per_page = request.query.count("per_page", 50)?;
    let status = request.query.text("status");
    super::page(integration, request, per_page, |mandate| {
        status.is_none_or(|status| mandate.status.as_str() == status)
    })
}
