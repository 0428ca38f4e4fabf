//! A mandate as the sandbox stores it.

use paystack_transport::customers::direct_debit::MandateStatus;
use serde::{Deserialize, Serialize};

use super::authorization::Authorization;
use super::bank;
use super::customer::Customer;
use super::timestamp::Timestamp;

/// The difference between the id of a mandate and the id of its authorization.
const AUTHORIZATION_ID_OFFSET: u64 = 1_069_145_819;

/// A mandate as the sandbox stores it.
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
    pub(crate) authorized_at: Option<Timestamp>,
}

/// The account that the mandate debits.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    pub(crate) number: String,
    pub(crate) bank_code: String,
}

/// The data of its customer that a mandate keeps from its initialization.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Owner {
    pub(crate) id: u64,
    #[serde(rename = "customer_code")]
    pub(crate) code: Box<str>,
    pub(crate) email: Box<str>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

impl From<&Customer> for Owner {
    fn from(customer: &Customer) -> Self {
        Self {
            id: customer.id,
            code: customer.code.clone(),
            email: customer.email.clone(),
            first_name: customer.first_name.clone(),
            last_name: customer.last_name.clone(),
        }
    }
}

impl Account {
    /// Returns the account that a customer enters in the browser if the request contains none.
    pub(crate) fn of_test_bank() -> Self {
        Self {
            number: "0123456789".to_owned(),
            bank_code: "058".to_owned(),
        }
    }

    /// Returns the name of the bank, if it supports direct debit.
    pub(crate) fn bank_name(&self) -> Option<&'static str> {
        bank::name(&self.bank_code)
    }
}

impl Mandate {
    /// Returns the numeric id that an activation charge requires.
    pub(crate) fn authorization_id(&self) -> u64 {
        self.id.saturating_add(AUTHORIZATION_ID_OFFSET)
    }

    /// Returns the id of the mandate with an authorization id.
    pub(crate) fn id_of(authorization_id: u64) -> Option<u64> {
        authorization_id.checked_sub(AUTHORIZATION_ID_OFFSET)
    }

    /// Creates the authorization through which the customer can be charged.
    pub(crate) fn authorization(&self) -> Authorization {
        let number = &self.account.number;
        let last4 = number
            .len()
            .checked_sub(4)
            .and_then(|start| number.get(start..));
        let names = [&self.customer.first_name, &self.customer.last_name];
        let bank = self.account.bank_name().unwrap_or_default();
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
            bank,
            exp_month: None,
            exp_year: None,
            country_code: "NG",
            brand: bank,
            reusable: true,
            signature: self.signature.clone(),
            account_name: Some(name.trim().to_owned()),
        }
    }
}
