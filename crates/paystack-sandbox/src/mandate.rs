//! A mandate as the sandbox keeps it.

use paystack_client::customers::direct_debit::MandateStatus;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::customer::{Authorization, Expiry, Owner, Timestamp};

/// A mandate as the sandbox keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Mandate {
    pub(crate) id: u64,
    pub(crate) customer: Owner,
    pub(crate) reference: Box<str>,
    pub(crate) access_code: Box<str>,
    pub(crate) authorization_code: Box<str>,
    pub(crate) signature: Box<str>,
    pub(crate) account: Account,
    pub(crate) status: MandateStatus,
    /// When the customer agreed.
    pub(crate) authorized_at: Option<OffsetDateTime>,
}

/// The account that is debited.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) number: String,
    pub(crate) bank_code: String,
}

impl Account {
    /// The one that a customer types who was not asked before.
    pub(crate) fn of_test_bank() -> Self {
        Self {
            number: "0123456789".to_owned(),
            bank_code: "058".to_owned(),
        }
    }
}

/// What an initialization shows.
#[derive(Serialize)]
pub(crate) struct Link<'a> {
    redirect_url: String,
    access_code: &'a str,
    reference: &'a str,
}

/// What a list shows of each mandate.
#[derive(Serialize)]
pub(crate) struct Listed<'a> {
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

impl Mandate {
    /// The numeric id that an activation charge takes.
    pub(crate) fn authorization_id(&self) -> u64 {
        self.id.saturating_add(1_069_145_819)
    }

    pub(crate) fn link(&self) -> Link<'_> {
        Link {
            redirect_url: format!("https://link.paystack.com/{}", self.access_code),
            access_code: &self.access_code,
            reference: &self.reference,
        }
    }

    pub(crate) fn listed(&self, integration_id: u64) -> Listed<'_> {
        Listed {
            id: self.id,
            status: &self.status,
            mandate_id: self.id.saturating_add(347_905),
            authorization_id: self.authorization_id(),
            authorization_code: &self.authorization_code,
            integration_id,
            account_number: &self.account.number,
            bank_code: &self.account.bank_code,
            bank_name: None,
            customer: &self.customer,
            authorized_at: self.authorized_at.map(Timestamp),
        }
    }

    /// What the customer can be charged through.
    pub(crate) fn authorization(&self) -> Authorization {
        let number = &self.account.number;
        let last4 = number
            .len()
            .checked_sub(4)
            .and_then(|start| number.get(start..));
        let names = [&self.customer.first_name, &self.customer.last_name];
        let name = names
            .map(|name| name.as_deref().unwrap_or_default())
            .join(" ");
        Authorization {
            authorization_code: self.authorization_code.clone(),
            active: Some(self.status == MandateStatus::Active),
            bin: None,
            last4: last4.unwrap_or(number).into(),
            channel: "direct_debit",
            card_type: "mandate",
            bank: "Guaranty Trust Bank",
            exp_month: Expiry::Number(1),
            exp_year: Expiry::Number(2034),
            country_code: "NG",
            brand: "Guaranty Trust Bank",
            reusable: true,
            signature: self.signature.clone(),
            account_name: Some(name.trim().to_owned()),
        }
    }
}
