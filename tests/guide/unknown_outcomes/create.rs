//! The program for `CreateCustomer` of `docs/after-an-unknown-outcome.md`.

use std::time::Duration;

use paystack_hyper::customers::{CreateCustomer, Customer};
use paystack_hyper::{Client, Email, Error, Outcome, Transport};

#[derive(Debug)]
pub enum SignUp {
    Created(Customer),
    /// The customer existed before, and has other fields.
    Existed(Customer),
    /// It is safe to send it again.
    NotCreated,
}

pub async fn sign_up(
    client: &Client<impl Transport>,
    email: Email,
    name: &str,
) -> Result<SignUp, Error> {
    let create = CreateCustomer::new(email).first_name(name);
    let customer = match client.send(&create).await {
        Ok(reply) => Some(reply.data),
        Err(error) => match error.outcome() {
            Outcome::Unknown => find(client, &create).await?,
            _ => return Err(error),
        },
    };
    Ok(match customer {
        Some(ada) if ada.first_name.as_deref() == Some(name) => SignUp::Created(ada),
        Some(ada) => SignUp::Existed(ada),
        None => SignUp::NotCreated,
    })
}

/// Fetches for six minutes: the request may still be on its way. The last fetch decides.
async fn find(
    client: &Client<impl Transport>,
    create: &CreateCustomer,
) -> Result<Option<Customer>, Error> {
    let mut found = Ok(None);
    for seconds in [0, 10, 60, 300] {
        client.transport().sleep(Duration::from_secs(seconds)).await;
        found = match client.send(create.verify_with()).await {
            Ok(reply) => return Ok(Some(reply.data)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) if error.is_retryable() => Err(error),
            Err(error) => return Err(error),
        };
    }
    found
}
