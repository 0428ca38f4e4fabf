//! `PUT /customer/{id}/directdebit-activation-charge`

use http::Method;
use serde::{Deserialize, Serialize};

use super::{AuthorizationId, ListMandateAuthorizations};
use crate::{CustomerId, NoData, Operation, Path, RetryRule};

/// Retries the small charge that activates a mandate:
/// `PUT /customer/{id}/directdebit-activation-charge`.
///
/// The reply means that the charge is queued. A webhook reports when the mandate is active.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::{AuthorizationId, ChargeActivation};
///
/// let (customer, mandate) = (CustomerId::new(297346561), AuthorizationId::new(1069309917));
/// let charge = ChargeActivation::new(customer, mandate);
/// ```
///
/// Paystack refuses with 404: no such customer or mandate.
///
/// See <https://paystack.com/docs/api/customer/#direct-debit-activation-charge>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ChargeActivation {
    customer: CustomerId,
    authorization_id: AuthorizationId,
}

impl ChargeActivation {
    /// This mandate of the customer with this numeric id.
    pub fn new(customer: CustomerId, authorization_id: AuthorizationId) -> Self {
        Self {
            customer,
            authorization_id,
        }
    }

    /// Returns the list of the customer's mandates, for use after an [unknown outcome](crate::Outcome::Unknown), and to
    /// wait for the result.
    ///
    /// The mandate becomes [`Active`](super::MandateStatus::Active) some time after a charge that succeeds.
    ///
    /// ```
    /// use paystack_core::customers::direct_debit::{AuthorizationId, ChargeActivation};
    /// use paystack_core::{CustomerId, Operation};
    ///
    /// let charge = ChargeActivation::new(CustomerId::new(7), AuthorizationId::new(1069309917));
    /// let list = charge.verify_with();
    /// assert_eq!(list.path().as_str(), "/customer/7/directdebit-mandate-authorizations");
    /// ```
    pub fn verify_with(&self) -> ListMandateAuthorizations {
        ListMandateAuthorizations::new(self.customer)
    }
}

impl Operation for ChargeActivation {
    const NAME: &'static str = "customers.charge_activation";
    const METHOD: Method = Method::PUT;
    const PATH: &'static str = "/customer/{id}/directdebit-activation-charge";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new(Self::PATH).number(self.customer.get())
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(Body {
            authorization_id: self.authorization_id,
        })
    }
}

/// The JSON of the request.
#[derive(Serialize)]
struct Body {
    authorization_id: AuthorizationId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    #[test]
    fn charge_sends_the_authorization_id() {
        let (customer, mandate) = (
            CustomerId::new(297_346_561),
            AuthorizationId::new(1_069_309_917),
        );
        insta::assert_snapshot!(snapshot(&ChargeActivation::new(customer, mandate)), @r#"
        PUT https://api.paystack.co/customer/297346561/directdebit-activation-charge
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "authorization_id": 1069309917
        }
        "#);
    }
}
