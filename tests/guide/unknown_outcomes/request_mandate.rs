//! The program for the two initializations of `docs/after-an-unknown-outcome.md`.

use paystack_hyper::customers::direct_debit::{
    AuthorizationLink, ListMandateAuthorizations, MandateAuthorization,
};
use paystack_hyper::{Client, Error, Operation, Outcome, Transport};

#[derive(Debug)]
pub enum MandateRequest {
    /// Store its reference, and send the customer to its URL.
    Link(AuthorizationLink),
    /// The mandate is there, but its link is lost. Send the initialization again for another link.
    WithoutLink(MandateAuthorization),
    /// It is safe to send it again.
    NotRequested,
}

/// Requests a mandate. The list is `initialize.verify_with()`.
pub async fn request_mandate(
    client: &Client<impl Transport>,
    initialize: impl Operation<Output = AuthorizationLink>,
    list: ListMandateAuthorizations,
) -> Result<MandateRequest, Error> {
    let before = client.send(&list).await?.data;
    match client.send(initialize).await {
        Err(error) if error.outcome() == Outcome::Unknown => {}
        result => return Ok(MandateRequest::Link(result?.data)),
    }
    let is_new = |one: &MandateAuthorization| before.iter().all(|other| other.id != one.id);
    let waited = client
        .wait_until(list, |mandates| mandates.iter().any(is_new))
        .await?;
    let new = waited.reply.data.into_iter().find(is_new);
    Ok(new.map_or(MandateRequest::NotRequested, MandateRequest::WithoutLink))
}
