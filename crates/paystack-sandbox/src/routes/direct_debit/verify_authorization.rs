//! `GET /customer/authorization/verify/{reference}`: returns the authorization of a mandate that the customer agreed to.

use paystack_transport::customers::direct_debit::MandateStatus;
use serde::Serialize;

use crate::integration::Integration;
use crate::response::{Refusal, Response};

pub(in crate::routes) fn respond(
    integration: &mut Integration,
    reference: &str,
) -> Result<Response, Refusal> {
    #[derive(Serialize)]
    struct Verified<'a> {
        authorization_code: &'a str,
        channel: &'static str,
        bank: &'a str,
        active: bool,
        customer: Customer<'a>,
    }

    /// A customer whose code is in `code`, as in all direct-debit data.
    #[derive(Serialize)]
    struct Customer<'a> {
        code: &'a str,
        email: &'a str,
    }

    let authorized = integration
        .mandates()
        .by_reference(reference)
        .filter(|mandate| mandate.authorized_at.is_some());
    let mandate = authorized.ok_or_else(Refusal::authorization_not_found)?;
    let verified = Verified {
        authorization_code: &mandate.authorization_code,
        channel: "direct_debit",
        bank: mandate.account.bank_name().unwrap_or_default(),
        active: mandate.status == MandateStatus::Active,
        customer: Customer {
            code: &mandate.customer.code,
            email: &mandate.customer.email,
        },
    };
    Ok(Response::ok(
        "Authorization retrieved successfully",
        verified,
    ))
}
