//! The program for `UpdateCustomer` of `docs/after-an-unknown-outcome.md`.

use std::time::Duration;

use paystack_hyper::customers::{Customer, UpdateCustomer};
use paystack_hyper::{Client, Error, Transport};

/// Sends an update until Paystack accepts or refuses it, for six minutes.
pub async fn update(
    client: &Client<impl Transport>,
    update: &UpdateCustomer,
) -> Result<Customer, Error> {
    for seconds in [10, 60, 300] {
        match client.send(update).await {
            Err(error) if error.is_retryable() => {
                client.transport().sleep(Duration::from_secs(seconds)).await;
            }
            result => return Ok(result?.data),
        }
    }
    Ok(client.send(update).await?.data)
}
