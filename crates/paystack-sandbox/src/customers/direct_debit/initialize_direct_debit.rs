//! `POST /customer/{id}/initialize-direct-debit`

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;
use crate::request::Request;

pub(crate) fn answer(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Answer, Refusal> {
    let customer = super::customer(integration, id)?.clone();
    let account = super::account(&request.body)?;
    if account.is_none() {
        return Err(Refusal::missing("account is required"));
    }
    let mandate = integration.open_mandate(&customer, account, request.now);
    Ok(Answer::ok("Authorization initialized", mandate.link()))
}
