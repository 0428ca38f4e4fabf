//! `POST /customer/{id}/initialize-direct-debit`

use http::Method;
use serde::Serialize;

use super::{Account, Address, AuthorizationLink};
use crate::{CustomerId, Operation, Path, Resend};

/// Links a bank account to a customer for direct debit:
/// `POST /customer/{id}/initialize-direct-debit`.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::{Account, Address, InitializeDirectDebit};
///
/// let account = Account { number: "0123456789".into(), bank_code: "058".into() };
/// let address = Address {
///     street: "1 Main Street".into(),
///     city: "Ikeja".into(),
///     state: "Lagos".into(),
/// };
/// let initialize = InitializeDirectDebit::new(CustomerId::new(297346561), account, address);
/// ```
///
/// Refused with 400: a missing field. With 404: no such customer.
///
/// See <https://paystack.com/docs/api/customer/#initialize-direct-debit>.
#[derive(Clone, Debug, Serialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct InitializeDirectDebit {
    #[serde(skip)]
    customer: CustomerId,
    account: Account,
    address: Address,
}

impl InitializeDirectDebit {
    /// This account of the customer with this numeric id.
    pub fn new(customer: CustomerId, account: Account, address: Address) -> Self {
        Self {
            customer,
            account,
            address,
        }
    }
}

impl Operation for InitializeDirectDebit {
    const NAME: &'static str = "customers.initialize_direct_debit";
    const METHOD: Method = Method::POST;
    const RESEND: Resend = Resend::OnlyIfUnsent;
    type Output = AuthorizationLink;

    fn path(&self) -> Path {
        Path::new("customer")
            .number(self.customer.get())
            .segment("initialize-direct-debit")
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
        let account = Account {
            number: "0123456789".into(),
            bank_code: "058".into(),
        };
        let address = Address {
            street: "1 Main Street".into(),
            city: "Ikeja".into(),
            state: "Lagos".into(),
        };
        let customer = CustomerId::new(9_387_490_384);
        let initialize = InitializeDirectDebit::new(customer, account, address);
        insta::assert_snapshot!(wire_text(&initialize), @r#"
        POST https://api.paystack.co/customer/9387490384/initialize-direct-debit
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "account": {
            "number": "0123456789",
            "bank_code": "058"
          },
          "address": {
            "street": "1 Main Street",
            "city": "Ikeja",
            "state": "Lagos"
          }
        }
        "#);
    }
}
