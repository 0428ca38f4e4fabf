//! The program for `DeactivateAuthorization` of `docs/after-an-unknown-outcome.md`.

use paystack_hyper::customers::{Customer, DeactivateAuthorization};
use paystack_hyper::{AuthorizationCode, Client, CustomerCode, Error, Outcome, Transport};

/// Deactivates a customer's card or mandate. Returns whether it took effect.
pub async fn deactivate(
    client: &Client<impl Transport>,
    customer: &CustomerCode,
    card: &AuthorizationCode,
) -> Result<bool, Error> {
    let deactivate = DeactivateAuthorization::new(card);
    match client.send(&deactivate).await {
        Err(error) if error.outcome() == Outcome::Unknown => {}
        result => return result.map(|_| true),
    }
    let is_gone = |customer: &Customer| {
        let all = customer.authorizations.as_ref();
        all.is_some_and(|all| {
            all.iter()
                .all(|one| one.authorization_code.as_ref() != Some(card))
        })
    };
    let fetch = deactivate.verify_with(customer);
    Ok(client.wait_until(fetch, is_gone).await?.is_met())
}
