//! The program for `SetRiskAction` of `docs/after-an-unknown-outcome.md`.

use paystack_hyper::customers::{Customer, RiskAction, SetRiskAction};
use paystack_hyper::{Client, CustomerCode, Error, Outcome, Transport};

/// Blacklists a customer. Returns whether it took effect.
pub async fn deny(client: &Client<impl Transport>, customer: &CustomerCode) -> Result<bool, Error> {
    let deny = SetRiskAction::new(customer, RiskAction::Deny);
    match client.send(&deny).await {
        Err(error) if error.outcome() == Outcome::Unknown => {}
        result => return result.map(|_| true),
    }
    let is_denied = |customer: &Customer| customer.risk_action == Some(RiskAction::Deny);
    Ok(client
        .wait_until(deny.verify_with(), is_denied)
        .await?
        .is_met())
}
