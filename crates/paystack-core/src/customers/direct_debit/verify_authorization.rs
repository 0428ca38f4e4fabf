//! `GET /customer/authorization/verify/{reference}`

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

use super::AuthorizationOwner;
use crate::customers::Channel;
use crate::json::lenient::{optional_flag, optional_text, optional_unless_empty, optional_value};
use crate::types::Redacted;
use crate::{AuthorizationCode, Operation, Path, Reference, RetryRule};

/// Fetches the state of a mandate request: `GET /customer/authorization/verify/{reference}`.
///
/// ```
/// use paystack_core::Reference;
/// use paystack_core::customers::direct_debit::VerifyAuthorization;
///
/// // InitializeAuthorization returns it: VerifyAuthorization::new(&link.reference)
/// let verify = VerifyAuthorization::new(Reference::new("dfbzfotsrbv4n5s")?);
/// # Ok::<(), paystack_core::InvalidInput>(())
/// ```
///
/// Paystack refuses with 404: no such reference, or the customer has not agreed yet.
///
/// See <https://paystack.com/docs/api/customer/#verify-authorization>.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[must_use = "an operation does nothing until it is sent"]
pub struct VerifyAuthorization {
    reference: Reference,
}

impl VerifyAuthorization {
    /// The mandate with this reference.
    pub fn new(reference: impl Into<Reference>) -> Self {
        Self {
            reference: reference.into(),
        }
    }
}

impl Operation for VerifyAuthorization {
    const NAME: &'static str = "customers.verify_authorization";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/customer/authorization/verify/{reference}";
    const RETRY: RetryRule = RetryRule::Idempotent;
    type Output = VerifiedAuthorization;

    fn path(&self) -> Path {
        Path::new(Self::PATH).segment(&self.reference)
    }
}

/// The state of a mandate request: the output of [`VerifyAuthorization`].
///
/// See <https://paystack.com/docs/api/customer/#verify-authorization>.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VerifiedAuthorization {
    /// The code that charges it.
    pub authorization_code: AuthorizationCode,
    /// The payment channel.
    #[serde(default, deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The bank's name.
    #[serde(default, deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// Whether it can be charged.
    #[serde(default, deserialize_with = "optional_flag")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// The customer who owns it.
    #[serde(default, deserialize_with = "optional_unless_empty")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<AuthorizationOwner>,
}

impl VerifiedAuthorization {
    /// A mandate for tests that can be charged, with all other fields `None`.
    pub fn example() -> Self {
        Self {
            authorization_code: AuthorizationCode::example("AUTH_JV4T9Wawdj"),
            channel: None,
            bank: None,
            active: Some(true),
            customer: None,
        }
    }
}

/// Redacts plain text that looks like a secret or a number: it may come from a server or a person.
impl fmt::Debug for VerifiedAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            authorization_code,
            channel,
            bank,
            active,
            customer,
        } = self;
        f.debug_struct("VerifiedAuthorization")
            .field("authorization_code", authorization_code)
            .field("channel", channel)
            .field("bank", &bank.as_deref().map(Redacted))
            .field("active", active)
            .field("customer", customer)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::snapshot;

    #[test]
    fn verify_has_the_reference_in_its_path() {
        let reference = Reference::new("dfbzfotsrbv4n5s82t4mp5b5mfn51h").unwrap();
        insta::assert_snapshot!(snapshot(&VerifyAuthorization::new(reference)), @"
        GET https://api.paystack.co/customer/authorization/verify/dfbzfotsrbv4n5s82t4mp5b5mfn51h
        accept: application/json
        authorization: Bearer [redacted]
        user-agent: paystack-rust/[version]
        ");
    }

    fn read(json: &str) -> VerifiedAuthorization {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn verified_authorization_decodes_with_its_customer() {
        let verified = read(
            r#"{"authorization_code":"AUTH_JV4T9Wawdj","channel":"direct_debit","bank":"Guaranty",
            "active":1,"customer":{"code":"CUS_24lze1c8i2zl76y","email":"ravi@example.com"}}"#,
        );
        assert_eq!(verified.authorization_code.as_str(), "AUTH_JV4T9Wawdj");
        assert_eq!(verified.channel, Some(Channel::DirectDebit));
        assert_eq!(verified.bank, Some("Guaranty".into()));
        assert_eq!(verified.active, Some(true));
        let code = verified.customer.unwrap().customer_code.unwrap();
        assert_eq!(code.as_str(), "CUS_24lze1c8i2zl76y");
    }

    #[test]
    fn verified_authorization_with_empty_fields_decodes() {
        let least = read(r#"{"authorization_code":"AUTH_x"}"#);
        assert_eq!((&least.channel, &least.bank), (&None, &None));
        assert_eq!((&least.active, &least.customer), (&None, &None));
        for nothing in ["null", r#""""#, "[]"] {
            let json = format!(
                r#"{{"authorization_code":"AUTH_x","channel":{nothing},"bank":null,
                "active":{nothing},"customer":{nothing}}}"#
            );
            assert_eq!(read(&json), least, "{nothing}");
        }
        let json = serde_json::to_string(&least).unwrap();
        assert_eq!(json, r#"{"authorization_code":"AUTH_x"}"#);
    }
}
