//! `POST /customer/set_risk_action`

use http::Method;
use serde::{Deserialize, Serialize};

use super::{Customer, FetchCustomer, RiskAction};
use crate::{EmailOrCode, Operation, RetryRule};

/// Whitelists or blacklists a customer, or restores the fraud rules:
/// `POST /customer/set_risk_action`.
///
/// ```
/// use paystack_core::CustomerCode;
/// use paystack_core::customers::{RiskAction, SetRiskAction};
///
/// let code = CustomerCode::new("CUS_xnxdt6s1zg1f4nx")?;
/// let deny = SetRiskAction::new(&code, RiskAction::Deny);
/// let undo = SetRiskAction::new(&code, RiskAction::Default);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// A client retries it after an unknown outcome, which sets the same action again. A change made in
/// between is lost.
///
/// Paystack refuses with 403: the integration may not set risk actions, or not this one. With 404: no such customer.
///
/// See <https://paystack.com/docs/api/customer/#whitelist-blacklist>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct SetRiskAction {
    customer: EmailOrCode,
    risk_action: RiskAction,
}

impl SetRiskAction {
    /// Sets the action for the customer with this address or code.
    pub fn new(customer: impl Into<EmailOrCode>, risk_action: RiskAction) -> Self {
        Self {
            customer: customer.into(),
            risk_action,
        }
    }

    /// Returns the fetch that shows the customer's risk action, for use after an
    /// [unknown outcome](crate::Outcome::Unknown).
    ///
    /// ```
    /// use paystack_core::customers::{RiskAction, SetRiskAction};
    /// use paystack_core::{CustomerCode, Operation};
    ///
    /// let deny = SetRiskAction::new(CustomerCode::new("CUS_x")?, RiskAction::Deny);
    /// assert_eq!(deny.verify_with().path().as_str(), "/customer/CUS_x");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn verify_with(&self) -> FetchCustomer {
        FetchCustomer::new(&self.customer)
    }
}

impl Operation for SetRiskAction {
    const NAME: &'static str = "customers.set_risk_action";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/customer/set_risk_action";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = Customer;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;
    use crate::{CustomerCode, Email};

    #[test]
    fn set_risk_action_by_code_sends_the_code() {
        let code = CustomerCode::new("CUS_xr58yrr2ujlft9k").unwrap();
        insta::assert_snapshot!(snapshot(&SetRiskAction::new(code, RiskAction::Allow)), @r#"
        POST https://api.paystack.co/customer/set_risk_action
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "customer": "CUS_xr58yrr2ujlft9k",
          "risk_action": "allow"
        }
        "#);
    }

    #[test]
    fn set_risk_action_by_email_sends_the_email() {
        let email = Email::new("ada@example.com").unwrap();
        insta::assert_snapshot!(snapshot(&SetRiskAction::new(email, RiskAction::Deny)), @r#"
        POST https://api.paystack.co/customer/set_risk_action
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "customer": "ada@example.com",
          "risk_action": "deny"
        }
        "#);
    }

    #[test]
    fn default_risk_action_is_sent_as_default() {
        let code = CustomerCode::new("CUS_xr58yrr2ujlft9k").unwrap();
        insta::assert_snapshot!(snapshot(&SetRiskAction::new(code, RiskAction::default())), @r#"
        POST https://api.paystack.co/customer/set_risk_action
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "customer": "CUS_xr58yrr2ujlft9k",
          "risk_action": "default"
        }
        "#);
    }
}
