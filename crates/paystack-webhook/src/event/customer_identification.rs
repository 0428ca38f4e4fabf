//! The events that report the result of a customer validation.

use paystack_core::customers::Identification;
use paystack_core::{
    CustomerCode, CustomerId, Email, Sensitive, optional_unless_empty, optional_value,
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
