//! A customer as the sandbox stores it.

use std::fmt;

use paystack_transport::Mode;
use paystack_transport::customers::RiskAction;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::authorizations::Authorizations;
use super::timestamp::Timestamp;

/// Country, BVN, first and last name of the only person that test mode identifies.
pub(crate) const TEST_PERSON: [&str; 4] = ["NG", "222222222221", "Uchenna", "Okoro"];

/// A customer as the sandbox stores it. Serializes as a row of Paystack's list of customers.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Customer {
    pub(crate) integration: u64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Box<str>,
    pub(crate) phone: Option<String>,
    pub(crate) metadata: Option<Box<RawValue>>,
    #[serde(rename = "domain")]
    pub(crate) mode: Mode,
    #[serde(rename = "customer_code")]
    pub(crate) code: Box<str>,
    pub(crate) risk_action: RiskAction,
    pub(crate) id: u64,
    #[serde(rename = "createdAt")]
    pub(crate) created_at: Timestamp,
    #[serde(rename = "updatedAt")]
    pub(crate) updated_at: Timestamp,
    #[serde(skip)]
    pub(crate) identification: Option<Identification>,
    /// The data of all accepted validations. Paystack refuses to validate the same data again.
    #[serde(skip)]
    pub(crate) validated: Vec<Credentials>,
    #[serde(skip)]
    pub(crate) authorizations: Authorizations,
}

impl Customer {
    /// Identifies the customer, who gets the names of the BVN.
    pub(crate) fn identify(&mut self, identification: Identification, now: Timestamp) {
        let [_, _, first_name, last_name] = TEST_PERSON;
        self.first_name = Some(first_name.to_owned());
        self.last_name = Some(last_name.to_owned());
        self.identification = Some(identification);
        self.updated_at = now;
    }
}

/// The data of a validation, as the request contains it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    pub(crate) country: String,
    pub(crate) bvn: String,
    /// The account number and the bank code. The deprecated type `bvn` has no account.
    pub(crate) account: Option<(String, String)>,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
}

/// Prints none of the personal data.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// The data of a validation, with its numbers masked as Paystack masks them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Identification {
    pub(crate) country: String,
    #[serde(rename = "type")]
    pub(crate) identification_type: String,
    #[serde(flatten)]
    pub(crate) numbers: Numbers,
}

/// The numbers of an identification, which depend on its type.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Numbers {
    Account {
        bvn: String,
        account_number: String,
        bank_code: String,
    },
    Bvn {
        value: String,
    },
}
