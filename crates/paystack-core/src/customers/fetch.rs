//! `GET /customer/{email_or_code}`

use http::Method;
use serde::{Deserialize, Serialize};

use super::Customer;
use crate::{EmailOrCode, Operation, Path, RetryRule};

/// Fetches a customer with authorizations, subscriptions, transactions and totals:
/// `GET /customer/{email_or_code}`.
///
/// ```
/// use paystack_core::customers::FetchCustomer;
/// use paystack_core::{CustomerCode, Email};
///
/// let by_code = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?);
/// let by_email = FetchCustomer::new(Email::new("ada@example.com")?);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// To fetch a received customer again, use its code: `FetchCustomer::new(&ada.customer_code)`.
///
/// Paystack refuses with 404: no such customer in the mode of the key.
///
/// See <https://paystack.com/docs/api/customer/#fetch>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct FetchCustomer {
    customer: EmailOrCode,
}

impl FetchCustomer {
    /// The customer with this address or code.
    pub fn new(customer: impl Into<EmailOrCode>) -> Self {
        Self {
            customer: customer.into(),
        }
    }
}

impl Operation for FetchCustomer {
    const NAME: &'static str = "customers.fetch";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/customer/{email_or_code}";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = Customer;

    fn path(&self) -> Path {
        Path::new(Self::PATH).segment(&self.customer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;
    use crate::{CustomerCode, Email};

    #[test]
    fn fetch_by_code_has_the_code_in_its_path() {
        let fetch = FetchCustomer::new(CustomerCode::new("CUS_xnxdt6s1zg1f4nx").unwrap());
        insta::assert_snapshot!(snapshot(&fetch), @"
        GET https://api.paystack.co/customer/CUS_xnxdt6s1zg1f4nx
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn fetch_by_email_has_the_escaped_email_in_its_path() {
        let fetch = FetchCustomer::new(Email::new("ada+shop@example.com").unwrap());
        insta::assert_snapshot!(snapshot(&fetch), @"
        GET https://api.paystack.co/customer/ada%2Bshop%40example.com
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    #[test]
    fn code_that_looks_like_a_route_stays_one_segment() {
        let fetch = FetchCustomer::new(CustomerCode::new("a/../b?c#d%2e é").unwrap());
        insta::assert_snapshot!(snapshot(&fetch), @"
        GET https://api.paystack.co/customer/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }
}
