//! The program for `ValidateCustomer` of `docs/after-an-unknown-outcome.md`.

use paystack_hyper::customers::{Customer, ValidateCustomer};
use paystack_hyper::{Client, Error, Outcome, Transport};
use paystack_webhook::CustomerIdentificationFailed;
use tokio::sync::mpsc::Receiver;

#[derive(Debug)]
pub enum Validation {
    Succeeded,
    Failed(CustomerIdentificationFailed),
    /// Nothing happened within an hour. Send it again.
    NotValidated,
}

/// Validates a customer. The handler of webhooks passes on the failures of this customer.
pub async fn validate(
    client: &Client<impl Transport>,
    validate: &ValidateCustomer,
    failures: &mut Receiver<CustomerIdentificationFailed>,
) -> Result<Validation, Error> {
    match client.send(validate).await {
        Err(error) if error.outcome() == Outcome::NotProcessed => return Err(error),
        _ => {} // the validation has started, or may have
    }
    let is_identified = |customer: &Customer| customer.identified == Some(true);
    tokio::select! {
        Some(failed) = failures.recv() => Ok(Validation::Failed(failed)),
        waited = client.wait_until(validate.verify_with(), is_identified) => match waited?.is_met() {
            true => Ok(Validation::Succeeded),
            false => Ok(Validation::NotValidated),
        },
    }
}
