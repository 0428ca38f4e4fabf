//! `PUT /directdebit/activation-charge`

use http::Method;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::ListMandateAuthorizations;
use crate::{CustomerId, InvalidInput, NoData, Operation, RetryRule};

/// Retries the small charges that activate the pending mandates of several customers:
/// `PUT /directdebit/activation-charge`.
///
/// The reply means that the charges are queued. A webhook reports when a mandate is active. To charge one
/// mandate, use [`ChargeActivation`](super::ChargeActivation).
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::TriggerActivationCharge;
///
/// let charge = TriggerActivationCharge::new([CustomerId::new(28958104), CustomerId::new(983697220)])?;
/// assert!(TriggerActivationCharge::new([]).is_err());
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 404: no such customer.
///
/// See <https://paystack.com/docs/api/direct-debit/#trigger-activation-charge>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct TriggerActivationCharge {
    #[serde(deserialize_with = "one_or_more")]
    customer_ids: Vec<CustomerId>,
}

impl TriggerActivationCharge {
    /// The pending mandates of the customers with these numeric ids.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`] if there is no id.
    pub fn new(customer_ids: impl IntoIterator<Item = CustomerId>) -> Result<Self, InvalidInput> {
        let customer_ids = checked(customer_ids.into_iter().collect())?;
        Ok(Self { customer_ids })
    }

    /// Returns the list of each customer's mandates, for use after an [unknown outcome](crate::Outcome::Unknown), and to
    /// wait for the results.
    ///
    /// A mandate becomes [`Active`](super::MandateStatus::Active) some time after a charge that succeeds.
    ///
    /// ```
    /// use paystack_core::customers::direct_debit::TriggerActivationCharge;
    /// use paystack_core::{CustomerId, Operation};
    ///
    /// let charge = TriggerActivationCharge::new([CustomerId::new(7), CustomerId::new(8)])?;
    /// let paths = charge.verify_with().map(|list| list.path().as_str().to_owned());
    /// assert!(paths.eq([
    ///     "/customer/7/directdebit-mandate-authorizations",
    ///     "/customer/8/directdebit-mandate-authorizations",
    /// ]));
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn verify_with(&self) -> impl Iterator<Item = ListMandateAuthorizations> {
        let ids = self.customer_ids.iter().copied();
        ids.map(ListMandateAuthorizations::new)
    }
}

fn checked(customer_ids: Vec<CustomerId>) -> Result<Vec<CustomerId>, InvalidInput> {
    match customer_ids.is_empty() {
        true => Err(InvalidInput::new(
            "customer ids",
            "must contain at least one id",
        )),
        false => Ok(customer_ids),
    }
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CustomerId>, D::Error> {
    checked(Vec::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl Operation for TriggerActivationCharge {
    const NAME: &'static str = "customers.trigger_activation_charge";
    const METHOD: Method = Method::PUT;
    const PATH: &'static str = "/directdebit/activation-charge";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = NoData;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_json;
    use crate::tests::snapshot;

    #[test]
    fn charge_of_one_customer_sends_one_id() {
        let charge = TriggerActivationCharge::new([CustomerId::new(28_958_104)]).unwrap();
        insta::assert_snapshot!(snapshot(&charge), @r#"
        PUT https://api.paystack.co/directdebit/activation-charge
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "customer_ids": [
            28958104
          ]
        }
        "#);
    }

    #[test]
    fn charge_of_two_customers_sends_both_ids() {
        let customers = [28_958_104, 983_697_220].map(CustomerId::new);
        let charge = TriggerActivationCharge::new(customers).unwrap();
        insta::assert_snapshot!(snapshot(&charge), @r#"
        PUT https://api.paystack.co/directdebit/activation-charge
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "customer_ids": [
            28958104,
            983697220
          ]
        }
        "#);
        let stored = serde_json::to_string(&charge).unwrap();
        assert_eq!(stored, r#"{"customer_ids":[28958104,983697220]}"#);
    }

    #[test]
    fn stored_charge_keeps_its_customers() {
        let stored = r#"{"customer_ids":[28958104,983697220]}"#;
        let charge: TriggerActivationCharge = read_json(stored.as_bytes()).unwrap();
        let customers = [28_958_104, 983_697_220].map(CustomerId::new);
        assert_eq!(charge.customer_ids, customers);
    }

    #[test]
    fn empty_list_is_rejected_and_is_not_read_back() {
        let refused = TriggerActivationCharge::new([]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "customer ids must contain at least one id"
        );
        for stored in [r#"{"customer_ids":[]}"#, "{}"] {
            assert!(read_json::<TriggerActivationCharge>(stored.as_bytes()).is_err());
        }
    }
}
