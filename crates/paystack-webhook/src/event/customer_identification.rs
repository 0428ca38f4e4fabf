//! The events that report the result of a customer validation.

use std::fmt;

use paystack_core::customers::IdentificationType;
use paystack_core::{
    CustomerCode, CustomerId, Email, Sensitive, optional_text, optional_unless_empty,
    optional_value,
};
use serde::Deserialize;

/// The validation of a customer succeeded.
///
/// Fetch the customer before relying on it:
/// [`identified`](paystack_core::customers::Customer::identified) reports the current state.
///
/// See <https://paystack.com/docs/identity-verification/validate-customer/>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CustomerIdentificationSucceeded {
    /// The customer's numeric id.
    #[serde(default, deserialize_with = "optional_value")]
    pub customer_id: Option<CustomerId>,
    /// The customer's code.
    pub customer_code: CustomerCode,
    /// The customer's e-mail address.
    #[serde(default, deserialize_with = "optional_value")]
    pub email: Option<Email>,
    /// The data that identified the customer.
    #[serde(default, deserialize_with = "optional_unless_empty")]
    pub identification: Option<Identification>,
}

/// The validation of a customer failed.
///
/// The event may arrive late: a second validation may have succeeded since. Fetch the customer before acting
/// on it.
///
/// See <https://paystack.com/docs/identity-verification/validate-customer/>.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CustomerIdentificationFailed {
    /// The customer's numeric id.
    #[serde(default, deserialize_with = "optional_value")]
    pub customer_id: Option<CustomerId>,
    /// The customer's code.
    pub customer_code: CustomerCode,
    /// The customer's e-mail address.
    #[serde(default, deserialize_with = "optional_value")]
    pub email: Option<Email>,
    /// The data that Paystack could not validate.
    #[serde(default, deserialize_with = "optional_unless_empty")]
    pub identification: Option<Identification>,
    /// The reason as text for people, such as `Account number or BVN is incorrect`.
    ///
    /// It may quote the rejected data, so `Debug` hides it.
    #[serde(default, deserialize_with = "optional_value")]
    pub reason: Option<Sensitive>,
}

/// The data of a validation. Paystack masks the numbers: `012****345`.
///
/// `Debug` hides a country or a bank code that does not look like one.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Identification {
    /// The issuing country as two letters, such as `NG`.
    #[serde(default, deserialize_with = "optional_text")]
    pub country: Option<String>,
    /// The type of identification.
    #[serde(rename = "type", default, deserialize_with = "optional_value")]
    pub identification_type: Option<IdentificationType>,
    /// The bank verification number (BVN).
    #[serde(default, deserialize_with = "optional_value")]
    pub bvn: Option<Sensitive>,
    /// The account number.
    #[serde(default, deserialize_with = "optional_value")]
    pub account_number: Option<Sensitive>,
    /// The code of the bank that keeps the account.
    #[serde(default, deserialize_with = "optional_text")]
    pub bank_code: Option<String>,
    /// The number, for types that send it in this field, such as `bvn`.
    #[serde(default, deserialize_with = "optional_value")]
    pub value: Option<Sensitive>,
}

impl fmt::Debug for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            country,
            identification_type,
            bvn,
            account_number,
            bank_code,
            value,
        } = self;
        f.debug_struct("Identification")
            .field("country", &country.as_deref().map(shown))
            .field("identification_type", identification_type)
            .field("bvn", bvn)
            .field("account_number", account_number)
            .field("bank_code", &bank_code.as_deref().map(shown))
            .field("value", value)
            .finish()
    }
}

/// A short code of letters and digits. Keys, other codes and phone numbers are longer.
fn shown(code: &str) -> &str {
    let is_code = code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_code { code } else { "[redacted]" }
}
