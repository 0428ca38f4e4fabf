//! `POST /customer/authorization/initialize`

use http::Method;
use serde::{Deserialize, Serialize};

use super::{Account, Address, AuthorizationLink, ListMandateAuthorizations};
use crate::customers::Channel;
use crate::{CustomerId, Email, Operation, RetryRule, Sensitive};

/// Requests a mandate from the customer with an e-mail address:
/// `POST /customer/authorization/initialize`.
///
/// ```
/// use paystack_core::Email;
/// use paystack_core::customers::direct_debit::InitializeAuthorization;
///
/// let initialize = InitializeAuthorization::new(Email::new("ravi@example.com")?)
///     .callback_url("https://shop.example/mandates");
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 400: a missing field, a channel other than direct debit, or a bank without direct debit
/// ([`is_bank_not_supported`](crate::Error::is_bank_not_supported)). With 404: no such customer.
///
/// See <https://paystack.com/docs/api/customer/#initialize-authorization>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct InitializeAuthorization {
    email: Email,
    channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    callback_url: Option<Sensitive>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
}

impl InitializeAuthorization {
    /// A mandate for direct debit from the customer with this address.
    pub fn new(email: impl Into<Email>) -> Self {
        Self {
            email: email.into(),
            channel: Channel::DirectDebit,
            callback_url: None,
            account: None,
            address: None,
        }
    }

    /// Sets the absolute URL to which Paystack sends the customer afterwards.
    pub fn callback_url(mut self, url: impl Into<Sensitive>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    /// Sets the account, so that the customer need not type it.
    pub fn account(mut self, account: Account) -> Self {
        self.account = Some(account);
        self
    }

    /// Sets the address, so that the customer need not type it.
    pub fn address(mut self, address: Address) -> Self {
        self.address = Some(address);
        self
    }

    /// Sets the channel, in place of direct debit. Paystack accepts direct debit only.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channel = channel;
        self
    }

    /// Returns the list of the customer's mandates, for use after an [unknown outcome](crate::Outcome::Unknown).
    ///
    /// It needs the numeric id; a fetch by e-mail returns it. After an initialization, the list has a mandate that it
    /// lacked before.
    ///
    /// ```
    /// use paystack_core::customers::direct_debit::InitializeAuthorization;
    /// use paystack_core::{CustomerId, Email, Operation};
    ///
    /// let initialize = InitializeAuthorization::new(Email::new("ravi@example.com")?);
    /// let list = initialize.verify_with(CustomerId::new(7));
    /// assert_eq!(list.path().as_str(), "/customer/7/directdebit-mandate-authorizations");
    /// # Ok::<(), paystack_core::InvalidInput>(())
    /// ```
    pub fn verify_with(&self, customer: CustomerId) -> ListMandateAuthorizations {
        ListMandateAuthorizations::new(customer)
    }
}

impl Operation for InitializeAuthorization {
    const NAME: &'static str = "customers.initialize_authorization";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/customer/authorization/initialize";
    const RETRY: RetryRule = RetryRule::IfNotProcessed;
    type Output = AuthorizationLink;

    fn body(&self) -> Option<impl Serialize> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    fn initialize() -> InitializeAuthorization {
        InitializeAuthorization::new(Email::new("ravi@example.com").unwrap())
    }

    #[test]
    fn initialize_with_an_email_requests_direct_debit() {
        insta::assert_snapshot!(snapshot(&initialize()), @r#"
        POST https://api.paystack.co/customer/authorization/initialize
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "email": "ravi@example.com",
          "channel": "direct_debit"
        }
        "#);
    }

    #[test]
    fn initialize_with_all_fields_sends_all_fields() {
        let initialize = initialize()
            .callback_url("https://shop.example/mandates?from=mail")
            .account(Account::new("0123456789", "058"))
            .address(Address::new("1 Main Street", "Ikeja", "Lagos"));
        insta::assert_snapshot!(snapshot(&initialize), @r#"
        POST https://api.paystack.co/customer/authorization/initialize
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "email": "ravi@example.com",
          "channel": "direct_debit",
          "callback_url": "https://shop.example/mandates?from=mail",
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

    #[test]
    fn initialize_with_another_channel_sends_it() {
        let initialize = initialize().channel(Channel::Card);
        insta::assert_snapshot!(snapshot(&initialize), @r#"
        POST https://api.paystack.co/customer/authorization/initialize
        accept: application/json
        authorization: Bearer [redacted]
        content-type: application/json
        user-agent: paystack-rust/[version]

        {
          "email": "ravi@example.com",
          "channel": "card"
        }
        "#);
    }
}
