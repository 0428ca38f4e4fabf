//! `POST /customer/{code}/identification`

use std::fmt;

use http::Method;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::personal::Scrubbed;
use crate::words::{self, OtherWord};
use crate::{CustomerCode, NoData, Operation, Path, Personal, Resend};

/// Has a customer's identity checked against a bank account: `POST /customer/{code}/identification`.
///
/// The answer, 202, only says that the check has begun. The verdict comes later as a webhook
/// (`customeridentification.success` or `.failed`, read with `paystack-webhook`), and the customer is
/// then [`identified`](super::Customer::identified): do not take the 202 for it.
///
/// ```
/// use paystack_core::CustomerCode;
/// use paystack_core::customers::{BankAccount, ValidateCustomer};
///
/// let account = BankAccount {
///     country: "NG".into(),
///     bank_code: "058".into(),
///     account_number: "0123456789".into(),
///     bvn: "20012345677".into(),
///     first_name: "Asta".into(),
///     last_name: "Eze".into(),
/// };
/// let validate = ValidateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?, account);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Refused with 400: a missing field, `Invalid BVN`. With 404: no such customer.
///
/// See <https://paystack.com/docs/api/customer/#validate> and
/// <https://paystack.com/docs/identity-verification/validate-customer/>.
#[derive(Clone, Debug, Serialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ValidateCustomer {
    #[serde(skip)]
    customer: CustomerCode,
    #[serde(rename = "type")]
    identification_type: IdentificationType,
    country: Personal,
    bank_code: Personal,
    account_number: Personal,
    bvn: Personal,
    first_name: Personal,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<Personal>,
    last_name: Personal,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Personal>,
}

impl ValidateCustomer {
    /// Checks the customer with this code against this account.
    pub fn new(customer: impl Into<CustomerCode>, account: BankAccount) -> Self {
        Self {
            customer: customer.into(),
            identification_type: IdentificationType::BankAccount,
            country: account.country,
            bank_code: account.bank_code,
            account_number: account.account_number,
            bvn: account.bvn,
            first_name: account.first_name,
            middle_name: None,
            last_name: account.last_name,
            value: None,
        }
    }

    /// Sets the middle name.
    pub fn middle_name(mut self, middle_name: impl Into<Personal>) -> Self {
        self.middle_name = Some(middle_name.into());
        self
    }

    /// Sets what sort of identification this is; a bank account unless said otherwise.
    pub fn identification_type(mut self, identification_type: IdentificationType) -> Self {
        self.identification_type = identification_type;
        self
    }

    /// Sets the number of the identification, where its type has one.
    pub fn value(mut self, value: impl Into<Personal>) -> Self {
        self.value = Some(value.into());
        self
    }
}

impl Operation for ValidateCustomer {
    const NAME: &'static str = "customers.validate";
    const METHOD: Method = Method::POST;
    const RESEND: Resend = Resend::OnlyIfUnsent;
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new("customer")
            .segment(&self.customer)
            .segment("identification")
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

/// The bank account that a customer's identity is checked against. All of it is required.
///
/// Only the API knows which numbers are right: the BVN of its own test credential has twelve
/// digits.
#[derive(Clone, Debug)]
pub struct BankAccount {
    /// The country that issued the identification, as two letters: `NG`.
    pub country: Personal,
    /// The bank's code, from `GET /bank`.
    pub bank_code: Personal,
    /// The account number.
    pub account_number: Personal,
    /// The bank verification number.
    pub bvn: Personal,
    /// The first name, as the bank has it.
    pub first_name: Personal,
    /// The last name, as the bank has it.
    pub last_name: Personal,
}

impl BankAccount {
    /// The one account that Paystack's test mode finds to be right.
    pub fn test_credential() -> Self {
        Self {
            country: "NG".into(),
            bank_code: "007".into(),
            account_number: "0111111111".into(),
            bvn: "222222222221".into(),
            first_name: "Uchenna".into(),
            last_name: "Okoro".into(),
        }
    }
}

/// What sort of identification a customer is checked by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdentificationType {
    /// A bank account together with a BVN.
    BankAccount,
    /// A BVN. Paystack has deprecated it.
    Bvn,
    /// A word that this version does not know.
    Other(OtherWord),
}

impl IdentificationType {
    /// The word as Paystack writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::BankAccount => "bank_account",
            Self::Bvn => "bvn",
            Self::Other(word) => word.as_str(),
        }
    }
}

impl From<&str> for IdentificationType {
    fn from(word: &str) -> Self {
        match word {
            "bank_account" => Self::BankAccount,
            "bvn" => Self::Bvn,
            other => Self::Other(OtherWord::new(other)),
        }
    }
}

/// Without what a word that is not known may quote; `as_str` has it all.
impl fmt::Display for IdentificationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scrubbed(self.as_str()).fmt(f)
    }
}

impl Serialize for IdentificationType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for IdentificationType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        words::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::wire_text;

    fn validate() -> ValidateCustomer {
        let account = BankAccount::test_credential();
        ValidateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap(), account)
    }

    #[test]
    fn smallest() {
        insta::assert_snapshot!(wire_text(&validate()), @r#"
        POST https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx/identification
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "type": "bank_account",
          "country": "NG",
          "bank_code": "007",
          "account_number": "0111111111",
          "bvn": "222222222221",
          "first_name": "Uchenna",
          "last_name": "Okoro"
        }
        "#);
    }

    #[test]
    fn fullest() {
        let validate = validate()
            .middle_name("Emeka")
            .identification_type(IdentificationType::Bvn)
            .value("222222222221");
        insta::assert_snapshot!(wire_text(&validate), @r#"
        POST https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx/identification
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "type": "bvn",
          "country": "NG",
          "bank_code": "007",
          "account_number": "0111111111",
          "bvn": "222222222221",
          "first_name": "Uchenna",
          "middle_name": "Emeka",
          "last_name": "Okoro",
          "value": "222222222221"
        }
        "#);
    }

    #[test]
    fn a_type_that_the_sdk_does_not_know_is_sent_as_it_is() {
        let validate = validate().identification_type("passport".into());
        insta::assert_snapshot!(wire_text(&validate), @r#"
        POST https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx/identification
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "type": "passport",
          "country": "NG",
          "bank_code": "007",
          "account_number": "0111111111",
          "bvn": "222222222221",
          "first_name": "Uchenna",
          "last_name": "Okoro"
        }
        "#);
    }
}
