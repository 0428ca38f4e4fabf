//! The program for `ChargeActivation` of `docs/after-an-unknown-outcome.md`.

use paystack_hyper::customers::direct_debit::{ChargeActivation, VerifyAuthorization};
use paystack_hyper::{Client, Error, Outcome, Reference, Transport};

/// Activates a mandate by a charge. Returns whether it is active. The reference is that of its link.
pub async fn activate(
    client: &Client<impl Transport>,
    charge: &ChargeActivation,
    reference: &Reference,
) -> Result<bool, Error> {
    match client.send(charge).await {
        Err(error) if error.outcome() == Outcome::NotProcessed => return Err(error),
        _ => {} // the charge is queued, or may be
    }
    let verify = VerifyAuthorization::new(reference);
    let waited = client
        .wait_until(verify, |mandate| mandate.active == Some(true))
        .await?;
    Ok(waited.is_met())
}
