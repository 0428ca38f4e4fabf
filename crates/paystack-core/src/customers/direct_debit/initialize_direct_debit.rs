//! `POST /customer/{id}/initialize-direct-debit`

use http::Method;
use serde::{Deserialize, Serialize};

use super::{Account, Address, AuthorizationLink, ListMandateAuthorizations};
use crate::{CustomerId, Operation, Path, RetryRule};

/// Links a bank account to a customer for direct debit:
/// `POST /customer/{id}/initialize-direct-debit`.
///
/// ```
/// use paystack_core::CustomerId;
/// use paystack_core::customers::direct_debit::{Account, Address, InitializeDirectDebit};
///
/// let account = Account::new("0123456789", "058");
/// let address = Address::new("1 Main Street", "Ikeja", "Lagos");
/// let initialize = InitializeDirectDebit::new(CustomerId::new(297346561), account, address);
/// ```
///
/// Paystack refuses with 400: a missing field, or a bank without direct debit
/// ([`is_bank_not_supported`](crate::Error::is_bank_not_supported)). With 404: no such customer.
///
/// See <https://paystack.com/docs/api/customer/#initialize-direct-debit>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct InitializeDirectDebit {
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

    /// Returns the list of the customer's mandates, for use after an [unknown outcome](crate::Outcome::Unknown).
    ///
    /// After an initialization, it has a mandate that it lacked before.
    ///
    /// ```
    /// # use paystack_core::customers::direct_debit::{Account, Address};
    /// use paystack_core::customers::direct_debit::InitializeDirectDebit;
    /// use paystack_core::{CustomerId, Operation};
    ///
    /// # let account = Account::new("0123456789", "058");
    /// # let address = Address::new("1 Main Street", "Ikeja", "Lagos");
    /// let initialize = InitializeDirectDebit::new(CustomerId::new(7), account, address);
    /// let list = initialize.verify_with();
    /// assert_eq!(list.path().as_str(), "/customer/7/directdebit-mandate-authorizations");
    /// ```
    pub fn verify_with(&self) -> ListMandateAuthorizations {
        ListMandateAuthorizations::new(self.customer)
    }
}

impl Operation for InitializeDirectDebit {
    const NAME: &'static str = "customers.initialize_direct_debit";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/customer/{id}/initialize-direct-debit";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = AuthorizationLink;

    fn path(&self) -> Path {
        Path::new(Self::PATH).number(self.customer.get())
    }

    fn body(&self) -> Option<impl Serialize> {
        Some(Body {
            account: &self.account,
            address: &self.address,
        })
    }
}

/// The JSON of the request.
#[derive(Serialize)]
struct Body<'a> {
    account: &'a Account,
    address: &'a Address,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    #[test]
    fn initialize_sends_the_account_and_the_address() {
        let account = Account::new("0123456789", "058");
        let address = Address::new("1 Main Street", "Ikeja", "Lagos");
        let customer = CustomerId::new(9_387_490_384);
        let initialize = InitializeDirectDebit::new(customer, account, address);
        insta::assert_snapshot!(snapshot(&initialize), @r#"
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
