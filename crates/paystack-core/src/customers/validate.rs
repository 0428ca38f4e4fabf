//! `POST /customer/{code}/identification`

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::types::{Redacted, open_enum};
use crate::{CustomerCode, NoData, Operation, Path, RetryRule, Sensitive};

/// Validates a customer's identity against a bank account: `POST /customer/{code}/identification`.
///
/// The reply, 202, means that the validation has started. Its result follows as a webhook
/// (`customeridentification.success` or `.failed`, which `paystack-webhook` decodes). Only then is the
/// customer [`identified`](super::Customer::identified).
///
/// ```
/// use paystack_core::CustomerCode;
/// use paystack_core::customers::{BankAccount, ValidateCustomer};
///
/// let account = BankAccount::new("NG", "058", "0123456789", "20012345677", "Asta", "Eze");
/// let validate = ValidateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?, account);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 400: a missing field, or `Invalid BVN`. With 404: no such customer.
///
/// See <https://paystack.com/docs/api/customer/#validate> and
/// <https://paystack.com/docs/identity-verification/validate-customer/>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ValidateCustomer {
    customer: CustomerCode,
    identification_type: IdentificationType,
    account: BankAccount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    middle_name: Option<Sensitive>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Sensitive>,
}

impl ValidateCustomer {
    /// Validates the customer with this code against this account.
    pub fn new(customer: impl Into<CustomerCode>, account: BankAccount) -> Self {
        Self {
            customer: customer.into(),
            identification_type: IdentificationType::BankAccount,
            account,
            middle_name: None,
            value: None,
        }
    }

    /// Sets the middle name.
    pub fn middle_name(mut self, middle_name: impl Into<Sensitive>) -> Self {
        self.middle_name = Some(middle_name.into());
        self
    }

    /// Sets the type of identification, in place of a bank account.
    pub fn identification_type(mut self, identification_type: IdentificationType) -> Self {
        self.identification_type = identification_type;
        self
    }

    /// Sets the number of the identification, if its type has one.
    pub fn value(mut self, value: impl Into<Sensitive>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Returns the fetch that shows whether the customer is [`identified`](super::Customer::identified), for use
    /// after an [unknown outcome](crate::Outcome::Unknown), and to wait for the result.
    ///
    /// A validation that failed does not show: only a webhook reports it.
    ///
    /// ```
    /// use paystack_core::customers::{BankAccount, ValidateCustomer};
    /// use paystack_core::{CustomerCode, Operation};
    ///
    /// let account = BankAccount::test_credential();
    /// let validate = ValidateCustomer::new(CustomerCode::new("CUS_x")?, account);
    /// assert_eq!(validate.verify_with().path().as_str(), "/customer/CUS_x");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn verify_with(&self) -> super::FetchCustomer {
        super::FetchCustomer::new(&self.customer)
    }
}

impl Operation for ValidateCustomer {
    const NAME: &'static str = "customers.validate";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/customer/{code}/identification";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(Self::PATH).segment(&self.customer)
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(Body {
            identification_type: &self.identification_type,
            account: &self.account,
            middle_name: self.middle_name.as_ref(),
            value: self.value.as_ref(),
        })
    }
}

/// The JSON of the request.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    identification_type: &'a IdentificationType,
    #[serde(flatten)]
    account: &'a BankAccount,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<&'a Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Sensitive>,
}

/// The bank account for the validation of a customer's identity. Paystack requires every field.
///
/// The SDK does not check the numbers: the BVN of Paystack's own test credential has twelve digits.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BankAccount {
    /// The country that issued the identification, as two letters: `NG`.
    pub country: String,
    /// The bank's code, from `GET /bank`.
    pub bank_code: String,
    /// The account number.
    pub account_number: Sensitive,
    /// The bank verification number.
    pub bvn: Sensitive,
    /// The first name, as the bank has it.
    pub first_name: Sensitive,
    /// The last name, as the bank has it.
    pub last_name: Sensitive,
}

impl BankAccount {
    /// An account in this country, and its holder as the bank knows them.
    pub fn new(
        country: impl Into<String>,
        bank_code: impl Into<String>,
        account_number: impl Into<Sensitive>,
        bvn: impl Into<Sensitive>,
        first_name: impl Into<Sensitive>,
        last_name: impl Into<Sensitive>,
    ) -> Self {
        Self {
            country: country.into(),
            bank_code: bank_code.into(),
            account_number: account_number.into(),
            bvn: bvn.into(),
            first_name: first_name.into(),
            last_name: last_name.into(),
        }
    }

    /// The account that passes the validation in Paystack's test mode.
    pub fn test_credential() -> Self {
        Self::new(
            "NG",
            "007",
            "0111111111",
            "222222222221",
            "Uchenna",
            "Okoro",
        )
    }
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for BankAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            country,
            bank_code,
            account_number,
            bvn,
            first_name,
            last_name,
        } = self;
        f.debug_struct("BankAccount")
            .field("country", &Redacted(country))
            .field("bank_code", &Redacted(bank_code))
            .field("account_number", account_number)
            .field("bvn", bvn)
            .field("first_name", first_name)
            .field("last_name", last_name)
            .finish()
    }
}

open_enum! {
    /// The type of a customer's identification.
    pub enum IdentificationType {
        /// A bank account with a BVN.
        BankAccount = "bank_account",
        /// A BVN. Paystack has deprecated it.
        Bvn = "bvn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    fn validate() -> ValidateCustomer {
        let account = BankAccount::test_credential();
        ValidateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap(), account)
    }

    #[test]
    fn smallest() {
        insta::assert_snapshot!(snapshot(&validate()), @r#"
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
        insta::assert_snapshot!(snapshot(&validate), @r#"
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
          "last_name": "Okoro",
          "middle_name": "Emeka",
          "value": "222222222221"
        }
        "#);
    }

    #[test]
    fn an_unrecognized_type_is_sent() {
        let validate = validate().identification_type("passport".into());
        insta::assert_snapshot!(snapshot(&validate), @r#"
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
