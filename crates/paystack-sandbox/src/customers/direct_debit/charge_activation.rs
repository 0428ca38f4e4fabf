//! `PUT /customer/{id}/directdebit-activation-charge`

use http::StatusCode;
use paystack_client::customers::direct_debit::MandateStatus;
use time::Duration;

use crate::answer::{Answer, Refusal};
use crate::integration::{Happening, Integration};
use crate::request::Request;

/// How long an activation charge takes.
const CHARGED_AFTER: Duration = Duration::seconds(2);

pub(crate) fn answer(
    integration: &mut Integration,
    request: &Request,
    id: &str,
) -> Result<Answer, Refusal> {
    let customer = super::customer(integration, id)?.id;
    let Some(authorization_id) = request.body.number("authorization_id")?.set() else {
        return Err(Refusal::missing("authorization_id is required"));
    };
    let mandate = integration.mandates().iter().find(|mandate| {
        mandate.customer.id == customer && mandate.authorization_id() == authorization_id
    });
    let mandate = mandate.ok_or_else(Refusal::no_authorization)?;
    if mandate.status != MandateStatus::Pending {
        let refusal = format!("Mandate is already {}", mandate.status.as_str());
        return Err(Refusal::invalid(refusal));
    }
    let mandate = mandate.id;
    integration.expect(Happening::Active(mandate), request.now, CHARGED_AFTER);
    Ok(Answer::done(StatusCode::OK, "Mandate is queued for retry"))
}
