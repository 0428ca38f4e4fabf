//! What became of a validation.

use paystack_core::customers::IdentificationType;
use paystack_core::{
    CustomerCode, CustomerId, Email, Personal, optional_unless_empty, optional_value,
};
use serde::Deserialize;

/// A customer is identified. Fetch the customer before you rely on it:
/// [`identified`](paystack_core::customers::Customer::identified) says what is so now.
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
    /// The customer's address.
    #[serde(default, deserialize_with = "optional_value")]
    pub email: Option<Email>,
    /// What the customer was identified by.
    #[serde(default, deserialize_with = "optional_unless_empty")]
    pub identification: Option<Identification>,
}

/// A customer is not identified.
///
/// It may be late: the same customer may have been identified by a second validation since. Fetch the
/// customer before you act on it.
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
    /// The customer's address.
    #[serde(default, deserialize_with = "optional_value")]
    pub email: Option<Email>,
    /// What the customer was to be identified by.
    #[serde(default, deserialize_with = "optional_unless_empty")]
    pub identification: Option<Identification>,
    /// Why not, in words for a person, such as `Account number or BVN is incorrect`. It may quote what
    /// it is about, so `Debug` does not show it.
    #[serde(default, deserialize_with = "optional_value")]
    pub reason: Option<Personal>,
}

/// What a customer is identified by. Paystack masks the numbers: `012****345`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Identification {
    /// The country that issued it, as two letters.
    #[serde(default, deserialize_with = "optional_value")]
    pub country: Option<Box<str>>,
    /// What sort it is.
    #[serde(rename = "type", default, deserialize_with = "optional_value")]
    pub identification_type: Option<IdentificationType>,
    /// The bank verification number.
    #[serde(default, deserialize_with = "optional_value")]
    pub bvn: Option<Personal>,
    /// The account number.
    #[serde(default, deserialize_with = "optional_value")]
    pub account_number: Option<Personal>,
    /// The code of the account's bank.
    #[serde(default, deserialize_with = "optional_value")]
    pub bank_code: Option<Personal>,
    /// The number, for the types that have it here.
    #[serde(default, deserialize_with = "optional_value")]
    pub value: Option<Personal>,
}
