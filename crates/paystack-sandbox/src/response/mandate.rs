//! A mandate as the responses serialize it.

use paystack_transport::customers::direct_debit::MandateStatus;
use serde::Serialize;

use crate::state::{Mandate, Owner, Timestamp};

/// The data of an initialization.
#[derive(Serialize)]
pub(crate) struct InitializedMandate<'a> {
    redirect_url: String,
    access_code: &'a str,
    reference: &'a str,
}

impl<'a> InitializedMandate<'a> {
    /// Creates the data with a redirect to this subdomain.
    pub(crate) fn new(mandate: &'a Mandate, subdomain: &str) -> Self {
        let access_code = &mandate.access_code;
        Self {
            redirect_url: format!("https://{subdomain}.paystack.com/{access_code}"),
            access_code,
            reference: &mandate.reference,
        }
    }
}

/// A row of a list of mandates.
#[derive(Serialize)]
pub(crate) struct ListedMandate<'a> {
    id: u64,
    status: &'a MandateStatus,
    mandate_id: u64,
    authorization_id: u64,
    authorization_code: &'a str,
    integration_id: u64,
    account_number: &'a str,
    bank_code: &'a str,
    bank_name: Option<()>,
    customer: &'a Owner,
    authorized_at: Option<Timestamp>,
}

impl<'a> ListedMandate<'a> {
    pub(crate) fn new(mandate: &'a Mandate, integration_id: u64) -> Self {
        Self {
            id: mandate.id,
            status: &mandate.status,
            mandate_id: mandate.id.saturating_add(347_905),
            authorization_id: mandate.authorization_id(),
            authorization_code: &mandate.authorization_code,
            integration_id,
            account_number: &mandate.account.number,
            bank_code: &mandate.account.bank_code,
            bank_name: None,
            customer: &mandate.customer,
            authorized_at: mandate.authorized_at,
        }
    }
}
