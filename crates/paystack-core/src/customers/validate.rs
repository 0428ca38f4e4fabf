//! `POST /customer/{email_or_code}/identification`

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

use super::IdentificationType;
use crate::types::Redacted;
use crate::{EmailOrCode, NoData, Operation, Path, RetryRule, Sensitive};

/// Validates a customer's identity against a bank account:
/// `POST /customer/{email_or_code}/identification`.
///
/// The reply, 202, means that the validation has started. Its result follows as a webhook
/// (`customeridentification.success` or `.failed`, which `paystack-webhook` decodes). Only then is the
/// customer [`identified`](super::Customer::identified).
///
/// ```
/// use paystack_core::customers::{BankAccount, ValidateCustomer};
/// use paystack_core::{CustomerCode, Email};
///
/// let account = BankAccount::new("NG", "058", "0123456789", "20012345677", "Asta", "Eze");
/// let by_code = ValidateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?, account.clone());
/// let by_email = ValidateCustomer::new(Email::new("ada@example.com")?, account);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 400: a missing field, or `Invalid BVN`. With 404: no such customer. A second validation
/// with the same data is refused with 400; see [`Error::is_already_validated`](crate::Error::is_already_validated).
///
/// See <https://paystack.com/docs/api/customer/#validate> and
/// <https://paystack.com/docs/identity-verification/validate-customer/>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ValidateCustomer {
    customer: EmailOrCode,
    identification: IdentifyBy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    middle_name: Option<Sensitive>,
}

impl ValidateCustomer {
    /// Validates the customer with this address or code against this account.
    pub fn new(customer: impl Into<EmailOrCode>, account: BankAccount) -> Self {
        Self {
            customer: customer.into(),
            identification: IdentifyBy::BankAccount(account),
            middle_name: None,
        }
    }

    /// Validates the customer against a bank verification number (BVN) alone. Paystack has deprecated this
    /// form.
    ///
    /// ```
    /// use paystack_core::Email;
    /// use paystack_core::customers::ValidateCustomer;
    ///
    /// let ada = Email::new("ada@example.com")?;
    /// let validate = ValidateCustomer::bvn(ada, "NG", "20012345677", "Asta", "Eze");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn bvn(
        customer: impl Into<EmailOrCode>,
        country: impl Into<String>,
        bvn: impl Into<Sensitive>,
        first_name: impl Into<Sensitive>,
        last_name: impl Into<Sensitive>,
    ) -> Self {
        Self {
            customer: customer.into(),
            identification: IdentifyBy::Bvn(Bvn {
                country: country.into(),
                value: bvn.into(),
                first_name: first_name.into(),
                last_name: last_name.into(),
            }),
            middle_name: None,
        }
    }

    /// Sets the middle name.
    pub fn middle_name(mut self, middle_name: impl Into<Sensitive>) -> Self {
        self.middle_name = Some(middle_name.into());
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
    const PATH: &'static str = "/customer/{email_or_code}/identification";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(Self::PATH).segment(&self.customer)
    }

    fn body(&self) -> Option<impl Serialize> {
        let middle_name = self.middle_name.as_ref();
        Some(match &self.identification {
            IdentifyBy::BankAccount(account) => Body {
                identification_type: IdentificationType::BankAccount,
                country: &account.country,
                bank_code: Some(&account.bank_code),
                account_number: Some(&account.account_number),
                bvn: Some(&account.bvn),
                value: None,
                first_name: &account.first_name,
                last_name: &account.last_name,
                middle_name,
            },
            IdentifyBy::Bvn(bvn) => Body {
                identification_type: IdentificationType::Bvn,
                country: &bvn.country,
                bank_code: None,
                account_number: None,
                bvn: None,
                value: Some(&bvn.value),
                first_name: &bvn.first_name,
                last_name: &bvn.last_name,
                middle_name,
            },
        })
    }
}

/// The JSON of the request.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    identification_type: IdentificationType,
    country: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_number: Option<&'a Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bvn: Option<&'a Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Sensitive>,
    first_name: &'a Sensitive,
    last_name: &'a Sensitive,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<&'a Sensitive>,
}

/// The documented forms. The tag is beside the fields, because serde's buffers do not read plain enums from YAML.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "by", content = "with", rename_all = "snake_case")]
enum IdentifyBy {
    BankAccount(BankAccount),
    Bvn(Bvn),
}

/// A bank verification number, and its holder as the bank knows them.
#[derive(Clone, Serialize, Deserialize)]
struct Bvn {
    country: String,
    value: Sensitive,
    first_name: Sensitive,
    last_name: Sensitive,
}

/// Redacts plain text that looks like a secret or a number: it may come from a person.
impl fmt::Debug for Bvn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bvn")
            .field("country", &Redacted(&self.country))
            .finish_non_exhaustive()
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;
    use crate::{CustomerCode, Email};

    fn validate() -> ValidateCustomer {
        let account = BankAccount::test_credential();
        ValidateCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap(), account)
    }

    #[test]
    fn validate_by_code_sends_the_bank_account() {
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
    fn validate_by_email_with_a_middle_name_sends_both() {
        let validate = ValidateCustomer::new(
            Email::new("ada@example.com").unwrap(),
            BankAccount::test_credential(),
        );
        insta::assert_snapshot!(snapshot(&validate.middle_name("Emeka")), @r#"
        POST https://api.paystack.co/customer/ada%40example.com/identification
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
          "last_name": "Okoro",
          "middle_name": "Emeka"
        }
        "#);
    }

    #[test]
    fn deprecated_bvn_validation_sends_the_number_as_value() {
        let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap();
        let validate = ValidateCustomer::bvn(code, "NG", "20012345677", "Asta", "Eze");
        insta::assert_snapshot!(snapshot(&validate), @r#"
        POST https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx/identification
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "type": "bvn",
          "country": "NG",
          "value": "20012345677",
          "first_name": "Asta",
          "last_name": "Eze"
        }
        "#);
        insta::assert_snapshot!(snapshot(&validate.middle_name("Emeka")), @r#"
        POST https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx/identification
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "type": "bvn",
          "country": "NG",
          "value": "20012345677",
          "first_name": "Asta",
          "last_name": "Eze",
          "middle_name": "Emeka"
        }
        "#);
    }
}
