//! The treatment of a customer by Paystack's fraud rules.

use crate::types::open_enum;

open_enum! {
    /// The treatment of a customer by Paystack's fraud rules.
    ///
    /// ```
    /// use paystack_core::customers::RiskAction;
    ///
    /// assert_eq!(RiskAction::Deny.as_str(), "deny");
    /// assert_eq!(RiskAction::from("allow"), RiskAction::Allow);
    /// assert_eq!(RiskAction::default(), RiskAction::Default);
    /// let values: Vec<_> = RiskAction::ALL.iter().map(RiskAction::as_str).collect();
    /// assert_eq!(values, ["default", "allow", "deny"]);
    /// ```
    ///
    /// See <https://paystack.com/docs/api/customer/#whitelist-blacklist>.
    #[derive(Default)]
    pub enum RiskAction {
        /// The integration's fraud rules decide.
        #[default]
        Default = "default",
        /// Whitelisted: the fraud rules do not apply.
        Allow = "allow",
        /// Blacklisted: every payment is refused.
        Deny = "deny",
    }
}
