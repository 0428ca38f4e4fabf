//! The program for `TriggerActivationCharge` of `docs/after-an-unknown-outcome.md`.

use std::time::Duration;

use paystack_hyper::customers::direct_debit::{
    AuthorizationId, MandateAuthorization, MandateStatus, TriggerActivationCharge,
};
use paystack_hyper::{Client, Error, Outcome, Transport};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Charges the pending mandates of several customers. Returns those that are still pending after an hour.
pub async fn activate_all(
    client: &Client<impl Transport>,
    charge: &TriggerActivationCharge,
) -> Result<Vec<AuthorizationId>, Error> {
    match client.send(charge).await {
        Err(error) if error.outcome() == Outcome::NotProcessed => return Err(error),
        _ => {} // the charges are queued, or may be
    }
    let is_pending = |mandate: &MandateAuthorization| mandate.status == MandateStatus::Pending;
    let is_done = |mandates: &Vec<MandateAuthorization>| !mandates.iter().any(is_pending);
    let end = client.transport().now() + HOUR;
    let mut pending = Vec::new();
    for list in charge.verify_with() {
        let rest = end.saturating_sub(client.transport().now());
        let waiter = client.waiter(list, is_done);
        let waited = client.wait(&mut waiter.deadline(rest)).await?;
        let mandates = waited.reply.data.into_iter().filter(is_pending);
        pending.extend(mandates.map(|mandate| mandate.authorization_id));
    }
    Ok(pending)
}
