//! `GET /customer/authorization/verify/{reference}`

use paystack_client::customers::direct_debit::MandateStatus;
use serde::Serialize;

use crate::answer::{Answer, Refusal};
use crate::integration::Integration;

pub(crate) fn answer(integration: &mut Integration, reference: &str) -> Result<Answer, Refusal> {
    #[derive(Serialize)]
    struct Verified<'a> {
        authorization_code: &'a str,
        channel: &'static str,
        bank: &'static str,
        active: bool,
        customer: Owner<'a>,
    }

    /// With `code`, as direct debit has it.
    #[derive(Serialize)]
    struct Owner<'a> {
        code: &'a str,
        email: &'a str,
    }

    let agreed = integration
        .mandate(reference)
        .filter(|mandate| mandate.authorized_at.is_some());
    let mandate = agreed.ok_or_else(Refusal::no_authorization)?;
    let verified = Verified {
        authorization_code: &mandate.authorization_code,
        channel: "direct_debit",
        bank: "Guaranty Trust Bank",
        active: mandate.status == MandateStatus::Active,
        customer: Owner {
            code: &mandate.customer.code,
            email: &mandate.customer.email,
        },
    };
    Ok(Answer::ok("Authorization retrieved successfully", verified))
}
