//! `POST /customer/authorization/deactivate`

use http::Method;
use serde::{Deserialize, Serialize};

use super::FetchCustomer;
use crate::{AuthorizationCode, EmailOrCode, NoData, Operation, RetryRule};

/// Deactivates a customer's card or mandate, so that it can no longer be charged:
/// `POST /customer/authorization/deactivate`.
///
/// ```
/// use paystack_core::AuthorizationCode;
/// use paystack_core::customers::DeactivateAuthorization;
///
/// let deactivate = DeactivateAuthorization::new(AuthorizationCode::new("AUTH_ekk8t49ogj")?);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 404: no such authorization, or it is already deactivated.
///
/// See <https://paystack.com/docs/api/customer/#deactivate-authorization>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct DeactivateAuthorization {
    authorization_code: AuthorizationCode,
}

impl DeactivateAuthorization {
    /// The authorization with this code.
    pub fn new(authorization_code: impl Into<AuthorizationCode>) -> Self {
        Self {
            authorization_code: authorization_code.into(),
        }
    }

    /// Returns the fetch of the customer who owns the authorization, for use after an
    /// [unknown outcome](crate::Outcome::Unknown).
    ///
    /// After a deactivation, the customer's [`authorizations`](super::Customer::authorizations) lack the code. The
    /// fetch proves nothing if the list is `None`, or if the reply has [ignored fields](crate::Reply::ignored_fields).
    ///
    /// ```
    /// use paystack_core::customers::DeactivateAuthorization;
    /// use paystack_core::{AuthorizationCode, CustomerCode, Operation};
    ///
    /// let deactivate = DeactivateAuthorization::new(AuthorizationCode::new("AUTH_x")?);
    /// let fetch = deactivate.verify_with(CustomerCode::new("CUS_x")?);
    /// assert_eq!(fetch.path().as_str(), "/customer/CUS_x");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn verify_with(&self, customer: impl Into<EmailOrCode>) -> FetchCustomer {
        FetchCustomer::new(customer)
    }
}

impl Operation for DeactivateAuthorization {
    const NAME: &'static str = "customers.deactivate_authorization";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/customer/authorization/deactivate";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = NoData;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    #[test]
    fn deactivate_sends_the_authorization_code() {
        let code = AuthorizationCode::new("AUTH_xxxIjkZVj5").unwrap();
        insta::assert_snapshot!(snapshot(&DeactivateAuthorization::new(code)), @r#"
        POST https://api.paystack.co/customer/authorization/deactivate
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "authorization_code": "AUTH_xxxIjkZVj5"
        }
        "#);
    }
}
