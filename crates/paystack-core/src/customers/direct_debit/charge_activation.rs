//! `PUT /customer/{id}/directdebit-activation-charge`

use http::Method;
use serde::Serialize;

use super::AuthorizationId;
use crate::{CustomerId, NoData, Operation, Path, Resend};

/// Tries once more to activate a mandate, by a small charge:
/// `PUT /customer/{id}/directdebit-activation-charge`.
///
/// The answer only says that the charge is queued; a webhook tells when the mandate is active.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::{AuthorizationId, ChargeActivation};
///
/// let (customer, mandate) = (CustomerId::new(297346561), AuthorizationId::new(1069309917));
/// let charge = ChargeActivation::new(customer, mandate);
/// ```
///
/// Refused with 404: no such customer or mandate.
///
/// See <https://paystack.com/docs/api/customer/#direct-debit-activation-charge>.
#[derive(Clone, Debug, Serialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct ChargeActivation {
    #[serde(skip)]
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
}

impl Operation for ChargeActivation {
    const NAME: &'static str = "customers.charge_activation";
    const METHOD: Method = Method::PUT;
    const RESEND: Resend = Resend::OnlyIfUnsent;
    type Output = NoData;

    fn path(&self) -> Path {
        Path::new("customer")
            .number(self.customer.get())
            .segment("directdebit-activation-charge")
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::wire_text;

    #[test]
    fn only_form() {
        let (customer, mandate) = (
            CustomerId::new(297_346_561),
            AuthorizationId::new(1_069_309_917),
        );
        insta::assert_snapshot!(wire_text(&ChargeActivation::new(customer, mandate)), @r#"
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
