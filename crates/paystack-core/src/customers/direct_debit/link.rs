//! Where a customer agrees to be debited.

use serde::{Deserialize, Serialize};

use crate::lenient::Object;
use crate::{Personal, Reference};

/// Where a customer agrees to be debited: the answer to
/// [`InitializeAuthorization`](super::InitializeAuthorization) and
/// [`InitializeDirectDebit`](super::InitializeDirectDebit).
///
/// See <https://paystack.com/docs/api/customer/#initialize-authorization>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Object<Body>")]
#[non_exhaustive]
pub struct AuthorizationLink {
    /// The page to send the customer to. Whoever has it acts as the customer.
    pub redirect_url: Personal,
    /// The last part of that page's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_code: Option<Personal>,
    /// What [`VerifyAuthorization`](super::VerifyAuthorization) asks by.
    pub reference: Reference,
}

/// A link as it comes.
#[derive(Deserialize)]
struct Body {
    redirect_url: Personal,
    access_code: Option<Personal>,
    reference: Reference,
}

impl From<Object<Body>> for AuthorizationLink {
    fn from(Object(body): Object<Body>) -> Self {
        Self {
            redirect_url: body.redirect_url,
            access_code: body.access_code,
            reference: body.reference,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_from_an_object_and_from_nothing_else() {
        let json = r#"{"redirect_url":"https://link.paystack.com/82t4","access_code":"82t4",
            "reference":"dfbz"}"#;
        let link: AuthorizationLink = serde_json::from_str(json).unwrap();
        assert_eq!(link.redirect_url, "https://link.paystack.com/82t4");
        assert_eq!(link.access_code, Some("82t4".into()));
        assert_eq!(link.reference.as_str(), "dfbz");
        let list = r#"["https://link.paystack.com/82t4","82t4","dfbz"]"#;
        assert!(serde_json::from_str::<AuthorizationLink>(list).is_err());
    }

    #[test]
    fn a_link_needs_no_access_code_and_comes_back_as_it_was_written() {
        let json = r#"{"redirect_url":"https://link.paystack.com/82t4","reference":"dfbz"}"#;
        let link: AuthorizationLink = serde_json::from_str(json).unwrap();
        assert_eq!(link.access_code, None);
        assert_eq!(serde_json::to_string(&link).unwrap(), json);
        let nowhere = r#"{"access_code":"82t4","reference":"dfbz"}"#;
        assert!(serde_json::from_str::<AuthorizationLink>(nowhere).is_err());
    }
}
