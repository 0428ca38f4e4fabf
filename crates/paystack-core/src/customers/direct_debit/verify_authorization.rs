//! `GET /customer/authorization/verify/{reference}`

use http::Method;
use serde::{Deserialize, Serialize};

use super::AuthorizationOwner;
use crate::customers::Channel;
use crate::lenient::{self, Object};
use crate::{AuthorizationCode, Operation, Path, Personal, Reference, Resend};

/// Asks what became of a mandate: `GET /customer/authorization/verify/{reference}`.
///
/// ```
/// use paystack_core::Reference;
/// use paystack_core::customers::direct_debit::VerifyAuthorization;
///
/// // As InitializeAuthorization answered: VerifyAuthorization::new(&link.reference)
/// let verify = VerifyAuthorization::new(Reference::new("dfbzfotsrbv4n5s")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Refused with 404: no such reference, or the customer has not agreed yet.
///
/// See <https://paystack.com/docs/api/customer/#verify-authorization>.
#[derive(Clone, Debug)]
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
    const RESEND: Resend = Resend::Always;
    type Output = VerifiedAuthorization;

    fn path(&self) -> Path {
        Path::new("customer/authorization/verify").segment(&self.reference)
    }
}

/// What became of a mandate: the answer to [`VerifyAuthorization`].
///
/// See <https://paystack.com/docs/api/customer/#verify-authorization>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct VerifiedAuthorization {
    /// The code to charge it by.
    pub authorization_code: AuthorizationCode,
    /// How it pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The bank's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<Personal>,
    /// Whether it can be charged yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<AuthorizationOwner>,
}

/// The same as it comes.
#[derive(Deserialize)]
struct Body {
    authorization_code: AuthorizationCode,
    #[serde(default, deserialize_with = "lenient::optional_value")]
    channel: Option<Channel>,
    bank: Option<Personal>,
    #[serde(default, deserialize_with = "lenient::optional_flag")]
    active: Option<bool>,
    #[serde(default, deserialize_with = "lenient::optional_unless_empty")]
    customer: Option<AuthorizationOwner>,
}

impl From<Object<Body>> for VerifiedAuthorization {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            authorization_code: body.authorization_code,
            channel: body.channel,
            bank: body.bank,
            active: body.active,
            customer: body.customer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::wire_text;

    #[test]
    fn only_form() {
        let reference = Reference::new("dfbzfotsrbv4n5s82t4mp5b5mfn51h").unwrap();
        insta::assert_snapshot!(wire_text(&VerifyAuthorization::new(reference)), @"
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
    fn the_answer_tells_how_it_pays_and_whose_it_is() {
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
    fn what_is_optional_never_costs_the_answer() {
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
        assert!(serde_json::from_str::<VerifiedAuthorization>(r#"["AUTH_x"]"#).is_err());
    }
}
