//! The link at which a customer agrees to a mandate.

use serde::{Deserialize, Serialize};

use crate::json::lenient::optional_value;
use crate::{Reference, Sensitive};

/// The link at which a customer agrees to a mandate: the output of
/// [`InitializeAuthorization`](super::InitializeAuthorization) and
/// [`InitializeDirectDebit`](super::InitializeDirectDebit).
///
/// See <https://paystack.com/docs/api/customer/#initialize-authorization>.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthorizationLink {
    /// The page to send the customer to. Anyone with this URL can act as the customer.
    pub redirect_url: Sensitive,
    /// The last part of that URL.
    #[serde(default, deserialize_with = "optional_value")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_code: Option<Sensitive>,
    /// The reference for [`VerifyAuthorization`](super::VerifyAuthorization).
    pub reference: Reference,
}

impl AuthorizationLink {
    /// A link for tests.
    pub fn example() -> Self {
        Self {
            redirect_url: "https://link.paystack.com/82t4mp5b5mfn51h".into(),
            access_code: Some("82t4mp5b5mfn51h".into()),
            reference: Reference::example("dfbzfotsrbv4n5s82t4mp5b5mfn51h"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_with_all_fields_decodes() {
        let json = r#"{"redirect_url":"https://link.paystack.com/82t4","access_code":"82t4",
            "reference":"dfbz"}"#;
        let link: AuthorizationLink = serde_json::from_str(json).unwrap();
        assert_eq!(link.redirect_url, "https://link.paystack.com/82t4");
        assert_eq!(link.access_code, Some("82t4".into()));
        assert_eq!(link.reference.as_str(), "dfbz");
    }

    #[test]
    fn link_without_an_access_code_round_trips() {
        let json = r#"{"redirect_url":"https://link.paystack.com/82t4","reference":"dfbz"}"#;
        let link: AuthorizationLink = serde_json::from_str(json).unwrap();
        assert_eq!(link.access_code, None);
        assert_eq!(serde_json::to_string(&link).unwrap(), json);
        let empty = json.replacen('{', r#"{"access_code":"","#, 1);
        assert_eq!(
            serde_json::from_str::<AuthorizationLink>(&empty).unwrap(),
            link
        );
        let nowhere = r#"{"access_code":"82t4","reference":"dfbz"}"#;
        assert!(serde_json::from_str::<AuthorizationLink>(nowhere).is_err());
    }
}
